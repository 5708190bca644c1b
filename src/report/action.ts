import type { Report } from '../check.ts'
import { type Change, type DiffReport, diffReport } from './diff.ts'
import { type CheckReport, checkReport } from './json.ts'

/** What the GitHub Action writes to its `json-file`. Fields are only ever added. */
export interface ActionReport extends CheckReport {
  /** What the change does; null where nothing was compared. */
  diff: DiffReport | null
}

/** What there is after a change, and what the change does, as one JSON object. */
export function actionJson(after: Report, change: Change | undefined): string {
  const report: ActionReport = { ...checkReport(after), diff: change ? diffReport(change) : null }
  return `${JSON.stringify(report, null, 2)}\n`
}
