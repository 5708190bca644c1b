import { isCarrier } from '../carriers/carriers.ts'
import { isMirrorKind, MIRROR_KINDS } from '../openshift/kinds.ts'
import { REGISTRIES_CONF } from '../registries/node.ts'
import { isObject, own, type Resource, title } from '../manifests/resource.ts'

const NAMED = new RegExp(`\\bkind['"]?:\\s*['"]?(${Object.keys(MIRROR_KINDS).join('|')})\\b`)

/**
 * Names the kinds of mirror sets that stand inside something else, which is not read: an embedded object with a `spec`, a patch that is aimed at one, or a
 * manifest in a string. Undefined where there is none. A kind that is merely mentioned (a CRD, a list of resources, a query) is not one.
 */
export function carried(resource: Resource): string | undefined {
  if (isCarrier(resource) || resource.apiVersion.startsWith('kustomize.config.k8s.io/')) return undefined
  const root = resource.value
  const where = resource.kind === '' ? 'an object without a kind' : title(resource)
  const waiting: unknown[] = [root]
  const found = new Set<string>()
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value === 'string') {
      const match = NAMED.exec(value)
      if (match) found.add(`${match[1]} in a string of ${where} is not read`)
    } else if (Array.isArray(value)) {
      for (const item of value as unknown[]) waiting.push(item)
    } else if (isObject(value)) {
      const kind = own(value, 'kind')
      const target = own(own(value, 'target') ?? own(value, 'targetObjectRef'), 'kind')
      if (isKind(kind) && value !== root && (Object.hasOwn(value, 'spec') || Object.hasOwn(value, 'patch'))) found.add(`${kind} inside ${where} is not read`)
      const file = own(value, 'path')
      if (typeof file === 'string' && file.startsWith(REGISTRIES_CONF) && resource.kind !== 'MachineConfig') found.add(`${file} in ${where} is not read`)
      if (isKind(target)) found.add(`the patch of ${target} in ${where} is not applied`)
      for (const inner of Object.values(value)) waiting.push(inner)
    }
  }
  return found.size > 0 ? [...found].sort().join('; ') : undefined
}

function isKind(value: unknown): value is string {
  return typeof value === 'string' && isMirrorKind(value)
}
