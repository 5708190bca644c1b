import { contains, join } from '../manifests/place.ts'
import type { Path } from '../manifests/document.ts'
import { isObject, own } from '../manifests/resource.ts'
import { runGenerator, generate } from './generator.ts'
import { type Entry, entries, field, isFileName, kustomization, others } from './graph.ts'
import { fieldSpecs, IMAGE_FIELDS, rename, renaming } from './image.ts'
import { type Item, item } from './item.ts'
import { isRemote } from './location.ts'
import { affix, marked, moved } from './name.ts'
import { raw } from './node.ts'
import { applyPatch, applyStrategicMerge } from './patch.ts'
import { replace } from './replacement.ts'
import { add, type Budget, inlineDocuments, say, sayTwice, type Scope } from './scope.ts'
import { metadata } from './selector.ts'
import { runTransformer } from './transformer.ts'
import type { Kustomization, Tree } from './tree.ts'

/** Deeper than any repository nests its kustomizations, and less deep than the stack is. */
const MOST_DEEP = 100

/** A kustomization that was evaluated on its own; it is the same wherever it is included. */
type Layer = Pick<Scope, 'items' | 'specs' | 'unchecked' | 'reached' | 'incomplete' | 'cyclic'>

const known = new WeakMap<Tree, Map<string, Layer>>()

/** What a kustomization and all that it includes come to, before what is done at the very end of a build. */
export function layer(tree: Tree, one: Kustomization, chain: readonly string[], budget: Budget): Layer {
  const memory = known.get(tree) ?? new Map<string, Layer>()
  known.set(tree, memory)
  const before = memory.get(one.folder)
  if (before) return before
  const scope: Scope = { tree, kustomization: one, items: [], specs: [], unchecked: new Set(), reached: new Set(), chain: [...chain, one.folder], budget, incomplete: false, cyclic: false }
  evaluate(scope)
  if (!scope.cyclic) memory.set(one.folder, scope)
  return scope
}

/** Works through a kustomization in the order in which Kustomize does. */
function evaluate(scope: Scope): void {
  const { kustomization: { document } } = scope
  scope.reached.add(document.file.place)
  if (!isSound(scope)) return
  for (const entry of [...entries(document, 'resources'), ...entries(document, 'bases')]) include(scope, entry)
  for (const { value, path } of entries(document, 'configurations')) configure(scope, value, path)
  for (const { value, path } of entries(document, 'configMapGenerator')) generate(scope, value, path, document)
  sayCharts(scope)
  for (const { value, path } of entries(document, 'generators')) for (const one of plugins(scope, value, path)) runGenerator(scope, one)
  for (const entry of entries(document, 'components')) compose(scope, entry)
  transform(scope)
  for (const { value, path } of entries(document, 'transformers')) for (const one of plugins(scope, value, path)) runTransformer(scope, one)
}

const FIELDS = new Set(`apiVersion kind metadata openapi namePrefix nameSuffix namespace commonLabels labels commonAnnotations patchesStrategicMerge patchesJson6902 patches images
imageTags replacements replicas vars sortOptions resources components crds bases configMapGenerator secretGenerator helmGlobals helmCharts helmChartInflationGenerator
generatorOptions configurations generators transformers validators buildMetadata`.toLowerCase().split(/\s/))

/** Names what Kustomize refuses of a kustomization; false where nothing can be made of it. */
function isSound(scope: Scope): boolean {
  const { kustomization: one, tree, budget, chain } = scope
  const { document } = one
  budget.steps--
  if (budget.steps < 0 || budget.items < 0 || chain.length > MOST_DEEP) {
    scope.cyclic = true // how much is left depends on what came before
    if (budget.steps === -1 || chain.length > MOST_DEEP) say(scope, [], 'the build includes more kustomizations than are followed')
    return false
  }
  for (const name of others(one, tree)) say(scope, [], `its folder has a \`${name}\` too, and Kustomize takes one kustomization only`)
  if (document.problem && !document.problem.readable) say(scope, [], `the kustomization cannot be read: ${document.problem.message}`)
  else if (!isObject(document.value)) say(scope, [], 'the kustomization is no object')
  if (!isObject(document.value)) return false
  sayRefused(scope, document.value)
  return true
}

