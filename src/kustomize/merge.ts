import type { Place } from '../manifests/document.ts'
import { own } from '../manifests/resource.ts'
import { isNull, type List, type Node, open, type Table, text } from './node.ts'
import type { Schema } from './schema.ts'

/** A patch that cannot be applied, and the part of it that is to blame. */
export class PatchError extends Error {
  readonly at: Place

  constructor(message: string, at: Place) {
    super(message)
    this.at = at
  }
}

type Directive = 'merge' | 'replace' | 'delete'

const DIRECTIVE = '$patch'

/**
 * Applies a strategic merge patch as kyaml does: null deletes, `$patch` directs, lists merge by their keys where the schema knows some (what the
 * patch names comes first), and are replaced elsewhere. Undefined where nothing is left.
 * @throws PatchError
 */
export function merge(base: Node | undefined, patch: Node | undefined, schema?: Schema): Node | undefined {
  if (patch === undefined) return base
  if (isNull(patch)) return undefined
  if (isNull(base)) return fresh(patch, schema)
  const [into, change] = [open(base!), open(patch)]
  if (into.type !== change.type) throw new PatchError('the patch has a value of another type than what it changes', change.at)
  if (into.type === 'table') return mergeTables(into, change as Table, schema)
  return into.type === 'list' && schema?.keys ? mergeLists(into, change as List, schema) : change
}

function mergeTables(base: Table, patch: Table, schema: Schema | undefined): Node | undefined {
  const [directive, change] = directed(patch)
  if (directive === 'delete') return undefined
  if (directive === 'replace') return fresh(change, schema)
  const entries = new Map(base.entries)
  for (const [key, value] of change.entries) {
    const merged = merge(entries.get(key), value, field(schema, key))
    if (merged) entries.set(key, merged)
    else entries.delete(key)
  }
  return settledFields({ ...base, entries }, schema, (key) => change.entries.has(key))
}

/** What a patch adds where nothing was: its nulls and directives are spent. */
function fresh(patch: Node, schema: Schema | undefined): Node | undefined {
  const change = open(patch)
  if (change.type === 'raw') return change
  if (change.type === 'list') return schema?.keys ? byKey(undefined, change, schema) : change
  const [directive, table] = directed(change)
  if (directive === 'delete') return undefined
  const entries = new Map<string, Node>()
  for (const [key, value] of table.entries) {
    const made = isNull(value) ? undefined : fresh(value, field(schema, key))
    if (made) entries.set(key, made)
  }
  return { ...table, entries }
}

function empty(list: List): List {
  return { ...list, items: [] }
}

function mergeLists(base: List, patch: List, schema: Schema): Node | undefined {
  const at = patch.items.findIndex((item) => directiveAlone(item) !== undefined)
  if (at < 0) return byKey(base, patch, schema)
  const rest = { ...patch, items: patch.items.toSpliced(at, 1) }
  const directive = directiveAlone(patch.items[at]!)
  if (directive === 'delete') return undefined
  return directive === 'replace' ? byKey(undefined, rest, schema) : byKey(base, rest, schema)
}

/** The directive of an item that is nothing but one: it is meant for the list. */
function directiveAlone(item: Node): string | undefined {
  const table = open(item)
  return table.type === 'table' && table.entries.size === 1 ? text(table.entries.get(DIRECTIVE)) : undefined
}

/**
 * The items of the patch, merged with their likes, then what else there was (nothing, where the list is all new). Where a list has two of a key, kyaml merges the first and keeps the
 * last; and an item that is to be replaced stays as it was.
 */
function byKey(base: List | undefined, patch: List, schema: Schema): List {
  const element: Schema = schema.fields ? { fields: schema.fields } : {}
  const [before, rest] = keyed(base ?? empty(patch), schema)
  const [changes, added] = keyed(patch, schema)
  const merged = Array.from(changes, ([key, [change]]) => {
    const known = before.get(key)
    before.delete(key)
    const result = merge(known?.[0], change, element)
    if (!result || isEmpty(result)) return []
    if (!base) return fresh(changes.get(key)!.at(-1)!, element) ?? []
    return known && (known.length > 1 || directiveOf(change!) === 'replace') ? known.at(-1)! : result
  })
  const kept = Array.from(before.values(), (items) => settled(items.at(-1)!, element))
  const items = [...merged.flat(), ...added.flatMap((item) => fresh(item, element) ?? []), ...kept, ...rest]
  return { ...base ?? patch, items: items.filter((item) => !isEmpty(item)) }
}

/** The items of a list by their keys, and those that have none. */
function keyed(list: List, schema: Schema): [Map<string, Node[]>, Node[]] {
  const byKey = new Map<string, Node[]>()
  const rest: Node[] = []
  for (const item of list.items) {
    const key = keyOf(item, schema)
    if (key === undefined) rest.push(item)
    else byKey.set(key, [...byKey.get(key) ?? [], item])
  }
  return [byKey, rest]
}

/** What no patch names is gone through all the same: of two items of a key, one stays. */
function settled(node: Node, schema: Schema | undefined): Node {
  if (!schema?.fields && !schema?.keys) return node
  const opened = open(node)
  if (opened.type === 'list') return schema.keys ? byKey(opened, empty(opened), schema) : node
  if (opened.type === 'raw' || !schema.fields || schema.keys) return node
  return settledFields(opened, schema, () => false)
}

function settledFields(table: Table, schema: Schema | undefined, isDone: (key: string) => boolean): Table {
  const entries = new Map(table.entries)
  for (const [key, inner] of Object.entries(schema?.fields ?? {})) {
    const value = entries.get(key)
    if (value && !isDone(key)) entries.set(key, settled(value, inner))
  }
  return { ...table, entries }
}

function directiveOf(item: Node): string | undefined {
  const table = open(item)
  return table.type === 'table' ? text(table.entries.get(DIRECTIVE)) : undefined
}

function isEmpty(node: Node): boolean {
  const table = open(node)
  return table.type === 'table' && table.entries.size === 0
}

/** What tells an item of a list apart: its merge keys, the first of which it must have. */
function keyOf(item: Node, schema: Schema): string | undefined {
  const table = open(item)
  if (table.type !== 'table') return undefined
  const values = schema.keys!.map((key) => table.entries.get(key)).map((node) => (node?.type === 'raw' ? node.value : undefined))
  return values[0] === undefined ? undefined : JSON.stringify(values)
}

function field(schema: Schema | undefined, key: string): Schema | undefined {
  return own(schema?.fields, key) as Schema | undefined
}

/** A map of a patch without its directive, and the directive. */
function directed(patch: Table): [Directive, Table] {
  const node = patch.entries.get(DIRECTIVE)
  if (!node) return ['merge', patch]
  const directive = text(node)
  if (directive !== 'merge' && directive !== 'replace' && directive !== 'delete') throw new PatchError('the patch has a `$patch` that is none', node.at)
  const entries = new Map(patch.entries)
  entries.delete(DIRECTIVE)
  return [directive, { ...patch, entries }]
}
