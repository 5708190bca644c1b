import type { Report } from './check.ts'
import { resourceOf } from './cluster/candidate.ts'
import { type ClusterChange, changeOf, gone } from './impact.ts'
import { pairsOf } from './pairs.ts'
import { nameOf } from './policy/baseline.ts'
import type { Level } from './policy/engine.ts'
import type { Finding, Waived } from './policy/finding.ts'
import { isWorse } from './policy/levels.ts'
import { match, standing } from './policy/match.ts'
import type { Mends } from './policy/mend.ts'
import type { RouteChange } from './reroute.ts'

/** What a change does. */
export interface Comparison {
  /** `waived` are those that do not count and were not there before, or did count then. */
  findings: { new: NewFinding[]; gone: Finding[]; unchanged: Finding[]; waived: Waived[] }
  /** What would mend those that are there after it. */
  mends: Mends
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
    findings: findingsOf(before, after),
    mends: after.mends,
    routes: changes.flatMap(({ routes }) => routes),
    clusters: changes.map(({ cluster }) => cluster),
  }
}

/** What does not count before and does now is new; what still is there and does not count any more is not gone. */
function findingsOf(before: Report, { findings, waived, clusters }: Report): Comparison['findings'] {
  const [earlier, now] = [standingIn(before.clusters), standingIn(clusters)]
  const stood = (stands: ReadonlySet<string>) => ({ finding: { object, site } }: { finding: Finding }) => stands.has(standing(nameOf(object), site.file))
  const settled = { before: stood(now), after: stood(earlier) }
  const matchable = <F extends Finding>(finding: F) => ({ finding, fingerprint: finding.fingerprint, level: finding.level, file: finding.site.file })
  const { pairs, before: left, after: fresh } = match(before.findings.map(matchable), findings.map(matchable), settled)
  const worse = pairs.filter(([old, now]) => isWorse(now.level, old.level))
  const was = new Map<Finding, Level | null>([...fresh.map(({ finding }) => [finding, null] as const), ...worse.map(([old, now]) => [now.finding, old.level] as const)])
  const { after: waivedAnew } = match(before.waived.map(matchable), waived.map(matchable), settled)
  return {
    new: findings.flatMap((one) => (was.has(one) ? [{ ...one, was: was.get(one)! }] : [])),
    gone: match(left, waived.map(matchable), settled).before.map(({ finding }) => finding),
    unchanged: findings.filter((one) => !was.has(one)),
    waived: waivedAnew.map(({ finding }) => finding),
  }
}

/** The objects of clusters, each in its file; and the files. */
function standingIn(clusters: Report['clusters']): Set<string> {
  return new Set(clusters.flatMap(({ members }) => members.flatMap((member) => {
    const resource = resourceOf(member)
    return [standing(null, member.file), ...(resource ? [standing(nameOf(resource), member.file)] : [])]
  })))
}
