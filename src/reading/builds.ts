import { build, type Built, type Tree } from '../kustomize/build.ts'
import type { Document } from '../manifests/document.ts'
import type { Resource } from '../manifests/resource.ts'
import type { Root } from './roots.ts'

/** What a Kustomize root yields. */
export interface Build extends Built {
  folder: string
  root: NonNullable<Resource['root']>
}

/** A build, and what it was given when it asked. */
interface Kept {
  built: Build
  given: { ask: (tree: Tree) => unknown; answer: unknown }[]
}

/** By the kustomization: most roots of two revisions are the same, and so is all that they read. */
const kept = new WeakMap<Document, Kept>()

/** Builds a root, unless it was built of the very same files before. */
export function built({ kustomization, ...rest }: Root, tree: Tree): Build {
  const { folder, document } = kustomization
  const known = kept.get(document)
  if (known && String(known.built.root.scopes) === String(rest.scopes) && known.given.map(({ ask, answer }) => ask(tree) === answer).every(Boolean)) return known.built
  const root = { file: document.file.path, place: document.file.place, ...rest }
  const given: Kept['given'] = []
  const { resources, ...others } = build(kustomization, listening(tree, given))
  const made = { folder, root, resources: resources.map((resource) => ({ ...resource, root })), ...others }
  kept.set(document, { built: made, given })
  return made
}

/** A tree that notes what is asked of it. */
function listening(tree: Tree, given: Kept['given']): Tree {
  const note = <T>(ask: (of: Tree) => T): T => {
    const answer = ask(tree)
    given.push({ ask, answer })
    return answer
  }
  return { resources: (place) => note((of) => of.resources(place)), documents: (place) => note((of) => of.documents(place)), text: (place) => note((of) => of.text(place)) }
}
