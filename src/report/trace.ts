import type { Site } from '../manifests/position.ts'
import type { ProbedTrace } from '../diagnosis/answer.ts'
import type { Step, Trace } from '../trace.ts'
import type { Paint } from './color.ts'
import { line } from './line.ts'
import type { JsonDiagnosis, JsonObserved } from './observed.ts'
import { answerText, conclusionText, type JsonAnswer, jsonAnswer } from './probe.ts'

/** What `trace --format json` prints. Fields are only ever added. */
export interface TraceReport {
  version: 1
  /** One for each image and cluster; several for a short name, in the order in which nodes try them. */
  traces: JsonTrace[]
}

/** Lines and columns count from 1. */
interface JsonSite {
  file: string
  line: number
  column: number
}

interface JsonTrace {
  /** As given. */
  image: string
  /** What the node pulls: normalised, without a tag where there is a digest. */
  reference: string
  by: 'digest' | 'tag'
  /** The search registry or alias that completes a short name; null where the image names its registry. */
  completedBy: { search: string } | { alias: string } | null
  /** Null where no manifest tells, and for a node's own file. */
  cluster: string | null
  /** Null where the OpenShift version is not known; the newest is assumed. */
  openshift: string | null
  /** The `[[registry]]` that decides; null where none does. */
  entry: { prefix: string; site: JsonSite | null } | null
  /** Why the pull fails whatever the registries answer. */
  error: string | null
  /** What becomes of the pull, in one sentence. */
  verdict: string
  /** Something that may hold mirror configuration was not read; stderr names it. */
  incomplete: boolean
  attempts: { reference: string; mirror: boolean; insecure: boolean; blocked: { prefix: string } | null; reason: string; site: JsonSite | null }[]
  /** Mirrors of the entry that are not tried. */
  skipped: { location: string; reason: string; site: JsonSite | null }[]
  /** With `--log`: what the log tells, in its order. */
  observed?: JsonObserved[]
  /** With `--log`: how the pull went. */
  diagnosis?: JsonDiagnosis
  /** What the registries answered, in the order of the attempts, those that are blocked left out; with `--probe` alone. */
  probed?: JsonAnswer[]
  /** What becomes of the pull by these answers, in one sentence; with `--probe` alone. */
  probedVerdict?: string
}

/** What the registries answered, by trace. */
export type Probed = ReadonlyMap<Trace, ProbedTrace>

export function traceJson(traces: readonly Trace[], probed: Probed = new Map()): string {
  const report: TraceReport = { version: 1, traces: traces.map((trace) => ({ ...jsonTrace(trace), ...jsonProbed(probed.get(trace)) })) }
  return `${JSON.stringify(report, null, 2)}\n`
}

function jsonProbed(asked: ProbedTrace | undefined): Pick<JsonTrace, 'probed' | 'probedVerdict'> {
  return asked ? { probed: [...asked.answers.values()].map(jsonAnswer), probedVerdict: asked.conclusion.verdict } : {}
}

export function jsonTrace({ image, reference, by, completedBy, cluster, version, entry, steps, error, verdict, incomplete }: Trace): JsonTrace {
  return {
    image, reference, by, completedBy: completedBy ?? null, cluster, openshift: version?.text ?? null,
    entry: entry && { prefix: entry.prefix, site: place(entry.site) },
    error, verdict, incomplete,
    attempts: steps.flatMap(({ reference: tried, mirror, insecure, blocked, reason, site }) => (tried === null ? [] : [{ reference: tried, mirror, insecure, blocked, reason, site: place(site) }])),
    skipped: steps.flatMap(({ reference: tried, location, reason, site }) => (tried === null ? [{ location, reason, site: place(site) }] : [])),
  }
}

function place(site: Site | null): JsonSite | null {
  return site && { file: site.file, line: site.line, column: site.column }
}

/** Traces for people: a line that says it all, then every location in the order of the configuration. What registries answered stands below each. With `quiet`, the first line alone, and what follows from their answers. */
export function traceText(traces: readonly Trace[], paint: Paint, quiet: boolean, probed: Probed = new Map()): string {
  return traces.map((trace) => [head(trace, paint), ...(quiet ? [] : body(trace, paint, probed.get(trace)?.answers)), ...asked(trace, paint, probed)].map((one) => `${one}\n`).join('')).join(quiet ? '' : '\n')
}

function head({ image, reference, completedBy, cluster, version, verdict, hopeless }: Trace, paint: Paint): string {
  const known = version ? `OpenShift ${version.text}` : 'OpenShift version not known'
  const where = cluster === null ? '' : ` in ${cluster} (${known})`
  const standsFor = image === reference ? '' : ` = ${reference}`
  const by = completedBy && ('search' in completedBy ? ` (search registry ${completedBy.search})` : ' (alias)')
  return `${paint('bold', line(`${image}${standsFor}${by ?? ''}${where}:`))} ${paint(hopeless ? 'error' : 'info', line(verdict))}`
}

function asked(trace: Trace, paint: Paint, probed: Probed): string[] {
  const known = probed.get(trace)
  return known ? [conclusionText(known.conclusion, paint)] : []
}

function body({ entry, steps, error }: Trace, paint: Paint, answers: ProbedTrace['answers'] = new Map()): string[] {
  const lines = error === null ? [] : [`  ${paint('error', line(error))}`]
  if (entry) lines.push(`  entry \`${line(entry.prefix)}\`${at(entry.site, paint)}`)
  let number = 0
  return [...lines, ...steps.flatMap((step) => [stepLine(step, step.reference === null ? '-' : String(++number), paint), ...answerText(step, answers, paint)])]
}

function stepLine({ reference, location, reason, blocked, site }: Step, number: string, paint: Paint): string {
  const mark = blocked ? paint('error', 'x') : number
  return `  ${' '.repeat(Math.max(2 - (blocked ? 1 : number.length), 0))}${mark} ${line(reference ?? location)}\n       ${line(reason)}${at(site, paint)}`
}

function at(site: Site | null, paint: Paint): string {
  return site ? ` ${paint('dim', line(`${site.file}:${site.line}:${site.column}`))}` : ''
}
