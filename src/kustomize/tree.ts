import type { Document, Place } from '../manifests/document.ts'
import type { Resource } from '../manifests/resource.ts'

/** What the engine reads of a tree; places are absolute, normalised, with '/'. */
export interface Tree {
  /** The resources of a manifest file (Lists expanded) that matter; documents that do not matter are left out, so this may be empty. undefined: no such file. */
  resources(place: string): Resource[] | undefined
  /** All documents of a file, parsed whatever they hold (kustomizations, patches, transformer and generator configurations). undefined: no such file. */
  documents(place: string): Document[] | undefined
  /** Text of a file (for configMapGenerator). */
  text(place: string): string | undefined
}

export interface Kustomization {
  /** Place of the folder. */
  folder: string
  document: Document
  component: boolean
}

/** What a build met and did not evaluate. */
export interface Unchecked {
  place: Place
  /** A clause, e.g. "`https://github.com/x/y?ref=v1` is remote and not fetched". */
  message: string
}

export interface Built {
  resources: Resource[]
  unchecked: Unchecked[]
  /** Places of every file the build read: kustomization files, patches and resources. */
  reached: Set<string>
}
