import type { Candidate } from '../cluster/candidate.ts'
import { type Group, home } from '../cluster/group.ts'
import { flaws, type MirrorEntry, type MirrorLocation, type MirrorSet, repeatedNames } from '../cluster/mirrors.ts'
import type { Document, Path } from '../manifests/document.ts'
import { folderOf } from '../manifests/place.ts'
import { isObject, type Resource, title } from '../manifests/resource.ts'
import { meantKind, MIRROR_KINDS, type MirrorKind } from '../openshift/kinds.ts'
import { field } from '../openshift/shape.ts'
import type { Version } from '../openshift/version.ts'
import { harm, isWildcard, malformation } from '../registries/location.ts'
import { isEffective, type MergedSource, mergeSources } from '../registries/merge.ts'
import { mergeOrder } from '../registries/order.ts'
import { kindsExclude, refusesLocation } from '../registries/refusal.ts'
import { adjusted, broaderScopes } from '../registries/scope.ts'
import type {
  Answer, At, DefectFact, EntryFact, Facts, HiddenFact, LocationFact, MergedFact, MirrorSetFact, MisplacedFact, OverlapFact, RepeatFact, SourceFact, UnreadableFact,
} from './facts.ts'
import type { Places } from './places.ts'

/** How many of the mirrors that a narrower source hides are named. */
const EXAMPLES = 4

/** The facts of one cluster. `places` numbers what they point to. */
export function facts(group: Group<Candidate>, places: Places, rules: string[]): Facts {
  const holders = group.members.filter((member) => member.type === 'set')
  const sets = holders.map((member) => member.set)
  const repeated = repeatedNames(sets)
  const superseded = new Set(repeated.flatMap((indexes) => indexes.slice(0, -1)))
  const setFacts = holders.map((member, index) => setFact(member.set, home(group, member), folderOf(member.place), superseded.has(index), places))
  const live = sets.flatMap((set, index) => (superseded.has(index) ? [] : set.entries))
    .filter((entry) => entry.placeholder === undefined)
  const setOf = new Map(sets.flatMap((set, index) => set.entries.map((entry) => [entry, index] as const)))
  const items = live.map((entry, index) => ({ entry, index, set: setOf.get(entry)!, home: setFacts[setOf.get(entry)!]!.home }))
  const merged = { digest: bySource(mergeSources(live, 'digest')), tag: bySource(mergeSources(live, 'tag')) }
  const sources = sourceFacts(items, merged)
  return {
    rules,
    cluster: {
      name: group.name,
      version: group.version ?? null,
      disconnected: group.disconnected,
      declared: group.declared,
      kindsExclude: answer(kindsExclude(group.version)),
    },
    mirrorSets: setFacts,
    locations: sets.flatMap((set, index) => set.locations.flatMap((location) => locationFact(location, index, set, group.version, places) ?? [])),
    entries: items.map(({ entry, set }) => entryFact(set, entry, merged, (path) => places.at(sets[set]!.resource, path))),
    sources,
    overlaps: overlapFacts(sources),
    repeats: repeatFacts(repeated, sets),
    defects: [...sets.flatMap(({ kind, resource }) => defectFacts(kind, resource, places)), ...group.members.flatMap((member) => (member.type === 'image' ? defectFacts('Image', member.image.resource, places) : []))],
    misplaced: group.members.flatMap((member) => (member.type === 'misplaced' ? [misplacedFact(member.resource, places)] : [])),
    unreadable: group.members.flatMap((member) => (member.type === 'document' ? [unreadableFact(member.document, places)] : [])),
  }
}

type Item = { entry: MirrorEntry; index: number; home: string }
type Pull = 'digest' | 'tag'
type Merged = Record<Pull, Map<string, MergedSource>>

function answer(value: boolean | undefined): Answer {
  return value === undefined ? 'unknown' : value ? 'yes' : 'no'
}

function setFact(set: MirrorSet, ownHome: string, ownFolder: string, superseded: boolean, places: Places): MirrorSetFact {
  const { kind, name, resource } = set
  return {
    kind, name, title: title(set), ...(resource.madeOf === undefined ? {} : { madeOf: resource.madeOf }), pull: MIRROR_KINDS[kind].pull, home: ownHome, folder: ownFolder, superseded, at: places.at(resource, ['kind']),
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
    at: places.at(resource, path),
  }
}

