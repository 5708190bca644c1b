import type { Document, Place, Skipped } from '../manifests/document.ts'
import { outermost } from '../manifests/position.ts'
import { isObject, type Resource } from '../manifests/resource.ts'

/** What is inside of a resource that carries others. */
export interface Contents {
  resources: Resource[]
  /** Strings in it that should be manifests or configuration and cannot be read. */
  broken: Document[]
  unread: Unread[]
}

/** What is not read of it, and why, in a clause. */
export interface Unread {
  place: Place
  reason: Skipped['reason']
  message: string
}

/** How much is read of what stands inside of one resource: aliases and lists of clusters may repeat it without end. */
export interface Budget {
  /** Of strings that are parsed. */
  characters: number
  objects: number
}

export function budget(): Budget {
  return { characters: 16 * 1024 * 1024, objects: 100_000 }
}

/** What a carrier may refer to. */
export interface Surroundings {
  budget: Budget
  /** ConfigMaps that some resource refers to: they are read for it, and not once more by themselves. */
  referred: Set<string>
  /** A ConfigMap of the run, by name; where there are several, one in the namespace, and of those the one that stands nearest to `from`. */
  configMap(from: Resource, namespace: string | undefined, name: string): Resource | undefined
  /** The manifests in a file or folder that a generator in `from` names, looked for beside it and in the folders around it; undefined where there is none. */
  manifests(from: Document, path: string): Resource[] | undefined
}

/** A resource as one of a set. */
export function keyOf({ document, path }: Resource): string {
  return JSON.stringify([outermost(document).file.place, document.start, document.index, document.within?.path ?? null, path])
}

/** Contents that are resources alone. */
export function holding(resources: Resource[]): Contents {
  return { resources, broken: [], unread: [] }
}

/** A selection of clusters, as people write it: `common=core,version=4.22`. */
export function labels(value: unknown): string {
  return isObject(value) ? Object.entries(value).map(([key, label]) => `${key}=${String(label)}`).sort().join(',') : ''
}

export function together(all: readonly Contents[]): Contents {
  return {
    resources: all.flatMap(({ resources }) => resources),
    broken: all.flatMap(({ broken }) => broken),
    unread: all.flatMap(({ unread }) => unread),
  }
}
