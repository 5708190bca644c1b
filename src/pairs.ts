import type { Judged } from './check.ts'
import { type Candidate, resourceOf } from './cluster/candidate.ts'
import type { Document } from './manifests/document.ts'
import type { Resource } from './manifests/resource.ts'

/** A cluster before and after; one of them may be missing. */
export interface Pair {
  old: Judged | undefined
  now: Judged | undefined
}

/** Clusters by name; of the others, those that have most files in common: a guessed cluster is called otherwise once there are two; then those that are alike: a folder is renamed. */
export function pairsOf(before: readonly Judged[], after: readonly Judged[]): Pair[] {
  const byName = new Map(before.map((one) => [one.name, one]))
  const pairs: Pair[] = after.map((now) => ({ old: byName.get(now.name), now }))
  pair(pairs, before, ({ place }) => place, () => true)
  pair(pairs, before, contentOf, (old, now, common) => !old.declared && !now.declared && common * 2 >= Math.max(old.members.length, now.members.length))
  const taken = new Set(pairs.flatMap(({ old }) => old ?? []))
  return [...pairs, ...before.filter((one) => !taken.has(one)).map((old) => ({ old, now: undefined }))]
}

/** Gives those that have none the one of before with which they share most. */
function pair(pairs: readonly Pair[], before: readonly Judged[], keyOf: (member: Candidate) => string, enough: (old: Judged, now: Judged, common: number) => boolean): void {
  const taken = new Set(pairs.flatMap(({ old }) => old ?? []))
  const [open, left] = [pairs.filter(({ old }) => !old), before.filter((one) => !taken.has(one))]
  if (open.length === 0 || left.length === 0) return
  const homes = new Map<string, Set<Judged>>()
  for (const old of left) for (const key of new Set(old.members.map(keyOf))) homes.set(key, (homes.get(key) ?? new Set()).add(old))
  const alike = open.flatMap((one) => [...counted(one.now!.members.flatMap((member) => [...(homes.get(keyOf(member)) ?? [])]))].map(([old, common]) => ({ one, old, common })))
  for (const { one, old, common } of alike.sort((a, b) => b.common - a.common)) {
    if (one.old || taken.has(old) || !enough(old, one.now!, common)) continue
    one.old = old
    taken.add(old)
  }
}

function contentOf(member: Candidate): string {
  return JSON.stringify([member.type, objectOf(member).value])
}

function counted<T>(all: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>()
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1)
  return counts
}

/** Whether two clusters consist of the very same objects: those of files that did not change are. */
export function same(before: readonly Candidate[], after: readonly Candidate[]): boolean {
  return before.length === after.length && before.every((member, index) => objectOf(member) === objectOf(after[index]!))
}

function objectOf(member: Candidate): Resource | Document {
  return member.type === 'document' ? member.document : resourceOf(member)!
}
