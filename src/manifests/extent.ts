import type { Node, Span } from './node.ts'

/** The entries of a collection, in the order of the text: pairs of a mapping, items of a list. */
export interface Entry {
  key?: Span
  value: Node
}

/** What cannot be edited without touching something else. The message is a clause. */
export class Unsafe extends Error {}

export function entriesOf({ keys, items = [] }: Node): Entry[] {
  return keys ? [...keys.values()] : items.map((value) => ({ value }))
}

/** Where a node ends, with all that it holds. @throws Unsafe where that cannot be told. */
export function endOf(text: string, node: Node): number {
  if (node.block) return node.block.end
  if (!node.collection) return node.end
  const last = entriesOf(node).at(-1)
  const end = last ? endOfEntry(text, last) : node.start + 1
  if (!node.flow) return end
  const close = skip(text, end, FLOW_GAP)
  if (text[close] !== (node.keys ? '}' : ']')) throw new Unsafe('it is written in a way that is not edited')
  return close + 1
}

/** Where an entry ends: its value; or its colon, where it has none. */
export function endOfEntry(text: string, { key, value }: Entry): number {
  if (!value.empty) return endOf(text, value)
  const end = value.end < value.start ? value.start : value.end
  const colon = key ? /[ \t]*:/y : /(?:)/y
  colon.lastIndex = end
  return colon.test(text) ? colon.lastIndex : end
}

/** Where an entry begins: at its key, its dash, or what stands between commas. @throws Unsafe where that cannot be told. */
export function startOfEntry(text: string, parent: Node, index: number): number {
  const entries = entriesOf(parent)
  const previous = entries[index - 1]
  const from = previous ? endOfEntry(text, previous) : parent.start + (parent.flow ? 1 : 0)
  const start = skip(text, from, parent.flow ? FLOW_GAP : BLOCK_GAP)
  const { key, value } = entries[index]!
  if (key ? start !== key.start : parent.flow ? start > value.start : text[start] !== '-') throw new Unsafe('it is written in a way that is not edited')
  return start
}

/** Blanks, line breaks and comments, which may stand between entries; in brackets, commas too. */
const BLOCK_GAP = /(?:[ \t\r\n]|(?<=[\s]|^)#[^\r\n]*)*/y
const FLOW_GAP = /(?:[ \t\r\n,]|(?<=[\s,[{]|^)#[^\r\n]*)*/y

function skip(text: string, from: number, gap: RegExp): number {
  gap.lastIndex = from
  gap.test(text)
  return gap.lastIndex
}

/** The start of the line of an offset. */
export function lineOf(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1
}

/** Where a line ends, its line break aside. */
export function endOfLine(text: string, offset: number): number {
  const match = /[\r\n]/g
  match.lastIndex = offset
  return match.exec(text)?.index ?? text.length
}

/** What comes after the line break at an offset. */
export function afterBreak(text: string, offset: number): number {
  return text.startsWith('\r\n', offset) ? offset + 2 : Math.min(offset + 1, text.length)
}
