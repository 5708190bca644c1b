import type { Document, Path } from './document.ts'

/** An object of the Kubernetes API, where it stands. */
export interface Resource {
  apiVersion: string
  kind: string
  namespace?: string
  /** Empty where the manifest has none (an unfilled placeholder, `generateName`). */
  name: string
  value: Record<string, unknown>
  document: Document
  /** Where `value` stands in the document. */
  path: Path
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The own property of an object, so that `constructor` and `__proto__` are only what the manifest says. */
export function own(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

/** Kind and name as people write them: `ImageDigestMirrorSet/ubi`. */
export function title(resource: { kind: string; name: string }): string {
  return resource.name === '' ? resource.kind : `${resource.kind}/${resource.name}`
}
