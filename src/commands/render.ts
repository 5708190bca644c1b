import { gather } from '../cluster/registries.ts'
import { clusters } from '../clusters.ts'
import { UserError } from '../error.ts'
import type { Flags, Outcome } from '../flags.ts'
import { RELEVANT } from '../openshift/kinds.ts'
import { operate } from '../registries/operator.ts'
import { renderJson } from '../report/render.ts'
import { readPaths } from '../sources/paths.ts'
import { unread, unversioned } from './notes.ts'
import { oneOf, optionsOf } from './options.ts'

export const HELP = `mirrorproof render - the registries.conf that the nodes of a cluster get, byte for byte

Usage
  mirrorproof render [PATH...] [flags]

  Prints /etc/containers/registries.conf as the Machine Config Operator of the cluster's OpenShift version writes it from the
  ImageContentSourcePolicy, ImageDigestMirrorSet, ImageTagMirrorSet and image.config.openshift.io manifests in PATH.

  PATH is a file, a folder, a glob or - for standard input; none means the current folder.

Flags
  --openshift X.Y[.Z]   the OpenShift version, over what is declared; without one, the newest is assumed
  --cluster NAME        which cluster, where PATH holds several
  --config FILE         the configuration; else the nearest .mirrorproof.yaml
  --format FORMAT       text (default): registries.conf alone; json: every file that the operator writes for images, by its path
  --output FILE         write the result to FILE
  --quiet               no notes on stderr, but for a refusal

Exit status
  0  rendered
  1  the operator would refuse these objects: nothing on stdout, its own message on stderr
  2  wrong usage or configuration; no cluster or several
  3  the job could not be done

Examples
  mirrorproof render clusters/prod --openshift 4.18
  diff <(oc debug node/worker-0 -- cat /host/etc/containers/registries.conf) <(mirrorproof render clusters/prod --openshift 4.18)
`

/** `mirrorproof render`: what the operator writes on the nodes of one cluster. */
export async function run(given: string[], flags: Flags): Promise<Outcome> {
  const paths = given.length > 0 ? given : ['.']
  const format = oneOf('format', flags.format ?? 'text', ['text', 'json'])
  const options = optionsOf(paths, flags)
  const { files, skipped } = await readPaths(paths, RELEVANT)
  const found = clusters(files, options)
  const [cluster, second] = found.groups
  if (!cluster) throw new UserError(`there is no mirror configuration in ${paths.join(', ')}`)
  if (second) throw new UserError(`one cluster can be rendered, and there are ${found.groups.length} (${found.groups.map(({ name }) => name).join(', ')}); pick one by --cluster`)
  const { configuration, releaseAssumed } = gather(cluster.members)
  const outcome = operate(configuration, cluster.version)
  const notes = flags.quiet ? [] : [...unread(skipped, found), ...unversioned([cluster])]
  if (outcome.refused !== undefined) return { output: '', code: 1, notes: [...notes, `the operator refuses the objects of ${cluster.name}: ${outcome.refused}`] }
  const [conf, ...others] = outcome.files
  if (outcome.ignored.length > 0 && !flags.quiet) {
    const release = `${configuration.release.name}${releaseAssumed ? ', which is assumed' : ''}`
    notes.push(`passed over in image.config: ${outcome.ignored.join(', ')}; the operator does not block its own release image (${release})`)
  }
  if (format === 'json') return { output: renderJson(cluster.name, cluster.version, outcome.files), code: 0, notes }
  if (others.length > 0 && !flags.quiet) notes.push(`the operator also writes ${others.map(({ path }) => path).join(', ')} (--format json shows all)`)
  return { output: conf!.content, code: 0, notes }
}
