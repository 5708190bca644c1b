import type { Place } from '../manifests/document.ts'
import { isObject, own } from '../manifests/resource.ts'
import { changed, type Item, nodeOf } from './item.ts'
import { type Node, open, placeAt, raw, text } from './node.ts'
import { pattern } from './pattern.ts'

/** An entry of `images`: what to call the images of a name from now on. */
export interface Renaming {
  matches(image: string): boolean
  newName: string
  newTag: string
  digest: string
  tagSuffix: string
  /** Where the entry says so: its most telling field. */
  at: Place
}

/** Where Kustomize looks for an image: a path of fields, with lists on the way looked through. */
export interface FieldSpec {
  group: string
  version: string
  kind: string
  path: readonly string[]
}

const anywhere = { group: '', version: '', kind: '' }

export const IMAGE_FIELDS: readonly FieldSpec[] = ['spec', 'spec/template/spec'].flatMap((pod) => ['containers/image', 'initContainers/image', 'volumes/image/reference']
  .map((field) => ({ ...anywhere, path: `${pod}/${field}`.split('/') })))

const LISTS = new Set(['containers', 'initContainers'])

/** Reads an entry of `images`; undefined where its name is a pattern that cannot be told. */
export function renaming(entry: Node): Renaming | undefined {
  const table = open(entry)
  const field = (key: string) => (table.type === 'table' && text(table.entries.get(key))) || ''
  const matches = pattern(field('name'), '(?::[a-zA-Z0-9_.{}-]*)?(?:@sha256:[a-zA-Z0-9_.{}-]*)?')
  const telling = ['newName', 'digest', 'newTag', 'tagSuffix'].find((key) => field(key) !== '')
  return matches && { matches, newName: field('newName'), newTag: field('newTag'), digest: field('digest'), tagSuffix: field('tagSuffix'), at: telling ? placeAt(table, [telling]) : entry.at }
}

/** A list of field specs, as `configurations` files and transformers write them. */
export function fieldSpecs(value: unknown): FieldSpec[] {
  return (Array.isArray(value) ? value : []).flatMap((spec) => {
    const field = (key: string) => { const found = own(spec, key); return typeof found === 'string' ? found : '' }
    const path = field('path').split(/(?<!\\)\//).map((step) => step.replaceAll('\\/', '/').replace(/\[\]$/, '')).filter((step) => step !== '')
    return path.length > 0 ? [{ group: field('group'), version: field('version'), kind: field('kind'), path }] : []
  })
}

/** Gives the images of an object their new names, as Kustomize does: under `containers` wherever they stand, then at the places of the specs. */
export function rename(item: Item, change: Renaming, specs: readonly FieldSpec[]): Item {
  const { identity: { group, version, kind } } = item
  if (kind === 'CustomResourceDefinition' || (!item.node && !mentions(item.base.value, change))) return item
  const before = nodeOf(item)
  let node = inContainers(before, change)
  for (const spec of specs) {
    if ((spec.group && spec.group !== group) || (spec.version && spec.version !== version) || (spec.kind && spec.kind !== kind)) continue
    node = at(node, spec.path, (found) => renamed(found, change))
  }
  return node === before ? item : changed(item, node)
}

/** Any string in there that the renaming is for: most objects have none, and need no closer look. */
function mentions(value: unknown, change: Renaming): boolean {
  if (typeof value === 'string') return change.matches(value)
  if (Array.isArray(value)) return value.some((one) => mentions(one, change))
  return isObject(value) && Object.values(value).some((one) => mentions(one, change))
}

function inContainers(node: Node, change: Renaming): Node {
  if (node.type === 'raw' && !mentions(node.value, change)) return node
  return children(node, (child, key) => {
    const inner = inContainers(child, change)
    return LISTS.has(key) && open(inner).type === 'list' ? children(inner, (container) => at(container, ['image'], (found) => renamed(found, change))) : inner
  })
}

/** The node with each of its parts changed; itself where none is. */
function children(node: Node, change: (child: Node, key: string) => Node): Node {
  if (node.type === 'raw' && (typeof node.value !== 'object' || node.value === null)) return node
  const opened = open(node)
  let different = false
  const each = (child: Node, key: string) => {
    const after = change(child, key)
    different ||= after !== child
    return after
  }
  if (opened.type === 'list') {
    const items = opened.items.map((item) => each(item, ''))
    return different ? { ...opened, items } : node
  }
  if (opened.type === 'raw') return node
  const entries = new Map(Array.from(opened.entries, ([key, child]): [string, Node] => [key, each(child, key)]))
  return different ? { ...opened, entries } : node
}

/** The node with what stands at a path changed, in every item of lists on the way. */
function at(node: Node, path: readonly string[], change: (found: Node) => Node): Node {
  const [step, ...rest] = path
  if (step === undefined) return change(node)
  return open(node).type === 'list' ? children(node, (item) => at(item, path, change)) : children(node, (child, key) => (key === step ? at(child, rest, change) : child))
}

function renamed(node: Node, { matches, newName, newTag, digest, tagSuffix, at }: Renaming): Node {
  const image = text(node)
  if (image === undefined || !matches(image)) return node
  const parts = split(image)
  if (newName) parts.name = newName
  if (newTag || digest) Object.assign(parts, { tag: newTag, digest })
  else if (tagSuffix) Object.assign(parts, { tag: parts.tag + tagSuffix, digest: '' })
  const written = parts.name + (parts.tag && `:${parts.tag}`) + (parts.digest && `@${parts.digest}`)
  return written === image ? node : raw(written, at.document, at.path)
}

function split(image: string): { name: string; tag: string; digest: string } {
  const from = Math.max(image.indexOf('/'), 0)
  const digestAt = image.indexOf('@', from)
  const colon = image.indexOf(':', from)
  const end = digestAt < 0 ? image.length : digestAt
  const nameEnd = colon >= 0 && colon < end ? colon : end
  return { name: image.slice(0, nameEnd), tag: image.slice(nameEnd + 1, end), digest: image.slice(end + 1) }
}
