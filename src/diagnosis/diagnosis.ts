import { type Access, UNKNOWN_ACCESS } from './access.ts'
import type { Class } from '../log/class.ts'
import { isFinal } from '../log/failure.ts'
import { isLater } from '../log/outcome.ts'
import type { Program } from '../log/event.ts'
import type { Log, Observed, Pull } from '../log/pulls.ts'
import { isShortName } from '../registries/reference.ts'
import { type Cause, remedy } from './remedy.ts'
import type { Step, Trace } from '../trace.ts'

/** What the manifests predict of an image in one cluster. */
export interface Prediction {
  trace: Trace
  /** What the other images would try that a short name may stand for. */
  also: ReadonlySet<string>
  access: Access
  disconnected: boolean
}

/** A location that was predicted, or tried, or both. */
export interface Row {
  step: Step | null
  observed: Observed | null
  /** Why it was not tried, or what it is if it was not predicted; null for what was both predicted and tried. */
  remark: string | null
  cause: Cause | null
}

/** How an image was pulled by a log, beside what was predicted. */
export interface Diagnosis {
  image: string
  prediction: Prediction | undefined
  pull: Pull | undefined
  outcome: Pull['outcome']
  /** In one sentence. */
  verdict: string
  rows: Row[]
  /** What failed and what to do, what is to be mended first at the top. */
  causes: Cause[]
  /** What the log shows of the node, and what it cannot show. */
  notes: string[]
}

/** Lines up what a log tells of an image with what was predicted; without a prediction, it tells what happened. */
export function diagnose(image: string, pull: Pull | undefined, prediction: Prediction | undefined, log: Log): Diagnosis {
  const rows = pull ? rowsOf(pull, prediction) : []
  const unlike = pull && prediction ? difference(pull, prediction, rows, log) : undefined
  const borrowed = pull && otherLogin(pull, log)
  const causes = pull?.outcome === 'failed' && pull.attempts.length === 0 ? [SILENT] : rows.flatMap(({ cause }) => cause ?? [])
  return {
    image, prediction, pull, rows, outcome: pull?.outcome ?? 'unknown', verdict: verdict(pull, rows),
    causes: distinct([...(unlike ? [unlike] : []), ...(borrowed && !prediction?.access.credentials ? [borrowed] : []), ...causes.filter(({ change }) => change !== null), ...causes.filter(({ change }) => change === null)]),
    notes: pull ? [...(borrowed && prediction?.access.credentials ? [`${borrowed.means}: ${borrowed.change}`] : []), ...limits(pull, log, unlike !== undefined, prediction?.trace)] : [],
  }
}

/** How well a log of an image goes with a prediction: what was tried and predicted, less what was only tried. */
export function fit({ attempts }: Pull, { steps }: Trace): number {
  const predicted = new Set(steps.map(({ reference }) => reference))
  const tried = attempts.filter(({ reference }) => reference !== null)
  return tried.reduce((sum, { reference }) => sum + (predicted.has(reference) ? 1 : -1), 0)
}

const SILENT: Cause = { means: 'what failed is not in this log: it holds only that kubelet backs off, or is cut off', change: 'feed the event that begins with `Failed to pull image`: `oc describe pod POD`, or after some hours, when events are gone, `oc adm node-logs NODE -u kubelet`' }

function rowsOf(pull: Pull, prediction: Prediction | undefined): Row[] {
  const steps = prediction?.trace.steps ?? []
  const known = new Set(steps.map(({ reference }) => reference))
  const last = pull.attempts.findLastIndex(({ reference }) => reference !== null && known.has(reference))
  const predicted = steps.map((step): Row => {
    const observed = pull.attempts.find(({ reference }) => reference !== null && reference === step.reference) ?? null
    const later = steps.slice(steps.indexOf(step) + 1).some(({ reference }) => reference !== null && pull.attempts.slice(0, last + 1).some((one) => one.reference === reference))
    return { step, observed, remark: observed ? null : untried(step, pull, later), cause: causeOf(observed, step, pull, prediction) }
  })
  const others = pull.attempts.filter(({ reference }) => reference === null || !known.has(reference)).map((observed): Row => ({
    step: null, observed, remark: observed.reference === null ? 'the pull as a whole' : prediction?.also.has(observed.reference) ? 'another image that the short name may stand for' : prediction ? 'not predicted by these manifests' : null, cause: causeOf(observed, undefined, pull, prediction),
  }))
  const order = ({ observed }: Row) => (observed ? pull.attempts.indexOf(observed) : Infinity)
  return others.length > 0 ? [...predicted, ...others].sort((a, b) => (order(a) === order(b) ? 0 : order(a) - order(b))) : predicted
}

