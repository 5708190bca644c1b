import { parseConfig, requireRules } from '../config.ts'
import { UserError } from '../error.ts'
import type { Flags, Outcome } from '../flags.ts'
import { version } from '../home.ts'
import { defaults, FAILURE_POLICIES, MODES, type Settings } from '../install/setting.ts'
import { parseReference } from '../registries/reference.ts'
import { readConfig } from '../sources/config.ts'
import { oneOf, versionOf } from './options.ts'
import { BUILT_IN } from './own.ts'

export const HELP = `mirrorproof install - the manifests of the admission webhook, for kubectl apply

Usage
  mirrorproof install [flags] | oc apply -f -

  Prints what runs mirrorproof serve in a cluster and has the API server ask it: namespace, ServiceAccount and roles, ConfigMap,
  Deployment, PodDisruptionBudget, Service, NetworkPolicy, ServiceMonitor and ValidatingWebhookConfiguration. It opens no connection.
  deploy/ holds the same for Kustomize. docs/webhook.md tells how it is run, and how it is switched off.

Flags
  --image REF               the image that was built from Containerfile, best by digest; without it the Deployment cannot start
  --namespace NAME          the namespace, which should be the webhook's alone (default mirrorproof)
  --mode MODE               enforce (default) denies what makes a cluster worse, warn only warns, audit only writes log and metrics
  --workloads               ask about workloads, too: a warning where an image has no working route; never a denial
  --failure-policy POLICY   where the webhook cannot be asked, changes of mirrors pass (Ignore, the default) or are refused (Fail)
  --cert-manager            for any Kubernetes with cert-manager, in place of OpenShift's service CA
  --config FILE             the .mirrorproof.yaml of the ConfigMap: levels of rules, waivers
  --openshift X.Y[.Z]       handed on to mirrorproof serve, as are
  --next X.Y[.Z]            what will break on the version that the cluster goes to next is a warning
  --disconnected            the nodes cannot reach public registries
  --output FILE             write the manifests to FILE

Exit status
  0  printed
  2  wrong usage or configuration
  3  FILE cannot be written

Examples
  mirrorproof install --image registry.example.com/tools/mirrorproof@sha256:... --disconnected --mode audit | oc apply -f -
  mirrorproof install --image registry.example.com/tools/mirrorproof:0.1 --config waivers.yaml --output webhook.yaml
  oc delete validatingwebhookconfiguration mirrorproof          # switches it off
`

/** `mirrorproof install`: prints manifests. */
export async function run(paths: string[], flags: Flags): Promise<Outcome> {
  if (paths.length > 0) throw new UserError(`install takes no PATH such as ${paths[0]}; --output writes the manifests to a file`)
  const settings = settingsOf(flags)
  const { manifests, yaml } = await import('../install/install.ts')
  const notes = flags.image === undefined ? [`no --image was given: the Deployment asks for ${settings.image}, which nobody has, and will not start until it names an image of yours`] : []
  return { output: yaml(manifests(settings)), code: 0, notes }
}

function settingsOf(flags: Flags): Settings {
  const otherwise = defaults(version())
  const mode = oneOf('mode', flags.mode ?? otherwise.mode, MODES)
  const failurePolicy = oneOf('failure-policy', flags['failure-policy'] ?? otherwise.failurePolicy, FAILURE_POLICIES)
  if (failurePolicy === 'Fail' && mode !== 'enforce') throw new UserError(`--failure-policy Fail refuses changes that --mode ${mode} would let pass; leave out one of them`)
  if (failurePolicy === 'Fail' && flags.image === undefined) throw new UserError('--failure-policy Fail needs --image, for without one no change of mirrors would pass at all')
  return {
    ...otherwise, mode, failurePolicy,
    namespace: namespaceOf(flags.namespace ?? otherwise.namespace),
    image: imageOf(flags.image ?? otherwise.image),
    workloads: flags.workloads === true,
    certManager: flags['cert-manager'] === true,
    config: flags.config === undefined ? otherwise.config : configText(flags.config),
    serve: served(flags),
  }
}

/** The namespace becomes the webhook's own: it gets labels that others' pods may not bear, and goes when the webhook goes. */
function namespaceOf(name: string): string {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) throw new UserError(`--namespace takes lower case letters, digits and dashes, 63 at most, not ${name}`)
  if (/^(?:default|openshift|(?:kube|openshift)-.*)$/.test(name)) throw new UserError(`--namespace ${name} is the platform's; give the webhook one of its own`)
  return name
}

function imageOf(image: string): string {
  const reference = parseReference(image)
  if ('error' in reference) throw new UserError(`--image ${image}: ${reference.error}`)
  return image
}

/** The text of a configuration that needs no other file. */
function configText(path: string): string {
  const { file } = readConfig([], path)!
  const alone = (inner: string): never => {
    throw new UserError(`${path} names ${inner}, but a ConfigMap brings no other files: the webhook takes rules, upgrade, requireReasons, and waivers without paths`)
  }
  const { named, baseline } = parseConfig(file, alone)
  if (baseline) alone(baseline.path)
  requireRules(named, BUILT_IN)
  return file.text
}

function served(flags: Flags): string[] {
  const version = (flag: 'openshift' | 'next') => (versionOf(flags, flag) === undefined ? [] : [`--${flag}`, flags[flag]!])
  return [...version('openshift'), ...version('next'), ...(flags.disconnected ? ['--disconnected'] : [])]
}
