import type { Document, File, Path } from '../manifests/document.ts'
import { parse } from '../manifests/parse.ts'
import { folderOf, isKustomization, join } from '../manifests/place.ts'
import { isObject, own } from '../manifests/resource.ts'

/** What is written somewhere of the kind, its plural or its list. */
export const MENTION = /imagecontentsourcepolic(?:y|ies)|repositoryDigestMirrors/i

/** A key or a string of a document. */
export interface Mention {
  path: Path
  /** The string, or the key that `path` ends with. */
  text: string
}

/** The documents of a file that mention the kind; one that cannot be read, or is the definition of a kind, tells nothing. */
export function mentioning(file: File): Document[] {
  if (!MENTION.test(file.text)) return []
  const { documents } = parse({ ...file, named: false }, (text) => MENTION.test(text))
  return documents.filter(({ value, problem }) => !problem && !(isObject(value) && value['kind'] === 'CustomResourceDefinition')).map((document) => ({ ...document, file }))
}

/** Where a value mentions the kind, but for what lies at one of `known` paths. */
export function mentionsIn(value: unknown, known: readonly Path[], path: Path = []): Mention[] {
  if (known.some((one) => one.length === path.length && one.every((step, index) => step === path[index]))) return []
  if (typeof value === 'string') return MENTION.test(value) ? [{ path, text: value }] : []
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => mentionsIn(item, known, [...path, index]))
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => [...(MENTION.test(key) ? [{ path: [...path, key], text: key }] : []), ...mentionsIn(inner, known, [...path, key])])
}

/** The places of all files that kustomizations name as patches or replacements, whether or not they mention the kind themselves. */
export function patchFiles(files: readonly File[]): Set<string> {
  const kustomizations = files.filter(({ path }) => isKustomization(path)).flatMap((file) => parse({ ...file, named: true }, () => true).documents.map(({ value }) => ({ value, folder: folderOf(file.place) })))
  return new Set(kustomizations.flatMap(({ value, folder }) => ['patches', 'patchesJson6902', 'patchesStrategicMerge', 'replacements'].flatMap((field) => {
    const list = own(value, field)
    return (Array.isArray(list) ? (list as unknown[]) : []).flatMap((one) => {
      const path = typeof one === 'string' ? one : own(one, 'path')
      return typeof path === 'string' && !/[\n:{]/.test(path) ? [join(folder, path)] : []
    })
  })))
}