/** What fails before anything is contacted. */
const BEFORE: ReadonlySet<Class> = new Set(['bad-rewrite', 'bad-configuration', 'short-name'])

/** Whether the pull came as far as a location. */
function isContact({ class: kind }: Observed): boolean {
  return kind === null || !BEFORE.has(kind)
}

function untried(step: Step, { attempts, outcome, alone }: Pull, later: boolean): string {
  if (step.reference === null) return step.reason
  if (later || alone) return 'not tried, though it is predicted'
  if (outcome === 'ok') return 'not tried: another location had the image'
  if (attempts.some((one) => one.reference === null && isContact(one))) return 'the log does not say whether it was tried'
  if (attempts.some((one) => one.outcome === 'ok' || (one.class !== null && isFinal(one.class)) || isLater(one.message ?? ''))) return 'not tried: what failed before is final'
  return 'the log tells nothing of it'
}

function causeOf(observed: Observed | null, step: Step | undefined, pull: Pull, prediction: Prediction | undefined): Cause | null {
  if (observed?.outcome !== 'failed') return null
  const mirror = step?.mirror ?? (observed.reference !== null && observed.reference !== pull.image)
  return remedy({
    observed, step, mirror, image: pull.image, disconnected: prediction?.disconnected ?? false,
    last: !mirror && pull.attempts.some(({ reference }) => reference !== observed.reference && reference !== null),
    access: prediction?.access ?? UNKNOWN_ACCESS,
  })
}

function verdict(pull: Pull | undefined, rows: readonly Row[]): string {
  if (!pull) return 'the log tells nothing of it'
  const failed = rows.flatMap(({ observed }) => (observed?.outcome === 'failed' ? [`${observed.reference === null ? 'the pull' : host(observed.reference)} (${observed.class})`] : []))
  const list = failed.join(', ')
  const served = rows.find(({ observed }) => observed?.outcome === 'ok')?.observed?.reference
  if (pull.outcome === 'ok') return `was pulled${served ? ` from ${named(served)}` : ''}${list ? `; before that failed ${list}` : ''}`
  if (pull.outcome === 'failed') return `could not be pulled${list ? `: ${list}` : ', and the log does not say why'}`
  return `the log ends before the pull does${list ? `; so far failed ${list}` : ''}`
}

/** What the node did that the manifests do not say, and how to see why. A program that reads a file of its own is not the node. */
function difference({ attempts, alone, image, programs, outcome }: Pull, { trace: { steps, error, reference, verdict: foretold }, also }: Prediction, rows: readonly Row[], log: Log): Cause | undefined {
  if (steps.length === 0) return outcome === 'ok' || attempts.some(isContact) ? { means: `the node has another configuration than these manifests give; by them: ${foretold}: ${error}`, change: null } : undefined
  const known = new Set(steps.map((step) => step.reference))
  const skipped = ({ reference }: Observed) => steps.some((step) => step.reference === null && reference!.startsWith(`${step.location}/`))
  const unknown = attempts.filter((one) => one.reference !== null && !known.has(one.reference) && !also.has(one.reference))
  const [strange, other] = [unknown.filter((one) => !skipped(one)), unknown.filter(skipped)].map((some) => [...new Set(some.map((one) => named(one.reference!)))]) as [string[], string[]]
  const missed = rows.flatMap(({ step, remark }) => (remark === 'not tried, though it is predicted' ? [named(step!.reference!)] : []))
  const order = steps.flatMap((step) => attempts.findIndex((one) => one.reference !== null && one.reference === step.reference)).filter((index) => index >= 0)
  const shuffled = order.some((index, at) => at > 0 && index < order[at - 1]!)
  const shut = rows.flatMap(({ step, observed }) => (step && !step.blocked && observed?.class === 'blocked' ? [named(step.reference!)] : []))
  const ajar = rows.flatMap(({ step, observed }) => (step?.blocked && (observed?.outcome === 'ok' || (observed?.message && observed.class !== 'blocked')) ? [named(step.reference!)] : []))
  const allowed = outcome === 'ok' && steps.length > 0 && error !== null
  if (unknown.length + missed.length + shut.length + ajar.length === 0 && !shuffled && !allowed) return undefined
  const told = [
    ...(strange.length > 0 ? [`tried ${strange.join(', ')}, which the manifests do not name`] : []),
    ...(other.length > 0 ? [`tried ${other.join(', ')}, which the manifests name for ${image.includes('@') ? 'tags' : 'digests'} alone`] : []),
    ...(missed.length > 0 ? [`did not try ${missed.join(', ')}${alone && attempts[0]?.reference === image ? ': it knows no mirror for this image' : ''}`] : []),
    ...(shut.length > 0 ? [`has ${shut.join(', ')} blocked`] : []),
    ...(ajar.length > 0 ? [`does not have ${ajar.join(', ')} blocked`] : []),
    ...(allowed ? ['allows the image, which policy.json would not by the manifests'] : []),
    ...(shuffled && unknown.length + missed.length === 0 ? ['tried the mirrors in another order'] : []),
  ]
  const own = ownFile(log)
  const [why, means] = own !== undefined && !programs.includes('CRI-O') && !programs.includes('kubelet')
    ? [`what a pod gets is another matter: move ${own} away, or ${programs[0] === 'skopeo' ? 'give --registries-conf ' : 'set CONTAINERS_REGISTRIES_CONF='}/etc/containers/registries.conf, and pull again`, `${programs[0] ?? 'the program'} read ${own}, which CRI-O never does, and`]
    : ['`oc get mcp` tells whether its pool is paused, degraded or still updating, and so keeps an old rendered configuration; drop-ins lie in /etc/containers/registries.conf.d; `mirrorproof check --live` tells what the operator refuses', 'the node has another configuration than these manifests give: it']
  return { means: `${means} ${told.join(', and ')}`, change: `${why}. To compare: oc debug node/NODE -- chroot /host cat /etc/containers/registries.conf | mirrorproof trace ${reference} --registries-conf -` }
}

