import { join } from '../manifests/place.ts'
import type { Document, Path } from '../manifests/document.ts'
import { isObject, own, resource, title } from '../manifests/resource.ts'
import { changed, type Identity, identify, isClusterScoped, type Item, keyOf, nodeOf } from './item.ts'
import { isRemote } from './location.ts'
import { merge } from './merge.ts'
import { type List, type Node, open, part, put, raw } from './node.ts'
import { operate } from './operation.ts'
import { schemaOf } from './schema.ts'
import { inlineDocuments, say, sayError, sayTwice, type Scope } from './scope.ts'
import { type Selector, selector } from './selector.ts'

/** A patch as an entry of `patches`, `patchesJson6902` or a PatchTransformer writes it. */
export interface PatchEntry {
  value: unknown
  path: Path
  document: Document
  /** The field that holds an inline patch. */
  field?: string
  /** `patchesJson6902` does not keep the name that it changes. */
  forgets?: boolean
}

interface Allowed {
  name: boolean
  kind: boolean
}

const NOTHING_ALLOWED: Allowed = { name: false, kind: false }

/** Applies an entry of `patches` to the objects that it is for. */
export function applyPatch(scope: Scope, entry: PatchEntry): void {
  const { value, path, document, field = 'patch' } = entry
  const file = own(value, 'path')
  const text = own(value, field)
  const target = own(value, 'target')
  const given = typeof file === 'string' && file !== '' ? file : undefined
  if (given === undefined && (typeof text !== 'string' || text.trim() === '')) return say(scope, path, 'the patch has neither a `path` nor a text', document)
  const chosen = isObject(target) ? selector(target) : undefined
  if (isObject(target) && !chosen) return say(scope, [...path, 'target'], 'the `target` of the patch is not evaluated', document)
  const selected = chosen && scope.items.filter((item) => chosen.matches(item))
  if (given !== undefined && !isThere(scope, given, [...path, 'path'], document)) return
  if (selected?.length === 0) return sayUnmatched(scope, chosen!, path, document)
  const documents = given === undefined ? inlineDocuments(text as string, document, [...path, field]) : fileDocuments(scope, given)
  if (selected && documents.filter(({ value: patch }) => isObject(patch)).length > 1) return say(scope, path, 'the patch has a `target` and more than one document', document)
  const options = own(value, 'options')
  const allowed = { name: own(options, 'allowNameChange') === true, kind: own(options, 'allowKindChange') === true }
  for (const patch of documents) applyDocument(scope, patch, selected, allowed, entry)
}

function applyDocument(scope: Scope, patch: Document, selected: Item[] | undefined, allowed: Allowed, { path, document, forgets = false }: PatchEntry): void {
  if (!isRead(scope, patch)) return
  if (!Array.isArray(patch.value)) return applyMerge(scope, patch, selected, allowed)
  if (!selected) return say(scope, path, 'a JSON patch needs a `target`', document)
  const operations = open(raw(patch.value, patch)) as List
  replaceItems(scope, selected, (item) => changed(item, operate(nodeOf(item), operations), !forgets))
}

function isRead(scope: Scope, { value, problem, ...rest }: Document): boolean {
  if (!problem || problem.readable) return true
  say(scope, [], `the patch cannot be read: ${problem.message}`, { value, problem, ...rest })
  return false
}

