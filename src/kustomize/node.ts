import type { Path, Place } from '../manifests/document.ts'
import { isObject } from '../manifests/resource.ts'

/**
 * A value of which every part knows where it is written. Nodes are never changed, so that what two builds share stays shared; and what no patch
 * reaches into is left as it was parsed.
 */
export type Node = Raw | Table | List

/** A scalar, or a collection that nothing has reached into yet. */
export interface Raw {
  type: 'raw'
  value: unknown
  at: Place
}

export interface Table {
  type: 'table'
  entries: ReadonlyMap<string, Node>
  at: Place
}

export interface List {
  type: 'list'
  items: readonly Node[]
  at: Place
}

export function raw(value: unknown, document: Place['document'], path: Path = []): Raw {
  return { type: 'raw', value, at: { document, path } }
}

/** The node as a collection, if it is one: its parts can be looked at, each with its own place. */
export function open(node: Node): Node {
  if (node.type !== 'raw') return node
  const { value, at } = node
  if (Array.isArray(value)) return { type: 'list', at, items: value.map((item, index) => raw(item, at.document, [...at.path, index])) }
  if (!isObject(value)) return node
  return { type: 'table', at, entries: new Map(Object.entries(value).map(([key, item]) => [key, raw(item, at.document, [...at.path, key])])) }
}

/** What the node holds, without where it is written. */
export function plain(node: Node): unknown {
  if (node.type === 'raw') return node.value
  if (node.type === 'list') return node.items.map(plain)
  return Object.fromEntries(Array.from(node.entries, ([key, item]) => [key, plain(item)])) // defines `__proto__` as a key like any other
}

/** The part of a node at a path. */
export function part(node: Node | undefined, path: Path): Node | undefined {
  let found = node
  for (const step of path) found = found && child(found, step)
  return found
}

/** Where the part of a node at a path is written; of its deepest existing ancestor where there is none. */
export function placeAt(node: Node, path: Path): Place {
  let found = node
  for (const [depth, step] of path.entries()) {
    const next = found.type === 'raw' ? undefined : child(found, step)
    if (!next) return { document: found.at.document, path: [...found.at.path, ...path.slice(depth)] }
    found = next
  }
  return found.at
}

function child(node: Node, step: string | number): Node | undefined {
  const opened = open(node)
  if (opened.type === 'table') return opened.entries.get(String(step))
  return opened.type === 'list' && typeof step === 'number' ? opened.items[step] : undefined
}

/** The node with another part at a path, or without it; maps that are missing on the way are made. */
export function put(node: Node | undefined, path: Path, value: Node | undefined): Node | undefined {
  const [step, ...rest] = path
  if (step === undefined) return value
  const opened = node && open(node)
  if (opened?.type === 'list' && typeof step === 'number') {
    return { ...opened, items: opened.items.flatMap((item, index) => (index === step ? put(item, rest, value) ?? [] : item)) }
  }
  if (!value && opened?.type !== 'table') return node
  const entries = new Map(opened?.type === 'table' ? opened.entries : [])
  const inner = put(entries.get(String(step)), rest, value)
  if (inner) entries.set(String(step), inner)
  else entries.delete(String(step))
  return { type: 'table', entries, at: (opened ?? value!).at }
}

/** The text of a scalar that is a string. */
export function text(node: Node | undefined): string | undefined {
  return node?.type === 'raw' && typeof node.value === 'string' ? node.value : undefined
}

export function isNull(node: Node | undefined): boolean {
  return !node || (node.type === 'raw' && (node.value === null || node.value === undefined))
}