/** A user's own file, which stands in for that of the node. */
function ownFile({ configurations }: Log): string | undefined {
  return configurations.find((path) => /(?:^|\/)\.config\/containers\//.test(path))
}

function byHand(programs: readonly Program[]): Program | undefined {
  return programs.some((one) => one === 'CRI-O' || one === 'kubelet') ? undefined : programs.find((one) => one === 'podman' || one === 'skopeo')
}

/** Who was let in or not by other credentials than those of nodes. Where the manifests know those, it is the lesser matter. */
function otherLogin({ programs, attempts }: Pull, { authfile }: Log): Cause | undefined {
  const program = byHand(programs)
  const refused = attempts.some((one) => one.class === 'unauthorized' || one.class === 'forbidden' || one.class === 'rate-limit')
  return program && refused && !authfile ? { means: `${program} takes its credentials from another file than a pod's pull`, change: 'add --authfile /var/lib/kubelet/config.json to see what nodes get' } : undefined
}

/** What the command that wrote the log cannot show of a pod. */
function limits({ programs, image, outcome, podFailed }: Pull, log: Log, unlike: boolean, trace: Trace | undefined): string[] {
  const program = byHand(programs)
  if (!program) return []
  return [
    ...(unlike && ownFile(log) === undefined ? [`${program} reads ~/.config/containers/registries.conf in place of /etc/containers/registries.conf where there is one, which CRI-O never does${program === 'skopeo' ? '; it heeds --registries-conf FILE, not CONTAINERS_REGISTRIES_CONF' : ''}`] : []),
    ...(outcome === 'ok' && podFailed !== null ? [`the pod could not pull it, line ${podFailed} of the log: that ${program} could does not say that a pod can; feed the events of the pod alone to see why`] : []),
    ...otherWise(program, trace),
    ...(isShortName(image) ? ['podman completes a short name by aliases and rules of its own; a pod may get another image'] : []),
  ]
}

/** A mirror is for pulls by digest, by tag, or both. */
function otherWise(program: string, trace: Trace | undefined): string[] {
  const steps = trace?.steps ?? []
  const tried = new Set(steps.flatMap(({ reference, location }) => (reference === null ? [] : [location])))
  const skipped = steps.flatMap(({ reference, location }) => (reference === null && !tried.has(location) ? [location] : []))
  const [by, other] = trace?.by === 'tag' ? ['tag', 'digest'] : ['digest', 'tag']
  return skipped.length === 0 ? [] : [`${program} pulled by ${by}, and a pod that names the image by ${other} goes another way, to ${skipped.join(', ')}: pull what the pod names`]
}

function distinct(causes: readonly Cause[]): Cause[] {
  return [...new Map(causes.map((cause) => [`${cause.means}\n${cause.change}`, cause])).values()]
}

function host(reference: string): string {
  return reference.split('/', 1)[0]!
}

/** Without its digest, which is all the same. */
function named(reference: string): string {
  return reference.split('@', 1)[0]!
}
