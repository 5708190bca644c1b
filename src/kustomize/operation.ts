import { applyPatch, type Operation, Pointer } from 'rfc6902'
import type { Place } from '../manifests/document.ts'
import { isObject } from '../manifests/resource.ts'
import { type List, type Node, open, plain, placeAt } from './node.ts'
import { PatchError } from './merge.ts'

/** What a name has to be told apart from: rfc6902 looks names up in objects, which have these without being given them. */
const ESCAPE = '\u0000'

type Places = WeakMap<object, Place>

/**
 * Applies a JSON patch (RFC 6902). It is done twice: on the values, where `test` can tell, and on numbers that stand for them, so that it is known
 * afterwards where each of them is written.
 * @throws PatchError
 */
export function operate(base: Node, patch: List): Node {
  const operations = patch.items.map((node) => ({ node, table: open(node) }))
  const leaves: Node[] = []
  const number = (leaf: Node) => leaves.push(leaf) - 1
  const places: Places = new WeakMap()
  const [values, numbers] = [encode(base, plain), encode(base, number, places)]
  for (const { node, table } of operations) {
    const entries = table.type === 'table' ? [...table.entries] : []
    const made = (leaf: (node: Node) => unknown) => Object.fromEntries(entries.map(([key, value]) => [key, pointer(key, value) ?? (key === 'value' ? encode(value, leaf) : plain(value))])) as unknown as Operation
    const operation = made(plain)
    const error = attempt(values, operation)
    if (error) throw new PatchError(error, placeAt(node, ['path']))
    if (operation.op !== 'test') attempt(numbers, made(number))
  }
  return decode(numbers, leaves, places, patch.at)
}

/** Does an operation. What is moved or copied is taken and then added, so that where it goes to is looked at as closely. */
function attempt(document: unknown, operation: Operation): string | undefined {
  try {
    const taken = operation.op === 'move' || operation.op === 'copy' ? Pointer.fromJSON(operation.from).get(document) : undefined
    const remove: Operation[] = operation.op === 'move' ? [{ op: 'remove', path: operation.from }] : []
    const steps: Operation[] = taken === undefined ? [operation] : [...remove, { op: 'add', path: operation.path, value: taken }]
    const error = steps.flatMap((step) => applyPatch(document, [lenient(document, step)])).find((one) => one !== null)
    if (!error) return undefined
    return error.name === 'TestError' ? 'a `test` of the patch fails' : error.name === 'MissingError' ? 'the patch changes what is not there' : 'the patch is no JSON patch'
  } catch {
    return 'the patch is no JSON patch'
  }
}

/** An operation as Kustomize takes it: an index may count from the end, and what is to be replaced need not be there if it is a field. */
function lenient(document: unknown, operation: Operation): Operation {
  const pointer = Pointer.fromJSON(operation.path)
  const { parent, key, value } = pointer.evaluate(document) as { parent: unknown; key: string; value: unknown }
  if (Array.isArray(parent) && /^-\d+$/.test(key)) {
    const index = Number(key) + parent.length + (operation.op === 'add' ? 1 : 0)
    return { ...operation, path: pointer.parent().add(String(index)).toString() }
  }
  return operation.op === 'replace' && value === undefined && isObject(parent) ? { ...operation, op: 'add' } : operation
}

function pointer(key: string, value: Node): string | undefined {
  if ((key !== 'path' && key !== 'from') || value.type !== 'raw' || typeof value.value !== 'string') return undefined
  return value.value.split('/').map(escape).join('/')
}

function escape(name: string): string {
  return name in {} || name === 'prototype' ? ESCAPE + name : name
}

/** The node as JSON, with `leaf` of each scalar; `places` remembers where its collections stand. */
function encode(node: Node, leaf: (node: Node) => unknown, places?: Places): unknown {
  const opened = open(node)
  if (opened.type === 'raw') return leaf(opened)
  const made = opened.type === 'list' ? opened.items.map((item) => encode(item, leaf, places))
    : Object.fromEntries(Array.from(opened.entries, ([key, item]) => [escape(key), encode(item, leaf, places)]))
  places?.set(made, opened.at)
  return made
}

/** Back from the numbers. A collection that the patch brought (rfc6902 copies it) stands around the first of its parts. */
function decode(encoded: unknown, leaves: readonly Node[], places: Places, patch: Place): Node {
  if (typeof encoded === 'number') return leaves[encoded]!
  const around = (inner: Node | undefined): Place => places.get(encoded as object) ?? (inner ? { ...inner.at, path: inner.at.path.slice(0, -1) } : patch)
  if (Array.isArray(encoded)) {
    const items = encoded.map((item) => decode(item, leaves, places, patch))
    return { type: 'list', items, at: around(items[0]) }
  }
  const entries = new Map(Object.entries(encoded as object).map(([key, item]): [string, Node] => [key.startsWith(ESCAPE) ? key.slice(1) : key, decode(item, leaves, places, patch)]))
  return { type: 'table', entries, at: around(entries.values().next().value) }
}
