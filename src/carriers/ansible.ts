import { isObject, own, text } from '../manifests/resource.ts'
import type { Path } from '../manifests/document.ts'
import { meantKind } from '../openshift/kinds.ts'

/** The mirror sets that tasks of Ansible hold, as `definition` of a k8s module: what is applied of them, and when, only a run tells. */
export function ansibleDefinitions(root: unknown): { path: Path; kind: string; name: string }[] {
  const found: { path: Path; kind: string; name: string }[] = []
  const waiting: { value: unknown; path: Path }[] = Array.isArray(root) ? [{ value: root, path: [] }] : []
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, path } = next
    if (Array.isArray(value)) for (let index = value.length - 1; index >= 0; index--) waiting.push({ value: (value as unknown[])[index], path: [...path, index] })
    else if (isObject(value)) {
      const definitions = [own(value, 'definition'), own(value, 'resource_definition')].flat().filter(isObject)
      for (const definition of definitions) {
        const kind = text(own(definition, 'kind'))
        if (meantKind(kind)) found.push({ path: [...path, own(value, 'definition') === undefined ? 'resource_definition' : 'definition'], kind, name: text(own(own(definition, 'metadata'), 'name')) })
      }
      for (const [key, inner] of Object.entries(value).toReversed()) if (!key.endsWith('definition')) waiting.push({ value: inner, path: [...path, key] })
    }
  }
  return found
}
