import type { Program } from './event.ts'
import { classify } from './failure.ts'
import { nameOf } from './name.ts'
import type { Observed, Pull } from './pulls.ts'
import { conceal } from './secret.ts'

/** As much of a message as is kept. */
const LONGEST = 1_000

/** One go at an image. */
export interface Round {
  image: string | undefined
  /** The image that the same location was tried for before. */
  guess: string | undefined
  key: string
  programs: Set<Program>
  attempts: Observed[]
  outcome: Pull['outcome']
  alone: boolean
  line: number
  /** Programs that end with a pull begin by reading their configuration: what was at hand before is over. */
  process: number
}

/** The last go at an image. */
export interface Told {
  round: Round
  times: number
  podFailed: number | null
}

/** Whether a node did it, and not somebody by hand. */
export function isByPod({ programs }: Round): boolean {
  return programs.has('kubelet') || programs.has('CRI-O')
}

/** A location that is being tried. */
export function attempt(reference: string | null, line: number): Observed {
  return { reference, outcome: 'unknown', class: null, message: null, line, login: undefined }
}

/** Puts a location to those of a round. */
export function added(round: Round, one: Observed): Observed {
  round.attempts.push(one)
  return one
}

/** The location that was tried last had the image. */
export function serve(round: Round | undefined, line: number): void {
  const last = round?.attempts.at(-1)
  if (last?.outcome === 'unknown') Object.assign(last, { outcome: 'ok', line })
}

/** How many parts at the end of a repository are those of the image of a round, or of what was tried for it: mirrors mostly keep them. */
export function alike({ image, attempts }: Round, reference: string): number {
  const own = nameOf(reference).split('/').toReversed()
  const common = (other: string) => {
    const parts = nameOf(other).split('/').toReversed()
    const unlike = own.findIndex((part, index) => part !== parts[index])
    return unlike < 0 ? own.length : unlike
  }
  return Math.max(0, ...[image, ...attempts.map((one) => one.reference)].map((one) => (one ? common(one) : 0)))
}

/** Notes why a location failed; secrets are left out. */
export function tell(one: Observed, error: string, line: number): void {
  Object.assign(one, { outcome: 'failed', class: classify(error), message: conceal(error.trim()).slice(0, LONGEST), line })
}

/** A final error has all locations in the order in which they were tried. */
export function position(parts: readonly { reference: string | null }[], { reference }: Observed): number {
  const index = parts.findIndex((one) => one.reference === reference)
  return index < 0 ? parts.length : index
}

/** Whether the same was told of a location before. */
export function says(tried: Observed, { reference, error }: { reference: string | null; error: string }): boolean {
  return tried.reference === reference && (tried.class === classify(error) || tried.message === null || tried.message.startsWith(error))
}

/** What a round comes to. */
export function pullOf(image: string, { round: { image: named, programs, attempts, outcome, alone, line }, times, podFailed }: Told): Pull {
  const shown = attempts.map((one, index): Observed => {
    // A program goes on to the next location only after a failure.
    const passed = one.outcome === 'unknown' && index < attempts.length - 1
    return passed ? { ...one, outcome: 'failed', class: 'unknown' } : one
  })
  const last = shown.at(-1)
  // The source is tried last.
  const ended = last?.outcome === 'ok' || (last?.reference === named && last?.message) ? last.outcome : outcome
  return { image, named: named !== undefined, programs: [...programs], attempts: shown, outcome: outcome === 'unknown' ? ended : outcome, alone, times, podFailed, line }
}
