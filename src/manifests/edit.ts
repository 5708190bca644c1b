import { load } from 'js-yaml'
import type { Document, Path } from './document.ts'
import { afterBreak, type Entry, endOf, endOfEntry, endOfLine, entriesOf, lineOf, startOfEntry, Unsafe } from './extent.ts'
import { type Node, nodeOf } from './node.ts'
import { scalar } from './write.ts'
import { KUBERNETES_SCHEMA } from './yaml.ts'

/** A change of one value of a document, by its path from the document's root. */
export type Edit =
  /** Another string or number in the place of the one that stands there. */
  | { op: 'replace'; path: Path; value: string }
  /** Another name for a key. */
  | { op: 'rename'; path: Path; key: string }
  /** No such key, or item, any more. */
  | { op: 'remove'; path: Path }
  /** One more string at the end of a list. */
  | { op: 'add'; path: Path; value: string }

/** A span of a file's text, and what is to stand there instead. */
export interface Change {
  start: number
  end: number
  text: string
}

/** How the text of a document's own file has to change for an edit, one of `edits`; everything else keeps standing as it does. @throws Unsafe where that cannot be done. */
export function changeOf(document: Document, edit: Edit, edits: readonly Edit[]): Change {
  if (document.problem) throw new Unsafe(`the document cannot be relied on: ${document.problem.message}`)
  const { text } = document.file
  const { parent, index, entry } = find(document, edit.path)
  switch (edit.op) {
    case 'replace': return replaced(text, entry.value, edit.value, parent.flow === true)
    case 'rename': return { ...entry.key!, text: quoted(text.slice(entry.key!.start, entry.key!.end), edit.key, parent.flow === true) }
    case 'remove': return parent.flow ? removedFromFlow(text, parent, index, removedWith(document, parent, edits)) : removedLines(text, parent, index)
    case 'add': return added(text, entry.value, edit.value)
  }
}

/** The entry that a path names, in the collection that it really stands in: behind aliases and merges. */
function find(document: Document, path: Path): { parent: Node; index: number; entry: Entry } {
  let value = nodeOf(document)
  let found: { parent: Node; index: number; entry: Entry } | undefined
  for (const step of path) {
    while (value?.names) value = value.names
    const parent = value && holder(value, String(step))
    const index = parent?.keys ? [...parent.keys.keys()].indexOf(String(step)) : Number(step)
    const entry = parent && entriesOf(parent)[index]
    if (!parent || !entry) throw new Unsafe('it does not stand in the text as it is')
    found = { parent, index, entry }
    value = entry.value
  }
  if (!found) throw new Unsafe('it is the document itself')
  return found
}

/** The mapping that a key stands in: this one, or one that it merges. */
function holder(node: Node, key: string): Node | undefined {
  if (!node.keys || node.keys.has(key)) return node
  let merged = node.keys.get('<<')?.value
  while (merged?.names) merged = merged.names
  return merged && holder(merged, key)
}

function replaced(text: string, node: Node, value: string, flow: boolean): Change {
  if (node.names) return replaced(text, node.names, value, true)
  if (node.collection || node.block || node.empty) throw new Unsafe('what stands there is no text on a line')
  return { start: node.start, end: node.end, text: quoted(text.slice(node.start, node.end), value, flow) }
}

/** A string, quoted as the one that it replaces is; where that has no quotes, only if it needs them. */
function quoted(old: string, value: string, flow: boolean): string {
  if (old.startsWith('\'') && !/[\r\n]/.test(value)) return `'${value.replaceAll('\'', '\'\'')}'`
  if (old.startsWith('"') || old.startsWith('\'')) return JSON.stringify(value)
  return isPlain(value, flow) ? value : scalar(value)
}

/** Whether a string can stand without quotes. */
function isPlain(value: string, flow: boolean): boolean {
  try {
    const read = load(flow ? `[${value}]` : `- ${value}`, { schema: KUBERNETES_SCHEMA }) as unknown[]
    return read.length === 1 && read[0] === value
  } catch {
    return false
  }
}

/** Which entries of a collection are removed. */
function removedWith(document: Document, parent: Node, edits: readonly Edit[]): Set<number> {
  const found = edits.flatMap((edit) => (edit.op === 'remove' ? [find(document, edit.path)] : []))
  return new Set(found.flatMap((one) => (one.parent === parent ? [one.index] : [])))
}

/** With the comma before it, or the one behind it where nothing stays before it; a comment on what stays is kept. */
function removedFromFlow(text: string, parent: Node, index: number, removed: ReadonlySet<number>): Change {
  const entries = entriesOf(parent)
  const start = startOfEntry(text, parent, index)
  const end = endOfEntry(text, entries[index]!)
  const before = index > 0 ? endOfEntry(text, entries[index - 1]!) : start
  const isFirst = entries.every((_, other) => other >= index || removed.has(other))
  if (!isFirst && !text.slice(before, start).includes('#')) return { start: before, end, text: '' }
  return { start, end: index + 1 < entries.length ? startOfEntry(text, parent, index + 1) : end, text: '' }
}

