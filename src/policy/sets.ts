import type { Candidate } from '../cluster/candidate.ts'
import { type Group, home } from '../cluster/group.ts'
import { flaws, type MirrorEntry, type MirrorLocation, type MirrorSet, PLACEHOLDER, repeatedNames } from '../cluster/mirrors.ts'
import { deniedHosted, hostedCluster, inConfigMap } from '../cluster/registries.ts'
import type { Path } from '../manifests/document.ts'
import { folderOf } from '../manifests/place.ts'
import { isObject, type Resource, title } from '../manifests/resource.ts'
import { MIRROR_KINDS, type MirrorKind } from '../openshift/kinds.ts'
import { field } from '../openshift/shape.ts'
import type { Version } from '../openshift/version.ts'
import { type Acceptance, rejection } from '../registries/acceptance.ts'
import { harm, isWildcard, malformation, meant, mismatch } from '../registries/location.ts'
import { isEffective, type MergedSource, mergeSources } from '../registries/merge.ts'
import { mergeOrder } from '../registries/order.ts'
import { refusesLocation } from '../registries/refusal.ts'
import { adjusted, broaderScopes, covers } from '../registries/scope.ts'
import type { Answer, At, Facts, ImageFact } from './facts.ts'
import type { Places } from './places.ts'
import { originOf, type Pulls } from './pulls.ts'
import type { DefectFact, EntryFact, HiddenFact, LocationFact, MeantFact, MergedFact, MirrorFact, MirrorSetFact, OverlapFact, RepeatFact, SourceFact } from './setfacts.ts'

/** How many of the mirrors that a narrower source hides are named. */
const EXAMPLES = 4

/** An entry, its index in the facts, and that of its set. */
type Item = { entry: MirrorEntry; index: number; set: number; home: string }
type Pull = 'digest' | 'tag'
type Merged = Record<Pull, Map<string, MergedSource>>

type Holder = Extract<Candidate, { type: 'set' }>

/** What is said of mirror sets. */
export type SetFacts = Pick<Facts, 'mirrorSets' | 'locations' | 'entries' | 'sources' | 'overlaps' | 'repeats' | 'dropped'>

/** The mirror sets of a cluster, in the order of its files, and the entries of those that no later one replaces. */
export interface Sets {
  holders: Holder[]
  sets: MirrorSet[]
  repeated: number[][]
  items: Item[]
  /** Every source of these entries, in order. */
  sources: Map<string, number>
}

export function setsOf(group: Group<Candidate>): Sets {
  const holders = group.members.filter((member) => member.type === 'set')
  const sets = holders.map((member) => member.set)
  const repeated = repeatedNames(sets)
  const superseded = new Set(repeated.flatMap((indexes) => indexes.slice(0, -1)))
  const hosted = hostedCluster(group.members) !== undefined
  const counts = (set: MirrorSet, index: number) => !superseded.has(index) && !(hosted && deniedHosted(set) !== undefined)
  const filled = ({ entries }: MirrorSet) => entries.filter((entry) => entry.placeholder === undefined)
  const live = sets.flatMap((set, index) => (counts(set, index) ? filled(set).map((entry) => ({ entry, set: index })) : []))
  const homes = holders.map((member) => home(group, member))
  const items = live.map(({ entry, set }, index) => ({ entry, index, set, home: homes[set]! }))
  return { holders, sets, repeated, items, sources: new Map([...new Set(items.map(({ entry }) => entry.source))].sort().map((source, index) => [source, index])) }
}

/** What is said of them; `pulls` is what nodes make of them, undefined where that is not known. */
export function setFacts({ holders, sets, repeated, items }: Sets, group: Group<Candidate>, pulls: Pulls | undefined, images: readonly ImageFact[], places: Places): SetFacts {
  const superseded = new Set(repeated.flatMap((indexes) => indexes.slice(0, -1)))
  const live = items.map(({ entry }) => entry)
  const merged = { digest: bySource(mergeSources(live, 'digest')), tag: bySource(mergeSources(live, 'tag')) }
  const sources = sourceFacts(items, merged, decided(images), pulls?.applied.acceptance)
  const find = pulls && finder(pulls)
  const replaced = replacements(sets)
  return {
    mirrorSets: holders.map((member, index) => ({ ...setFact(member.set, home(group, member), folderOf(member.place), superseded.has(index), places), ...replaced(member.set) })),
    locations: sets.flatMap((set, index) => set.locations.flatMap((location) => locationFact(location, index, set, group.version, places) ?? [])),
    entries: items.map(({ entry, set }) => entryFact(set, entry, merged, find, (path) => places.at(sets[set]!.resource, path))),
    sources,
    overlaps: overlapFacts(sources),
    repeats: repeatFacts(repeated, sets, places),
    dropped: sets.flatMap(({ resource }) => droppedFacts(resource, places)),
  }
}

