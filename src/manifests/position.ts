import type { Document, File, Path } from './document.ts'
import { nodeOf, type Span } from './node.ts'

/** A place in a file. Lines and columns count from 1; `endColumn` is the column after the last character. */
export interface Site {
  file: string
  line: number
  column: number
  endLine: number
  endColumn: number
}

const lineStarts = new WeakMap<File, number[]>()

/**
 * Where the node at `path` stands; of its deepest existing ancestor where there is none. A collection is blamed on its key, as a reader
 * would point at it, and so is an empty value. What an alias or `<<` brings in is blamed on the alias. With `key`, the key itself.
 */
export function locate(document: Document, path: Path, key = false): Site {
  if (document.within) return locate(document.within.document, document.within.path)
  if (document.comment) return site(document.file, document.start, document.end)
  if (document.problem && (path.length === 0 || !document.problem.readable)) {
    return site(document.file, document.problem.offset, endOfLine(document.file, document.problem.offset))
  }
  const root = nodeOf(document)
  if (!root) return site(document.file, document.start, document.start)
  let node = root
  let span: Span = root
  for (const [depth, step] of path.entries()) {
    const merge = node.keys?.has(String(step)) === false ? node.keys.get('<<') : undefined
    if (merge) {
      span = merge.value
      break
    }
    const entry = node.keys?.get(String(step))
    const next = entry?.value ?? (typeof step === 'number' ? node.items?.[step] : undefined)
    if (!next || next.end < next.start) break // none, or an empty item of a list, which has no place of its own
    const wantsKey = entry && (next.collection || next.end === next.start || (key && depth === path.length - 1))
    span = wantsKey ? entry.key : next
    node = next
  }
  const whole = span === node && node.collection // no key to point at: an item of a list, or the document
  return site(document.file, span.start, whole ? endOfLine(document.file, span.start) : span.end)
}

/** The document that is a file's own: itself, or the one with the string that holds it. */
export function outermost(document: Document): Document {
  return document.within ? outermost(document.within.document) : document
}

/** A path from the root of the outermost document: of a manifest in a string, with the path of that string before its own. */
export function wholePath(document: Document, path: Path): Path {
  return document.within ? wholePath(document.within.document, [...document.within.path, ...path]) : path
}

/** The line of an offset, from 1. */
export function lineAt(file: File, offset: number): number {
  const starts = linesOf(file)
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return low + 1
}

/** How many lines a file has. */
export function lineCount(file: File): number {
  return linesOf(file).length
}

/** The offset that a line, counted from 1, begins at. */
export function lineStart(file: File, line: number): number {
  return linesOf(file)[line - 1]!
}

/** The text of a line, counted from 1, without its line break. */
export function lineText(file: File, line: number): string {
  const starts = linesOf(file)
  let end = starts[line] ?? file.text.length
  while (end > starts[line - 1]! && /[\r\n]/.test(file.text[end - 1]!)) end--
  return file.text.slice(starts[line - 1], end)
}

/** A span of a file's text, as a place in it. */
export function site(file: File, start: number, end: number): Site {
  const line = lineAt(file, start)
  const endLine = lineAt(file, end)
  const starts = linesOf(file)
  return { file: file.path, line, column: start - starts[line - 1]! + 1, endLine, endColumn: end - starts[endLine - 1]! + 1 }
}

function linesOf(file: File): number[] {
  let starts = lineStarts.get(file)
  if (!starts) {
    starts = [0]
    for (const match of file.text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length)
    lineStarts.set(file, starts)
  }
  return starts
}

function endOfLine(file: File, offset: number): number {
  const line = lineAt(file, offset)
  return linesOf(file)[line - 1]! + lineText(file, line).length
}
