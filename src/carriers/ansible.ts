import type { Path } from '../manifests/document.ts'
import { isObject, own, text, title } from '../manifests/resource.ts'
import { mentions } from '../openshift/kinds.ts'

/** The mirror configuration that tasks of Ansible hold, as `definition` of a k8s module: what is applied of it, and when, only a run tells. */
export function ansibleDefinitions(root: unknown): { path: Path; what: string }[] {
  const found: { path: Path; what: string }[] = []
  const waiting: { value: unknown; path: Path }[] = Array.isArray(root) ? [{ value: root, path: [] }] : []
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, path } = next
    if (Array.isArray(value)) for (let index = value.length - 1; index >= 0; index--) waiting.push({ value: (value as unknown[])[index], path: [...path, index] })
    else if (isObject(value)) {
      for (const [key, inner] of Object.entries(value).toReversed()) {
        if (key === 'definition' || key === 'resource_definition') found.push(...definitions(inner).map((what) => ({ path: [...path, key], what })))
        else waiting.push({ value: inner, path: [...path, key] })
      }
    }
  }
  return found
}

function definitions(value: unknown): string[] {
  return [value].flat().slice(0, MOST).flatMap((one: unknown) => {
    if (!mentions(typeof one === 'string' ? one : JSON.stringify(one) ?? '')) return []
    return [title({ kind: text(own(one, 'kind')) || 'a manifest', name: text(own(own(one, 'metadata'), 'name')) })]
  })
}

/** No task applies more at once. */
const MOST = 1_000
