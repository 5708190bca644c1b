import { type Group, home } from '../cluster/group.ts'
import type { MirrorEntry, MirrorSet } from '../cluster/mirrors.ts'
import type { Document, Path } from '../manifests/document.ts'
import { isObject, type Resource, title } from '../manifests/resource.ts'
import { MIRROR_KINDS, type MirrorKind } from '../openshift/kinds.ts'
import { defects } from '../openshift/shape.ts'
import type { Version } from '../openshift/version.ts'
import { harm, isWildcard, malformation } from '../registries/location.ts'
import { isEffective, type MergedSource, mergeSources } from '../registries/merge.ts'
import { mergeOrder } from '../registries/order.ts'
import { kindsExclude, refusesLocation } from '../registries/refusal.ts'
import { adjusted, broaderScopes } from '../registries/scope.ts'
import type {
  At, DefectFact, EntryFact, Facts, HiddenFact, LocationFact, MergedFact, MirrorSetFact, MisplacedFact, OverlapFact, RepeatFact, SourceFact, UnreadableFact,
} from './facts.ts'

/** What lands in a cluster and can be judged. */
export type Member =
  & { file: string; identity?: string }
  & ({ type: 'set'; set: MirrorSet } | { type: 'misplaced'; resource: Resource & { kind: MirrorKind } } | { type: 'document'; document: Document })

/** The facts of one cluster. `docs` numbers the documents of the run. */
export function facts(group: Group<Member>, docs: ReadonlyMap<Document, number>, rules: string[]): Facts {
  const place: Place = (document, path, key) => ({ doc: docs.get(document)!, path, ...(key ? { key } : {}) })
  const holders = group.members.filter((member) => member.type === 'set')
  const sets = holders.map((member) => member.set)
  const { superseded, repeats } = repeated(sets)
  const read = sets.flatMap((set, index) => set.entries.filter((entry) => entry.placeholder === undefined).map((entry) => ({ set: index, entry })))
  const live = read.map(({ set, entry }, index) => ({ set, entry, index })).filter(({ set }) => !superseded.has(set))
  const liveRules = live.map(({ entry }) => entry)
  const merged = { digest: bySource(mergeSources(liveRules, 'digest')), tag: bySource(mergeSources(liveRules, 'tag')) }
  const sources = sourceFacts(live, merged)
  return {
    rules,
    cluster: {
      name: group.name,
      version: group.version ?? null,
      disconnected: group.disconnected,
      declared: group.declared,
      kindsExclude: kindsExclude(group.version) ?? null,
    },
    mirrorSets: holders.map((member, index) => setFact(member.set, home(group, member), superseded.has(index), place)),
    entries: read.map(({ set, entry }) => entryFact(set, entry, merged, group.version, (path) => place(sets[set]!.resource.document, path))),
    sources,
    overlaps: overlapFacts(sources),
    repeats,
    defects: sets.flatMap((set, index) => defectFacts(set, index, place)),
    misplaced: group.members.flatMap((member) => (member.type === 'misplaced' ? [misplacedFact(member.resource, place)] : [])),
    unreadable: group.members.flatMap((member) => (member.type === 'document' ? [unreadableFact(member.document, place)] : [])),
  }
}

type Place = (document: Document, path: Path, key?: boolean) => At

function setFact(set: MirrorSet, ownHome: string, superseded: boolean, place: Place): MirrorSetFact {
  const { kind, name, resource } = set
  return { kind, name, title: title(set), pull: MIRROR_KINDS[kind].pull, home: ownHome, superseded, at: place(resource.document, [...resource.path, 'kind']) }
}

function defectFacts({ kind, resource }: MirrorSet, set: number, place: Place): DefectFact[] {
  return defects(kind, resource.value).map(({ path, problem, field, found = null, expected = [] }) =>
    ({ set, problem, field, found, expected, at: place(resource.document, [...resource.path, ...path], problem === 'unknown-field') }))
}

function misplacedFact(resource: Resource & { kind: MirrorKind }, place: Place): MisplacedFact {
  const { kind, apiVersion, document, path } = resource
  return { kind, title: title(resource), apiVersion, expected: MIRROR_KINDS[kind].apiVersion, at: place(document, [...path, 'apiVersion']) }
}

function unreadableFact(document: Document, place: Place): UnreadableFact {
  const { message, readable } = document.problem!
  return { message, readable, at: place(document, []) }
}

function bySource(sources: MergedSource[]): Map<string, MergedSource> {
  return new Map(sources.map((source) => [source.source, source]))
}

