import { discreet } from '../manifests/discreet.ts'
import { contains } from '../manifests/place.ts'
import type { Resource } from '../manifests/resource.ts'
import type { Placed, Waived } from './finding.ts'
import type { Named } from './waiver.ts'
import type { Written } from './waivers.ts'

/** Findings by whether a waiver covers them. */
export interface Covered {
  kept: Placed[]
  waived: Waived[]
  /** By waiver, the rules of which it covers something that was found. */
  met: ReadonlyMap<Written, ReadonlySet<string>>
}

/** Holds waivers against findings. A finding of several clusters is waived as a whole. `today` is YYYY-MM-DD. */
export function cover(placed: readonly Placed[], written: readonly Written[], today: string): Covered {
  const result = { kept: [] as Placed[], waived: [] as Waived[], met: new Map<Written, Set<string>>() }
  const [beside, annotated, configured] = [commented(placed, written), annotating(written), configuring(written)]
  for (const one of placed) {
    const { rule } = one.finding
    const ofObjects = annotated(one)
    const others = [...(beside.get(one) ?? []), ...configured(one)]
    for (const waiver of [...others, ...ofObjects.flat()]) noted(result.met, waiver, rule)
    const inForce = (waiver: Written) => holds(waiver, today)
    // Built for two clusters, it is one finding of two objects, which may differ in their annotations.
    const waiver = others.find(inForce) ?? (ofObjects.every((some) => some.some(inForce)) ? ofObjects.flat().find(inForce) : undefined)
    if (!waiver) result.kept.push(one)
    else result.waived.push({ ...one.finding, waiver: { by: waiver.by, reason: discreet(waiver.reason), until: waiver.until, site: waiver.site } })
  }
  return result
}

/** Whether a waiver counts on a day. */
export function holds({ malformation, until }: Written, today: string): boolean {
  return malformation === undefined && !isExpired(until, today)
}

/** Dates of this form compare as texts. */
export function isExpired(until: string | null, today: string): boolean {
  return until !== null && until < today
}

/** The comments that are about the lines that findings stand on. */
function commented(placed: readonly Placed[], written: readonly Written[]): Map<Placed, Written[]> {
  const found = new Map<Placed, Written[]>()
  const all = grouped(placed, ({ place, finding }) => `${finding.rule}\n${place}`)
  for (const list of all.values()) list.sort((a, b) => a.finding.site.line - b.finding.site.line)
  for (const waiver of written) {
    if (waiver.by !== 'comment' || !waiver.lines) continue
    const [first, last] = waiver.lines
    for (const rule of waiver.rules) {
      const list = all.get(`${rule}\n${waiver.place}`) ?? []
      for (let index = from(list, first); index < list.length && list[index]!.finding.site.line <= last; index++) push(found, list[index]!, waiver)
    }
  }
  return found
}

/** The index of the first finding on a line or below it. */
function from(list: readonly Placed[], line: number): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (list[middle]!.finding.site.line < line) low = middle + 1
    else high = middle
  }
  return low
}

/** For each object of a finding, the annotations that are about it. */
function annotating(written: readonly Written[]): (one: Placed) => Written[][] {
  const holders = new Map<Resource, Written[]>()
  for (const waiver of written) if (waiver.by === 'annotation') for (const object of waiver.objects) push(holders, object, waiver)
  return ({ finding, objects }) => objects.map((object) => (object ? holders.get(object) ?? [] : []).filter(({ rules }) => rules.includes(finding.rule)))
}

function configuring(written: readonly Written[]): (one: Placed) => Written[] {
  const byRule = grouped(written.filter((waiver) => waiver.by === 'configuration'), ({ rules }) => rules[0]!)
  return ({ finding, place }) => (byRule.get(finding.rule) ?? []).filter(({ paths, object }) =>
    (!paths || paths.some((path) => contains(path, place))) && (!object || isNamed(finding.object, object)))
}

function isNamed(found: Placed['finding']['object'], { kind, namespace, name }: Named): boolean {
  return found !== null && found.kind === kind && found.name === name && (namespace === undefined || found.namespace === namespace)
}

function noted(met: Map<Written, Set<string>>, waiver: Written, rule: string): void {
  const rules = met.get(waiver)
  if (rules) rules.add(rule)
  else met.set(waiver, new Set([rule]))
}

function grouped<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) push(groups, key(item), item)
  return groups
}

function push<K, T>(lists: Map<K, T[]>, key: K, item: T): void {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}
