import { similar } from '../openshift/shape.ts'
import { type Covered, isExpired } from './cover.ts'
import type { At } from './facts.ts'
import { SHOWN } from './waiver.ts'
import type { Written } from './waivers.ts'

/** A comment, a line of an annotation or an entry of the configuration that says what is not to count. */
export interface WaiverFact {
  by: 'comment' | 'annotation' | 'configuration'
  /** The rules that it names. */
  rules: string[]
  /** Those of them that there are not, and the one that was probably meant. */
  unknown: { rule: string; near?: string }[]
  /** Those of them that are about waivers, of which no finding can be waived. */
  fixed: string[]
  /** Why it does not count: it names no rule, `until` is no date, is there twice, or it is longer than any that a person writes. */
  malformation?: 'no-rule' | 'no-date' | 'two-dates' | 'too-long'
  /** What stands in place of the date. */
  found?: string
  /** It gives no reason, and the configuration asks for one. */
  lacksReason: boolean
  /** The last day on which it holds, as YYYY-MM-DD. */
  until?: string
  /** That day is over. */
  expired: boolean
  /** The rules that found nothing that it covers; none where that cannot be told of this run. */
  unused: string[]
  at: At
}

/** What a run knows about waivers. */
export interface Circumstances {
  /** The ids of all rules, and of those that are about waivers. */
  rules: ReadonlySet<string>
  fixed: ReadonlySet<string>
  requireReasons: boolean
  /** YYYY-MM-DD. */
  today: string
  /** Whether a rule would have found what a waiver covers, had it been there. */
  isTold(rule: string, waiver: Written): boolean
}

/** A run in which more names than this are wrong needs no word on each of them. */
const MOST_NEAR = 1_000

/** The facts of the waivers of a run; `met` says which of their rules they cover something of. */
export function waiverFacts(written: readonly Written[], met: Covered['met'], { rules: known, fixed, requireReasons, today, isTold }: Circumstances): WaiverFact[] {
  const near = nearest([...known])
  return written.map((waiver): WaiverFact => {
    const { by, rules, until, reason, malformation, at } = waiver
    const expired = isExpired(until, today)
    const counts = malformation === undefined && !expired
    const unused = (rule: string) => counts && known.has(rule) && !fixed.has(rule) && met.get(waiver)?.has(rule) !== true && isTold(rule, waiver)
    return {
      by, rules: rules.map(shown), unknown: rules.filter((rule) => !known.has(rule)).map((rule) => ({ rule: shown(rule), ...near(rule) })), fixed: rules.filter((rule) => fixed.has(rule)),
      ...(malformation ? { malformation: malformation.problem } : {}), ...(malformation?.found === undefined ? {} : { found: malformation.found }),
      lacksReason: requireReasons && malformation === undefined && reason === '', ...(until === null ? {} : { until }), expired, unused: rules.filter(unused), at,
    }
  })
}

function shown(rule: string): string {
  return rule.length > SHOWN ? `${rule.slice(0, SHOWN)}…` : rule
}

function nearest(known: readonly string[]): (rule: string) => { near?: string } {
  const found = new Map<string, string | undefined>()
  return (rule) => {
    const name = rule.slice(0, SHOWN).toLowerCase()
    if (!found.has(name) && found.size < MOST_NEAR) found.set(name, known.find((id) => similar(id, name)))
    const near = found.get(name)
    return near === undefined ? {} : { near }
  }
}
