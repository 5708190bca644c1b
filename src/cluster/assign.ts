import { basename, contains, folderOf } from '../manifests/place.ts'
import { own, type Resource, title } from '../manifests/resource.ts'
import type { Application } from './argo.ts'
import type { Candidate } from './candidate.ts'
import { covers, type Declaration, declaredGroups, type Group, guessedGroups, type Unit } from './group.ts'

/** What is known of clusters beside their objects. */
export interface Evidence {
  /** From the configuration file; then the layout of folders and Argo CD say nothing. */
  declared: readonly Declaration[]
  stream: { place: string; cluster: string } | undefined
  /** What a lone cluster is called. */
  name: string
  /** The Kustomize roots. */
  roots: readonly Unit[]
  applications: readonly Application[]
}

export interface Assigned {
  groups: Group<Candidate>[]
  /** What lies in none of the clusters that are declared. */
  rest: Candidate[]
  /** Clusters that nothing else here tells of, and that hold nothing of their own. */
  apart: Group<Candidate>[]
}

/** How clusters are called that policies of ACM or sets of Hive choose by labels. */
const MANAGED = 'managed clusters'

/**
 * Sorts objects into clusters: those that are expressly for one, those that policies put on clusters which they choose, and the others as they are declared, or as
 * Argo CD or the layout of the folders has it.
 */
export function assign(members: readonly Candidate[], evidence: Evidence): Assigned {
  const named = new Map<string, Candidate[]>()
  const managed: Candidate[] = []
  const plain: Candidate[] = []
  for (const member of members) {
    if (member.cluster !== undefined) add(named, member.cluster, member)
    else if (member.managed !== undefined) managed.push(member)
    else plain.push(member)
  }
  const { groups, rest } = evidence.declared.length > 0 ? declared(plain, managed, evidence) : { groups: [...found(plain, evidence), ...managedGroups(managed, evidence)], rest: [] }
  for (const [cluster, own] of installed(named)) {
    const same = groups.filter((one) => one.name === cluster || (!one.declared && basename(one.name) === cluster))
    if (same.length === 1) same[0]!.members = [...same[0]!.members, ...own]
    else groups.push(...guessedGroups(own, cluster).map((one, _, all) => group(all.length > 1 ? `${cluster} (${one.name})` : cluster, `${reason(one.members)} is for it`, one.members)))
  }
  const apart = groups.filter((one) => one.apart && one.members.every(({ type }) => HARMLESS.has(type)))
  return { groups: distinct(groups.filter((one) => !apart.includes(one) && (one.declared || one.members.length > 0))), rest, apart }
}

/** What brings no mirror configuration. */
const HARMLESS = new Set<Candidate['type']>(['uses', 'setting', 'release', 'rendered'])

function group(name: string, why: string, members: Candidate[]): Group<Candidate> {
  return { name, version: undefined, disconnected: false, declared: false, own: undefined, why, members }
}

/** A cluster that is declared takes what policies hold in its paths only where it has no configuration of its own: else it is their hub. */
function declared(plain: readonly Candidate[], managed: readonly Candidate[], evidence: Evidence): { groups: Group<Candidate>[]; rest: Candidate[] } {
  const { groups, rest } = declaredGroups(plain, evidence.declared, evidence.stream)
  const taken = new Set<Candidate>()
  for (const [index, one] of groups.entries()) {
    if (one.members.some(({ type }) => type !== 'uses' && type !== 'setting' && type !== 'rendered')) continue
    const own = managed.filter(({ place }) => covers(evidence.declared[index]!, place))
    one.members = [...one.members, ...own]
    for (const member of own) taken.add(member)
  }
  return { groups: [...groups, ...managedGroups(managed.filter((one) => !taken.has(one)), evidence)], rest }
}

/** By Argo CD, else by the layout of the folders. */
function found(members: readonly Candidate[], { name, roots, applications }: Evidence): Group<Candidate>[] {
  const applied = new Map<string, Candidate[]>()
  const rest: Candidate[] = []
  for (const member of members) {
    const destinations = destinationsOf(member, applications)
    for (const cluster of destinations) add(applied, cluster, member)
    if (destinations.length === 0) rest.push(member)
  }
  const groups = [...applied].map(([cluster, own]): Group<Candidate> => ({ ...group(cluster, `Argo CD applies ${folders(applications.filter((app) => app.cluster === cluster).length)} to it`, own), argo: true }))
  for (const guessed of guessedGroups(rest, name, roots)) {
    const only = groups.length === 1 && rest.length === guessed.members.length ? groups[0]! : undefined
    if (only && compatible(only.members, guessed.members)) only.members = [...only.members, ...guessed.members]
    else groups.push(applied.size > 0 ? { ...guessed, why: `no Argo CD Application that could be read names its folder; ${guessed.why}` } : guessed)
  }
  return groups
}

