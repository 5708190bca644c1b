import type { Report } from '../check.ts'
import type { Site } from '../manifests/position.ts'
import type { Finding, Waived } from '../policy/finding.ts'
import type { Mend } from '../policy/mend.ts'
import { jsonImage, type JsonProbedImage } from './probe.ts'

/** What `check --format json` prints. Fields are only ever added. */
export interface CheckReport {
  version: 1
  findings: JsonFinding[]
  clusters: JsonCluster[]
  /** What was met and not judged. */
  skipped: JsonSkipped[]
  /** Findings that do not count. */
  waived: JsonWaived[]
  /** What the registries answered for each image; with `--probe` alone. */
  probed?: JsonProbedImage[]
  summary: {
    files: number
    documents: number
    resources: number
    errors: number
    warnings: number
    infos: number
    /** How many findings of the baseline are no longer found; absent where there is no baseline, or the run looked at a part only. */
    baselineGone?: number
  }
}

/** Lines and columns count from 1; columns count UTF-16 units; `endColumn` is the column after the last character. */
interface JsonSite {
  file: string
  line: number
  column: number
  endLine: number
  endColumn: number
}

export interface JsonFinding extends JsonSite {
  /** The rule's id; `mirrorproof rules ID` explains it. */
  rule: string
  level: 'error' | 'warning' | 'info'
  /** What is wrong here. */
  message: string
  /** What it does to the cluster. */
  why: string
  fix: string
  /** The rule's page, relative to the package; of a rule of your own, its .rego file. */
  docs: string
  /** The cluster in which it holds; null where that is none or more than one. */
  cluster: string | null
  /** All clusters in which it holds. */
  clusters: string[]
  /** The OpenShift version that these clusters go to next, where it does not hold, or not as badly, before that; else null. */
  next: string | null
  object: { apiVersion: string; kind: string; namespace?: string; name: string } | null
  /** Keys and indexes from the root of the YAML document. */
  path: (string | number)[]
  related: (JsonSite & { message: string })[]
  /** Stays the same when lines move. */
  fingerprint: string
  /** What of the files' texts would have to change for it to go away; null where nothing is known that would, and of findings that are waived or gone. */
  edits: JsonEdits | null
}

interface JsonEdits {
  /** `check --fix` does it, unless that would bring another finding; else somebody has to decide whether it is what is meant. */
  certain: boolean
  /** Spans of text, none of which overlap, and what stands there instead. */
  changes: (JsonSite & { text: string })[]
}

export interface JsonWaived extends JsonFinding {
  waiver: {
    by: 'comment' | 'annotation' | 'configuration' | 'baseline'
    /** Empty where none is given. */
    reason: string
    /** The last day on which it holds, as YYYY-MM-DD. */
    until: string | null
    /** Where it is written; null for the baseline. */
    file: string | null
    line: number | null
    column: number | null
  }
}

interface JsonCluster {
  name: string
  /** Null where the OpenShift version is not known. */
  openshift: string | null
  /** The version that it goes to next; null where none was looked ahead to. */
  next: string | null
  disconnected: boolean
  /** Nothing says whether it is disconnected, so it is taken not to be. */
  connectionAssumed: boolean
  mirrorSets: number
  images: number
}

export interface JsonSkipped {
  file: string
  line?: number
  reason: string
  message: string
}

/** A report as one JSON object. */
export function json(report: Report): string {
  return `${JSON.stringify(checkReport(report), null, 2)}\n`
}

/** What `json` prints. */
export function checkReport(report: Report): CheckReport {
  const count = (level: Finding['level']) => report.findings.filter((finding) => finding.level === level).length
  const gone = report.baseline?.gone ?? null
  return {
    version: 1,
    findings: report.findings.map((one) => finding(one, report.mends.of(one))),
    clusters: report.clusters.map(({ name, version, next, disconnected, reachKnown, mirrorSets, images }) => ({ name, openshift: version?.text ?? null, next: next?.text ?? null, disconnected, connectionAssumed: !reachKnown, mirrorSets, images })),
    skipped: report.skipped,
    waived: report.waived.map(waived),
    ...(report.probed ? { probed: report.probed.map(jsonImage) } : {}),
    summary: { ...report.read, errors: count('error'), warnings: count('warning'), infos: count('info'), ...(gone === null ? {} : { baselineGone: gone }) },
  }
}

/** A finding as JSON, with what would mend it. */
export function finding({ rule, level, message, why, fix, docs, clusters, next, object, site, path, related, fingerprint }: Finding, mend: Mend | undefined): JsonFinding {
  return {
    rule, level, message, why, fix, docs, cluster: clusters.length === 1 ? clusters[0]! : null, clusters, next, object,
    ...place(site), path: [...path], related: related.map((one) => ({ message: one.message, ...place(one.site) })), fingerprint,
    edits: mend ? { certain: mend.certain, changes: mend.changes.map((change) => ({ ...place(change.site), text: change.text })) } : null,
  }
}

/** A finding that does not count, as JSON. */
export function waived(one: Waived): JsonWaived {
  const { by, reason, until, site } = one.waiver
  return { ...finding(one, undefined), waiver: { by, reason, until, file: site?.file ?? null, line: site?.line ?? null, column: site?.column ?? null } }
}

function place({ file, line, column, endLine, endColumn }: Site): JsonSite {
  return { file, line, column, endLine, endColumn }
}
