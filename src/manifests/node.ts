import { COLLECTION_STYLE, EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from 'js-yaml'
import type { Document, File } from './document.ts'
import { eventsOf } from './events.ts'

/** A span of the file's text, as offsets. */
export interface Span {
  start: number
  end: number
}

/** A node of a document, with where it stands; collections know their children. The end of a collection is its start; see `extent`. */
export interface Node extends Span {
  collection: boolean
  /** A collection in brackets. */
  flow?: true
  keys?: Map<string, { key: Span; value: Node }>
  items?: Node[]
  /** Of a block scalar, which else is its first line: all of it, and how far its lines are indented. */
  block?: Span & { indent: number; literal: boolean }
  /** It says nothing; it stands where its key ends. */
  empty?: true
  /** Of an alias: what it names. */
  names?: Node
}

const trees = new WeakMap<File, Map<number, Node[]>>()

/** The root of a document; undefined where the document holds nothing. */
export function nodeOf(document: Document): Node | undefined {
  const cache = trees.get(document.file) ?? new Map<number, Node[]>()
  trees.set(document.file, cache)
  let roots = cache.get(document.start)
  if (!roots) {
    roots = build(document.file.text.slice(document.start, document.end), document.start)
    cache.set(document.start, roots)
  }
  return roots[document.index]
}

/** One pass over the parser's events, without recursion: depth is the writer's to choose. */
function build(text: string, base: number): Node[] {
  const roots: Node[] = []
  const anchors = new Map<string, Node>()
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
  const anchored = (node: Node, { anchorStart, anchorEnd }: { anchorStart: number; anchorEnd: number }) => {
    if (anchorStart >= 0) anchors.set(source.slice(anchorStart, anchorEnd), node)
    return node
  }
  for (const event of events) {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        anchors.clear()
        break
      case EVENT_ID.POP: {
        const done = open.pop()
        if (done) close(done.node, '')
        break
      }
      case EVENT_ID.MAPPING:
      case EVENT_ID.SEQUENCE: {
        const children = event.type === EVENT_ID.MAPPING ? { keys: new Map() } : { items: [] }
        const node: Node = { start: base + event.start, end: base + event.start, collection: true, ...(event.style === COLLECTION_STYLE.FLOW ? { flow: true } : {}), ...children }
        open.push({ node: anchored(node, event) })
        break
      }
      case EVENT_ID.ALIAS: {
        const names = anchors.get(source.slice(event.anchorStart, event.anchorEnd))
        close({ start: base + event.anchorStart - 1, end: base + event.anchorEnd, collection: false, ...(names ? { names } : {}) }, '')
        break
      }
      case EVENT_ID.SCALAR:
        close(anchored(scalar(source, event, base), event), event.valueStart < 0 ? '' : getScalarValue(source, event))
    }
  }
  return roots
}

/** A quoted scalar includes its quotes, a block scalar is its first line; an absent one has an end before its start until its key is known. */
function scalar(text: string, event: Extract<Event, { type: typeof EVENT_ID.SCALAR }>, base: number): Node {
  const { valueStart, valueEnd, style } = event
  if (valueStart < 0) return { start: base, end: base - 1, collection: false, empty: true }
  if (style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK) {
    const [, indent, line] = /^(\s*)([^\r\n]*)/.exec(text.slice(valueStart, valueEnd))!
    const start = base + valueStart + indent!.length
    const block = { start: base + valueStart, end: base + valueEnd, indent: event.indent, literal: style === SCALAR_STYLE.LITERAL_BLOCK }
    return { start, end: start + line!.length, collection: false, block }
  }
  const quotes = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED ? 1 : 0
  return { start: base + valueStart - quotes, end: base + valueEnd + quotes, collection: false }
}