/** Policies that choose by different labels are for different clusters where they hold the same objects; else they may meet. */
function managedGroups(members: readonly Candidate[], { roots }: Evidence): Group<Candidate>[] {
  const selections = [...new Set(members.map(({ managed }) => managed!))]
  const placed = members.map((member): Candidate => ({ ...member, place: `/${selections.indexOf(member.managed!)}${member.place}` }))
  const groups = guessedGroups(placed, MANAGED, roots)
  const chosen = groups.map((one) => [...new Set(one.members.filter((member) => one.own?.some((root) => contains(root, member.place))).map(({ managed }) => managed!))].join('; '))
  return groups.map((one, index) => {
    const called = chosen[index] !== '' && chosen.indexOf(chosen[index]!) === chosen.lastIndexOf(chosen[index]!) ? chosen[index]! : one.name
    return { ...one, name: groups.length === 1 ? MANAGED : `${MANAGED} (${called})`, why: `policies choose the clusters by labels${groups.length > 1 ? '; those of others hold the same objects' : ''}` }
  })
}

/** What an AgentServiceConfig says holds for the clusters that the assisted service installs, unless one has mirrors of its own. */
function installed(named: Map<string, Candidate[]>): Map<string, Candidate[]> {
  const services = [...named].filter(([cluster]) => cluster.startsWith(SERVICE))
  const clusters = [...named].filter(([, own]) => own.some((member) => member.type === 'release' && INSTALLED.has(member.release.resource.kind)))
  if (services.length === 0 || clusters.length === 0) return named
  const passed = services.flatMap(([, own]) => own)
  const taking = clusters.filter(([, members]) => !members.some((member) => member.type === 'release' && hasMirrors(member.release.resource)))
  if (taking.length === 0) return named
  for (const [cluster, members] of taking) {
    named.set(cluster, [...passed.map((one) => ({ ...one, cluster })), ...members])
  }
  for (const [cluster] of services) named.delete(cluster)
  return named
}

function hasMirrors({ value }: Resource): boolean {
  return own(own(value, 'spec'), 'mirrorRegistryRef') !== undefined
}

const SERVICE = 'AgentServiceConfig/'
const INSTALLED = new Set(['AgentClusterInstall', 'ClusterInstance', 'SiteConfig'])

function add(map: Map<string, Candidate[]>, key: string, member: Candidate): void {
  const same = map.get(key)
  if (same) same.push(member)
  else map.set(key, [member])
}

/** The clusters that Argo CD applies a member to; what it has no Application for is in none. */
function destinationsOf({ place }: Candidate, apps: readonly Application[]): string[] {
  if (apps.length === 0) return []
  const at = folderOf(place)
  return [...new Set(apps.filter((app) => at === app.folder || (app.recurse && contains(app.folder, at))).map(({ cluster }) => cluster))]
}

/** Objects of one identity cannot meet. */
function compatible(a: readonly Candidate[], b: readonly Candidate[]): boolean {
  const identities = new Set(a.flatMap(({ identity }) => identity ?? []))
  return !b.some(({ identity }) => identity !== undefined && identities.has(identity))
}

function reason(members: readonly Candidate[]): string {
  const [resource] = members.flatMap((one) => (one.type === 'release' ? [one.release.resource] : one.type === 'set' ? [one.set.resource] : one.type === 'uses' ? [one.resource] : []))
  return resource ? resource.madeOf ?? title(resource) : 'an object'
}

/** A name is what a cluster is picked by, so no two have the same. */
function distinct(groups: readonly Group<Candidate>[]): Group<Candidate>[] {
  const taken = new Map<string, number>()
  return groups.map((one) => {
    const count = (taken.get(one.name) ?? 0) + 1
    taken.set(one.name, count)
    return count === 1 ? one : { ...one, name: `${one.name} (${count})` }
  })
}

function folders(count: number): string {
  return `${count} folder${count === 1 ? '' : 's'}`
}
