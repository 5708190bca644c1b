import { UserError } from '../error.ts'
import { atLeast, type Version } from '../openshift/version.ts'
import type { Level, Verdict } from './engine.ts'
import { isWorse, type Setting } from './levels.ts'

/** The version that a cluster goes to next. */
export interface Upgrade {
  version: Version
  /** As the user gave it, for messages: `--next 4.16`. */
  said: string
}

/** The upgrades that a user announces; clusters go before `all`. */
export interface Upgrades {
  all?: Upgrade
  /** By the name of a cluster. */
  clusters: ReadonlyMap<string, Upgrade>
}

/**
 * The version that a cluster goes to next; undefined where that is not said.
 * @throws UserError where it is not later than the one that the cluster has; `lenient`, it goes nowhere then.
 */
export function nextOf({ all, clusters }: Upgrades, { name, version }: { name: string; version: Version | undefined }, lenient = false): Version | undefined {
  const upgrade = clusters.get(name) ?? all
  if (!upgrade || !version || !atLeast(version, upgrade.version.numbers)) return upgrade?.version
  if (lenient) return undefined
  throw new UserError(`${upgrade.said} is not later than ${version.text} of cluster ${name}`)
}

/** A verdict on the present version, or one on the `next` that is worse; `now` is the one whose place that takes, if there is one. */
export interface Outlook {
  verdict: Verdict
  next: Version | null
  now?: Verdict
}

/** What is to be said of a cluster before an upgrade: each present verdict, or what will stand in its place where that is worse, and what will be new. */
export function outlook(now: readonly Verdict[], ahead: readonly Verdict[], next: Version): Outlook[] {
  const [present, later] = [bySpot(now), bySpot(ahead)]
  return [...new Set([...present.keys(), ...later.keys()])].flatMap((spot) => paired(present.get(spot) ?? [], later.get(spot) ?? [], next))
}

/**
 * A verdict as it is reported; undefined where the user wants none of the rule. What the next version brings is a warning at most, and never milder than
 * what it takes the place of.
 */
export function reported({ verdict, next, now }: Outlook, setting: Setting | undefined): Verdict | undefined {
  if (setting === 'off') return undefined
  if (!next) return { ...verdict, level: setting ?? verdict.level }
  const present = now && (setting ?? now.level)
  const level = milder(milder(verdict.level, 'warning'), setting ?? 'error')
  const related = now && now.message !== verdict.message ? [{ at: now.at, message: `now: ${now.message}` }] : []
  return {
    ...verdict,
    level: present && isWorse(present, level) ? present : level,
    message: `on OpenShift ${next.text}: ${verdict.message}`,
    related: [...(verdict.related ?? []), ...related],
  }
}

function milder(level: Level, other: Level): Level {
  return isWorse(level, other) ? other : level
}

/** Verdicts by rule and place. */
function bySpot(verdicts: readonly Verdict[]): Map<string, Verdict[]> {
  const spots = new Map<string, Verdict[]>()
  for (const verdict of verdicts) {
    const { doc, path, key } = verdict.at
    const spot = JSON.stringify([verdict.rule, doc, path, key])
    const same = spots.get(spot)
    if (same) same.push(verdict)
    else spots.set(spot, [verdict])
  }
  return spots
}

/**
 * One rule's verdicts at one place. One on the next version is no news where a present one is as bad, in the same words or else in others. What is left of those takes
 * the place of what is left of these.
 */
function paired(now: readonly Verdict[], ahead: readonly Verdict[], next: Version): Outlook[] {
  const open = now.toSorted(worstFirst)
  const isNews = (verdict: Verdict, fits: (one: Verdict) => boolean) => {
    const index = open.findIndex((one) => !isWorse(verdict.level, one.level) && fits(one))
    if (index >= 0) open.splice(index, 1)
    return index < 0
  }
  const news = ahead.toSorted(worstFirst).filter((verdict) => isNews(verdict, (one) => one.message === verdict.message)).filter((verdict) => isNews(verdict, () => true))
  const replaced = new Set(open.slice(0, news.length))
  return [
    ...now.filter((verdict) => !replaced.has(verdict)).map((verdict) => ({ verdict, next: null })),
    ...news.map((verdict, index) => ({ verdict, next, ...(open[index] ? { now: open[index] } : {}) })),
  ]
}

function worstFirst(a: Verdict, b: Verdict): number {
  return Number(isWorse(b.level, a.level)) - Number(isWorse(a.level, b.level))
}
