import type { NodeFile } from '../carriers/nodefile.ts'
import type { Version } from '../openshift/version.ts'
import { type ConfFile, type NodeConfiguration, type OwnFiles, readRegistries } from '../registries/node.ts'
import { type Applied, operate } from '../registries/operator.ts'
import type { Gathered } from './registries.ts'

/** What the operator and the nodes of a cluster make of its configuration; an error in the node's words where it cannot read what it gets. */
export type Nodes = { refused: string } | { refused?: undefined; applied: Applied; node: NodeConfiguration | { error: string } }

const known = new WeakMap<Gathered, Map<string | undefined, Nodes>>()

/** What is gathered never changes, and rules, routes and the effect on nodes all ask the same of it. */
export function nodesOf(gathered: Gathered, version: Version | undefined): Nodes {
  const ofVersions = known.get(gathered) ?? new Map<string | undefined, Nodes>()
  const nodes = ofVersions.get(version?.text) ?? nodesAnew(gathered, version)
  known.set(gathered, ofVersions.set(version?.text, nodes))
  return nodes
}

function nodesAnew({ configuration, files }: Gathered, version: Version | undefined): Nodes {
  const applied = operate(configuration, version)
  if (applied.refused !== undefined) return { refused: applied.refused }
  try {
    return { applied, node: readRegistries(applied.registries, applied.search, version, ownFiles(files)) }
  } catch (error) {
    return { applied, node: { error: (error as Error).message } }
  }
}

function ownFiles({ main, dropIns }: Gathered['files']): OwnFiles {
  return { ...(main ? { main: confFile(main) } : {}), dropIns: dropIns.map(confFile) }
}

export function confFile({ path, conf }: NodeFile): ConfFile {
  return { path, read: () => conf }
}
