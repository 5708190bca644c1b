import type { Level } from './engine.ts'

/** What findings of two runs are matched by. */
export interface Matchable {
  fingerprint: string
  level: Level
  file: string
}

/**
 * Pairs the findings of two runs: those of one fingerprint, in the same file first, are the same defect. Of several, the number behind a fingerprint
 * says only in what order they were met.
 */
export function match<B extends Matchable, A extends Matchable>(before: readonly B[], after: readonly A[]): { pairs: [B, A][]; onlyBefore: B[]; onlyAfter: A[] } {
  const open = new Map<string, B[]>()
  for (const one of before) open.set(printOf(one), [...(open.get(printOf(one)) ?? []), one])
  const pairs: [B, A][] = []
  const take = (fits: (old: B, now: A) => boolean) => (now: A): boolean => {
    const olds = open.get(printOf(now)) ?? []
    const index = olds.findIndex((old) => fits(old, now))
    if (index >= 0) pairs.push([olds.splice(index, 1)[0]!, now])
    return index < 0
  }
  const onlyAfter = after.filter(take((old, now) => old.file === now.file)).filter(take(() => true))
  const paired = new Set(pairs.map(([old]) => old))
  return { pairs, onlyBefore: before.filter((one) => !paired.has(one)), onlyAfter }
}

function printOf({ fingerprint }: Matchable): string {
  return fingerprint.split('-', 1)[0]!
}
