import type { Class } from '../log/class.ts'
import type { Site } from '../manifests/position.ts'
import { isPublic } from '../registries/public.ts'
import type { Step, Trace } from '../trace.ts'

/** What a registry answered when it was asked for an image. */
export interface Answer {
  reference: string
  /** `unknown`: it was not asked to the end. */
  outcome: 'ok' | 'failed' | 'unknown'
  /** Why it failed; null where it did not, or is not known to. */
  class: Class | null
  /** Of the HTTP answer; null where there was none. */
  status: number | null
  /** Of the manifest. */
  digest: string | null
  /** In a clause. */
  message: string
  /** Something is handed out for the manifest, so that nodes go nowhere else, and the pull fails. */
  final: boolean
  /** The registry was heard, and does not hand it out: the image has yet to be copied there. */
  absent: boolean
  /** Platforms of an index that are not there; known with `--deep`. */
  lacks: string[]
}

/** What becomes of a pull, as the registries answer. */
export interface Conclusion {
  /** `unknown`: not asked to the end. */
  by: 'mirror' | 'source' | 'nothing' | 'unknown'
  /** Of the mirror that serves, from 1, in the order in which they are tried. */
  number: number
  /** Every mirror was heard, and none has the image, or it has none; and copying it there would help. */
  uncopied: boolean
  /** In a clause. */
  verdict: string
}

/** What the registries answered to a trace. */
export interface ProbedTrace {
  answers: ReadonlyMap<Step, Answer>
  conclusion: Conclusion
}

/** The steps of a trace that are asked, with their place in the order. */
export function open({ steps }: Trace): { step: Step & { reference: string }; number: number }[] {
  const tried = steps.filter((step): step is Step & { reference: string } => step.reference !== null)
  return tried.map((step, index) => ({ step, number: index + 1 })).filter(({ step }) => !step.blocked)
}

/** Goes through the answers as a node would: the first location with the manifest serves, and if something of it is missing there, the pull fails. */
export function conclude(trace: Trace, answers: ReadonlyMap<Step, Answer>, disconnected: boolean): Conclusion {
  const steps = open(trace)
  const mirrors = steps.filter(({ step }) => step.mirror).map(({ step }) => answers.get(step))
  const uncopied = trace.error === null && !hasBlocked(trace) && mirrors.every((answer) => answer?.outcome === 'failed' && answer.absent)
  const digests = new Set([...answers.values()].flatMap(({ digest }) => digest ?? []))
  const differ = digests.size > 1 ? '; locations hold different images by this tag' : ''
  const result = (by: Conclusion['by'], verdict: string, number = 0): Conclusion => ({ by, number, uncopied, verdict: `${verdict}${differ}` })
  if (trace.hopeless) return result('nothing', `cannot be pulled: ${trace.error ?? 'every location is blocked'}`)
  let failed = 0
  for (const { step, number } of steps) {
    if (isFar(step, disconnected)) break
    const answer = answers.get(step)
    if (!answer || answer.outcome === 'unknown') return result('unknown', `not known: ${repositoryOf(step.reference)} was not asked to the end`)
    if (answer.final) return result('nothing', `cannot be pulled${answer.lacks.length > 0 ? ` by nodes of ${answer.lacks.join(', ')}` : ''}: ${named(step, number)}, is the first to answer, so that nodes go nowhere else, and it ${answer.message}`)
    if (answer.outcome === 'ok') return served(step, number, failed, answer, disconnected, result)
    failed++
  }
  const [last] = steps.slice(-1)
  if (last && isFar(last.step, disconnected)) return result('nothing', `cannot be pulled: ${mirrors.length === 0 ? withoutMirror(trace) : 'no mirror hands it out'}, and nodes of a disconnected cluster do not reach the source, ${repositoryOf(last.step.reference)}`)
  return result('nothing', `cannot be pulled: ${steps.length === 1 ? 'its only location does not hand it out' : 'no location hands it out'}`)
}

function hasBlocked({ steps }: Trace): boolean {
  return steps.some(({ mirror, blocked }) => mirror && blocked !== null)
}

/** Why there is no mirror to ask. */
function withoutMirror(trace: Trace): string {
  if (hasBlocked(trace)) return 'its mirrors are blocked'
  return trace.steps.some(({ mirror }) => mirror) ? `its mirrors do not serve pulls by ${trace.by}` : 'it has no mirror'
}

/** Whether a location is a public registry, and the nodes are of a disconnected cluster: what is answered here is none of their concern. */
export function isFar({ mirror, reference }: Step, disconnected: boolean): boolean {
  return disconnected && !mirror && isPublic(reference ?? '')
}

function served(step: Step & { reference: string }, number: number, failed: number, answer: Answer, disconnected: boolean, result: (by: Conclusion['by'], verdict: string, number?: number) => Conclusion): Conclusion {
  const but = answer.lacks.length > 0 ? `, but not to nodes of ${answer.lacks.join(', ')}` : ''
  if (step.mirror) return result('mirror', `is served by ${named(step, number)}${failed === 0 ? ', as predicted' : `, after ${failed === 1 ? 'one location' : `${failed} locations`} before it failed`}${but}`, number)
  const far = disconnected ? ', if a disconnected cluster can reach it' : ''
  return result('source', number === 1 ? `is served by the source, ${repositoryOf(step.reference)}${far}${but}` : `would go to the source, ${repositoryOf(step.reference)}${far}: no mirror hands it out${but}`)
}

function named({ reference, mirror }: Step & { reference: string }, number: number): string {
  return mirror ? `mirror ${number}, ${repositoryOf(reference)}` : `the source, ${repositoryOf(reference)}`
}

function repositoryOf(reference: string): string {
  return reference.replace(/@.*$|:[^:/]*$/, '')
}

/** An image of a cluster, and what the registries answered. */
export interface ProbedImage {
  cluster: string
  /** As written. */
  image: string
  /** What the node pulls. */
  reference: string
  /** It stands in a field that is known to be pulled. */
  certain: boolean
  site: Site
  /** Whether the mirror that serves it is the one that is tried first. */
  first: boolean
  /** It names a registry that mirrors are on, so that there is nothing to copy it from. */
  own: boolean
  conclusion: Conclusion
  /** In the order in which they were asked; nobody asks on where a location serves. */
  answers: Answer[]
}

/** What became of an image, for counting: `broken` where something keeps every location from serving it, though it may be on a mirror. */
export type Standing = 'first' | 'other' | 'own' | 'uncopied' | 'broken' | 'unknown'

export function standing({ conclusion: { by, uncopied }, first, own }: ProbedImage): Standing {
  if (by === 'unknown') return 'unknown'
  if (by === 'mirror') return first ? 'first' : 'other'
  return own && by === 'source' ? 'own' : uncopied && !own ? 'uncopied' : 'broken'
}

/** The images that oc-mirror has yet to copy: on no mirror, as far as all of them were heard. */
export function uncopied(images: readonly ProbedImage[]): string[] {
  return [...new Set(images.filter((one) => one.certain && standing(one) === 'uncopied').map(({ reference }) => reference))].sort()
}

/** Images that nothing can serve. */
export function unserved(images: readonly ProbedImage[]): ProbedImage[] {
  return images.filter(({ certain, conclusion }) => certain && conclusion.by === 'nothing')
}
