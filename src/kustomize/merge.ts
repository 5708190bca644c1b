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
  return { ...base, entries }
}

/** What a patch adds where nothing was: its nulls and directives are spent. */
function fresh(patch: Node, schema: Schema | undefined): Node | undefined {
  const change = open(patch)
  if (change.type === 'raw') return change
  if (change.type === 'list') return schema?.keys ? byKey(empty(change), change, schema) : change
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
  return directive === 'replace' ? byKey(empty(rest), rest, schema) : byKey(base, rest, schema)
}

/** The directive of an item that is nothing but one: it is meant for the list. */
function directiveAlone(item: Node): string | undefined {
  const table = open(item)
  return table.type === 'table' && table.entries.size === 1 ? text(table.entries.get(DIRECTIVE)) : undefined
}

/** The items of the patch, merged with their likes, then what else there was. */
function byKey(base: List, patch: List, schema: Schema): List {
  const element: Schema = schema.fields ? { fields: schema.fields } : {}
  const waiting = new Map<string, Node>()
  const rest: Node[] = []
  for (const item of base.items) {
    const key = keyOf(item, schema)
    if (key === undefined || waiting.has(key)) rest.push(item)
    else waiting.set(key, item)
  }
  const done = new Map<string, Node | undefined>()
  for (const item of patch.items) {
    const key = keyOf(item, schema) ?? `unkeyed ${done.size}`
    done.set(key, merge(done.get(key) ?? waiting.get(key), item, element))
    waiting.delete(key)
  }
  const items = [...done.values(), ...base.items.filter((item) => waiting.get(keyOf(item, schema) ?? '') === item), ...rest]
  return { ...base, items: items.filter((item) => item !== undefined && !isEmpty(item)) as Node[] }
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
