import type { Candidate } from '../cluster/candidate.ts'
import type { Group } from '../cluster/group.ts'
import { repeatedNames } from '../cluster/mirrors.ts'
import { type Gathered, gather } from '../cluster/registries.ts'
import { lacksMirrors } from '../cluster/running.ts'
import { clusters, type Options } from '../clusters.ts'
import { UserError } from '../error.ts'
import type { Flags } from '../flags.ts'
import { locate } from '../manifests/position.ts'
import { title } from '../manifests/resource.ts'
import { kindsExclude } from '../registries/refusal.ts'
import { isConfiguration } from '../openshift/kinds.ts'
import { optionsOf } from './options.ts'
import { sourceOf } from './source.ts'

/** The clusters that PATHs hold something of, and what is to be known of what was not taken from there. */
export interface Loaded {
  options: Options
  /** As messages call what was read. */
  called: string
  clusters: { group: Group<Candidate>; gathered: Gathered }[]
  notes: string[]
  /** Something was met that may hold mirror configuration and could not be read. */
  incomplete: boolean
}

/** How many things that were not read are named. */
const MOST = 10

/**
 * Reads PATHs, or a running cluster, for a command that asks what nodes do.
 * @throws UserError where a cluster is picked that is not there, or of which PATHs hold nothing.
 */
export async function load(given: readonly string[], flags: Flags): Promise<Loaded> {
  const source = await sourceOf(given, flags)
  const options = optionsOf(source.paths, flags, { live: source.live })
  const sources = await source.read(isConfiguration, flags.probe ? 'trust' : 'nodes', options.name)
  const found = clusters(sources, options)
  const configured = (group: Group<Candidate>) => group.members.some(({ type }) => type !== 'uses' && type !== 'setting' && type !== 'rendered')
  const empty = found.groups.find((group) => !configured(group))
  if (empty && options.only) throw new UserError(`there is nothing of cluster ${empty.name} in ${source.called}`)
  const groups = found.groups.filter(configured)
  const loaded = groups.map((group) => ({ group, gathered: gather(group.members, group.version) }))
  const unread = [...sources.skipped, ...found.skipped]
  const members = new Set([...groups.flatMap((group) => group.members), ...found.strays])
  const lost = [...members].flatMap(lostMember)
  return {
    options,
    called: source.called,
    clusters: loaded,
    notes: [
      ...unread.slice(0, MOST).map(({ file, line, message }) => `${file}${line ? `:${line}` : ''}: not read: ${message}`),
      ...(unread.length > MOST ? [`${unread.length - MOST} more were not read; mirrorproof check names them`] : []),
      ...lost,
      ...new Set(loaded.flatMap(({ gathered }) => gathered.absent.map(({ place, why }) => `${place.document.file.path}:${locate(place.document, place.path).line}: not applied: ${place.title}, ${why}`))),
      ...loaded.flatMap(({ group, gathered }) => doubts(group, gathered)),
    ],
    incomplete: unread.some(({ reason }) => !['not-applied', 'no-cluster', 'symlink'].includes(reason)) || [...members].some((member) => member.type === 'document'),
  }
}

/**
 * The one cluster that a command is for; `done` is what it would do to it: `rendered`.
 * @throws UserError where there is none or several, or its mirror configuration is not known in full.
 */
export function alone({ clusters, called, notes }: Loaded, done: string): Loaded['clusters'][0] {
  const [cluster, second] = clusters
  if (!cluster) throw new UserError(`there is no mirror configuration in ${called}${notes.map((note) => `; ${note}`).join('')}`)
  if (second) throw new UserError(`one cluster can be ${done}, and there are ${clusters.length} (${clusters.map(({ group }) => group.name).join(', ')}); pick one by --cluster`)
  const { group, gathered } = cluster
  const [open] = gathered.open
  if (open) throw new UserError(`${group.name} cannot be ${done}: ${open.document.file.path}: ${open.what}`, 3)
  if (lacksMirrors(group)) throw new UserError(`${group.name} cannot be ${done}: part of its mirror configuration cannot be read${notes.map((note) => `; ${note}`).join('')}`, 3)
  return cluster
}

function lostMember(member: Candidate): string[] {
  if (member.type === 'document') return [`${member.file}:${locate(member.document, []).line}: cannot be read: ${member.document.problem!.message}`]
  if (member.type !== 'misplaced') return []
  const { document, path, apiVersion, kind } = member.resource
  return [`${member.file}:${locate(document, path).line}: not applied: there is no ${kind} in ${apiVersion || 'an empty apiVersion'} (${title(member.resource)})`]
}

/** What is assumed of a cluster. */
function doubts({ name, version, members }: Group<Candidate>, { configuration: { rules }, files }: Gathered): string[] {
  const images = members.filter(({ type }) => type === 'image').length
  const sets = members.flatMap((member) => (member.type === 'set' ? [member.set] : []))
  const kinds = new Set(rules.map(({ kind }) => kind))
  return [
    ...(version ? [] : [`the OpenShift version of ${name} is not known; the newest is assumed (--openshift)`]),
    ...repeatedNames(sets).map((indexes) => `${name} has ${title(sets[indexes[0]!]!)} ${indexes.length} times; the last one is taken`),
    ...files.elsewhere.map(({ resource, path, role }) => `${title(resource)} of ${name} writes ${path} on nodes of the pool ${role}; what is said here is for workers`),
    ...(images > 1 ? [`${name} has Image/cluster ${images} times; the last one is taken`] : []),
    ...(version && kindsExclude(version) === undefined && kinds.has('ImageContentSourcePolicy') && kinds.size > 1
      ? [`OpenShift ${version.text}: its first patch releases refuse ICSP beside the newer kinds; a later one is assumed`] : []),
  ]
}

/** Blocked registries that the operator passes over, as it does not block its own release image. */
export function passedOver(name: string, { configuration: { release }, releaseAssumed }: Gathered, ignored: readonly string[]): string[] {
  const image = `${release.name}${releaseAssumed ? ', which is assumed' : ''}`
  return ignored.length > 0 ? [`passed over in image.config of ${name}: ${ignored.join(', ')}; the operator does not block its own release image (${image})`] : []
}
