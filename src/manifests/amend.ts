import type { Document, File, Path } from './document.ts'
import { type Change, changeOf, type Edit, outwards } from './edit.ts'
import { Unsafe } from './extent.ts'
import { parse } from './parse.ts'
import { isObject } from './resource.ts'

/** An edit, and the document that it is of. */
export interface Amendment {
  document: Document
  edit: Edit
}

/** What a document is to say; of one that holds another in a string, the new string. */
interface Part {
  document: Document
  changes: Change[]
  meant: Edit
}

/**
 * The text of a file with edits of its documents, and of those in literal blocks of its documents. Read again, each of them says what was meant, and nothing else has changed.
 * @throws Unsafe where that cannot be had.
 */
export function amended(file: File, amendments: readonly Amendment[]): string {
  let parts = amendments.map(({ document, edit }): Part => {
    const edits = amendments.flatMap((one) => (one.document === document ? [one.edit] : []))
    return { document, changes: [changeOf(document, edit, edits)], meant: edit }
  })
  for (let deepest = depthOf(parts); deepest > 0; deepest--) {
    const inner = parts.filter(({ document }) => depth(document) === deepest)
    const files = groupedBy(inner, (part) => part.document.file)
    parts = [...parts.filter((part) => !inner.includes(part)), ...files.map(held)]
  }
  return rewritten(file, parts).text
}

/** How the text of the outermost file changes for one of several amendments, which nobody has read again yet. @throws Unsafe where that cannot be told. */
export function changesOf({ document, edit }: Amendment, amendments: readonly Amendment[]): Change[] {
  let changes = [changeOf(document, edit, amendments.flatMap((one) => (one.document === document ? [one.edit] : [])))]
  for (let inner = document; inner.within; inner = inner.within.document) changes = outwards(inner, changes)
  return changes
}

/** The changes to a text in a string, as those of the document around it. */
function held(parts: readonly [Part, ...Part[]]): Part {
  const [{ document }] = parts
  const { text, changes } = rewritten(document.file, parts)
  const { document: outer, path } = document.within!
  return { document: outer, changes: outwards(document, changes), meant: { op: 'replace', path, value: text } }
}

function depth(document: Document): number {
  return document.within ? 1 + depth(document.within.document) : 0
}

function depthOf(parts: readonly Part[]): number {
  return Math.max(0, ...parts.map(({ document }) => depth(document)))
}

function rewritten(file: File, parts: readonly Part[]): { text: string; changes: Change[] } {
  const changes = inOrder(file.text, parts.flatMap((part) => part.changes))
  const text = changes.reduceRight((before, change) => before.slice(0, change.start) + change.text + before.slice(change.end), file.text)
  for (const [{ document }] of groupedBy(parts, (part) => part.document.start)) {
    const [start, end] = [document.start, document.end].map((offset) => moved(offset, changes)) as [number, number]
    const chunk = (whole: string, from: number, to: number) => parse({ ...file, text: whole.slice(from, to), named: true }, () => true).documents
    const [before, after] = [chunk(file.text, document.start, document.end), chunk(text, start, end)]
    const meant = before.map(({ value, index }) => meantBy(value, parts.flatMap((part) => (part.document.start === document.start && part.document.index === index ? [part.meant] : []))))
    if (after.some(({ problem }) => problem) || JSON.stringify(after.map(({ value }) => value)) !== JSON.stringify(meant)) throw new Unsafe('something else would change with it, as what an anchor shares')
  }
  return { text, changes }
}

/** Where an offset is after changes before it. */
function moved(offset: number, changes: readonly Change[]): number {
  return changes.filter(({ end }) => end <= offset).reduce((sum, { start, end, text }) => sum + text.length - (end - start), offset)
}

/** Each once, and none inside another; what is removed up to the end of a text that has no last line break goes with the break before it. @throws Unsafe where two overlap. */
function inOrder(text: string, changes: readonly Change[]): Change[] {
  const sorted = [...changes].sort((a, b) => a.start - b.start || b.end - a.end)
  const kept: Change[] = []
  for (const change of sorted) {
    const last = kept.at(-1)
    const removed = last?.text === '' && change.text === ''
    if (removed && change.start === last.end) kept.splice(-1, 1, { ...last, end: change.end })
    else if (!last || change.start >= last.end) kept.push(change)
    else if (removed && change.end === text.length) kept.splice(-1, 1, { start: text.slice(0, last.start).replace(/(?:\r\n|\n|\r)$/, '').length, end: change.end, text: '' })
    else if (last.text !== change.text || change.end > last.end || (change.text !== '' && change.end !== last.end)) throw new Unsafe('two changes of it overlap')
  }
  return kept
}

/** A value with edits. Each is looked up in the value as it was. */
function meantBy(value: unknown, edits: readonly Edit[]): unknown {
  const root = { value: copy(value) }
  const found = edits.map((edit) => ({ edit, ...lookUp(root, ['value', ...edit.path]) }))
  for (const { edit, holder, key } of found) {
    if (edit.op === 'replace') holder[key] = edit.value
    if (edit.op === 'add') (holder[key] as unknown[]).push(edit.value)
  }
  for (const { edit, holder, key } of found) if (edit.op === 'rename') rename(holder, String(key), edit.key)
  const removed = found.filter(({ edit }) => edit.op === 'remove')
  for (const group of groupedBy(removed, (one) => one.holder)) {
    const [{ holder }] = group
    const keys = new Set(group.map(({ key }) => String(key)))
    if (Array.isArray(holder)) holder.splice(0, holder.length, ...(holder as unknown[]).filter((_, index) => !keys.has(String(index))))
    else for (const key of keys) delete holder[key]
  }
  return root.value
}

type Holder = Record<string | number, unknown>

function lookUp(root: Holder, path: Path): { holder: Holder; key: string | number } {
  let holder = root
  for (const step of path.slice(0, -1)) holder = holder[step] as Holder
  return { holder, key: path.at(-1)! }
}

/** Keys keep their order. */
function rename(holder: Holder, from: string, to: string): void {
  const entries = Object.entries(holder)
  for (const [key] of entries) delete holder[key]
  for (const [key, value] of entries) Object.defineProperty(holder, key === from ? to : key, { value, enumerable: true, writable: true, configurable: true })
}

/** Without what aliases share. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy)
  if (!isObject(value)) return value
  const made = {}
  for (const [key, inner] of Object.entries(value)) Object.defineProperty(made, key, { value: copy(inner), enumerable: true, writable: true, configurable: true })
  return made
}

function groupedBy<T>(all: readonly T[], by: (one: T) => unknown): [T, ...T[]][] {
  const groups = new Map<unknown, [T, ...T[]]>()
  for (const one of all) {
    const group = groups.get(by(one))
    if (group) group.push(one)
    else groups.set(by(one), [one])
  }
  return [...groups.values()]
}
