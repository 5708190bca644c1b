import { result } from './item.ts'
import { isLocal, layer } from './layer.ts'
import type { Built, Kustomization, Tree } from './tree.ts'

export { kustomization, references } from './graph.ts'
export type { Built, Kustomization, Tree, Unchecked } from './tree.ts'

/** More than any cluster takes; a build that yields more is made to. */
const MOST_OBJECTS = 20_000
const MOST_KUSTOMIZATIONS = 10_000

/**
 * What `kustomize build` of a folder yields, as far as it holds what matters. What cannot be evaluated is named, and so is what Kustomize would
 * refuse; the rest is built all the same.
 */
export function build(kustomization: Kustomization, tree: Tree): Built {
  const { items, unchecked, reached } = layer(tree, kustomization, [], { steps: MOST_KUSTOMIZATIONS, items: MOST_OBJECTS })
  return { resources: items.filter((item) => !isLocal(item)).map(result), unchecked: [...unchecked], reached: new Set(reached) }
}
