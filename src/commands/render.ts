import type { Flags, Outcome } from '../flags.ts'
import { discreet } from '../manifests/discreet.ts'
import { title } from '../manifests/resource.ts'
import type { Version } from '../openshift/version.ts'
import { readRegistries } from '../registries/node.ts'
import { type Applied, operate } from '../registries/operator.ts'
import { renderJson } from '../report/render.ts'
import { alone, load, passedOver } from './load.ts'
import { oneFormat } from './outputs.ts'

export const HELP = `mirrorproof render - the registries.conf that the nodes of a cluster get, byte for byte

Usage
  mirrorproof render [PATH...] [flags]
  mirrorproof render --live [--context NAME] [flags]

  Prints /etc/containers/registries.conf as the Machine Config Operator of the cluster's OpenShift version writes it from the
  ImageContentSourcePolicy, ImageDigestMirrorSet, ImageTagMirrorSet and image.config.openshift.io manifests in PATH.

  PATH is a file, a folder, a glob or - for standard input; none means the current folder.

Flags
  --openshift X.Y[.Z]   the OpenShift version, over what is declared; without one, the newest is assumed
  --live                what a running cluster's operator would write of the objects that it has, in place of PATH
  --kubeconfig FILE     the kubeconfig; else that of KUBECONFIG, else ~/.kube/config
  --context NAME        a context of the kubeconfig, over its current one
  --cluster NAME        which cluster, where PATH holds several
  --config FILE         the configuration; else the nearest .mirrorproof.yaml
  --format FORMAT       text (default): registries.conf alone; json: every file that the operator writes for images, by its path
  --output FILE         write the result to FILE
  --quiet               no notes on stderr, but for a refusal

Exit status
  0  rendered
  1  the operator would refuse these objects: nothing on stdout, its own message on stderr
  2  wrong usage or configuration; no cluster or several
  3  the job could not be done; a document cannot be read, entries hold placeholders, or a running cluster does not show all mirror sets

Examples
  mirrorproof render clusters/prod --openshift 4.18
  diff <(oc debug node/worker-0 -- cat /host/etc/containers/registries.conf) <(mirrorproof render clusters/prod --openshift 4.18)
`

/** `mirrorproof render`: what the operator writes on the nodes of one cluster. */
export async function run(given: string[], flags: Flags): Promise<Outcome> {
  const format = oneFormat('render', flags.format, ['text', 'json'])
  const loaded = await load(given, flags)
  const { group: { name, version }, gathered } = alone(loaded, 'rendered')
  const outcome = operate(gathered.configuration, version)
  const notes = flags.quiet ? [] : [...loaded.notes]
  if (outcome.refused !== undefined) return { output: '', code: 1, notes: [...notes, `the operator refuses the objects of ${name}: ${discreet(outcome.refused)}`] }
  const [conf, ...others] = outcome.files
  if (!flags.quiet) notes.push(...passedOver(name, gathered, outcome.ignored), ...unreadableFile(outcome, version))
  const own = [gathered.files.main ?? [], gathered.files.dropIns].flat()
  if (!flags.quiet) notes.push(...own.map(({ resource, path }) => `${title(resource)} writes ${path} on its own${path === conf!.path ? ', in place of what is printed here' : ''}`))
  if (format === 'json') return { output: renderJson(name, version, outcome.files), code: 0, notes }
  if (others.length > 0 && !flags.quiet) notes.push(`the operator also writes ${others.map(({ path }) => path).join(', ')} (--format json shows all)`)
  return { output: conf!.content, code: 0, notes }
}

/** What the operator writes may be what no node can read. */
function unreadableFile({ registries, search }: Applied, version: Version | undefined): string[] {
  try {
    readRegistries(registries, search, version)
    return []
  } catch (error) {
    return [`nodes cannot read this file, and no pull works: ${(error as Error).message}`]
  }
}
