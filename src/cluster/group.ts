import { basename, contains, folderOf, foldersAround } from '../manifests/place.ts'
import type { Version } from '../openshift/version.ts'

/** A cluster as the user declares it in the configuration file. */
export interface Declaration {
  name: string
  version?: Version
  disconnected?: boolean
  /** Folders and files, absolute. */
  paths: string[]
}

/** Something that lands in a cluster: what it is, and the file that it stands in. */
export interface Member {
  /** `File.path`. */
  file: string
  /** `File.place`. */
  place: string
  /** Kind and name; two members of one identity cannot live in one cluster. Absent where it has none. */
  identity?: string
  /** The cluster that it is expressly for. */
  cluster?: string
  /** The clusters that are declared, by index, for whose paths it was built; absent where its place tells. */
  scopes?: readonly number[]
  /** It is for clusters that are chosen by labels; which, as far as that can be told. */
  managed?: string
}

export interface Group<T extends Member> {
  name: string
  version: Version | undefined
  disconnected: boolean
  /** Declared by the user, not guessed. */
  declared: boolean
  /** In a guessed cluster beside others, the folders that are its own; what lies elsewhere may as well belong to another one. */
  own: string[] | undefined
  /** Beside folders that are called as clusters are, one that is called as none is: of a cluster that nothing else here tells of. */
  apart?: true
  /** Argo CD applies its folders; that is not asked where clusters are declared. */
  argo?: true
  /** It is a running cluster, of which all objects are here but those of some kinds. */
  running?: { unseen: ReadonlySet<string> }
  /** Why these objects are taken to meet, in a sentence. */
  why: string
  members: T[]
}

/** The clusters that the configuration declares, and what lies in none of them. What comes as a `stream` is for the cluster that is said with it. */
export function declaredGroups<T extends Member>(
  members: readonly T[], clusters: readonly Declaration[], stream?: { place: string; cluster: string },
): { groups: Group<T>[]; rest: T[] } {
  const groups = clusters.map((cluster, index) => ({
    name: cluster.name, version: cluster.version, disconnected: cluster.disconnected ?? false, declared: true, own: undefined, why: 'declared in the configuration',
    members: members.filter(({ place, scopes }) => (stream?.place === place ? stream.cluster === cluster.name : scopes ? scopes.includes(index) : covers(cluster, place))),
  }))
  const placed = new Set(groups.flatMap((group) => group.members))
  return { groups, rest: members.filter((member) => !placed.has(member)) }
}

/** Whether a place lies in the paths of a cluster. */
export function covers({ paths }: Declaration, place: string): boolean {
  return paths.some((path) => contains(path, place))
}

/** A file, as `File` has it. */
export type Unit = Pick<Member, 'file' | 'place'>

/**
 * Guesses clusters from identities: an object of one kind and name lives once in a cluster, so folders that repeat one are separate
 * clusters, and what lies outside them is shared by all. A folder around such a folder is shared too, unless it repeats an identity
 * itself. A cluster is named by its folder; where nothing repeats there is one, called `name`.
 *
 * Where two families of folders have clusters of the same names, as `mirrors/overlays/east` and `catalogs/overlays/east`, those of one name are one cluster.
 * `units` are the files of Kustomize roots. One beside the folder of a cluster is a cluster too, as in `overlays/east` and `overlays/west`; one elsewhere that
 * is called as a cluster is, as `monitoring/overlays/east`, is applied to that cluster.
 */
export function guessedGroups<T extends Member>(members: readonly T[], name: string, units: readonly Unit[] = []): Group<T>[] {
  const group = (called: string, why: string, included: T[], own?: string[]): Group<T> =>
    ({ name: called, version: undefined, disconnected: false, declared: false, own, why, members: included })
  const repeated = repeatedRoots(members)
  if (repeated.size === 0) return members.length === 0 ? [] : [group(name, 'nothing here says that there are several', [...members])]
  const folders = new Set(units.map(({ place }) => folderOf(place)))
  const parents = new Set([...repeated].filter((root) => folders.has(root)).map(folderOf))
  const roots = new Set([...repeated, ...[...folders].filter((one) => parents.has(folderOf(one)))])
  const called = namesakes([...roots])
  const families = new Set([...folders].filter((one) => nearest(one, roots) === undefined && called(one) !== undefined).map(folderOf))
  const apart = (at: string) => folders.has(at) && families.has(folderOf(at)) && called(at) === undefined
  const homes = new Map<string | undefined, T[]>([...roots].map((root) => [root, []]))
  const guests = new Map<string, Set<string>>()
  for (const member of members) {
    const at = folderOf(member.place)
    const inside = nearest(at, roots)
    const home = inside ?? (apart(at) ? at : folders.has(at) ? called(at) : undefined)
    if (home !== undefined && inside === undefined) guests.set(home, (guests.get(home) ?? new Set()).add(at))
    const own = homes.get(home)
    if (own) own.push(member)
    else homes.set(home, [member])
  }
  const identities = new Map([...homes].map(([root, own]) => [root, new Set(own.flatMap((member) => member.identity ?? []))]))
  const disjoint = (one: string | undefined, other: string | undefined) => ![...identities.get(one)!].some((identity) => identities.get(other)!.has(identity))
  const around = new Map([...homes.keys()].filter((root) => root !== undefined).sort().map((root) =>
    [root, foldersAround(root).filter((outer) => homes.has(outer) && disjoint(outer, root))]))
  const bases = new Set([...around.values()].flat())
  const shown = names([...members, ...units])
  const clusters = [...around.keys()].filter((root) => !bases.has(root))
  return kin(clusters, disjoint).map((some) => {
    const [first] = some as [string]
    if (!roots.has(first)) return { ...group(shown(first), 'its folder is beside those of clusters, and no cluster is called like it', homes.get(first)!, [first]), apart: true as const }
    const why = some.length > 1 ? `${some.length} folders that repeat the same objects elsewhere are called like it` : repeated.has(first)
      ? 'its folder repeats objects that another folder has, and one cluster has them once' : 'its folder is a Kustomize root beside those of other clusters'
    const also = [...new Set(some.flatMap((root) => [...(guests.get(root) ?? [])]))].sort()
    const outer = [...new Set(some.flatMap((root) => around.get(root)!))]
    const told = also.length > 0 ? `; ${also.length === 1 ? shown(also[0]!) : `${also.length} Kustomize roots elsewhere`} ${also.length === 1 ? 'is' : 'are'} called like it` : ''
    return group(some.length > 1 ? basename(first) : shown(first), `${why}${told}`, [undefined, ...outer, ...some].flatMap((home) => homes.get(home) ?? []), [...some, ...outer, ...also])
  })
}

