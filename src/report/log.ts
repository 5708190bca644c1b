import type { Diagnosis, Row } from '../diagnosis/diagnosis.ts'
import { formatReference, parseReference, pulled } from '../registries/reference.ts'
import { at } from '../diagnosis/remedy.ts'
import type { Trace } from '../trace.ts'
import type { Paint } from './color.ts'
import { line } from './line.ts'
import { diagnosisJson, observedJson } from './observed.ts'
import { jsonTrace, type TraceReport } from './trace.ts'

/** What `trace --log --format json` prints: the traces, with what the log tells of each. */
export function logJson(diagnoses: readonly Diagnosis[]): string {
  const report: TraceReport = { version: 1, traces: diagnoses.map((one) => ({ ...jsonTrace(one.prediction?.trace ?? nothing(one.image)), observed: observedJson(one), diagnosis: diagnosisJson(one) })) }
  return `${JSON.stringify(report, null, 2)}\n`
}

/** There are no manifests to predict anything from. */
function nothing(image: string): Trace {
  const written = parseReference(image)
  const reference = 'error' in written ? { name: image } : pulled(written)
  return {
    image, reference: formatReference(reference), by: reference.digest === undefined ? 'tag' : 'digest', completedBy: undefined, cluster: null, version: undefined, entry: null, steps: [], error: null,
    verdict: 'is not predicted: there is no mirror configuration to predict it from', hopeless: false, incomplete: true,
  }
}

/** For people: what happened and what to do, then every location. With `quiet`, the first line alone. */
export function logText(diagnoses: readonly Diagnosis[], paint: Paint, quiet: boolean): string {
  return diagnoses.map((one) => [head(one, paint), ...(quiet ? [] : body(one, paint))].map((text) => `${text}\n`).join('')).join(quiet ? '' : '\n')
}

function head({ image, prediction, verdict, outcome }: Diagnosis, paint: Paint): string {
  const trace = prediction?.trace
  const known = trace?.version ? `OpenShift ${trace.version.text}` : 'OpenShift version not known'
  const where = trace && trace.cluster !== null ? ` in ${trace.cluster} (${known})` : ''
  return `${paint('bold', line(`${image}${where}:`))} ${paint(outcome === 'failed' ? 'error' : 'info', line(verdict))}`
}

function body({ image, causes, rows, notes, pull, outcome }: Diagnosis, paint: Paint): string[] {
  const failed = outcome === 'ok' ? 'info' : 'error'
  const why = causes.flatMap(({ means, change }, index) => [`  ${paint(failed, line(means))}`, ...(change === null || causes[index + 1]?.change === change ? [] : [`    to do: ${line(change)}`])])
  const times = pull && pull.times > 1 ? [`  the log shows this pull ${pull.times} times; this is the last`] : []
  let number = 0
  const digest = /@.*/.exec(image)?.[0] ?? ''
  const table = rows.map((row) => rowText(row, digest, row.observed && row.observed.reference !== null ? String(++number) : '-', paint))
  return [...why, ...times, ...table, ...notes.map((note) => `  note: ${line(note)}`)]
}

/** The digest is that of the image everywhere, so it is said once. */
function rowText({ step, observed, remark }: Row, digest: string, number: string, paint: Paint): string {
  const mark = observed?.outcome === 'failed' ? paint('error', 'x') : observed?.outcome === 'ok' ? paint('info', 'v') : '-'
  const answer = observed ? `${observed.outcome === 'ok' ? 'had the image' : observed.outcome === 'unknown' ? 'no answer in the log' : observed.class}, line ${observed.line} of the log` : remark!
  const reason = observed ? [...(remark === null ? [] : [remark]), ...(step ? [step.reason] : [])].join(', ') : step && step.reference !== null ? step.reason : ''
  const from = [...(reason ? [line(reason)] : []), ...(step?.site ? [paint('dim', line(at(step.site)))] : [])].join(' ')
  const message = observed?.message ? [`       ${paint('dim', line(observed.message))}`] : []
  const where = (observed?.reference ?? step?.reference ?? step?.location ?? 'the pull').replace(digest, '')
  return [`  ${mark} ${number.padStart(2)} ${line(where)}: ${line(answer)}`, ...(from ? [`       ${from}`] : []), ...message].join('\n')
}
