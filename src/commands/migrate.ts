import { UserError } from '../error.ts'
import type { Flags, Outcome } from '../flags.ts'
import { form } from './form.ts'

export const HELP = `mirrorproof migrate - the mirrors of a cluster in another form

Usage
  mirrorproof migrate [PATH...] --to FORM [flags]
  mirrorproof migrate --live [--context NAME] --to FORM [flags]

  Prints the mirrors of one cluster, whatever they are written in, in another form. What the form cannot carry is said on stderr, with its place. Where the
  result would not be accepted, or would not work, nothing is printed.

Flags
  --to FORM             auto: what the cluster should use: ICSP up to 4.12, on 4.13 what it uses already, IDMS from 4.14 on, a patch where it is hosted;
                        icsp, idms: objects for oc apply -f -
                        install-config: the list of an install-config.yaml, for the installer and agent-based installations
                        hosted-cluster: imageContentSources, for oc patch hostedcluster NAME --type merge --patch-file
                        registries-conf: the registries.conf of a host beside the cluster
                        assisted: the ConfigMap that mirrorRegistryRef of an AgentServiceConfig, AgentClusterInstall or InfraEnv names
  --openshift X.Y[.Z]   the OpenShift version, over what is declared; without one, the newest is assumed
  --cluster NAME        which cluster, where PATH holds several
  --config FILE         the configuration; else the nearest .mirrorproof.yaml
  --live                a running cluster in place of PATH
  --kubeconfig FILE     the kubeconfig; else that of KUBECONFIG, else ~/.kube/config
  --context NAME        a context of the kubeconfig, over its current one
  --output FILE         write the result to FILE
  --quiet               on stderr, only what is lost or refused

Exit status
  0  printed
  1  the result would not be accepted or would not work, or there is nothing to print: nothing on stdout, the reasons on stderr
  2  wrong usage or configuration; no cluster or several
  3  the job could not be done; a document cannot be read, entries hold placeholders, or a running cluster does not show all mirror sets
`

/** `mirrorproof migrate`. */
export async function run(given: string[], flags: Flags): Promise<Outcome> {
  if (flags.to === undefined) throw new UserError('migrate takes --to FORM; mirrorproof migrate --help lists the forms')
  return form(given, flags, flags.to)
}
