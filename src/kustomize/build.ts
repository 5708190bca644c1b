import { title } from '../manifests/resource.ts'
import { type Item, keyOf, result } from './item.ts'
import { isLocal, layer } from './layer.ts'
import type { Built, Kustomization, Tree, Unchecked } from './tree.ts'

export { kustomization, references } from './graph.ts'
export type { Built, Kustomization, Tree, Unchecked } from './tree.ts'

/** More than any build goes through, counting an object once for each kustomization on its way; one that does is made to. */
const MOST_OBJECTS = 50_000
const MOST_KUSTOMIZATIONS = 10_000

/**
 * What `kustomize build` of a folder yields, as far as it holds what matters. What cannot be evaluated is named, and so is what Kustomize would
 * refuse; the rest is built all the same.
 */
export function build(kustomization: Kustomization, tree: Tree): Built {
  const { items, unchecked, reached } = layer(tree, kustomization, [], { steps: MOST_KUSTOMIZATIONS, items: MOST_OBJECTS })
  const resources = items.filter((item) => !isLocal(item))
  return { resources: resources.map(result), unchecked: distinct([...unchecked, ...twice(resources, kustomization)]), reached: new Set(reached) }
}

/** Objects that a patch has given the name of another. */
function twice(items: readonly Item[], { document }: Kustomization): Unchecked[] {
  const present = new Set<string>()
  return items.flatMap(({ identity }) => {
    const key = keyOf(identity)
    if (present.has(key)) return [{ place: { document, path: [] }, message: `${title(identity)} is there twice once it is patched, which Kustomize refuses` }]
    present.add(key)
    return []
  })
}

/** A component may be run many times, and says the same each time. */
function distinct(unchecked: Iterable<Unchecked>): Unchecked[] {
  const known = new Map<string, Unchecked>()
  for (const one of unchecked) {
    const { place: { document, path }, message } = one
    const within = document.within?.path ?? []
    known.set(JSON.stringify([document.file.place, within, document.start, document.index, path, message]), one)
  }
  return [...known.values()]
}