function sayRefused(scope: Scope, value: Record<string, unknown>): void {
  for (const key of Object.keys(value)) if (!FIELDS.has(key.toLowerCase())) say(scope, [key], `Kustomize has no field \`${key}\` and refuses the file`)
  const kind = field(scope.kustomization.document, 'kind')?.value ?? 'Kustomization'
  const version = field(scope.kustomization.document, 'apiVersion')?.value
  if (kind !== 'Kustomization' && kind !== 'Component') say(scope, ['kind'], 'Kustomize takes no kind but Kustomization and Component')
  else if (version && version !== `kustomize.config.k8s.io/${kind === 'Component' ? 'v1alpha1' : 'v1beta1'}`) say(scope, ['apiVersion'], `Kustomize does not take this \`apiVersion\` for a ${kind}`)
  for (const name of ['resources', 'bases', 'components', 'patches', 'patchesStrategicMerge', 'patchesJson6902', 'images', 'generators', 'transformers', 'configMapGenerator']) {
    const found = field(scope.kustomization.document, name)
    if (found && !Array.isArray(found.value)) say(scope, found.path, `\`${name}\` is no list`)
  }
  for (const name of ['namespace', 'namePrefix', 'nameSuffix']) {
    const found = field(scope.kustomization.document, name)
    if (found && typeof found.value !== 'string') say(scope, found.path, `\`${name}\` is no text`)
  }
}

/** Takes in an entry of `resources`: a manifest, or the kustomization of a folder. */
function include(scope: Scope, { value, path }: Entry): void {
  const { tree, kustomization: { folder } } = scope
  if (typeof value !== 'string' || value === '') return say(scope, path, 'the entry is no path')
  const place = join(folder, value)
  const inner = isFileName(value) ? undefined : kustomization(place, tree)
  const resources = inner ? undefined : tree.resources(place)
  if (resources) {
    scope.reached.add(place)
    for (const one of resources) {
      if (one.kind === '' || one.name === '') say(scope, one.path, 'Kustomize takes no object without a `kind` and a `metadata.name`', one.document)
      else add(scope, item(one), path, scope.kustomization.document)
    }
    return
  }
  const found = inner ?? kustomization(place, tree)
  if (!found) return sayMissing(scope, value, path)
  if (isCycle(scope, place, path)) return
  if (found.component) say(scope, path, `\`${value}\` is a Component, which Kustomize takes from \`components\` only`)
  absorb(scope, layer(tree, found, scope.chain, scope.budget), path)
}

function sayMissing(scope: Scope, value: string, path: Path): void {
  scope.incomplete = true
  say(scope, path, isRemote(value) ? `\`${value}\` is remote and not fetched` : `\`${value}\` is not there`)
}

/** Kustomize takes no folder that it is already in, nor one around such a folder. */
function isCycle(scope: Scope, place: string, path: Path): boolean {
  if (!scope.chain.some((visited) => contains(place, visited))) return false
  scope.cyclic = true
  say(scope, path, 'Kustomize refuses it: the folder holds, or is, one that leads here')
  return true
}

/** Adds what an included kustomization came to. */
function absorb(scope: Scope, inner: Layer, path: Path): void {
  for (const one of inner.unchecked) scope.unchecked.add(one)
  for (const place of inner.reached) scope.reached.add(place)
  scope.specs.push(...inner.specs)
  scope.incomplete ||= inner.incomplete
  scope.cyclic ||= inner.cyclic
  for (const one of scope.budget.items < 0 ? [] : inner.items) add(scope, one, path, scope.kustomization.document)
}

/** Runs a component on what there is so far. */
function compose(scope: Scope, { value, path }: Entry): void {
  const { tree, kustomization: { folder } } = scope
  if (typeof value !== 'string' || value === '') return say(scope, path, 'the entry is no path')
  const place = join(folder, value)
  const found = kustomization(place, tree)
  if (!found) return sayMissing(scope, value, path)
  if (isCycle(scope, place, path)) return
  if (!found.component) say(scope, path, `\`${value}\` is no Component, and Kustomize takes nothing else from \`components\``)
  const inner: Scope = { ...scope, kustomization: found, chain: [...scope.chain, place] }
  evaluate(inner)
  const { items, specs, incomplete, cyclic } = inner
  Object.assign(scope, { items, specs, incomplete, cyclic })
}

/** What Kustomize itself does to the objects, in its own order. */
function transform(scope: Scope): void {
  const { kustomization: { document, folder } } = scope
  for (const { value, path } of entries(document, 'patchesStrategicMerge')) applyStrategicMerge(scope, value, path, document)
  for (const { value, path } of entries(document, 'patches')) applyPatch(scope, { value, path, document })
  relocate(scope)
  for (const { value, path } of entries(document, 'patchesJson6902')) applyPatch(scope, { value, path, document, forgets: true })
  for (const { value, path } of [...entries(document, 'images'), ...entries(document, 'imageTags')]) {
    const change = renaming(raw(value, document, path))
    if (change) scope.items = scope.items.map((one) => rename(one, change, [...IMAGE_FIELDS, ...scope.specs]))
    else if (scope.items.length > 0) say(scope, [...path, 'name'], 'the name is a pattern that is not evaluated')
  }
  for (const { value, path } of entries(document, 'replacements')) replace(scope, value, path)
  for (const { value, path } of entries(document, 'vars')) sayVar(scope, value, path)
  const openapi = field(document, 'openapi')
  const schema = own(openapi?.value, 'path')
  if (typeof schema === 'string' && scope.tree.text(join(folder, schema)) === undefined) say(scope, [...openapi!.path, 'path'], `\`${schema}\` is not there`)
  else if (openapi && schema !== undefined && scope.items.some(({ node }) => node)) say(scope, openapi.path, 'how patches merge by this `openapi` is not evaluated')
}

