import { type Kustomization, references, type Tree } from '../kustomize/build.ts'
import { contains, join } from '../manifests/place.ts'
import { own } from '../manifests/resource.ts'
import { mentions } from '../openshift/kinds.ts'

/** A kustomization that is built; of clusters that are declared, those in whose paths no other one builds upon it. */
export interface Root {
  kustomization: Kustomization
  scopes?: number[]
}

/** What no other kustomization builds upon, here or in the paths of a cluster that is declared, and what Argo CD applies. */
export function rootsOf(kustomizations: readonly Kustomization[], tree: Tree, scopes: readonly (readonly string[])[], argo: ReadonlySet<string>): Root[] {
  const within = scopes.map((paths) => kustomizations.filter(({ document }) => paths.some((path) => contains(path, document.file.place))))
  const scoped = new Set(within.flat())
  const declared = new Map<Kustomization, number[]>()
  for (const [index, some] of within.entries()) for (const one of tops(some, tree)) declared.set(one, [...(declared.get(one) ?? []), index])
  const others = new Set([...tops(kustomizations.filter((one) => !scoped.has(one)), tree), ...kustomizations.filter(({ folder }) => argo.has(folder))])
  return [...[...declared].map(([kustomization, indexes]) => ({ kustomization, scopes: indexes })), ...[...others].map((kustomization) => ({ kustomization }))]
}

/** The files of builds in which a patch brings mirror configuration: what it changes may say nothing of that itself. */
export function patched(kustomizations: readonly Kustomization[], tree: Tree): Set<string> {
  const byFolder = new Map(kustomizations.map((one) => [one.folder, one]))
  const places = new Set<string>()
  const visited = new Set<string>()
  const waiting = kustomizations.filter((one) => patchTexts(one, tree).some(mentions)).map(({ folder }) => folder)
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const one = byFolder.get(folder)
    if (!one || visited.has(folder)) continue
    visited.add(folder)
    const { files, folders } = references(one, tree)
    for (const place of files) places.add(place)
    for (const inner of folders) waiting.push(inner)
  }
  return places
}

function patchTexts({ folder, document }: Kustomization, tree: Tree): string[] {
  const entries = ['patches', 'patchesJson6902', 'patchesStrategicMerge'].flatMap((field) => [own(document.value, field)].flat())
  return entries.flatMap((entry: unknown) => [entry, own(entry, 'path'), own(entry, 'patch')].flatMap((one) => {
    if (typeof one !== 'string') return []
    return [one, /[\n:{]/.test(one) ? '' : tree.text(join(folder, one)) ?? '']
  }))
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
