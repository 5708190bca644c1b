import type { Level } from './engine.ts'

/** What tells findings apart that say the same. */
export interface Matchable {
  /** With `-2` and so on where several are alike, which is left out of account. */
  fingerprint: string
  level: Level
  file: string
}

/** Which findings of before and after are the same, and which are there only once. */
export interface Matched<B, A> {
  pairs: [before: B, after: A][]
  before: B[]
  after: A[]
}

/** What cannot have moved to another file, or from one: the object that it is of is still where it was, or was there before. */
export interface Settled<B, A> {
  before?: (one: B) => boolean
  after?: (one: A) => boolean
}

/** An object in a file, or where a finding is of none, the file. `object` is `Kind/name` or `Kind/namespace/name`. */
export function standing(object: string | null, file: string): string {
  return JSON.stringify([object, file])
}

/**
 * Findings that are there before and after: each is one of the other side with its fingerprint, at best with the same level in the same file, then in the same file, then of the same level; in another file only where it can have moved.
 * A pair may differ in level. All lists are in the order in which they were given. Takes time in proportion to their length.
 */
export function match<B extends Matchable, A extends Matchable>(before: readonly B[], after: readonly A[], settled: Settled<B, A> = {}): Matched<B, A> {
  const partners = new Map<A, B>()
  let [left, right] = [[...before], [...after]]
  for (const key of [same, sameFile, sameLevel, bare]) {
    const across = key === sameLevel || key === bare
    const waiting = new Map<string, B[]>()
    for (const one of left.toReversed()) if (!across || settled.before?.(one) !== true) push(waiting, key(one), one)
    for (const one of right) {
      if (across && settled.after?.(one) === true) continue
      const partner = waiting.get(key(one))?.pop()
      if (partner) partners.set(one, partner)
    }
    const taken = new Set<B>(partners.values())
    left = left.filter((one) => !taken.has(one))
    right = right.filter((one) => !partners.has(one))
  }
  return { pairs: after.flatMap((one): [B, A][] => (partners.has(one) ? [[partners.get(one)!, one]] : [])), before: left, after: right }
}

/** A fingerprint without the number that tells it from others that are alike. */
export function bare({ fingerprint }: Pick<Matchable, 'fingerprint'>): string {
  return fingerprint.split('-', 1)[0]!
}

function same(one: Matchable): string {
  return JSON.stringify([bare(one), one.level, one.file])
}

function sameFile(one: Matchable): string {
  return JSON.stringify([bare(one), one.file])
}

function sameLevel(one: Matchable): string {
  return JSON.stringify([bare(one), one.level])
}

function push<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}
