import type { Application } from './cluster/argo.ts'
import { type Candidate, classify } from './cluster/candidate.ts'
import { basename, contains, type Declaration, declaredGroups, folder, type Group, guessedGroups, home } from './cluster/group.ts'
import { agreed, type Release } from './cluster/release.ts'
import { UserError } from './error.ts'
import type { Skipped } from './manifests/document.ts'
import { title } from './manifests/resource.ts'
import type { Version } from './openshift/version.ts'
import { readResources, type Sources } from './resources.ts'

export interface Options {
  /** From the configuration file. */
  clusters: readonly Declaration[]
  /** What a cluster is called where there is only one and it was not declared. */
  name: string
  /** For every cluster, over what is declared. */
  version?: Version
  disconnected?: boolean
  /** These clusters only. */
  only?: readonly string[]
  /** The `File.place` of standard input, and the declared cluster that it is for: it has no folder to tell. */
  stream?: { place: string; cluster: string }
}

/** A cluster, and how it is known what version it has. */
export interface Cluster extends Group<Candidate> {
  versionWhy: string
}

/** What the manifests hold, by cluster. */
export interface Clusters {
  groups: Cluster[]
  /** What cannot be read and lies in no cluster that is declared; it is said all the same. */
  strays: Candidate[]
  /** How many documents were parsed. */
  documents: number
  skipped: Skipped[]
}

/**
 * Reads manifests and sorts what they hold into clusters.
 * @throws UserError where `only` names a cluster that there is not.
 */
export function clusters(sources: Sources, options: Options): Clusters {
  const { resources, broken, skipped, roots, applications, documents } = readResources(sources, options.clusters.map(({ paths }) => paths))
  const { members, skipped: unjudged } = classify(resources, broken, sources.gunzip)
  const declares = options.clusters.length > 0
  const { groups: all, rest } = declares ? declaredGroups(members, options.clusters, options.stream) : { groups: read(members, options.name, roots, applications), rest: [] }
  const apart = all.filter((group) => group.apart && !group.members.some(({ identity }) => identity !== undefined))
  const groups = all.filter((group) => !apart.includes(group))
  const missing = options.only?.find((name) => !groups.some((one) => one.name === name))
  if (missing !== undefined) throw new UserError(`there is no cluster ${missing}; there is ${groups.map(({ name }) => name).join(', ') || 'none'}`)
  const imageSets = new Map(members.flatMap((member) => (member.type === 'release' && member.release.named !== undefined ? [[member.release.named, member.release] as const] : [])))
  const outside = [...new Set(rest.filter(({ type }) => type === 'set' || type === 'image').map(({ file }) => file))]
  return {
    groups: groups.filter(({ name }) => !options.only || options.only.includes(name)).map((one) => settled(one, options, imageSets)),
    strays: rest.filter(({ type }) => type === 'document' || type === 'misplaced'),
    documents,
    skipped: [
      ...skipped, ...unjudged,
      ...outside.map((file): Skipped => ({ file, reason: 'no-cluster', message: 'in none of the clusters that the configuration declares' })),
      ...apart.map(({ members: [first] }): Skipped => ({ file: first!.file, reason: 'no-cluster', message: 'its folder is beside those of clusters, and no cluster is called like it' })),
    ],
  }
}

/** How clusters are called that policies of ACM or sets of Hive choose by labels. */
const MANAGED = 'managed clusters'

/** The clusters that the manifests themselves tell of: by name, by Argo CD, else by the layout of the folders. */
function read(members: readonly Candidate[], name: string, roots: readonly { file: string }[], apps: readonly Application[]): Group<Candidate>[] {
  const named = new Map<string, Candidate[]>()
  const applied = new Map<string, Candidate[]>()
  const rest: Candidate[] = []
  const managed: Candidate[] = []
  for (const member of members) {
    if (member.cluster !== undefined) add(named, member.cluster, member)
    else if (member.managed) managed.push(member)
    else {
      const destinations = destinationsOf(member, apps)
      for (const cluster of destinations) add(applied, cluster, member)
      if (destinations.length === 0) rest.push(member)
    }
  }
  const group = (called: string, why: string, own: Candidate[]): Group<Candidate> => ({ name: called, version: undefined, disconnected: false, declared: false, own: undefined, why, members: own })
  const groups = [...applied].map(([cluster, own]) => group(cluster, `Argo CD applies ${plural(apps.filter((app) => app.cluster === cluster).length, 'folder')} to it`, own))
  for (const guessed of guessedGroups(rest, name, roots.map(({ file }) => file))) {
    const only = groups.length === 1 && rest.length === guessed.members.length ? groups[0]! : undefined
    if (only && compatible(only.members, guessed.members)) only.members = [...only.members, ...guessed.members]
    else groups.push(applied.size > 0 ? { ...guessed, why: `no Argo CD Application names its folder; ${guessed.why}` } : guessed)
  }
  groups.push(...guessedGroups(managed, MANAGED, roots.map(({ file }) => file)).map((one, _, all) =>
    ({ ...one, name: all.length > 1 ? `${MANAGED} (${one.name})` : MANAGED, why: `policies choose the clusters by labels${all.length > 1 ? `; ${one.why}` : ''}` })))
  for (const [cluster, own] of named) {
    const same = groups.filter((one) => one.name === cluster || basename(one.name) === cluster)
    if (same.length === 1) same[0]!.members = [...same[0]!.members, ...own]
    else groups.push(...guessedGroups(own, cluster).map((one, _, all) => group(all.length > 1 ? `${cluster} (${one.name})` : cluster, `${reasons(one.members)} is for it`, one.members)))
  }
  return groups
}

function add(map: Map<string, Candidate[]>, key: string, member: Candidate): void {
  const same = map.get(key)
  if (same) same.push(member)
  else map.set(key, [member])
}

/** The clusters that Argo CD applies a member to; what it has no Application for is in none. */
function destinationsOf({ place }: Candidate, apps: readonly Application[]): string[] {
  if (apps.length === 0) return []
  const at = folder(place)
  return [...new Set(apps.filter((app) => at === app.folder || (app.recurse && contains(app.folder, at))).map(({ cluster }) => cluster))]
}

/** Objects of one identity cannot meet. */
function compatible(a: readonly Candidate[], b: readonly Candidate[]): boolean {
  const identities = new Set(a.flatMap(({ identity }) => identity ?? []))
  return !b.some(({ identity }) => identity !== undefined && identities.has(identity))
}

function reasons(members: readonly Candidate[]): string {
  const [first] = members
  const resource = first?.type === 'release' ? first.release.resource : first?.type === 'set' ? first.set.resource : undefined
  return resource ? resource.madeOf ?? title(resource) : 'an object'
}

/** With the version that flags, the configuration or the manifests give it. */
function settled(group: Group<Candidate>, { version, disconnected, name }: Options, imageSets: ReadonlyMap<string, Release>): Cluster {
  // What only may be shared with other clusters gives none of them a version.
  const said = agreed(group.members.flatMap((member) => (member.type === 'release' && member.release.named === undefined && home(group, member) === '' ? [member.release] : [])), imageSets)
  const [found, versionWhy] = version ? [version, '--openshift'] as const
    : group.version ? [group.version, 'the configuration'] as const
      : said === 'several' ? [undefined, 'its objects name several'] as const
        : said ? [said.version, `${said.channel ? `the channel ${said.channel} of ` : ''}${title(said.resource)} in ${said.resource.document.file.path}`] as const : [undefined, 'nothing says which'] as const
  return { ...group, name: group.name || name, version: found, versionWhy, disconnected: disconnected ?? group.disconnected }
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
