import { line } from './line.ts'

/** A line of YAML, and what is said beside it. */
export interface Row {
  text: string
  comment?: string
}

/** Rows as text, their comments below each other. */
export function rowsText(rows: readonly Row[]): string {
  const width = Math.min(Math.max(...rows.flatMap(({ text, comment }) => (comment === undefined ? [] : [text.length])), 0), 60)
  return rows.map(({ text, comment }) => `${line(comment === undefined ? text : `${text.padEnd(width)}  # ${comment}`)}\n`).join('')
}
