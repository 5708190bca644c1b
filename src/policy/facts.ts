import { type Group, home } from '../cluster/group.ts'
import type { MirrorEntry, MirrorSet } from '../cluster/mirrors.ts'
import type { Document, Path } from '../manifests/document.ts'
import { type Resource, title } from '../manifests/resource.ts'
import { MIRROR_KINDS, type MirrorKind } from '../openshift/kinds.ts'
import { type Defect, defects } from '../openshift/shape.ts'
import type { Version } from '../openshift/version.ts'
import { isWildcard, type Malformation, malformation } from '../registries/location.ts'
import { isEffective, type MergedSource, mergeSources } from '../registries/merge.ts'
import { mergeOrder } from '../registries/order.ts'
import { refusal } from '../registries/refusal.ts'
import { adjusted, broaderScopes } from '../registries/scope.ts'

/** What rules judge: one cluster, everything joined that a rule would otherwise have to search for. Indexes point into the lists here. */
export interface Facts {
  /** The Rego packages to evaluate: rule ids with `_` for `-`. */
  rules: string[]
  cluster: ClusterFact
  mirrorSets: MirrorSetFact[]
  entries: EntryFact[]
  sources: SourceFact[]
  overlaps: OverlapFact[]
  repeats: RepeatFact[]
  defects: DefectFact[]
  misplaced: MisplacedFact[]
  unreadable: UnreadableFact[]
}

/** Where something stands: a document of the run and a path into it. A rule copies it into its finding. */
export interface At {
  doc: number
  path: Path
  /** The key is meant, not its value. */
  key?: boolean
}

export interface ClusterFact {
  name: string
  /** Null where it is not known. */
  version: Version | null
  disconnected: boolean
  /** Declared in the configuration file; otherwise guessed from the layout of the folders. */
  declared: boolean
  /** Why the operator would refuse these objects, in its own words; null where it would not. */
  refusal: string | null
}

export interface MirrorSetFact {
  kind: MirrorKind
  name: string
  /** `Kind/name`. */
  title: string
  pull: 'digest' | 'tag'
  /** Equal for objects that surely meet in this cluster; where it differs, that they do is a guess from the layout of the folders. */
  home: string
  /** A later object of the same kind and name takes its place. */
  superseded: boolean
  at: At
}

/** An entry of a mirror set. Entries with placeholders are not here. */
export interface EntryFact {
  set: number
  source: LocationFact
  mirrors: LocationFact[]
  /** As written; null where it is not set. */
  policy: 'NeverContactSource' | 'AllowContactingSource' | null
  /** Some mirror is not the source itself. */
  effective: boolean
  /** This or another entry gives the source a mirror for the same kind of pull. */
  mirrored: boolean
  /** Indexes of mirrors that stand earlier in the same list too. */
  repeated: number[]
  at: At
}

export interface LocationFact {
  value: string
  /** Absent where the location is well formed: in Rego, null would be true. */
  malformation?: Malformation
  wildcard: boolean
  at: At
}

/** Everything that is said about one source, by exact string. */
export interface SourceFact {
  source: string
  entries: number[]
  /** The different policies of its entries; unset counts as AllowContactingSource. */
  policies: string[]
  digest: MergedFact | null
  tag: MergedFact | null
}

/** The mirrors of a source for one kind of pull, merged from all its entries. */
export interface MergedFact {
  /** In the order of registries.conf. The source itself is among them only where it would be tried before some mirror. */
  mirrors: string[]
  /** The lists contradict each other's order. */
  contradictory: boolean
  /** The entries that they come from. */
  entries: number[]
}

/** A source inside another one. A node uses the narrower entry alone. */
export interface OverlapFact {
  broad: number
  narrow: number
  digest: HiddenFact | null
  tag: HiddenFact | null
}

/** For one kind of pull for which the broader source has mirrors. */
export interface HiddenFact {
  /** The mirrors of the broader source, as they would read for the narrower one. */
  expected: string[]
  /** The mirrors that the narrower source has. */
  found: string[]
  /** Those expected that are not among them. */
  lost: string[]
}

/** Objects of one kind and name with different content; the last is the one that stays. */
export interface RepeatFact {
  sets: number[]
}

export interface DefectFact {
  set: number
  problem: Defect['problem']
  field: string
  found: string | null
  expected: string[]
  at: At
}

/** A mirror kind under an apiVersion that does not have it. */
export interface MisplacedFact {
  kind: MirrorKind
  title: string
  apiVersion: string
  expected: string
  at: At
}

export interface UnreadableFact {
  message: string
  /** The document was read all the same, with a loss. */
  readable: boolean
  at: At
}

