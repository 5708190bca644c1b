import type { MirrorEntry, MirrorSet } from '../../cluster/mirrors.ts'
import type { Path } from '../../manifests/document.ts'
import { locate } from '../../manifests/position.ts'
import { placeOf } from '../../manifests/resource.ts'
import { MIRROR_KINDS } from '../../openshift/kinds.ts'
import { isEffective, mergeSources, type SourcePolicy } from '../../registries/merge.ts'

/** An entry as somebody wrote it, and the object that it belongs to. */
export interface Part {
  set: MirrorSet
  entry: MirrorEntry
}

/** The mirrors of one source for one kind of pull, as nodes get them: what all parts say of it, in the order of the operator. */
export interface Entry {
  source: string
  mirrors: readonly string[]
  pull: 'digest' | 'tag'
  /** As it is written; unset means AllowContactingSource. */
  policy?: SourcePolicy
  /** The parts contradict each other in the order of their mirrors. */
  contradictory: boolean
  parts: readonly Part[]
}

/** What mirror sets come to: the entries for pulls by digest, then those for pulls by tag, each by source. Entries that hold placeholders are left out. */
export function entriesOf(sets: readonly MirrorSet[]): Entry[] {
  const parts = partsOf(sets).filter(({ entry }) => isEffective(entry))
  return (['digest', 'tag'] as const).flatMap((pull) => mergeSources(parts.map(({ entry }) => entry), pull).map(({ source, mirrors, contradictory }): Entry => {
    const own = parts.filter(({ entry }) => entry.source === source && MIRROR_KINDS[entry.kind].pull === pull)
    const policy = own.find(({ entry }) => entry.policy !== undefined)?.entry.policy
    return { source, mirrors, pull, contradictory, parts: own, ...(policy ? { policy } : {}) }
  }))
}

/** Entries that name no mirror but the source, which nodes pass over. */
export function ineffective(sets: readonly MirrorSet[]): Part[] {
  return partsOf(sets).filter(({ entry }) => !isEffective(entry))
}

function partsOf(sets: readonly MirrorSet[]): Part[] {
  return sets.flatMap((set) => set.entries.filter(({ placeholder }) => placeholder === undefined).map((entry) => ({ set, entry })))
}

/** `FILE:LINE` of a part of an entry, by its path in there. */
export function siteOf({ set, entry }: Part, ...steps: Path): string {
  const { document, path } = placeOf(set.resource, [...entry.path, ...steps])
  const { file, line } = locate(document, path)
  return `${file}:${line}`
}
