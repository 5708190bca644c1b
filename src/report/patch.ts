import { type StructuredPatchHunk, structuredPatch } from 'diff'
import { discreet, isDelicate } from '../manifests/discreet.ts'
import { chunks } from '../manifests/parse.ts'

/** A file before and after. */
export interface Edited {
  path: string
  before: string
  after: string
}

/** A unified diff that git and patch apply, without lines around a change that may hold a secret; where a line that changes does, that is all it says. */
export function patch({ path, before, after }: Edited): string {
  const { hunks } = structuredPatch(path, path, before, after, undefined, undefined, { context: 3 })
  if (hunks.some(({ lines }) => lines.some((line) => !line.startsWith(' ') && givesAway(line)))) return `${path}: a line that changes may hold a secret, too, so the change is not shown\n`
  const secret = secretLines(before)
  const shown = hunks.map((hunk) => trimmed(hunk, secret))
  return [`--- a/${path}\n+++ b/${path}\n`, ...shown.map(({ oldStart, oldLines, newStart, newLines, lines }) => `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@\n${lines.map((line) => `${line}\n`).join('')}`)].join('')
}

const SECRET = /(?:^|[\s{,-])["']?kind["']?[ \t]*:[ \t]*["']?Secret\b/m

/** A line that holds more than one field, as all of a file in one line does. */
function givesAway(line: string): boolean {
  return SECRET.test(line) || /pull-?secret|auths?\\?["']?[ \t]*:|passw|dockerconfig|stringData/i.test(line) || discreet(line) !== line
}

/** As git writes it: an empty side is counted from the line before. */
function range(start: number, lines: number): string {
  return lines === 1 ? String(start) : `${lines === 0 ? start - 1 : start},${lines}`
}

/** Up to the first line on either side that is not to be shown. */
function trimmed({ oldStart, newStart, lines }: StructuredPatchHunk, secret: ReadonlySet<number>): StructuredPatchHunk {
  const isContext = (line: string) => line.startsWith(' ')
  const first = lines.findIndex((line) => !isContext(line))
  const last = lines.findLastIndex((line) => !isContext(line))
  const hidden = (index: number) => isContext(lines[index]!) && (isDelicate(lines[index]!) || secret.has(oldStart + index - lines.slice(0, index).filter((line) => line.startsWith('+')).length))
  let [from, to] = [first, last + 1]
  while (from > 0 && !hidden(from - 1)) from--
  while (to < lines.length && !hidden(to)) to++
  const kept = lines.slice(from, to)
  const count = (side: string) => kept.filter((line) => isContext(line) || line.startsWith(side)).length
  return { oldStart: oldStart + from, newStart: newStart + from, oldLines: count('-'), newLines: count('+'), lines: kept }
}

/** The lines, from 1, of documents that are Secrets. */
function secretLines(text: string): Set<number> {
  const found = new Set<number>()
  for (const [start, end] of chunks(text)) {
    if (!SECRET.test(text.slice(start, end))) continue
    const before = text.slice(0, start).split('\n').length
    const count = text.slice(start, end).split('\n').length
    for (let line = before; line < before + count; line++) found.add(line)
  }
  return found
}
