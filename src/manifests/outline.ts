import { EVENT_ID, type Event, SCALAR_STYLE } from 'js-yaml'
import { eventsOf } from './events.ts'

/** Which lines the parts of a YAML text take; all figures are offsets in it. */
export interface Outline {
  /** What begins in the text of documents as a whole, and where that ends. */
  roots: Span[]
  /** Keys with what is under them, and entries of lists with all in them, outer ones before those that they hold. */
  entries: Span[]
  /** Scalars in which there is a `#`, which begins no comment there. */
  scalars: Span[]
}

export interface Span {
  start: number
  /** After the last character. */
  end: number
}

/** A node whose end is not yet known; `entry` is the part of a collection that is being read. */
interface Open {
  type: Event['type']
  start: number
  entry?: Span | undefined
  /** Of a mapping: its key has been read. */
  keyed?: boolean
}

/** Reads a YAML text for its lines; undefined where it is none. In one pass, without recursion: depth is the writer's to choose. */
export function outline(text: string): Outline | undefined {
  let read: ReturnType<typeof eventsOf>
  try {
    read = eventsOf(text)
  } catch {
    return undefined
  }
  const { events, source } = read
  const result: Outline = { roots: [], entries: [], scalars: [] }
  const open: Open[] = []
  let reached = 0 // events come in the order of the text, so what closes ends where the last scalar did
  const begin = (start: number) => {
    const parent = open.at(-1)
    if (!parent || parent.type === EVENT_ID.DOCUMENT || parent.keyed) return
    parent.entry = { start, end: start }
    result.entries.push(parent.entry)
  }
  const close = (start: number) => {
    const parent = open.at(-1)
    if (!parent) return
    if (parent.type === EVENT_ID.DOCUMENT) result.roots.push({ start, end: reached })
    else if (parent.type === EVENT_ID.MAPPING && !parent.keyed) parent.keyed = true
    else {
      if (parent.entry) parent.entry.end = reached
      parent.entry = undefined
      parent.keyed = false
    }
  }
  for (const event of events) {
    if (event.type === EVENT_ID.POP) {
      const done = open.pop()!
      if (done.type !== EVENT_ID.DOCUMENT) close(done.start)
    } else if (event.type === EVENT_ID.DOCUMENT) open.push({ type: event.type, start: 0 })
    else if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
      begin(event.start)
      open.push({ type: event.type, start: event.start })
    } else {
      const span = event.type === EVENT_ID.ALIAS ? { start: event.anchorStart - 1, end: event.anchorEnd } : scalar(source, event)
      if (span) {
        if (source.slice(span.start, span.end).includes('#')) result.scalars.push(span)
        begin(span.start)
        reached = span.end
      }
      close(span?.start ?? reached)
    }
  }
  return result
}

/** With its quotes, and of a block scalar without the empty lines behind it; undefined for an empty value, which stands nowhere. */
function scalar(source: string, { valueStart, valueEnd, style }: Extract<Event, { type: typeof EVENT_ID.SCALAR }>): Span | undefined {
  if (valueStart < 0) return undefined
  const quotes = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED ? 1 : 0
  return { start: valueStart - quotes, end: valueStart + source.slice(valueStart, valueEnd).trimEnd().length + quotes }
}
