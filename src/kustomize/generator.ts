import { join } from '../manifests/place.ts'
import type { Document, Path, Place } from '../manifests/document.ts'
import { isObject, own, resource } from '../manifests/resource.ts'
import { changed, type Item, item, nodeOf } from './item.ts'
import { type Node, part, placeAt, put, raw } from './node.ts'
import { withIdentity } from './patch.ts'
import { add, say, type Scope } from './scope.ts'

/** Makes the ConfigMap of an entry of `configMapGenerator`; without the hash that Kustomize ends its name with. */
export function generate(scope: Scope, entry: unknown, path: Path, document: Document): void {
  const name = own(entry, 'name') ?? own(own(entry, 'metadata'), 'name')
  if (typeof name !== 'string' || name === '') return say(scope, path, 'the generated ConfigMap has no name', document)
  const namespace = own(entry, 'namespace')
  const data = new Map<string, Node>()
  for (const [key, value, at] of pairs(scope, entry, path, document)) data.set(key, raw(value, at.document, at.path))
  const here: Place = { document, path }
  const metadata = { name, ...(typeof namespace === 'string' && namespace !== '' ? { namespace } : {}) }
  const top = raw({ apiVersion: 'v1', kind: 'ConfigMap', metadata }, document, path)
  const node = put(put(top, ['metadata', 'name'], raw(name, document, [...path, 'name'])), ['data'], { type: 'table', entries: data, at: here })!
  const value = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: Object.fromEntries(Array.from(data, ([key, one]) => [key, one.type === 'raw' ? one.value : ''])) }
  absorb(scope, item(resource(value, { document, path, origin: (asked) => placeAt(node, asked) })), own(entry, 'behavior'), document, path)
}

/** Adds a generated object, or merges it into the one of its name, or puts it there instead. */
function absorb(scope: Scope, made: Item, behavior: unknown, document: Document, path: Path): void {
  const [before] = behavior === 'merge' || behavior === 'replace' ? withIdentity(scope.items, made.identity) : []
  if (!before) return add(scope, made, path, document)
  let after: Node = nodeOf(before)
  const data = part(nodeOf(made), ['data'])!
  if (behavior === 'replace') after = put(after, ['data'], data)!
  else for (const [key, value] of data.type === 'table' ? data.entries : []) after = put(after, ['data', key], value)!
  scope.items = scope.items.map((one) => (one === before ? changed(before, after) : one))
}

type Pair = [key: string, value: string, at: Place]

function* pairs(scope: Scope, entry: unknown, path: Path, document: Document): Generator<Pair> {
  const env = own(entry, 'env')
  const list = (field: string) => {
    const found = own(entry, field)
    return (Array.isArray(found) ? found : []).flatMap((one, index): { text: string; at: Place }[] => (typeof one === 'string' ? [{ text: one, at: { document, path: [...path, field, index] } }] : []))
  }
  for (const { text, at } of [...list('envs'), ...(typeof env === 'string' ? [{ text: env, at: { document, path: [...path, 'env'] } }] : [])]) yield* lines(read(scope, text, at) ?? '', at)
  for (const { text, at } of list('literals')) {
    const equals = text.indexOf('=')
    if (equals > 0) yield [text.slice(0, equals), unquote(text.slice(equals + 1)), at]
  }
  for (const { text, at } of list('files')) {
    const equals = text.indexOf('=')
    const file = text.slice(equals + 1)
    const content = read(scope, file, at)
    if (content !== undefined) yield [equals < 0 ? file.slice(file.lastIndexOf('/') + 1) : text.slice(0, equals), content, at]
  }
}

function read(scope: Scope, file: string, at: Place): string | undefined {
  const place = join(scope.kustomization.folder, file)
  const text = scope.tree.text(place)
  if (text === undefined) say(scope, at.path, `\`${file}\` is not there`, at.document)
  else scope.reached.add(place)
  return text
}

function* lines(text: string, at: Place): Generator<Pair> {
  for (const line of text.split(/\r?\n/)) {
    const [, key, value = ''] = /^\s*([^#=\s][^=]*)(?:=(.*))?$/.exec(line) ?? []
    if (key !== undefined) yield [key, value, at]
  }
}

function unquote(text: string): string {
  return text.length > 1 && /^["']/.test(text) && text.endsWith(text[0]!) ? text.slice(1, -1) : text
}

/** Kinds of generators that are carriers of manifests in their own right: they are yielded as they stand. */
const CARRIERS = new Set(['PolicyGenerator', 'PolicyGenTemplate', 'SiteConfig', 'ClusterInstance'])

/** What a generator that is configured by a document yields, as far as it can be told. */
export function runGenerator(scope: Scope, document: Document): void {
  const { value, problem } = document
  if (problem && !problem.readable) return say(scope, [], `the generator cannot be read: ${problem.message}`, document)
  if (!isObject(value)) return
  const made = resource(value, { document, path: [] })
  if (CARRIERS.has(made.kind)) add(scope, item(made), [], document)
  else if (made.apiVersion === 'builtin' && made.kind === 'ConfigMapGenerator') generate(scope, value, [], document)
  else if (made.apiVersion !== 'builtin' || made.kind !== 'SecretGenerator') say(scope, ['kind'], `what a ${made.kind || 'generator'} generates is not evaluated`, document)
}
