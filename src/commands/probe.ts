import { UserError } from '../error.ts'
import type { Flags } from '../flags.ts'
import { type Answer, conclude, open, type ProbedTrace } from '../diagnosis/answer.ts'
import type { Step, Target, Trace } from '../trace.ts'

/** Asks for one step of a trace. */
export type Ask = (step: Step & { reference: string }, target: Target) => Promise<Answer>

/** What came of asking; the note says that it was ended before its time. */
export interface Asked<T> {
  result: T
  note: string | undefined
}

/** @throws UserError for a flag that goes with --probe alone. */
export function requireProbe(flags: Flags): void {
  if (flags.probe) return
  const stray = (['deep', 'authfile', 'ca'] as const).find((one) => flags[one] !== undefined)
  if (stray) throw new UserError(`--${stray} goes with --probe, which asks the registries`)
}

/** Asks registries for what `work` wants to know; ^C ends that and keeps what is known, a second one ends the program. @throws UserError for files and variables that are wrong. */
export async function asking<T>(flags: Flags, work: (ask: Ask, progress: (done: number, total: number) => void) => Promise<T>): Promise<Asked<T>> {
  const { Probe } = await import('../probe/probe.ts')
  const stop = new AbortController()
  const halt = () => stop.abort()
  const probe = new Probe({ authfile: flags.authfile, ca: flags.ca, deep: flags.deep ?? false, env: process.env, stop: stop.signal })
  const shown = process.stderr.isTTY === true && !flags.quiet && process.env['TERM'] !== 'dumb'
  process.once('SIGINT', halt)
  try {
    const ask: Ask = (step, { authorities }) => probe.ask({ reference: step.reference, insecure: step.insecure, ca: `${authorities.everywhere}\n${authorities.single.get(step.reference.split('/', 1)[0]!) ?? ''}` })
    const result = await work(ask, shown ? bar : () => {})
    return { result, note: stop.signal.aborted ? 'interrupted: what was not answered by then is not known' : undefined }
  } finally {
    process.off('SIGINT', halt)
    if (shown) process.stderr.write('\r\u001b[K')
    await probe.close()
  }
}

function bar(done: number, total: number): void {
  const width = 30
  const full = total === 0 ? width : Math.floor((done / total) * width)
  process.stderr.write(`\r\u001b[K[${'#'.repeat(full)}${'.'.repeat(width - full)}] ${done} of ${total} asked; ^C ends it`)
}

/** Asks every location of every trace. */
export async function askTraces(traces: readonly { trace: Trace; target: Target }[], flags: Flags): Promise<Asked<Map<Trace, ProbedTrace>>> {
  return asking(flags, async (ask, progress) => {
    const all = traces.map(({ trace, target }) => ({ trace, target, steps: open(trace).map(({ step }) => step) }))
    const total = all.reduce((sum, { steps }) => sum + steps.length, 0)
    let done = 0
    const probed = await Promise.all(all.map(async ({ trace, target, steps }) => {
      const answers = new Map(await Promise.all(steps.map(async (step) => {
        const answer = await ask(step, target)
        progress(++done, total)
        return [step, answer] as const
      })))
      return [trace, { answers, conclusion: conclude(trace, answers, target.disconnected) }] as const
    }))
    return new Map(probed)
  })
}
