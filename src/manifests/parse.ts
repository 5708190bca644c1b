import { constructFromEvents, EVENT_ID, type Event, YAMLException } from 'js-yaml'
import type { Document, File, Problem, Skipped } from './document.ts'
import { eventsOf } from './events.ts'
import { lineAt } from './position.ts'
import { KUBERNETES_SCHEMA, MOST_DEEP } from './yaml.ts'

/** Go's decoder refuses "excessive aliasing" too; ours is a plain count, checked before anything is expanded. */
const MOST_NODES = 1_000_000
const MARKER = /(?:^|[\r\n])---(?=\s|$)/g
const TEMPLATE = /\{\{|\{%/

/**
 * Reads the documents of a file, each on its own, so that a broken one does not hide the others.
 * In a file that the user did not name, documents that do not matter are passed over unread.
 */
export function parse(file: File, matters: (text: string) => boolean): { documents: Document[]; skipped: Skipped[] } {
  const documents: Document[] = []
  const skipped: Skipped[] = []
  for (const [start, end] of chunks(file.text)) {
    const text = file.text.slice(start, end)
    if (!file.named && !matters(text)) continue
    const { values, problem } = read(text, start)
    if (problem && !problem.readable && TEMPLATE.test(text)) {
      const message = 'a template that is no YAML until it is rendered'
      skipped.push({ file: file.path, line: lineAt(file, problem.offset), reason: 'template', message })
      continue
    }
    values.forEach((value, index) => documents.push({ file, start, end, index, value, ...(index === 0 && problem ? { problem } : {}) }))
  }
  return { documents, skipped }
}

/** A line that starts with `---` always begins a document, even inside a block scalar (YAML 1.2, c-forbidden). What holds nothing but comments is left out. */
export function* chunks(text: string): Generator<[number, number]> {
  let start = 0
  for (const match of text.matchAll(MARKER)) {
    const next = match.index + match[0].length - 3
    if (!isPrelude(text.slice(start, next))) yield [start, next]
    start = afterMark(text, next)
  }
  if (!isPrelude(text.slice(start))) yield [start, text.length]
}

/** Files that were put together keep a byte order mark at the start of a document; what stands before it is only the marker. */
function afterMark(text: string, start: number): number {
  const line = /---[^\r\n]*[\r\n]+\ufeff/y
  line.lastIndex = start
  return line.test(text) ? line.lastIndex : start
}

/** Nothing but comments and directives, which Kubernetes reads past. */
function isPrelude(text: string): boolean {
  return !/(?:^|[\r\n])(?![#%\r\n])[^\S\r\n]*\S/.test(text)
}

function read(text: string, start: number): { values: unknown[]; problem?: Problem } {
  const last = start + Math.max(text.trimEnd().length - 1, 0) // a parser complains of a missing end where the next document begins
  const fail = (error: unknown) => {
    const { message, offset } = reason(error, start)
    return { values: [undefined], problem: { message, offset: Math.min(offset, last), readable: false } }
  }
  let events: Event[]
  let source: string
  try {
    ;({ events, source } = eventsOf(text))
  } catch (error) {
    return fail(error)
  }
  const bomb = excess(events, source)
  if (bomb) return { values: [undefined], problem: { message: bomb.message, offset: start + bomb.offset, readable: false } }
  const options = { source, schema: KUBERNETES_SCHEMA }
  try {
    return { values: constructFromEvents(events, options) }
  } catch (error) {
    if (!(error instanceof YAMLException) || error.reason !== 'duplicated mapping key') return fail(error)
    const problem = { message: 'a key stands twice in one mapping, and only the last one counts', offset: start + (error.mark?.position ?? 0), readable: true }
    return { values: constructFromEvents(events, { ...options, json: true }), problem }
  }
}

function reason(error: unknown, start: number): { message: string; offset: number } {
  if (!(error instanceof YAMLException)) return { message: 'the YAML cannot be decoded', offset: start }
  if (error.reason.startsWith('nesting exceeded')) return { message: `it nests more than ${MOST_DEEP} levels deep`, offset: start + (error.mark?.position ?? 0) }
  // What follows a quote or a colon is quoted from the file, and may be a secret.
  return { message: error.reason.split(/[":!<]/, 1)[0]!.trim(), offset: start + (error.mark?.position ?? 0) }
}

/** How large aliases would make the document; an alias inside the node that it names is without end. */
function excess(events: Event[], text: string): { message: string; offset: number } | undefined {
  if (!events.some((event) => event.type === EVENT_ID.ALIAS)) return undefined
  const sizes = new Map<string, number>()
  const open: { size: number; anchor: string | undefined }[] = [{ size: 0, anchor: undefined }]
  const add = (size: number) => { open[open.length - 1]!.size += size }
  for (const event of events) {
    if (event.type === EVENT_ID.POP) {
      const { size, anchor } = open.pop()!
      if (anchor !== undefined) sizes.set(anchor, size)
      add(size)
    } else if (event.type === EVENT_ID.ALIAS) {
      const name = text.slice(event.anchorStart, event.anchorEnd)
      if (sizes.get(name) === Infinity) return { message: 'an alias stands inside the node that it names', offset: event.anchorStart - 1 }
      add(sizes.get(name) ?? 1)
    } else if (event.type === EVENT_ID.DOCUMENT) {
      sizes.clear()
      open.push({ size: 1, anchor: undefined })
    } else {
      const anchor = event.anchorStart < 0 ? undefined : text.slice(event.anchorStart, event.anchorEnd)
      const scalar = event.type === EVENT_ID.SCALAR
      if (anchor !== undefined) sizes.set(anchor, scalar ? 1 : Infinity)
      if (scalar) add(1)
      else open.push({ size: 1, anchor })
    }
    if (open[open.length - 1]!.size > MOST_NODES) return { message: `its aliases expand to more than ${MOST_NODES} values`, offset: 0 }
  }
  return undefined
}