function droppedFacts({ dropped = [], madeOf }: Resource, places: Places): Facts['dropped'] {
  return dropped.filter(({ location }) => !PLACEHOLDER.test(location)).map(({ reason, location, ...place }) => ({ title: madeOf!, reason, location, at: places.place(place) }))
}

/** Of each source, the images that it decides about. */
function decided(images: readonly ImageFact[]): Map<number, NonNullable<SourceFact['images']>> {
  const found = new Map<number, NonNullable<SourceFact['images']>>()
  for (const [index, { entry, by }] of images.entries()) {
    if (entry?.source === undefined) continue
    const own = found.get(entry.source) ?? { digest: [], tag: [] }
    own[by].push(index)
    found.set(entry.source, own)
  }
  return found
}

/** Looks up the entry that a node finds for a mirror; most mirrors are on hosts that no entry names. */
function finder(pulls: Pulls): (location: string) => MirrorFact['entry'] {
  const named = new Set(pulls.node.entries.map(({ prefix }) => hostOf(prefix)))
  const wildcards = [...named].some(isWildcard)
  return (location) => {
    const host = hostOf(location)
    const entry = wildcards || named.has(host) || named.has(host.split(':', 1)[0]!) ? pulls.node.find(location) : undefined
    if (!entry) return undefined
    const { source } = originOf(entry, pulls)
    const blocked = entry.blocked ? pulls.gathered.origin.blocked(entry.from.prefix || entry.from.location) : undefined
    return { prefix: entry.prefix, blocked: entry.blocked, ...(source === undefined ? {} : { source }), ...(blocked ? { at: pulls.places.place(blocked) } : {}) }
  }
}

export function answer(value: boolean | undefined): Answer {
  return value === undefined ? 'unknown' : value ? 'yes' : 'no'
}

function setFact({ kind, name, resource, entries }: MirrorSet, ownHome: string, ownFolder: string, superseded: boolean, places: Places): MirrorSetFact {
  const { madeOf, maker } = resource
  return {
    kind, name, title: title({ kind, name }), ...(madeOf === undefined ? {} : { madeOf }), ...(maker ? { maker } : {}),
    inConfigMap: inConfigMap(resource), size: entries.length, bytes: bytesOf(resource),
    pull: MIRROR_KINDS[kind].pull, home: ownHome, folder: ownFolder, superseded, at: places.at(resource, ['kind']),
  }
}

const sizes = new WeakMap<Resource, number>()

/** As JSON. A service judges the same objects again and again. */
function bytesOf(resource: Resource): number {
  const size = sizes.get(resource) ?? JSON.stringify(resource.value).length
  sizes.set(resource, size)
  return size
}

/** For an ICSP, the ImageDigestMirrorSet that has its entries too, mirrors in the same order. */
function replacements(sets: readonly MirrorSet[]): (set: MirrorSet) => { replacedBy?: string } {
  const holders = new Map<string, string[]>()
  const key = ({ source, mirrors }: MirrorEntry) => JSON.stringify([source, mirrors])
  for (const set of sets) {
    if (set.kind !== 'ImageDigestMirrorSet') continue
    for (const entry of set.entries) holders.set(key(entry), [...(holders.get(key(entry)) ?? []), title(set)])
  }
  return ({ kind, entries }) => {
    if (kind !== 'ImageContentSourcePolicy' || entries.length === 0 || entries.some(({ placeholder }) => placeholder !== undefined)) return {}
    const [first, ...others] = entries.map((entry) => holders.get(key(entry)) ?? [])
    const all = first!.find((one) => others.every((some) => some.includes(one)))
    return all === undefined ? {} : { replacedBy: all }
  }
}

function locationFact({ role, value, path }: MirrorLocation, set: number, { resource }: MirrorSet, version: Version | undefined, places: Places): LocationFact | undefined {
  const wrong = malformation(value, role)
  if (!wrong && !isWildcard(value)) return undefined
  const harms = wrong && harm(wrong, role)
  return {
    set, role, value,
    ...(wrong ? { malformation: wrong } : {}),
    refused: answer(refusesLocation(value, role, version)),
    ...(harms ? { harm: harms } : {}),
    ...(wrong ? meantFact(value, role) : {}),
    at: places.at(resource, path),
  }
}

