import { join } from '../manifests/place.ts'
import type { Document, Path } from '../manifests/document.ts'
import { isObject } from '../manifests/resource.ts'
import type { Kustomization, Tree } from './tree.ts'
import { isRemote } from './location.ts'

const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']

/** What a kustomization says of something, and where. */
export interface Entry {
  value: unknown
  path: Path
}

/** The kustomization of a folder: kustomization.yaml, kustomization.yml or Kustomization. */
export function kustomization(folder: string, tree: Tree): Kustomization | undefined {
  for (const name of NAMES) {
    const document = tree.documents(join(folder, name))?.[0]
    if (document) return { folder, document, component: field(document, 'kind')?.value === 'Component' }
  }
  return undefined
}

/** The other files of a folder that are kustomizations too: Kustomize takes that for an error. */
export function others({ folder, document }: Kustomization, tree: Tree): string[] {
  return NAMES.filter((name) => join(folder, name) !== document.file.place && tree.documents(join(folder, name)) !== undefined)
}

/** A field of a kustomization. Go's JSON decoder does not mind case, so neither does Kustomize. */
export function field({ value }: Document, name: string): Entry | undefined {
  if (!isObject(value)) return undefined
  const key = Object.hasOwn(value, name) ? name : Object.keys(value).find((one) => one.toLowerCase() === name.toLowerCase())
  return key === undefined || value[key] === null ? undefined : { value: value[key], path: [key] }
}

/** The entries of a field that is a list; an entry of null is none. */
export function entries(document: Document, name: string): Entry[] {
  const found = field(document, name)
  if (!found || !Array.isArray(found.value)) return []
  return found.value.map((value, index) => ({ value, path: [...found.path, index] })).filter(({ value }) => value !== null)
}

/** What a kustomization takes resources from. */
const FOLDERS = ['resources', 'bases', 'components']
const FILES = ['transformers', 'generators', 'validators', 'configurations', 'crds', 'patchesStrategicMerge']
const WITH_PATH = ['patches', 'patchesJson6902', 'replacements']

/**
 * The folders that a kustomization takes resources from, as far as there are kustomizations in them, and the files that it names (resources,
 * patches, configurations), whether they are there or not. It does not build.
 */
export function references({ folder, document }: Kustomization, tree: Tree): { folders: string[]; files: string[] } {
  const folders = new Set<string>()
  const files = new Set<string>()
  const add = (path: unknown) => {
    if (typeof path !== 'string' || path.includes('\n')) return
    const place = join(folder, path)
    const inner = isFileName(path) ? undefined : kustomization(place, tree)
    if (inner) folders.add(place)
    else if (!isRemote(path)) files.add(place)
  }
  for (const name of [...FOLDERS, ...FILES]) for (const { value } of entries(document, name)) add(value)
  for (const name of WITH_PATH) for (const { value } of entries(document, name)) if (isObject(value)) add(value['path'])
  for (const { value } of entries(document, 'configMapGenerator')) {
    for (const path of sources(value)) add(path)
  }
  return { folders: [...folders], files: [...files] }
}

/** The files that a ConfigMap is generated from: `path` or `key=path`. */
function sources(value: unknown): unknown[] {
  if (!isObject(value)) return []
  const lists = [value['files'], value['envs']].flatMap((list): unknown[] => (Array.isArray(list) ? list : []))
  return [...lists, value['env']].map((one) => (typeof one === 'string' ? one.replace(/^[^=]*=/, '') : one))
}

/** What is called like a manifest is taken for a file before it is taken for a folder. */
export function isFileName(path: string): boolean {
  return /\.(?:ya?ml|json)$/i.test(path)
}