/**
 * Folders of one name in several places as one cluster, where the places have two such names in common and nothing is there twice; every other folder on
 * its own.
 */
function kin(roots: readonly string[], disjoint: (one: string, other: string) => boolean): string[][] {
  const byName = alike(roots)
  const together = new Map([...byName].filter(([, some]) => some.length > 1 && some.length <= MOST_FAMILIES && some.every((one, index) => some.slice(index + 1).every((other) => disjoint(one, other)))))
  const parents = (name: string) => together.get(name)!.map(folderOf).join('\n')
  const counts = new Map<string, number>()
  for (const name of together.keys()) counts.set(parents(name), (counts.get(parents(name)) ?? 0) + 1)
  return roots.flatMap((root) => {
    const name = basename(root)
    const some = together.get(name)
    if (!some || counts.get(parents(name))! < 2) return [[root]]
    return some[0] === root ? [some] : []
  })
}

/** More components than this are compared by nobody. */
const MOST_FAMILIES = 200

/** How folders are shown, from files that lie in or beside them. */
function names(units: readonly Unit[]): (place: string) => string {
  const known = new Map<string, string>()
  for (const { file, place } of units) {
    for (let [at, shown] = [folderOf(place), parent(file)]; !known.has(at); [at, shown] = [folderOf(at), parent(shown)]) {
      known.set(at, shown)
      if (at === '') break
    }
  }
  return (place) => known.get(place) ?? place
}

/** The folder around a path as it is shown: of `a` it is `.`, and of `..` it is `../..`. */
function parent(shown: string): string {
  if (shown === '.') return '..'
  if (shown === '..' || shown.endsWith('/..')) return `${shown}/..`
  return shown.includes('/') ? shown.slice(0, shown.lastIndexOf('/')) || '/' : '.'
}

/** The folder, of those given, that is called as the last of a path's folders is; undefined where none or several are. */
function namesakes(roots: readonly string[]): (path: string) => string | undefined {
  const byName = alike(roots)
  return (path) => {
    const [first, second] = byName.get(basename(path)) ?? []
    return second === undefined ? first : undefined
  }
}

/** Folders by their names. */
function alike(folders: readonly string[]): Map<string, string[]> {
  const byName = new Map<string, string[]>()
  for (const one of folders) {
    const same = byName.get(basename(one))
    if (same) same.push(one)
    else byName.set(basename(one), [one])
  }
  return byName
}

/** Wherever the ways to two folders of one identity part, the two folders below. */
function repeatedRoots(members: readonly Member[]): Set<string> {
  const folders = new Map<string, Set<string>>()
  for (const { identity, place } of members) {
    if (identity === undefined) continue
    const set = folders.get(identity) ?? new Set()
    folders.set(identity, set.add(folderOf(place)))
  }
  const roots = new Set<string>()
  for (const set of folders.values()) {
    const sorted = [...set].map((path) => path.split('/')).sort(bySegments)
    for (let index = 1; index < sorted.length; index++) {
      const pair = [sorted[index - 1]!, sorted[index]!] as const
      const depth = common(...pair)
      for (const steps of pair) roots.add(steps.slice(0, depth + 1).join('/'))
    }
  }
  return roots
}

/** In this order, the folder that shares most with another stands next to it. */
function bySegments(a: string[], b: string[]): number {
  const depth = common(a, b)
  const [left = '', right = ''] = [a[depth], b[depth]]
  return left < right ? -1 : left > right ? 1 : a.length - b.length
}

function common(a: string[], b: string[]): number {
  let depth = 0
  while (depth < a.length && depth < b.length && a[depth] === b[depth]) depth++
  return depth
}

function nearest(path: string, roots: Set<string>): string | undefined {
  return [path, ...foldersAround(path)].find((at) => roots.has(at))
}

/**
 * What tells whether two members of a group surely meet: they do where it is equal. All of a declared or a lone cluster do, and so does what lies in
 * a guessed cluster's own folder, or together in one folder elsewhere.
 */
export function home(group: Pick<Group<Member>, 'own'>, member: Member): string {
  const at = folderOf(member.place)
  return !group.own || group.own.some((root) => contains(root, at)) ? '' : at
}