export function meantFact(value: string, role: 'source' | 'mirror'): { meant?: MeantFact } {
  const found = meant(value, role)
  return found ? { meant: found } : {}
}

/** What the API server refuses or drops of an object. */
export function defectFacts(kind: MirrorKind | 'Image', resource: Resource, places: Places): DefectFact[] {
  return flaws(kind, resource.value).defects.map(({ path, problem, field: written, found = null, expected = [], near }) => {
    const at = places.at(resource, path, problem === 'unknown-field')
    const made = resource.madeOf === undefined ? {} : { title: resource.madeOf, field: problem === 'missing-field' ? written : field(at.path) } // as it is written there
    const name = resource.madeOf === undefined || near?.name === 'mirrors' || near?.name === 'source' ? near : undefined // others are called differently there
    return { kind, title: title(resource), problem, field: written, found, expected, ...(name ? { meant: name } : {}), at, ...made }
  })
}

function bySource(sources: MergedSource[]): Map<string, MergedSource> {
  return new Map(sources.map((source) => [source.source, source]))
}

function repeatFacts(repeated: number[][], sets: readonly MirrorSet[], places: Places): RepeatFact[] {
  const content = (index: number) => canonical(sets[index]!.resource.value['spec'])
  const written = repeated.map((indexes) => indexes.filter((index) => sets[index]!.resource.madeOf === undefined)) // an object takes over what the installer made
  return written.filter((indexes) => new Set(indexes.map(content)).size > 1).map((indexes) => ({ title: title(sets[indexes[0]!]!), objects: indexes.map((index) => places.at(sets[index]!.resource, ['kind'])) }))
}

/** Of several Image/cluster that somebody wrote, all, where they differ. */
export function repeatedImages(images: readonly Resource[], places: Places): RepeatFact[] {
  const written = images.filter(({ madeOf }) => madeOf === undefined)
  if (new Set(written.map(({ value }) => canonical(value['spec']))).size < 2) return []
  return [{ title: title(written[0]!), objects: written.map((one) => places.at(one, ['kind'])) }]
}

/** As JSON with the keys in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner)) ?? ''
}

function entryFact(set: number, entry: MirrorEntry, merged: Merged, find: ReturnType<typeof finder> | undefined, place: (path: Path) => At): EntryFact {
  const { kind, source, mirrors, path } = entry
  const { pull } = MIRROR_KINDS[kind]
  const seen = new Set<string>()
  const coveredBy = serving(source, pull, merged)
  const odd = malformation(source, 'source') ? undefined : mismatch(source)
  return {
    set,
    source: { value: source, at: place([...path, 'source']), ...(odd ? { mismatch: odd } : {}) },
    mirrors: mirrors.map((mirror, index) => mirrorFact(mirror, find?.(mirror), place([...path, 'mirrors', index]))),
    policy: entry.policy ?? null,
    effective: isEffective(entry),
    mirrored: merged[pull].has(source),
    ...(coveredBy === undefined ? {} : { coveredBy }),
    repeated: mirrors.flatMap((mirror, index) => (seen.size === seen.add(mirror).size ? [index] : [])),
  }
}

function mirrorFact(value: string, entry: MirrorFact['entry'], at: At): MirrorFact {
  const bare = !malformation(value, 'mirror') && mismatch(value) === 'no-registry'
  return { value, at, ...(bare ? { mismatch: 'no-registry' } : {}), ...(entry ? { entry } : {}) }
}

/** The broader source whose mirrors a node would use for a source that is in no entry of registries.conf. */
function serving(source: string, pull: Pull, merged: Merged): string | undefined {
  const inFile = (scope: string) => merged.digest.has(scope) || merged.tag.has(scope)
  const entry = inFile(source) ? undefined : broaderScopes(source).find(inFile)
  return entry !== undefined && merged[pull].has(entry) ? entry : undefined
}

function sourceFacts(items: readonly Item[], merged: Merged, users: ReadonlyMap<number, NonNullable<SourceFact['images']>>, acceptance: Acceptance | undefined): SourceFact[] {
  const bySourceName = new Map<string, Item[]>()
  for (const item of items) {
    const same = bySourceName.get(item.entry.source)
    if (same) same.push(item)
    else bySourceName.set(item.entry.source, [item])
  }
  return [...bySourceName.keys()].sort().map((source, index) => {
    const own = bySourceName.get(source)!
    return {
      source,
      entries: own.map((item) => item.index),
      policies: [...new Set(own.map(({ entry }) => entry.policy ?? 'AllowContactingSource'))].sort(),
      digest: mergedFact(own, 'digest', merged),
      tag: mergedFact(own, 'tag', merged),
      ...(users.has(index) ? { images: users.get(index)! } : {}),
      ...(acceptance ? accepted(source, acceptance) : {}),
    }
  })
}

