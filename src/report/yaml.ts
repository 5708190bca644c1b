import { line } from './line.ts'

/** A line of YAML, and what is said beside it. */
export interface Row {
  text: string
  comment?: string
}

/** Words that mean something else than themselves, to one reader of YAML or another. */
const MEANS = /^(?:true|false|yes|no|on|off|y|n|null|\.inf|\.nan|\.\d.*|\.\.\.)$/i

/** A scalar as any reader of YAML takes it for what it is. */
export function scalar(value: string | number | boolean | null): string {
  return typeof value === 'string' && /^[A-Za-z_./][\w./-]*$/.test(value) && !MEANS.test(value) ? value : JSON.stringify(value)
}

/** Rows as text, their comments below each other. */
export function rowsText(rows: readonly Row[]): string {
  const width = Math.min(Math.max(...rows.flatMap(({ text, comment }) => (comment === undefined ? [] : [text.length])), 0), 60)
  return rows.map(({ text, comment }) => `${line(comment === undefined ? text : `${text.padEnd(width)}  # ${comment}`)}\n`).join('')
}