type Merged = Record<'digest' | 'tag', Map<string, MergedSource>>

/** Of several objects of one kind and name the last one stays, as when a folder is applied in the order of its files. */
function repeated(sets: readonly MirrorSet[]): { superseded: Set<number>; repeats: RepeatFact[] } {
  const byName = new Map<string, number[]>()
  for (const [index, set] of sets.entries()) {
    if (set.name === '') continue
    const same = byName.get(title(set))
    if (same) same.push(index)
    else byName.set(title(set), [index])
  }
  const several = [...byName.values()].filter((indexes) => indexes.length > 1)
  const content = (index: number) => canonical(sets[index]!.resource.value['spec'])
  return {
    superseded: new Set(several.flatMap((indexes) => indexes.slice(0, -1))),
    repeats: several.filter((indexes) => new Set(indexes.map(content)).size > 1).map((indexes) => ({ sets: indexes })),
  }
}

/** As JSON with the keys in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner)) ?? ''
}

function entryFact(set: number, entry: MirrorEntry, merged: Merged, version: Version | undefined, place: (path: Path) => At): EntryFact {
  const { kind, source, mirrors, path } = entry
  const location = (value: string, role: 'source' | 'mirror', at: Path): LocationFact => {
    const wrong = malformation(value, role)
    const harms = wrong && harm(wrong, role)
    return {
      value, ...(wrong ? { malformation: wrong } : {}), wildcard: isWildcard(value), refused: refusesLocation(value, role, version) ?? null,
      ...(harms ? { harm: harms } : {}), at: place(at),
    }
  }
  const seen = new Set<string>()
  return {
    set,
    source: location(source, 'source', [...path, 'source']),
    mirrors: mirrors.map((mirror, index) => location(mirror, 'mirror', [...path, 'mirrors', index])),
    policy: entry.policy ?? null,
    effective: isEffective(entry),
    mirrored: merged[MIRROR_KINDS[kind].pull].has(source),
    repeated: mirrors.flatMap((mirror, index) => (seen.size === seen.add(mirror).size ? [index] : [])),
    at: place(path),
  }
}

function sourceFacts(live: readonly { entry: MirrorEntry; index: number }[], merged: Merged): SourceFact[] {
  const items = new Map<string, { entry: MirrorEntry; index: number }[]>()
  for (const item of live) {
    const same = items.get(item.entry.source)
    if (same) same.push(item)
    else items.set(item.entry.source, [item])
  }
  return [...items.keys()].sort().map((source) => {
    const own = items.get(source)!
    const mergedFact = (pull: 'digest' | 'tag'): MergedFact | null => {
      const found = merged[pull].get(source)
      if (!found) return null
      const effective = own.filter(({ entry }) => MIRROR_KINDS[entry.kind].pull === pull && isEffective(entry))
      const lists = effective.map(({ entry }) => [...new Set(entry.mirrors)])
      return { mirrors: found.mirrors, contradictory: mergeOrder(source, lists).contradictory, entries: effective.map(({ index }) => index) }
    }
    return {
      source,
      entries: own.map(({ index }) => index),
      policies: [...new Set(own.map(({ entry }) => entry.policy ?? 'AllowContactingSource'))].sort(),
      digest: mergedFact('digest'),
      tag: mergedFact('tag'),
    }
  })
}

/** Each mirrored source with the one that a node would use in its place, were it not there. */
function overlapFacts(sources: readonly SourceFact[]): OverlapFact[] {
  const mirrored = new Map(sources.map((source, index) => [source.source, index] as const).filter(([, index]) => sources[index]!.digest ?? sources[index]!.tag))
  const hidden = (broad: SourceFact, narrow: SourceFact, pull: 'digest' | 'tag'): HiddenFact | null => {
    if (!broad[pull]) return null
    const expected = adjusted(broad.source, narrow.source, broad[pull].mirrors.filter((mirror) => mirror !== broad.source))
    const found = narrow[pull]?.mirrors ?? []
    return { expected, found, lost: expected.filter((mirror) => !found.includes(mirror)) }
  }
  return [...mirrored].flatMap(([scope, narrow]) => {
    const broad = broaderScopes(scope).map((candidate) => mirrored.get(candidate)).find((index) => index !== undefined)
    if (broad === undefined) return []
    const [outer, inner] = [sources[broad]!, sources[narrow]!]
    return [{ broad, narrow, digest: hidden(outer, inner, 'digest'), tag: hidden(outer, inner, 'tag') }]
  })
}
