import { clusters } from '../clusters.ts'
import type { Flags, Outcome } from '../flags.ts'
import { isRelevant } from '../openshift/kinds.ts'
import { ansi, plain } from '../report/color.ts'
import { clustersJson, clustersText } from '../report/clusters.ts'
import { optionsOf } from './options.ts'
import { oneFormat } from './outputs.ts'
import { sourceOf } from './source.ts'

export const HELP = `mirrorproof clusters - which objects meet in which cluster, its version, and the reason

Usage
  mirrorproof clusters [PATH...] [flags]
  mirrorproof clusters --live [--context NAME] [flags]

  Prints each cluster that the manifests in PATH are for: why it is taken to be one, its OpenShift version and what says so, the
  objects that decide where its images are pulled from, and how many images it pulls. Clusters are declared in .mirrorproof.yaml;
  else they are read from Argo CD, HostedCluster, ClusterInstance and the like, and from Kustomize roots and folders that repeat
  the same objects.

  PATH is a file, a folder, a glob or - for standard input; none means the current folder.

Flags
  --openshift X.Y[.Z]   the OpenShift version of all clusters, over what is declared
  --disconnected        the nodes of all clusters cannot reach public registries
  --live                the running cluster of the kubeconfig, in place of PATH
  --kubeconfig FILE     the kubeconfig; else that of KUBECONFIG, else ~/.kube/config
  --context NAME        a context of the kubeconfig, over its current one
  --cluster NAME        this cluster only (repeatable)
  --config FILE         the configuration; else the nearest .mirrorproof.yaml
  --format FORMAT       text (default) or json (schema/clusters.schema.json), which lists the images too
  --output FILE         write the result to FILE
  --color WHEN          auto (default), always or never; NO_COLOR counts too
  --quiet               of the text, only the first line of each cluster

Exit status
  0  printed
  2  wrong usage or configuration, a cluster that there is not
  3  the job could not be done

Examples
  mirrorproof clusters
  mirrorproof clusters gitops/ --format json | jq '.clusters[] | {name, openshift, why}'
`

/** `mirrorproof clusters`: which objects meet. */
export async function run(given: string[], flags: Flags): Promise<Outcome> {
  const format = oneFormat('clusters', flags.format, ['text', 'json'])
  const source = await sourceOf(given, flags)
  const options = optionsOf(source.paths, flags, { live: source.live })
  const sources = await source.read(isRelevant, 'everything', options.name)
  const found = clusters(sources, options)
  const skipped = [...sources.skipped, ...found.skipped]
  const output = format === 'json' ? clustersJson(found.groups, skipped) : clustersText(found.groups, skipped.length, flags.color ? ansi : plain, flags.quiet ?? false)
  return { output, code: 0 }
}