/** Whole lines, with the comment at their end; a comment above them stays. */
function removedLines(text: string, parent: Node, index: number): Change {
  const entries = entriesOf(parent)
  if (entries.length === 1) throw new Unsafe('nothing would be left around it')
  const start = startOfEntry(text, parent, index)
  const end = withoutBlankLines(text, start, endOfEntry(text, entries[index]!))
  const line = lineOf(text, start)
  if (text.slice(line, start).trim() === '') {
    const last = text.slice(end - 1, end) === '\n' ? end : afterBreak(text, endOfLine(text, end))
    return last === text.length && !/[\r\n]$/.test(text) ? { start: beforeBreak(text, line), end: last, text: '' } : { start: line, end: last, text: '' }
  }
  if (index + 1 === entries.length) throw new Unsafe('it shares its line with what stays')
  const next = startOfEntry(text, parent, index + 1)
  if (text.slice(lineOf(text, next), next).trim() !== '' || text.slice(end, next).includes('#')) throw new Unsafe('it shares its line with what stays')
  return { start, end: next, text: '' }
}

/** A block scalar reaches to the next line with something on it; the blank ones before that stay. */
function withoutBlankLines(text: string, start: number, end: number): number {
  return start + text.slice(start, end).replace(/(\r\n|\n|\r)[ \t\r\n]*$/, '$1').length
}

function beforeBreak(text: string, line: number): number {
  return text.startsWith('\r\n', line - 2) ? line - 2 : Math.max(line - 1, 0)
}

/** At the end of a list, as its last item is written. */
function added(text: string, list: Node, value: string): Change {
  if (list.names) return added(text, list.names, value)
  if (!list.items) throw new Unsafe('what stands there is no list')
  const last = list.items.at(-1)
  const like = last && !last.collection && !last.block ? text.slice(last.start, last.end) : ''
  if (list.flow) {
    const end = last ? endOf(text, last) : list.start + 1
    return { start: end, end, text: `${last ? ', ' : ''}${quoted(like, value, true)}` }
  }
  const start = startOfEntry(text, list, list.items.length - 1)
  const indent = text.slice(lineOf(text, start), start)
  if (indent.trim() !== '') throw new Unsafe('it shares its line with what stays')
  const end = endOfLine(text, endOf(text, last!))
  const newline = text.slice(end, afterBreak(text, end)) || (text.includes('\r\n') ? '\r\n' : '\n')
  return { start: end, end, text: `${newline}${indent}- ${quoted(like, value, false)}` }
}

/**
 * What changes of a text are in the document that holds it: in a literal block, where its lines stand as they are but for their indentation, or in quotes on one line that hold it as it is.
 * @throws Unsafe where it stands in another kind of string.
 */
export function outwards(inner: Document, changes: readonly Change[]): Change[] {
  const { document, path } = inner.within!
  const { value } = find(document, path).entry
  return value.block?.literal ? inBlock(inner, value.block, changes) : inQuotes(inner, value, changes)
}

function inQuotes({ file, within }: Document, { start, end, block }: Node, changes: readonly Change[]): Change[] {
  const written = within!.document.file.text.slice(start, end)
  const [quote] = written
  const isPlainIn = (text: string) => !text.includes(quote!) && !/[\r\n]/.test(text) && (quote === '\'' || !text.includes('\\'))
  if (block || (quote !== '\'' && quote !== '"') || written.slice(1, -1) !== file.text || !isPlainIn(file.text) || !changes.every(({ text }) => isPlainIn(text))) {
    throw new Unsafe('it stands in a string that is neither a literal block (`|`) nor the text as it is, in quotes on one line')
  }
  return changes.map((change) => ({ ...change, start: start + 1 + change.start, end: start + 1 + change.end }))
}

function inBlock({ file, within }: Document, block: NonNullable<Node['block']>, changes: readonly Change[]): Change[] {
  const { document } = within!
  const outer = document.file.text
  const lines = [...outer.slice(block.start, block.end).matchAll(/([^\r\n]*)(?:\r\n|\n|\r|$)/g)].map((match) => ({ start: block.start + match.index, text: match[1]! }))
  const starts = [0, ...[...file.text.matchAll(/\n/g)].map(({ index }) => index + 1)]
  const place = (offset: number, whole: boolean) => {
    const number = starts.findLastIndex((start) => start <= offset)
    const line = lines[number]
    const inner = file.text.slice(starts[number], starts[number + 1] ?? file.text.length).replace(/\n$/, '')
    if (!line || line.text.slice(block.indent) !== inner) throw new Unsafe('it stands in a string in which its lines are not as they are')
    return whole ? line.start : line.start + Math.min(line.text.length, block.indent + offset - starts[number]!)
  }
  const newline = outer.includes('\r\n') ? '\r\n' : '\n'
  return changes.map(({ start, end, text }) => {
    const whole = text === '' && starts.includes(start) && starts.includes(end)
    return { start: place(start, whole), end: place(end, whole), text: text.replaceAll(/\r?\n/g, `${newline}${' '.repeat(block.indent)}`) }
  })
}