/** Namespace, prefix, suffix, labels and annotations. */
function relocate(scope: Scope): void {
  const { kustomization: { document } } = scope
  const written = (name: string) => {
    const found = field(document, name)
    return found && found.value !== '' ? raw(found.value, document, found.path) : undefined
  }
  const namespace = written('namespace')
  const [prefix, suffix] = [written('namePrefix'), written('nameSuffix')]
  const labels = entries(document, 'labels').map(({ value, path }) => raw(own(value, 'pairs'), document, [...path, 'pairs']))
  const [common, annotations] = [written('commonLabels'), written('commonAnnotations')]
  if (typeof namespace?.value === 'string') {
    scope.items = scope.items.map((one) => moved(one, namespace))
    sayTwice(scope, namespace.at.path, 'in this namespace')
  }
  if (prefix) scope.items = scope.items.map((one) => affix(one, prefix, undefined))
  if (suffix) scope.items = scope.items.map((one) => affix(one, undefined, suffix))
  for (const pairs of [...labels, ...common ? [common] : []]) scope.items = scope.items.map((one) => marked(one, 'labels', pairs))
  if (annotations) scope.items = scope.items.map((one) => marked(one, 'annotations', annotations))
}

/** Where else images stand, from a file of `configurations`. */
function configure(scope: Scope, value: unknown, path: Path): void {
  if (typeof value !== 'string') return
  const place = join(scope.kustomization.folder, value)
  const documents = scope.tree.documents(place)
  if (!documents) return say(scope, path, `\`${value}\` is not there`)
  scope.reached.add(place)
  scope.specs.push(...documents.flatMap((document) => fieldSpecs(own(document.value, 'images'))))
}

function sayCharts(scope: Scope): void {
  const { kustomization: { document } } = scope
  for (const [list, key] of [['helmCharts', 'name'], ['helmChartInflationGenerator', 'chartName']] as const) {
    for (const { value, path } of entries(document, list)) {
      scope.incomplete = true
      const name = own(value, key)
      say(scope, path, `${typeof name === 'string' ? `the Helm chart \`${name}\`` : 'a Helm chart'} is not rendered`)
    }
  }
}

/** The configurations of generators or transformers: written right there, in a file, or in the files of a folder. */
function plugins(scope: Scope, value: unknown, path: Path): ReturnType<Tree['documents']> & object {
  const { tree, kustomization: { folder, document } } = scope
  if (typeof value !== 'string') return []
  if (value.includes('\n')) return inlineDocuments(value, document, path)
  const place = join(folder, value)
  const documents = isFileName(value) || !kustomization(place, tree) ? tree.documents(place) : undefined
  if (documents) {
    scope.reached.add(place)
    return documents
  }
  const inner = kustomization(place, tree)
  if (inner) {
    scope.reached.add(inner.document.file.place)
    const listed = entries(inner.document, 'resources').map((entry) => ({ entry, place: join(place, String(entry.value)) }))
    return listed.flatMap(({ place: file }) => {
      scope.reached.add(file)
      return tree.documents(file) ?? []
    })
  }
  sayMissing(scope, value, path)
  return []
}

/** A `$(VAR)` is filled in where Kustomize knows it to be text; that is named where an object has one at all. */
function sayVar(scope: Scope, value: unknown, path: Path): void {
  const name = own(value, 'name')
  if (typeof name !== 'string' || !scope.items.some(({ base }) => mentions(base.value, `$(${name})`))) return
  say(scope, path, `\`$(${name})\` is not filled in`)
}

function mentions(value: unknown, wanted: string): boolean {
  if (typeof value === 'string') return value.includes(wanted)
  if (Array.isArray(value)) return value.some((one) => mentions(one, wanted))
  return isObject(value) && Object.values(value).some((one) => mentions(one, wanted))
}

/** Whether an object is for local use only: Kustomize leaves it out of what it prints. */
export function isLocal(one: Item): boolean {
  const mark = metadata(one, 'annotations', 'config.kubernetes.io/local-config')
  return mark !== undefined && mark !== 'false'
}
