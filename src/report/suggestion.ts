import { isDelicate } from '../manifests/discreet.ts'
import type { Mend, Revision } from '../policy/mend.ts'
import { visible } from './line.ts'

/** How many lines of a suggestion are shown, and how long one may be, in characters. */
const MOST = 12
const LONGEST = 240

/** What would mend a finding, as a clause. */
export function suggestion({ words, certain }: Mend): string {
  return `${words.present}${certain ? ' (check --fix)' : ''}`
}

/** The lines that a mend changes, as a diff; undefined where that is too long to help, or a line of it may hold a secret. */
export function suggested({ changes }: Mend): string | undefined {
  const lines = hunks(changes).flatMap((hunk) => [`@@ ${hunk[0]!.file.path}:${hunk[0]!.site.line} @@`, ...linesOf(hunk)])
  return lines.length > MOST || lines.some((line) => line.length > LONGEST || isDelicate(line)) ? undefined : lines.map(visible).join('\n')
}

/** Changes by the lines that they share. */
function hunks(changes: readonly Revision[]): Revision[][] {
  const found: Revision[][] = []
  for (const change of changes) {
    const last = found.at(-1)?.at(-1)
    if (last && last.file === change.file && rangeOf(last).to > rangeOf(change).from) found.at(-1)!.push(change)
    else found.push([change])
  }
  return found
}

/** The lines around a change, as offsets; where it ends with a line break, that line's end is the last. */
function rangeOf({ file: { text }, start, end }: Revision): { from: number; to: number } {
  const from = text.lastIndexOf('\n', start - 1) + 1
  const next = text.indexOf('\n', end)
  return { from: start === 0 ? 0 : from, to: end > start && text[end - 1] === '\n' ? end : next < 0 ? text.length : next + 1 }
}

function linesOf(hunk: readonly Revision[]): string[] {
  const { text } = hunk[0]!.file
  const [{ from }, { to }] = [rangeOf(hunk[0]!), rangeOf(hunk.at(-1)!)]
  let after = ''
  let at = from
  for (const { start, end, text: put } of hunk) {
    after += text.slice(at, start) + put
    at = end
  }
  const split = (part: string) => (part === '' ? [] : part.replace(/\r?\n$/, '').split(/\r?\n/))
  return [...split(text.slice(from, to)).map((line) => `-${line}`), ...split(after + text.slice(at, to)).map((line) => `+${line}`)]
}