function defectFacts(kind: MirrorKind | 'Image', resource: Resource, places: Places): DefectFact[] {
  return flaws(kind, resource.value).defects.map(({ path, problem, field: written, found = null, expected = [] }) => {
    const at = places.at(resource, path, problem === 'unknown-field')
    const made = resource.madeOf === undefined ? {} : { title: resource.madeOf, field: problem === 'missing-field' ? written : field(at.path) } // as it is written there
    return { kind, title: title(resource), problem, field: written, found, expected, at, ...made }
  })
}

function misplacedFact(resource: Resource, places: Places): MisplacedFact {
  const { kind, apiVersion } = resource
  const meant = meantKind(kind)!
  const expected = { kind: meant, apiVersion: MIRROR_KINDS[meant].apiVersion }
  return { title: title(resource), kind, apiVersion, expected, at: places.at(resource, [kind === meant && apiVersion !== '' ? 'apiVersion' : 'kind']) }
}

function unreadableFact(document: Document, places: Places): UnreadableFact {
  const { message, readable } = document.problem!
  return { message, readable, at: places.document(document) }
}

function bySource(sources: MergedSource[]): Map<string, MergedSource> {
  return new Map(sources.map((source) => [source.source, source]))
}

function repeatFacts(repeated: number[][], sets: readonly MirrorSet[]): RepeatFact[] {
  const content = (index: number) => canonical(sets[index]!.resource.value['spec'])
  const written = repeated.map((indexes) => indexes.filter((index) => sets[index]!.resource.madeOf === undefined)) // an object takes over what the installer made
  return written.filter((indexes) => new Set(indexes.map(content)).size > 1).map((indexes) => ({ sets: indexes }))
}

/** As JSON with the keys in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner)) ?? ''
}

function entryFact(set: number, entry: MirrorEntry, merged: Merged, place: (path: Path) => At): EntryFact {
  const { kind, source, mirrors, path } = entry
  const { pull } = MIRROR_KINDS[kind]
  const seen = new Set<string>()
  const coveredBy = serving(source, pull, merged)
  return {
    set,
    source: { value: source, at: place([...path, 'source']) },
    mirrors: mirrors.map((mirror, index) => ({ value: mirror, at: place([...path, 'mirrors', index]) })),
    policy: entry.policy ?? null,
    effective: isEffective(entry),
    mirrored: merged[pull].has(source),
    ...(coveredBy === undefined ? {} : { coveredBy }),
    repeated: mirrors.flatMap((mirror, index) => (seen.size === seen.add(mirror).size ? [index] : [])),
  }
}

/** The broader source whose mirrors a node would use for a source that is in no entry of registries.conf. */
function serving(source: string, pull: Pull, merged: Merged): string | undefined {
  const inFile = (scope: string) => merged.digest.has(scope) || merged.tag.has(scope)
  const entry = inFile(source) ? undefined : broaderScopes(source).find(inFile)
  return entry !== undefined && merged[pull].has(entry) ? entry : undefined
}

function sourceFacts(items: readonly Item[], merged: Merged): SourceFact[] {
  const bySourceName = new Map<string, Item[]>()
  for (const item of items) {
    const same = bySourceName.get(item.entry.source)
    if (same) same.push(item)
    else bySourceName.set(item.entry.source, [item])
  }
  return [...bySourceName.keys()].sort().map((source) => {
    const own = bySourceName.get(source)!
    return {
      source,
      entries: own.map(({ index }) => index),
      policies: [...new Set(own.map(({ entry }) => entry.policy ?? 'AllowContactingSource'))].sort(),
      digest: mergedFact(own, 'digest', merged),
      tag: mergedFact(own, 'tag', merged),
    }
  })
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
    entries: effective.map(({ index }) => index),
  }
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
  const registries = new Set([...found].map(registry))
  const expected = adjusted(broad.source, narrow.source, broad[pull].mirrors.filter((mirror) => mirror !== broad.source))
  const lost = expected.filter((mirror) => !found.has(mirror))
  return { mirrored: found.size > 0, lost: lost.length, examples: lost.slice(0, EXAMPLES), sameRegistries: lost.every((mirror) => registries.has(registry(mirror))) }
}

function registry(location: string): string {
  return location.split('/', 1)[0]!
}
