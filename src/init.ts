import type { Candidate } from './cluster/candidate.ts'
import type { Cluster } from './clusters.ts'
import { basename } from './manifests/place.ts'

/** A cluster that was found, as a configuration could declare it. */
export interface Proposal {
  name: string
  /** The folders and files that hold what it has and nothing of another one, relative to the configuration. */
  paths: string[]
  cluster: Cluster
}

/** Clusters that could be declared, and those that are found by themselves, declared or not; or why none is to be declared. */
export type Proposals = { declared: Proposal[]; others: Cluster[] } | { none: string; others: Cluster[] }

/** What a configuration in `folder` (absolute) could declare of the clusters that were found; `apart` is in none of them. */
export function propose(folder: string, clusters: readonly Cluster[], apart: readonly Candidate[]): Proposals {
  const others = clusters.filter(({ members }) => !members.some(isPlaced))
  const placed = clusters.filter((one) => !others.includes(one))
  if (placed.some(({ argo }) => argo)) return { none: 'Applications of Argo CD say which folders go to which cluster, and with clusters declared here nobody would ask them', others: [...clusters] }
  if (placed.length === 0) return { none: 'all that is here says itself which clusters it is for', others }
  const all = [...new Set([...placed.flatMap(places), ...apart.map(({ place }) => place)])].sort()
  const names = placed.map(({ name }) => basename(name))
  return {
    declared: placed.map((cluster, index) => {
      const unique = names.indexOf(names[index]!) === names.lastIndexOf(names[index]!)
      return { name: unique ? names[index]! : cluster.name, paths: cover(folder, all, new Set(places(cluster))).filter((path) => !path.endsWith(ITSELF)).map((path) => path.slice(folder.length + 1) || '.'), cluster }
    }),
    others,
  }
}

/** Stands for a file in a folder that has none yet. No file is called so. */
const ITSELF = '/\0'

/** Where the objects of a cluster stand that nothing else is said of, and its folders, which may hold none. */
function places({ members, own = [] }: Cluster): string[] {
  return [...members.filter(isPlaced).map(({ place }) => place), ...own.map((folder) => `${folder}${ITSELF}`)]
}

/** Its place tells the cluster: nothing says it expressly. */
function isPlaced({ cluster, managed }: Candidate): boolean {
  return cluster === undefined && managed === undefined
}

/** The fewest folders and files inside `folder` that hold the places which are wanted, and no other ones. */
function cover(folder: string, all: readonly string[], wanted: ReadonlySet<string>): string[] {
  if (all.every((place) => wanted.has(place))) return [folder]
  const inside = new Map<string, string[]>()
  for (const place of all) {
    const end = place.indexOf('/', folder.length + 1)
    const inner = end < 0 ? place : place.slice(0, end)
    const same = inside.get(inner)
    if (same) same.push(place)
    else inside.set(inner, [place])
  }
  return [...inside].flatMap(([inner, some]) => (some.some((place) => wanted.has(place)) ? cover(inner, some, wanted) : []))
}
