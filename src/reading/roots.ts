import { type Kustomization, references, type Tree } from '../kustomize/build.ts'
import { contains } from '../manifests/place.ts'

/** What no other kustomization builds upon, here or in the paths of a cluster that is declared, and what Argo CD applies. */
export function rootsOf(kustomizations: readonly Kustomization[], tree: Tree, scopes: readonly (readonly string[])[], argo: ReadonlySet<string>): Kustomization[] {
  const within = scopes.map((paths) => kustomizations.filter(({ document }) => paths.some((path) => contains(path, document.file.place))))
  const scoped = new Set(within.flat())
  return [...new Set([...within.flatMap((some) => tops(some, tree)), ...tops(kustomizations.filter((one) => !scoped.has(one)), tree), ...kustomizations.filter(({ folder }) => argo.has(folder))])]
}

/** Those that no other builds upon; of such that only build upon each other, the first. */
function tops(kustomizations: readonly Kustomization[], tree: Tree): Kustomization[] {
  const below = new Map(kustomizations.map((one) => [one.folder, references(one, tree).folders]))
  const used = new Set([...below].flatMap(([folder, folders]) => folders.filter((inner) => inner !== folder)))
  const roots = kustomizations.filter(({ folder }) => !used.has(folder))
  const reached = new Set<string>()
  const reach = (folder: string) => {
    for (const waiting = [folder]; waiting.length > 0;) {
      const next = waiting.pop()!
      if (reached.has(next)) continue
      reached.add(next)
      for (const inner of below.get(next) ?? []) waiting.push(inner)
    }
  }
  for (const { folder } of roots) reach(folder)
  for (const one of kustomizations) {
    if (reached.has(one.folder)) continue
    roots.push(one)
    reach(one.folder)
  }
  return roots
}
