import type { Document, Path } from '../manifests/document.ts'
import { parse } from '../manifests/parse.ts'
import { title } from '../manifests/resource.ts'
import type { FieldSpec } from './image.ts'
import { type Item, keyOf } from './item.ts'
import { PatchError } from './merge.ts'
import type { Kustomization, Tree, Unchecked } from './tree.ts'

/** One kustomization on its way: what it has gathered so far. A component works on the scope of what includes it. */
export interface Scope {
  tree: Tree
  kustomization: Kustomization
  items: Item[]
  /** Where Kustomize looks for images beside its own places, from `configurations`. */
  specs: FieldSpec[]
  unchecked: Set<Unchecked>
  reached: Set<string>
  /** The folders that led here, this one last. */
  chain: readonly string[]
  /** What one build may still do, shared by all that it builds. */
  budget: Budget
  /** Something that it includes could not be read, so that no one can say what is missing. */
  incomplete: boolean
  /** What came of it depends on where it is built from: it is not to be remembered. */
  cyclic: boolean
}

export interface Budget {
  steps: number
  items: number
}

/** Names what is not evaluated, at its place. */
export function say({ unchecked, kustomization }: Scope, path: Path, message: string, document: Document = kustomization.document): void {
  unchecked.add({ place: { document, path }, message })
}

/** Names a patch that fails, and lets every other error pass. */
export function sayError(scope: Scope, error: unknown): void {
  if (!(error instanceof PatchError)) throw error
  say(scope, error.at.path, error.message, error.at.document)
}

/** Says of objects that have become one by their identity that Kustomize refuses them. */
export function sayTwice(scope: Scope, path: Path, when: string, document?: Document): void {
  const present = new Set<string>()
  for (const { identity } of scope.items) {
    const key = keyOf(identity)
    if (present.has(key)) say(scope, path, `${title(identity)} is there twice ${when}, which Kustomize refuses`, document)
    present.add(key)
  }
}

const identities = new WeakMap<readonly Item[], Set<string>>()

/** Adds an object, if there is none of its identity yet. */
export function add(scope: Scope, one: Item, path: Path, document: Document): void {
  const present = identities.get(scope.items) ?? new Set(scope.items.map(({ identity }) => keyOf(identity)))
  identities.set(scope.items, present)
  const key = keyOf(one.identity)
  if (present.has(key)) return say(scope, path, `${title(one.identity)} is there twice, which Kustomize refuses`, document)
  if (--scope.budget.items < 0) {
    scope.cyclic = true // how much is left depends on what came before
    if (scope.budget.items === -1) say(scope, path, 'the build goes through more objects than are followed', document)
    return
  }
  present.add(key)
  scope.items.push(one)
}

const inline = new WeakMap<Document, Map<string, Document[]>>()

/** The documents of a string in a document, as of an inline patch; they are blamed on the string. */
export function inlineDocuments(text: string, document: Document, path: Path): Document[] {
  const known = inline.get(document) ?? new Map<string, Document[]>()
  inline.set(document, known)
  const key = JSON.stringify(path)
  let documents = known.get(key)
  if (!documents) {
    const { documents: parsed, skipped } = parse({ ...document.file, text, named: true }, () => true)
    const unread = skipped.map(({ message }): Document => ({ file: document.file, start: 0, end: 0, index: 0, value: undefined, problem: { message, offset: 0, readable: false } }))
    documents = [...parsed, ...unread].map((one) => ({ ...one, within: { document, path } }))
    known.set(key, documents)
  }
  return documents
}