/** Applies the documents of an entry of `patchesStrategicMerge`: a file, or the patch itself. */
export function applyStrategicMerge(scope: Scope, written: unknown, path: Path, document: Document): void {
  if (typeof written !== 'string') return say(scope, path, 'the patch is neither a path nor a text', document)
  if (!/[\n:{]/.test(written) && !isThere(scope, written, path, document)) return
  const documents = /[\n:{]/.test(written) ? inlineDocuments(written, document, path) : fileDocuments(scope, written)
  for (const patch of documents) if (isRead(scope, patch)) applyMerge(scope, patch, undefined, NOTHING_ALLOWED)
}

function isThere(scope: Scope, file: string, path: Path, document: Document): boolean {
  const place = join(scope.kustomization.folder, file)
  if (scope.tree.text(place) !== undefined) {
    scope.reached.add(place)
    return true
  }
  say(scope, path, isRemote(file) ? `\`${file}\` is remote and not fetched` : `\`${file}\` is not there`, document)
  return false
}

function fileDocuments({ tree, kustomization }: Scope, file: string): readonly Document[] {
  return tree.documents(join(kustomization.folder, file)) ?? []
}

function applyMerge(scope: Scope, patch: Document, selected: Item[] | undefined, allowed: Allowed): void {
  const { value } = patch
  if (value === undefined || value === null) return
  if (!isObject(value)) return say(scope, [], 'the patch is neither a part of an object nor a JSON patch', patch)
  const meant = resource(value, { document: patch, path: [] })
  if (meant.kind.endsWith('List') && Array.isArray(own(value, 'items'))) return say(scope, ['items'], 'a list of patches is not evaluated', patch)
  if (meant.kind === '' || meant.name === '') return say(scope, [], 'the patch does not say what it is for: it has no `kind` or no `metadata.name`', patch)
  const targets = selected ?? withIdentity(scope.items, identify(meant))
  if (!selected && targets.length !== 1) {
    if (targets.length > 1) say(scope, [], `the patch is for ${title(meant)}, of which there are several`, patch)
    else if (!scope.incomplete && matters(value)) say(scope, [], `the patch is for ${title(meant)}, which is not among the resources`, patch)
    return
  }
  const node = raw(value, patch)
  const identities = new Set(targets.map(({ identity }) => keyOf(identity)))
  const all = targets.length === 0 ? [] : scope.items.filter(({ identity }) => identities.has(keyOf(identity))) // another patch may have called two objects the same
  replaceItems(scope, all, (item) => merged(item, node, allowed, { kind: meant.kind, ...(selected ? {} : { apiVersion: meant.apiVersion }) }))
  if (scope.items.some(({ past }) => past.length > 0)) sayTwice(scope, [], 'once it is patched', patch) // Kustomize adds them all anew
}

/** The objects that have an identity or had it. */
export function withIdentity(items: readonly Item[], wanted: Identity): Item[] {
  const same = (one: Identity) => one.name === wanted.name && one.kind === wanted.kind && one.namespace === wanted.namespace && one.group === wanted.group && one.version === wanted.version
  return items.filter(({ identity, past }) => same(identity) || past.some(same))
}

function merged(item: Item, patch: Node, allowed: Allowed, type: { apiVersion?: string; kind: string }): Item | undefined {
  const before = nodeOf(item)
  const { identity: { group, version, kind } } = item
  const apiVersion = group === '' ? version : `${group}/${version}`
  const after = merge(before, patch, schemaOf(apiVersion, kind) ?? schemaOf(type.apiVersion ?? apiVersion, type.kind))
  if (!after) return undefined
  const kept = [['apiVersion'], ['metadata', 'namespace'], ...(allowed.name ? [] : [['metadata', 'name']]), ...(allowed.kind ? [] : [['kind']])]
  const node = kept.reduce<Node>((whole, path) => (part(whole, path) === part(before, path) ? whole : put(whole, path, part(before, path)) ?? whole), after)
  return changed(item, node, allowed.name || allowed.kind)
}

/** Puts other objects, or none, in place of some. */
function replaceItems(scope: Scope, selected: readonly Item[], change: (item: Item) => Item | undefined): void {
  const chosen = new Set(selected)
  scope.items = scope.items.flatMap((item) => {
    if (!chosen.has(item)) return item
    try {
      return change(item) ?? []
    } catch (error) {
      sayError(scope, error)
      return item
    }
  })
}

const TELLING = /^(?:ImageContentSourcePolicy|ImageDigestMirrorSet|ImageTagMirrorSet)$/

/** Only where what is patched is sure to be looked at is it worth saying that there is no such object: others are not even loaded. */
function matters(value: Record<string, unknown>): boolean {
  const { apiVersion, kind } = resource(value, { document: undefined as never, path: [] })
  return TELLING.test(kind) || (apiVersion.startsWith('config.openshift.io/') && (kind === 'Image' || kind === 'ClusterVersion')) || setsImage(value)
}

function setsImage(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(setsImage)
  if (!isObject(value)) return false
  return Object.entries(value).some(([key, inner]) => (key === 'containers' || key === 'initContainers'
    ? Array.isArray(inner) && inner.some((one) => typeof own(one, 'image') === 'string') : setsImage(inner)))
}

function sayUnmatched(scope: Scope, { kind, name }: Selector, path: Path, document: Document): void {
  if (!scope.incomplete && TELLING.test(kind)) say(scope, [...path, 'target'], `the patch is for ${title({ kind, name })}, which is not among the resources`, document)
}

/** Whether an object has a namespace, as far as Kustomize knows. */
export function isNamespaced({ identity: { group, kind } }: Item): boolean {
  return !isClusterScoped(group, kind)
}
