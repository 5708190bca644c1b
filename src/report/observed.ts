import type { Diagnosis } from '../diagnosis/diagnosis.ts'
import type { Class } from '../log/class.ts'

/** A location that was tried, by a log. */
export interface JsonObserved {
  /** Null where the log does not say which location it was. */
  reference: string | null
  outcome: 'ok' | 'failed' | 'unknown'
  /** Null where it did not fail, or the log does not tell how it went. */
  class: Class | null
  /** In the words of the program, without secrets; null where it says nothing. */
  message: string | null
  /** Of the log, from 1. */
  line: number
  /** It was predicted; null where there is nothing to predict from. */
  predicted: boolean | null
  /** What the failure means here; null where it did not fail. */
  means: string | null
  /** What to change; null where nothing has to be. */
  change: string | null
}

/** How the log says that the pull went. */
export interface JsonDiagnosis {
  outcome: 'ok' | 'failed' | 'unknown'
  verdict: string
  /** How often the log shows the pull; the last time is told of. */
  times: number
  /** What is wrong and what to change, what comes first at the top: that the node has another configuration, too, and what failed at each location. */
  causes: { means: string; change: string | null }[]
  /** What the log cannot show of a pod. */
  notes: string[]
}

export function observedJson({ rows, prediction }: Diagnosis): JsonObserved[] {
  const tried = rows.flatMap((row) => (row.observed ? [{ ...row, observed: row.observed }] : [])).sort((a, b) => a.observed.line - b.observed.line)
  return tried.map(({ observed, step, cause }) => ({
    reference: observed.reference, outcome: observed.outcome, class: observed.class, message: observed.message, line: observed.line,
    predicted: prediction && observed.reference !== null ? step !== null : null, means: cause?.means ?? null, change: cause?.change ?? null,
  }))
}

export function diagnosisJson({ outcome, verdict, causes, notes, pull }: Diagnosis): JsonDiagnosis {
  return { outcome, verdict, times: pull?.times ?? 0, causes, notes }
}
