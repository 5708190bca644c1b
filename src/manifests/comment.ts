import type { Document, File } from './document.ts'
import { type Outline, outline, type Span } from './outline.ts'
import { chunks } from './parse.ts'
import { lineAt, lineCount, lineStart, lineText } from './position.ts'

/** A comment that says what is to be ignored. */
export interface Comment {
  /** Stands for the comment. */
  document: Document
  /** What follows `ignore`. */
  text: string
  /** The first and the last line that it is about, from 1; null where nothing comes below it. */
  lines: [first: number, last: number] | null
  /** The document that these lines belong to can be read; else all that is known is the line. */
  readable: boolean
}

const WORD = 'mirrorproof'
const DIRECTIVE = /(?<=^|\s)#+[ \t]*mirrorproof[ \t]*:[ \t]*ignore(?![\w-])([^\r\n]*)/gm
/** A line, without its comment, on which nothing begins that does not go on below: a marker, a directive, a lone dash. */
const PASSING = /^(?:%.*|(?:---|\.\.\.|[ \t]*-)?(?:[ \t]+[&!]\S+)*[ \t]*)$/

/**
 * The comments `# mirrorproof: ignore …` of a file. One on a line of its own is about what begins on the next line with something on it: an entry of a list with all in it,
 * a key with what is under it, at the top of a document all of it. One beside something is about what begins on its line.
 */
export function comments(file: File): Comment[] {
  if (!file.text.includes(WORD)) return []
  const parts = [...chunks(file.text)].map(([start, end]): Part => ({ start, end }))
  const found: Comment[] = []
  const directive = new RegExp(DIRECTIVE)
  const below = once(() => nextLines(file))
  for (let match = directive.exec(file.text); match; match = directive.exec(file.text)) {
    const scalar = scalarAt(file, parts, match.index)
    if (scalar) directive.lastIndex = scalar.end
    else if (!isCommentedOut(file, parts, match.index)) found.push(comment(file, parts, match, below()))
  }
  return found
}

/** A document of the file, from `start` to `end`; its lines are read when they are asked for. */
interface Part extends Span {
  lines?: Lines | null
}

/** Outlines in lines of the file: where what begins on a line ends. */
interface Lines {
  roots: Map<number, number>
  entries: Map<number, number>
  scalars: Span[]
}

function comment(file: File, parts: readonly Part[], match: RegExpExecArray, below: readonly number[]): Comment {
  const [whole, rest] = match
  const text = whole.trimEnd()
  const line = lineAt(file, match.index)
  const above = passes(file, line)
  const first = above ? below[line + 1] : line
  const document: Document = { file, start: match.index, end: match.index + text.length, index: 0, value: text, comment: true }
  if (first === undefined) return { document, text: rest!, lines: null, readable: true }
  const lines = linesAt(file, parts, lineStart(file, first) + lineText(file, first).length - 1) // a byte order mark before it is no part of its document
  if (!lines) return { document, text: rest!, lines: [first, first], readable: false }
  const last = (above ? lines.roots.get(first) : undefined) ?? lines.entries.get(first) ?? lines.roots.get(first) ?? first
  return { document, text: rest!, lines: [first, last], readable: true }
}

/** By line, the first one from there on that something stands on. */
function nextLines(file: File): number[] {
  const next: number[] = []
  for (let line = lineCount(file); line > 0; line--) {
    const after = next[line + 1]
    if (!passes(file, line)) next[line] = line
    else if (after !== undefined) next[line] = after
  }
  return next
}

function passes(file: File, line: number): boolean {
  return PASSING.test(lineText(file, line).replace(/^\ufeff/, '').replace(/(?:^|[ \t])#.*/s, ''))
}

/** A comment in a comment is part of what somebody took out. */
function isCommentedOut(file: File, parts: readonly Part[], offset: number): boolean {
  const start = lineStart(file, lineAt(file, offset))
  return [...file.text.slice(start, offset).matchAll(/(?<=^|\s)#/g)].some(({ index }) => !scalarAt(file, parts, start + index))
}

function scalarAt(file: File, parts: readonly Part[], offset: number): Span | undefined {
  const scalars = linesAt(file, parts, offset)?.scalars ?? []
  const found = scalars[lastBefore(scalars, offset)]
  return found && offset < found.end ? found : undefined
}

/** Undefined where the text at an offset cannot be read, or belongs to no document. */
function linesAt(file: File, parts: readonly Part[], offset: number): Lines | undefined {
  const part = parts[lastBefore(parts, offset)]
  if (!part || offset >= part.end) return undefined
  part.lines ??= linesOf(file, part)
  return part.lines ?? undefined
}

/** The index of the last span that begins at an offset or before it; -1 where none does. */
function lastBefore(spans: readonly Span[], offset: number): number {
  let [low, high] = [-1, spans.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (spans[middle]!.start <= offset) low = middle
    else high = middle - 1
  }
  return low
}

function linesOf(file: File, { start, end }: Part): Lines | null {
  const read = outline(file.text.slice(start, end))
  if (!read) return null
  const ends = (spans: Outline['entries']) => {
    const lines = new Map<number, number>()
    for (const span of spans) {
      const line = lineAt(file, start + span.start)
      if (!lines.has(line)) lines.set(line, lineAt(file, start + Math.max(span.end - 1, span.start)))
    }
    return lines
  }
  return { roots: ends(read.roots), entries: ends(read.entries), scalars: read.scalars.map((one) => ({ start: start + one.start, end: start + one.end })) }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}
