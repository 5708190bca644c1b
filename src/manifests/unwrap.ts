import type { Document, Path } from './document.ts'
import { isObject, own, type Resource } from './resource.ts'

/** The resources of a document: itself, or the items of a `List` (of lists, as deep as they go). */
export function unwrap(document: Document): Resource[] {
  const resources: Resource[] = []
  const waiting: { value: unknown; path: Path }[] = [{ value: document.value, path: [] }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, path } = next
    if (!isObject(value)) continue
    const items = own(value, 'items')
    const kind = text(own(value, 'kind'))
    if (kind.endsWith('List') && Array.isArray(items)) {
      for (let index = items.length - 1; index >= 0; index--) waiting.push({ value: items[index], path: [...path, 'items', index] })
      continue
    }
    const metadata = own(value, 'metadata')
    const namespace = text(own(metadata, 'namespace'))
    resources.push({
      apiVersion: text(own(value, 'apiVersion')),
      kind,
      ...(namespace ? { namespace } : {}),
      name: text(own(metadata, 'name')),
      value,
      document,
      path,
    })
  }
  return resources
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
