import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from 'js-yaml'
import type { Document, File, Path } from './document.ts'
import { eventsOf } from './events.ts'

/** A place in a file. Lines and columns count from 1; `endColumn` is the column after the last character. */
export interface Site {
  file: string
  line: number
  column: number
  endLine: number
  endColumn: number
}

/** A span of the file's text, as offsets. */
interface Span {
  start: number
  end: number
}

/** A node of a document, with where it stands; collections know their children. */
interface Node extends Span {
  collection: boolean
  keys?: Map<string, { key: Span; value: Node }>
  items?: Node[]
}

const lineStarts = new WeakMap<File, number[]>()
const trees = new WeakMap<File, Map<number, Node[]>>()

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
  const root = tree(document)[document.index]
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

function site(file: File, start: number, end: number): Site {
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

function tree(document: Document): Node[] {
  const cache = trees.get(document.file) ?? new Map<number, Node[]>()
  trees.set(document.file, cache)
  let roots = cache.get(document.start)
  if (!roots) {
    roots = build(document.file.text.slice(document.start, document.end), document.start)
    cache.set(document.start, roots)
  }
  return roots
}

/** One pass over the parser's events, without recursion: depth is the writer's to choose. */
function build(text: string, base: number): Node[] {
  const roots: Node[] = []
  const open: { node: Node; key?: { name: string; span: Span } | undefined }[] = []
  const close = (node: Node, name: string) => {
    const parent = open[open.length - 1]
    if (!parent) roots.push(node)
    else if (parent.node.items) parent.node.items.push(node)
    else if (!parent.key) parent.key = { name, span: node }
    else {
      if (node.end < node.start) node.start = node.end = parent.key.span.end
      parent.node.keys!.set(parent.key.name, { key: parent.key.span, value: node })
      parent.key = undefined
    }
  }
  const { events, source } = eventsOf(text)
  for (const event of events) {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        break
      case EVENT_ID.POP: {
        const done = open.pop()
        if (done) close(done.node, '')
        break
      }
      case EVENT_ID.MAPPING:
        open.push({ node: { start: base + event.start, end: base + event.start, collection: true, keys: new Map() } })
        break
      case EVENT_ID.SEQUENCE:
        open.push({ node: { start: base + event.start, end: base + event.start, collection: true, items: [] } })
        break
      case EVENT_ID.ALIAS:
        close({ start: base + event.anchorStart - 1, end: base + event.anchorEnd, collection: false }, '')
        break
      case EVENT_ID.SCALAR:
        close(scalar(source, event, base), event.valueStart < 0 ? '' : getScalarValue(source, event))
    }
  }
  return roots
}

/** A quoted scalar includes its quotes, a block scalar is its first line; an absent one has an end before its start until its key is known. */
function scalar(text: string, event: Extract<Event, { type: typeof EVENT_ID.SCALAR }>, base: number): Node {
  const { valueStart, valueEnd, style } = event
  if (valueStart < 0) return { start: base, end: base - 1, collection: false }
  if (style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK) {
    const [, indent, line] = /^(\s*)([^\r\n]*)/.exec(text.slice(valueStart, valueEnd))!
    return { start: base + valueStart + indent!.length, end: base + valueStart + indent!.length + line!.length, collection: false }
  }
  const quotes = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED ? 1 : 0
  return { start: base + valueStart - quotes, end: base + valueEnd + quotes, collection: false }
}