/** What policy.json says of a source as if it were a repository, and whether it names any part of it. */
function accepted(source: string, acceptance: Acceptance): Pick<SourceFact, 'allowed' | 'rejectedBy'> {
  const rejected = rejection({ name: isWildcard(source) ? `any${source.slice(1)}` : source, tag: 'latest' }, acceptance)
  if (!rejected) return {}
  const allowed = acceptance.allowed.some((scope) => covers(source, scope)) ? 'some' : 'none'
  return { allowed, ...(rejected.scope === undefined ? {} : { rejectedBy: rejected.scope }) }
}

function mergedFact(items: readonly Item[], pull: Pull, merged: Merged): MergedFact | null {
  const { source } = items[0]!.entry
  const found = merged[pull].get(source)
  if (!found) return null
  const effective = items.filter(({ entry }) => MIRROR_KINDS[entry.kind].pull === pull && isEffective(entry))
  // A mirror that stands twice in one list is another rule's business.
  const contradict = (some: readonly Item[]) => some.length > 1 && mergeOrder(source, some.map(({ entry }) => [...new Set(entry.mirrors)])).contradictory
  const contradictory = contradict(effective)
  const homes = contradictory ? [...new Set(effective.map((item) => item.home))] : []
  return {
    mirrors: found.mirrors,
    contradictory,
    certain: homes.some((one) => contradict(effective.filter((item) => item.home === one))),
    ...(effective.some(({ entry }) => !consecutive(entry.mirrors, found.mirrors)) ? { interleaved: true } : {}),
    entries: effective.map(({ index }) => index),
  }
}

/** Whether a list stands in the other one as a whole. */
function consecutive(some: readonly string[], all: readonly string[]): boolean {
  const places = [...new Set(some)].map((one) => all.indexOf(one)).filter((place) => place >= 0)
  return Math.max(...places) - Math.min(...places) < places.length
}

/**
 * Each mirrored source with the one that a node would use in its place, were it not there; for a kind of pull for which it has no mirrors, with the
 * nearest one around it that has some. Sources that are malformed are left to their own rule.
 */
function overlapFacts(sources: readonly SourceFact[]): OverlapFact[] {
  const mirrored = new Map(sources.map((source, index) => [source.source, index] as const)
    .filter(([source, index]) => (sources[index]!.digest ?? sources[index]!.tag) && !malformation(source, 'source')))
  return [...mirrored].flatMap(([scope, narrow]) => {
    const around = broaderScopes(scope).flatMap((candidate) => mirrored.get(candidate) ?? [])
    const hides = (pull: Pull) => (sources[narrow]![pull] ? around.slice(0, 1) : around).find((broad) => sources[broad]![pull])
    const [digest, tag] = [hides('digest'), hides('tag')]
    return [...new Set([digest, tag])].flatMap((broad) => (broad === undefined ? [] : [{
      broad, narrow,
      digest: broad === digest ? hiddenFact(sources[broad]!, sources[narrow]!, 'digest') : null,
      tag: broad === tag ? hiddenFact(sources[broad]!, sources[narrow]!, 'tag') : null,
    }]))
  })
}

function hiddenFact(broad: SourceFact, narrow: SourceFact, pull: Pull): HiddenFact | null {
  if (!broad[pull]) return null
  const found = new Set(narrow[pull]?.mirrors)
  const registries = new Set([...found].map(hostOf))
  const expected = adjusted(broad.source, narrow.source, broad[pull].mirrors.filter((mirror) => mirror !== broad.source))
  const lost = expected.filter((mirror) => !found.has(mirror))
  return { mirrored: found.size > 0, lost: lost.length, examples: lost.slice(0, EXAMPLES), sameRegistries: lost.every((mirror) => registries.has(hostOf(mirror))) }
}

/** Whether a source has mirrors for some kind of pull. */
export function isMirrored({ digest, tag }: Pick<SourceFact, 'digest' | 'tag'>): boolean {
  return (digest ?? tag) !== null
}

/** `host[:port]`, or the wildcard. */
export function hostOf(location: string): string {
  return location.split('/', 1)[0]!
}
