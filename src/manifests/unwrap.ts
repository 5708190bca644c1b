import type { Document, Path } from './document.ts'
import { isObject, own, resource, type Resource, text } from './resource.ts'

/**
 * The resources of a document: itself, or the items of a `List` (of lists, as deep as they go). Items of an `ImageTagMirrorSetList` need not say
 * what they are; the API server leaves it out.
 */
export function unwrap(document: Document): Resource[] {
  const resources: Resource[] = []
  const waiting: { value: unknown; path: Path; type: Type }[] = [{ value: document.value, path: [], type: { apiVersion: '', kind: '' } }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, path, type } = next
    if (!isObject(value)) continue
    const items = own(value, 'items')
    const kind = text(own(value, 'kind')) || type.kind
    const apiVersion = text(own(value, 'apiVersion')) || type.apiVersion
    if (kind.endsWith('List') && Array.isArray(items)) {
      for (let index = items.length - 1; index >= 0; index--) waiting.push({ value: items[index], path: [...path, 'items', index], type: { apiVersion: kind === 'List' ? '' : apiVersion, kind: kind.slice(0, -'List'.length) } })
      continue
    }
    resources.push(resource(value, { document, path }, { apiVersion, kind }))
  }
  return resources
}

interface Type {
  apiVersion: string
  kind: string
}
