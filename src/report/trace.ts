import type { Site } from '../manifests/position.ts'
import type { Step, Trace } from '../trace.ts'
import type { Paint } from './color.ts'
import { line } from './line.ts'
import type { JsonDiagnosis, JsonObserved } from './observed.ts'

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
}

export function traceJson(traces: readonly Trace[]): string {
  const report: TraceReport = { version: 1, traces: traces.map((one) => jsonTrace(one)) }
  return `${JSON.stringify(report, null, 2)}\n`
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

/** Traces for people: a line that says it all, then every location in the order of the configuration. With `quiet`, the first line alone. */
export function traceText(traces: readonly Trace[], paint: Paint, quiet: boolean): string {
  return traces.map((trace) => [head(trace, paint), ...(quiet ? [] : body(trace, paint))].map((one) => `${one}\n`).join('')).join(quiet ? '' : '\n')
}

function head({ image, reference, completedBy, cluster, version, verdict, hopeless }: Trace, paint: Paint): string {
  const known = version ? `OpenShift ${version.text}` : 'OpenShift version not known'
  const where = cluster === null ? '' : ` in ${cluster} (${known})`
  const standsFor = image === reference ? '' : ` = ${reference}`
  const by = completedBy && ('search' in completedBy ? ` (search registry ${completedBy.search})` : ' (alias)')
  return `${paint('bold', line(`${image}${standsFor}${by ?? ''}${where}:`))} ${paint(hopeless ? 'error' : 'info', line(verdict))}`
}

function body({ entry, steps, error }: Trace, paint: Paint): string[] {
  const lines = error === null ? [] : [`  ${paint('error', line(error))}`]
  if (entry) lines.push(`  entry \`${line(entry.prefix)}\`${at(entry.site, paint)}`)
  let number = 0
  return [...lines, ...steps.map((step) => stepLine(step, step.reference === null ? '-' : String(++number), paint))]
}

function stepLine({ reference, location, reason, blocked, site }: Step, number: string, paint: Paint): string {
  const mark = blocked ? paint('error', 'x') : number
  return `  ${' '.repeat(Math.max(2 - (blocked ? 1 : number.length), 0))}${mark} ${line(reference ?? location)}\n       ${line(reason)}${at(site, paint)}`
}

function at(site: Site | null, paint: Paint): string {
  return site ? ` ${paint('dim', line(`${site.file}:${site.line}:${site.column}`))}` : ''
}
