import { existsSync } from 'node:fs'
import type { Access } from '../diagnosis/access.ts'
import { diagnose, type Diagnosis, fit, type Prediction } from '../diagnosis/diagnosis.ts'
import { UserError } from '../error.ts'
import type { Flags, Outcome } from '../flags.ts'
import { read } from '../log/log.ts'
import type { Log, Pull } from '../log/pulls.ts'
import { STREAM } from '../manifests/place.ts'
import { origins } from '../diagnosis/origin.ts'
import { formatReference, parseReference, pulled } from '../registries/reference.ts'
import { ansi, plain } from '../report/color.ts'
import { logJson, logText } from '../report/log.ts'
import { STDIN } from '../sources/disk.ts'
import { display } from '../sources/display.ts'
import { chunks } from '../sources/log.ts'
import { type Target, trace } from '../trace.ts'

/** What images are traced through; `accesses` are those of the targets. */
export interface Predicted {
  targets: Target[]
  accesses: Access[]
  notes: string[]
  /** There is no mirror configuration at all. */
  empty: boolean
}

/** How many images that a log does tell of are named. */
const MOST = 5

/** `mirrorproof trace --log`: how pulls went, beside how they should have gone. */
export async function runLog(images: readonly string[], predicted: Predicted, flags: Omit<Flags, 'format'> & { log: string; format: 'text' | 'json'; failOn: string }): Promise<Outcome> {
  if (flags.log === STDIN && (flags.in?.includes(STDIN) || flags['registries-conf'] === STDIN)) throw new UserError('standard input can be the log or the manifests, not both')
  const file = images.find((one) => existsSync(one))
  if (file !== undefined) throw new UserError(`${file} is a file, and no image; --log takes one: cat A B | mirrorproof trace --log -`)
  const name = flags.log === STDIN ? STREAM : display(flags.log)
  const log = await readLog(flags.log)
  if (log.pulls.length === 0) throw new UserError(`${name} tells of no image pull (lines: ${log.lines}); podman pull --log-level debug, journalctl -u crio and oc describe pod do`, 3)
  const asked = images.length > 0 ? images.map((image) => ({ image, pull: pullOf(image, log, predicted) })) : log.pulls.map((pull) => ({ image: imageOf(pull, predicted), pull }))
  const told = asked.map(({ image, pull }) => judge(image, pull, predicted, log))
  const diagnoses = told.map(({ diagnosis }) => diagnosis)
  const lost = diagnoses.filter(({ pull }) => pull === undefined)
  const notes = [...predicted.notes, ...told.flatMap(({ note }) => note ?? []), ...(lost.length > 0 ? [others(name, log)] : []), ...lost.flatMap(({ image }) => sibling(image, log)), ...(log.dropped > 0 ? [`${name} tells of ${log.dropped} images more, before these`] : [])]
  return {
    output: flags.format === 'json' ? logJson(diagnoses) : logText(diagnoses, flags.color ? ansi : plain, flags.quiet ?? false),
    code: flags.failOn !== 'never' && diagnoses.some(hasFailed) ? 1 : lost.length > 0 ? 3 : 0,
    notes: flags.quiet ? [] : notes,
  }
}

/** What the log does not tell, the manifests may: that there is no way at all. */
function hasFailed({ outcome, prediction }: Diagnosis): boolean {
  return outcome === 'failed' || (outcome === 'unknown' && prediction?.trace.hopeless === true)
}

async function readLog(path: string): Promise<Log & { lines: number }> {
  const reader = read()
  for await (const chunk of chunks(path)) reader.push(chunk)
  return reader.end()
}

function others(name: string, { pulls }: Log): string {
  const names = pulls.slice(0, MOST).map(({ image }) => image)
  return `${name} tells of ${names.join(', ')}${pulls.length > MOST ? ` and ${pulls.length - MOST} more` : ''}`
}

/** Another way to name the image may be what was pulled; by digest and by tag nodes ask other mirrors. */
function sibling(image: string, { pulls }: Log): string[] {
  const of = (one: string) => {
    const reference = parseReference(one)
    return 'error' in reference ? undefined : { name: reference.name, by: reference.digest === undefined ? 'tag' : 'digest' }
  }
  const asked = of(image)
  const found = pulls.find((pull) => of(pull.image)?.name === asked?.name && of(pull.image)?.by !== asked?.by)
  return found ? [`${found.image} is of the same repository, by ${of(found.image)!.by}: its pull may go to other mirrors than one by ${asked!.by}`] : []
}

/** The pull of an image; a log may name only the locations that were tried for it. */
function pullOf(image: string, { pulls }: Log, { targets }: Predicted): Pull | undefined {
  const written = parseReference(image)
  if ('error' in written) throw new UserError(`cannot parse the image ${JSON.stringify(image)}: ${written.error}`)
  const traces = targets.flatMap((target) => trace(image, target))
  const names = new Set([image, formatReference(pulled(written)), ...traces.map(({ reference }) => reference)])
  const own = pulls.findLast((pull) => names.has(pull.image))
  const fits = (pull: Pull) => Math.max(...traces.map((one) => fit(pull, one)), 0)
  return own ?? pulls.filter((pull) => !pull.named && fits(pull) > 0).sort((a, b) => fits(b) - fits(a))[0]
}

/** The image of a pull of which the log tells only the locations: what the manifests would pull from there. */
function imageOf(pull: Pull, { targets, empty }: Predicted): string {
  return (pull.named || empty ? undefined : targets.flatMap((target) => origins(pull, target))[0]) ?? pull.image
}

/** A short name may stand for several images, which are tried one after the other. */
function predict(image: string, target: Target, access: Access): Prediction[] {
  const traces = trace(image, target)
  const also = new Set(traces.length > 1 ? traces.flatMap(({ steps }) => steps.flatMap(({ reference }) => reference ?? [])) : [])
  return traces.map((one) => ({ trace: one, also, access, disconnected: target.disconnected }))
}

/** Of several clusters, the one that the log goes best with is told of. */
function judge(image: string, pull: Pull | undefined, { targets, accesses, empty }: Predicted, log: Log): { diagnosis: Diagnosis; note?: string } {
  const predictions = empty || 'error' in parseReference(image) ? [] : targets.flatMap((target, index) => predict(image, target, accesses[index]!))
  const score = ({ trace: one }: Prediction) => (pull ? fit(pull, one) : 0)
  const best = Math.max(...predictions.map(score))
  const likely = predictions.filter((one) => score(one) === best)
  const diagnosis = diagnose(image, pull && { ...pull, image: pull.named ? pull.image : image }, likely[0], log)
  const clusters = new Set(likely.map(({ trace: one }) => one.cluster))
  return { diagnosis, ...(clusters.size > 1 ? { note: `the log of ${image} goes as well with ${[...clusters].join(', ')}; ${likely[0]!.trace.cluster} is told of (--cluster picks)` } : {}) }
}