/** What lands in a cluster and can be judged. */
export type Member =
  & { file: string; identity?: string }
  & ({ type: 'set'; set: MirrorSet } | { type: 'misplaced'; resource: Resource & { kind: MirrorKind } } | { type: 'document'; document: Document })

/** The facts of one cluster. `docs` numbers the documents of the run. */
export function facts(group: Group<Member>, docs: ReadonlyMap<Document, number>, rules: string[]): Facts {
  const { name, version, disconnected, declared, members } = group
  const place = (document: Document, path: Path, key?: boolean): At => ({ doc: docs.get(document)!, path, ...(key ? { key } : {}) })
  const holders = members.filter((member) => member.type === 'set')
  const sets = holders.map((member) => member.set)
  const { superseded, repeats } = repeated(sets)
  const read = sets.flatMap((set, index) => set.entries.filter((entry) => entry.placeholder === undefined).map((entry) => ({ set: index, entry })))
  const live = read.map((item, index) => ({ ...item, index })).filter((item) => !superseded.has(item.set))
  const merged = {
    digest: new Map(mergeSources(live.map(({ entry }) => entry), 'digest').map((source) => [source.source, source])),
    tag: new Map(mergeSources(live.map(({ entry }) => entry), 'tag').map((source) => [source.source, source])),
  }
  const sources = sourceFacts(live, merged)
  return {
    rules,
    cluster: {
      name, version: version ?? null, disconnected, declared,
      refusal: refusal({ rules: live.map(({ entry }) => entry), insecure: [], blocked: [] }, version),
    },
    mirrorSets: sets.map((set, index) => ({
      kind: set.kind, name: set.name, title: title(set), pull: MIRROR_KINDS[set.kind].pull, home: home(group, holders[index]!), superseded: superseded.has(index),
      at: place(set.resource.document, [...set.resource.path, 'kind']),
    })),
    entries: read.map(({ set, entry }) => entryFact(set, entry, merged, (path) => place(sets[set]!.resource.document, path))),
    sources,
    overlaps: overlapFacts(sources),
    repeats,
    defects: sets.flatMap((set, index) => defects(set.kind, set.resource.value).map(({ path, problem, field, found, expected }) => ({
      set: index, problem, field, found: found ?? null, expected: expected ?? [],
      at: place(set.resource.document, [...set.resource.path, ...path], problem === 'unknown-field'),
    }))),
    misplaced: members.flatMap((member) => (member.type !== 'misplaced' ? [] : [{
      kind: member.resource.kind, title: title(member.resource), apiVersion: member.resource.apiVersion,
      expected: MIRROR_KINDS[member.resource.kind].apiVersion, at: place(member.resource.document, [...member.resource.path, 'apiVersion']),
    }])),
    unreadable: members.flatMap((member) => (member.type !== 'document' ? [] : [{
      message: member.document.problem!.message, readable: member.document.problem!.readable, at: place(member.document, []),
    }])),
  }
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
  const content = (index: number) => JSON.stringify(sets[index]!.resource.value['spec'])
  return {
    superseded: new Set(several.flatMap((indexes) => indexes.slice(0, -1))),
    repeats: several.filter((indexes) => new Set(indexes.map(content)).size > 1).map((indexes) => ({ sets: indexes })),
  }
}

function entryFact(set: number, entry: MirrorEntry, merged: Merged, place: (path: Path) => At): EntryFact {
  const { kind, source, mirrors, path } = entry
  const location = (value: string, role: 'source' | 'mirror', at: Path): LocationFact => {
    const wrong = malformation(value, role)
    return { value, ...(wrong ? { malformation: wrong } : {}), wildcard: isWildcard(value), at: place(at) }
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
  const bySource = new Map<string, { entry: MirrorEntry; index: number }[]>()
  for (const item of live) {
    const same = bySource.get(item.entry.source)
    if (same) same.push(item)
    else bySource.set(item.entry.source, [item])
  }
  return [...bySource.keys()].sort().map((source) => {
    const items = bySource.get(source)!
    const mergedFact = (pull: 'digest' | 'tag'): MergedFact | null => {
      const found = merged[pull].get(source)
      if (!found) return null
      const effective = items.filter(({ entry }) => MIRROR_KINDS[entry.kind].pull === pull && isEffective(entry))
      const lists = effective.map(({ entry }) => [...new Set(entry.mirrors)])
      return { mirrors: found.mirrors, contradictory: mergeOrder(source, lists).contradictory, entries: effective.map(({ index }) => index) }
    }
    return {
      source,
      entries: items.map(({ index }) => index),
      policies: [...new Set(items.map(({ entry }) => entry.policy ?? 'AllowContactingSource'))].sort(),
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
