import { assign, type Assigned } from './cluster/assign.ts'
import { type Candidate, classify } from './cluster/candidate.ts'
import { type Declaration, type Group, home } from './cluster/group.ts'
import { agreed, type Release } from './cluster/release.ts'
import { ofRunning, upon, withRunning } from './cluster/running.ts'
import { UserError } from './error.ts'
import type { Skipped } from './manifests/document.ts'
import { basename } from './manifests/place.ts'
import { title } from './manifests/resource.ts'
import type { Version } from './openshift/version.ts'
import { readResources } from './reading/resources.ts'
import type { Running, Sources } from './reading/sources.ts'

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
  /** Some of those may not be there, and an upgrade may lie behind. */
  lenient?: boolean
  /** The `File.place` of standard input, and the declared cluster that it is for: it has no folder to tell. */
  stream?: { place: string; cluster: string }
}

/** A cluster, and how it is known what version it has. */
export interface Cluster extends Group<Candidate> {
  versionWhy: string
  /** Somebody said whether it is disconnected; else it is taken not to be. */
  reachKnown: boolean
}

/** What the manifests hold, by cluster. */
export interface Clusters {
  groups: Cluster[]
  /** What cannot be read and lies in no cluster that is declared; it is said all the same. */
  strays: Candidate[]
  /** What is of clusters that nothing else here tells of. */
  apart: Candidate[]
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
  const { groups, rest, apart } = joined(members, sources.running ?? [], options, (some) => assign(some, { declared: options.clusters, stream: options.stream, name: options.name, roots, applications }))
  const only = options.only?.flatMap((name) => picked(groups, name, options.lenient) ?? [])
  const imageSets = new Map(members.flatMap((member) => (member.type === 'release' && member.release.named !== undefined ? [[member.release.named, member.release] as const] : [])))
  const outside = [...new Set(rest.filter(({ type }) => OF_A_CLUSTER.has(type)).map(({ file }) => file))]
  return {
    groups: groups.filter((one) => !only || only.includes(one)).map((one) => settled(one, options, imageSets)),
    strays: rest.filter(({ type }) => type === 'document' || type === 'misplaced'),
    apart: apart.flatMap((one) => one.members),
    documents,
    skipped: [
      ...skipped, ...unjudged,
      ...outside.map((file): Skipped => ({ file, reason: 'no-cluster', message: 'in none of the clusters that the configuration declares' })),
      ...apart.map(({ members: [first], why }): Skipped => ({ file: first!.file, reason: 'no-cluster', message: why })),
    ],
  }
}

/** What is found in manifests, with the running clusters beside it or, where one lies beneath, under the one cluster of the manifests. */
function joined(members: readonly Candidate[], running: readonly Running[], { only, lenient }: Options, assigned: (members: readonly Candidate[]) => Assigned): Assigned {
  const owned = running.map((one) => ({ one, members: ofRunning(members, one) }))
  const live = new Set(owned.flatMap((each) => each.members))
  const found = assigned(members.filter((member) => !live.has(member)))
  for (const { one, members: own } of owned) {
    if (!one.beneath) found.groups = withRunning(found.groups, one, own)
    else {
      const targets = only ? only.flatMap((name) => picked(found.groups, name, lenient) ?? []) : found.groups
      const [target, second] = targets
      if (!target || second) throw new UserError(`a running cluster is compared with one cluster, and of manifests there ${target ? `are ${targets.length} (${targets.map(({ name }) => name).join(', ')}); pick one by --cluster` : 'is none'}`)
      found.groups = [upon(target, one, own)]
    }
  }
  return found
}

const OF_A_CLUSTER = new Set<Candidate['type']>(['set', 'image', 'file'])

/** The cluster of a name, or, where only one is called so, of the last step of its name. */
function picked(groups: readonly Group<Candidate>[], name: string, lenient = false): Group<Candidate> | undefined {
  const exact = groups.find((one) => one.name === name)
  const [near, second] = groups.filter((one) => basename(one.name) === name)
  const found = exact ?? (second ? undefined : near)
  if (!found && !lenient) throw new UserError(`there is no cluster ${name}; there is ${groups.map((one) => one.name).join(', ') || 'none'}`)
  return found
}

/** With the version that flags, the configuration or the manifests give it. */
function settled(group: Group<Candidate>, { version, disconnected, name, clusters: declared }: Options, imageSets: ReadonlyMap<string, Release>): Cluster {
  // What only may be shared with other clusters gives none of them a version.
  const said = agreed(group.members.flatMap((member) => (member.type === 'release' && member.release.named === undefined && (member.cluster !== undefined || home(group, member) === '') ? [member.release] : [])), imageSets)
  const [found, versionWhy] = version ? [version, '--openshift'] as const
    : group.version ? [group.version, 'the configuration'] as const
      : said === 'several' ? [undefined, 'its objects name several'] as const
        : said ? [said.version, `${said.channel ? `the channel ${said.channel} of ` : ''}${title(said.resource)} in ${said.resource.document.file.path}`] as const : [undefined, 'nothing says which'] as const
  const reachKnown = (disconnected ?? declared.find((one) => one.name === group.name)?.disconnected) !== undefined
  return { ...group, name: group.name || name, version: found, versionWhy, disconnected: disconnected ?? group.disconnected, reachKnown }
}
