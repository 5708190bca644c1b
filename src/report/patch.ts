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
  const name = path.replace(/^\//, '') + (/\s/.test(path) ? '\t' : '') // as git writes it, so that a name may have blanks
  return [`--- a/${name}\n+++ b/${name}\n`, ...shown.map(({ oldStart, oldLines, newStart, newLines, lines }) => `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@\n${lines.map((line) => `${line}\n`).join('')}`)].join('')
}

const SECRET = /(?:^|[\s{,-])["']?kind["']?[ \t]*:[ \t]*["']?Secret\b/m

/** A line with somebody's password, or with other fields than those that change, as where all of a file stands in one line. */
function givesAway(line: string): boolean {
  const fields = line.match(/["']?[\w.-]+["']?[ \t]*:/g) ?? []
  return discreet(line) !== line || (fields.length > 1 && (SECRET.test(line) || /pull-?secret|auths?\\?["']?[ \t]*:|passw|dockerconfig|stringData/i.test(line)))
}

/** As git writes it: an empty side is counted from the line before. */
function range(start: number, lines: number): string {
  return lines === 1 ? String(start) : `${lines === 0 ? start - 1 : start},${lines}`
}

/** Up to the first line on either side that is not to be shown. A line that begins with a backslash says that the one before it has no line break. */
function trimmed({ oldStart, newStart, lines }: StructuredPatchHunk, secret: ReadonlySet<number>): StructuredPatchHunk {
  const isChange = (line: string) => /^[-+]/.test(line)
  const numbers = lines.map((_, index) => oldStart + lines.slice(0, index).filter((line) => /^[- ]/.test(line)).length)
  const isHidden = (index: number) => isDelicate(lines[index]!) || secret.has(numbers[index]!)
  let from = lines.findIndex(isChange)
  let to = lines.findLastIndex(isChange) + 1
  while (from > 0 && !isHidden(from - 1)) from--
  while (to < lines.length && (lines[to]!.startsWith('\\') || !isHidden(to))) to++
  const kept = lines.slice(from, to)
  const count = (sides: RegExp) => kept.filter((line) => sides.test(line)).length
  return { oldStart: oldStart + from, newStart: newStart + from, oldLines: count(/^[- ]/), newLines: count(/^[+ ]/), lines: kept }
}

/** The lines, from 1, of documents that are Secrets. */
function secretLines(text: string): Set<number> {
  const found = new Set<number>()
  for (const [start, end] of chunks(text)) {
    if (!SECRET.test(text.slice(start, end))) continue
    const before = text.slice(0, start).split('\n').length
    const count = text.slice(start, end).replace(/\n$/, '').split('\n').length
    for (let line = before; line < before + count; line++) found.add(line)
  }
  return found
}
