import type { Mode } from '../install/setting.ts'
import { type Finding } from '../policy/finding.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Answer, Review } from './review.ts'
import type { State } from './state.ts'
import { type Thread, Unjudged } from './thread.ts'
import { answerOf, type Basis } from './verdict.ts'
import { JUDGED, signed, writesRegistries } from './watched.ts'
import type { Pulls } from './workload.ts'

/** What reviews are decided by. */
export interface Court {
  mode: Mode
  /** Workloads are looked at, too. */
  workloads: boolean
  /** In seconds: older than this, what is known of the cluster does not count. */
  staleAfter: number
  state: State
  thread: Thread
  pulls: Pulls
  metrics: Metrics
  log: Log
}

/** What became of a review; `passed`: there was nothing in it to judge. */
type Outcome = 'passed' | 'allowed' | 'warned' | 'denied' | 'unjudged'

interface Decision {
  outcome: Outcome
  answer: Answer
  findings: readonly Finding[]
  more?: Record<string, unknown>
}

const ALLOWED: Answer = { allowed: true, warnings: [], audit: {} }
/** Kinds of workloads that metrics name; others are counted together, for anybody may send any. */
const WORKLOADS = new Set(['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob'])

/** Decides on a review within `limit` milliseconds. @throws Unjudged where it cannot, and may not allow it for that: then the API server goes by its failure policy. */
export async function decide(review: Review, court: Court, limit: number): Promise<Answer> {
  const began = process.hrtime.bigint()
  const { uid, operation, kind, namespace, name, dryRun, user } = review
  const { outcome, answer, findings, more } = await decision(review, court, limit)
  const seconds = Number(process.hrtime.bigint() - began) / 1e9
  court.metrics.reviewed({ kind: JUDGED.has(kind) || WORKLOADS.has(kind) ? kind : 'other', operation, outcome }, findings, seconds)
  court.log(outcome === 'unjudged' ? 'warning' : 'info', outcome, {
    uid, operation, kind, ...(namespace === '' ? {} : { namespace }), name, user, dryRun, milliseconds: Math.round(seconds * 1e5) / 100,
    ...(answer.audit['judged-by'] === undefined ? {} : { judgedBy: answer.audit['judged-by'] }), ...more,
    ...(findings.length > 0 ? { findings: findings.map(({ rule, level, message, object }) => ({ rule, level, message, object: object && `${object.kind}/${object.name}` })) } : {}),
  })
  if (outcome === 'unjudged' && court.mode === 'enforce' && JUDGED.has(kind)) throw new Unjudged('failed', String(more?.['why']))
  return answer
}

async function decision(review: Review, court: Court, limit: number): Promise<Decision> {
  const { operation, kind, dryRun } = review
  const [object, oldObject] = [review.object, review.oldObject].map((one) => one && signed(one, review.user)) as [typeof review.object, typeof review.oldObject]
  const passed: Decision = { outcome: 'passed', answer: ALLOWED, findings: [] }
  if (operation === 'CONNECT' || (!object && !oldObject)) return passed
  const judged = JUDGED.has(kind)
  if (kind === 'MachineConfig' && ![object, oldObject].some((one) => one && writesRegistries(one))) return passed
  if (!judged && (!court.workloads || !object)) return passed
  const { state, thread, staleAfter, mode } = court
  const age = state.complete ? state.age : Infinity
  const alone = age > staleAfter
  // A workload by itself tells nothing, and of one whose images have a way, there is nothing to tell.
  if (!judged && alone) return { ...passed, outcome: 'unjudged', more: { why: 'what is known of the cluster is too old, or not there yet' } }
  if (!judged && court.pulls.served(object!)) return { ...passed, outcome: 'allowed' }
  const basis: Basis = { mode: judged || mode === 'audit' ? mode : 'warn', state: state.resourceVersion, ...(alone ? { stale: age } : {}) }
  try {
    const verdict = await thread.review({ object, oldObject, dryRun: dryRun || !judged, alone }, limit)
    const answer = answerOf(verdict, basis)
    return { outcome: answer.allowed ? (answer.warnings.length > 0 ? 'warned' : 'allowed') : 'denied', answer, findings: verdict.findings, more: { effect: verdict.effect, ...(verdict.gone > 0 ? { mends: verdict.gone } : {}) } }
  } catch (error) {
    if (!(error instanceof Unjudged)) throw error
    const warnings = judged && mode !== 'audit' ? ['mirrorproof could not judge this change; its log tells why'] : []
    return { outcome: 'unjudged', answer: { ...ALLOWED, warnings }, findings: [], more: { why: error.message } }
  }
}
