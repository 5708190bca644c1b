import type { Report } from './check.ts'
import { type ClusterChange, changeOf, gone } from './impact.ts'
import { pairsOf } from './pairs.ts'
import type { Level } from './policy/engine.ts'
import type { Finding } from './policy/finding.ts'
import { isWorse } from './policy/levels.ts'
import { match } from './policy/match.ts'
import type { RouteChange } from './reroute.ts'

/** What a change does. */
export interface Comparison {
  findings: { new: NewFinding[]; gone: Finding[]; unchanged: Finding[] }
  routes: RouteChange[]
  clusters: ClusterChange[]
}

/** A finding that was not there before, or was milder: then `was` is its level then. */
export type NewFinding = Finding & { was: Level | null }

/** Compares two reports on the same clusters, of what was there before a change and of what is there after it. */
export function compare(before: Report, after: Report): Comparison {
  const pairs = pairsOf(before.clusters.filter(({ members }) => members.length > 0), after.clusters)
  const changes = pairs.map(({ old, now }) => (now ? changeOf(old, now) : { cluster: gone(old!), routes: [] }))
  return {
    findings: findingsOf(before.findings, after),
    routes: changes.flatMap(({ routes }) => routes),
    clusters: changes.map(({ cluster }) => cluster),
  }
}

/** What does not count before and does now is new; what still is there and does not count any more is not gone. */
function findingsOf(before: readonly Finding[], { findings, waived }: Report): Comparison['findings'] {
  const matchable = (finding: Finding) => ({ finding, fingerprint: finding.fingerprint, level: finding.level, file: finding.site.file })
  const { pairs, before: left, after: fresh } = match(before.map(matchable), findings.map(matchable))
  const worse = pairs.filter(([old, now]) => isWorse(now.level, old.level))
  const was = new Map<Finding, Level | null>([...fresh.map(({ finding }) => [finding, null] as const), ...worse.map(([old, now]) => [now.finding, old.level] as const)])
  return {
    new: findings.flatMap((one) => (was.has(one) ? [{ ...one, was: was.get(one)! }] : [])),
    gone: match(left, waived.map(matchable)).before.map(({ finding }) => finding),
    unchanged: findings.filter((one) => !was.has(one)),
  }
}
