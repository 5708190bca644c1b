import { own, placeOf, type Resource } from '../manifests/resource.ts'
import { type Contents, holding, together } from './contents.ts'
import { base64 } from './embedded.ts'
import { manifestsIn } from './text.ts'
import { isInstallConfig } from './install.ts'
import { isMirrorKind } from '../openshift/kinds.ts'

/** What the values of a ConfigMap may be manifests of, as `extraManifestsRefs` and a NodePool's `config` refer to; other objects in there are somebody's data. */
const APPLIED = new Set(['MachineConfig', 'Image', 'List'])

/** Mirror configuration among the values of a ConfigMap. */
export function configMap(carrier: Resource): Contents {
  const entries = (field: string) => {
    const data = own(carrier.value, field)
    return typeof data === 'object' && data !== null ? Object.entries(data) : []
  }
  const found = together([
    ...entries('data').map(([key, value]) => (typeof value === 'string' && key !== 'registries.conf' ? manifestsIn(carrier, value, placeOf(carrier, ['data', key])) : holding([]))),
    ...entries('binaryData').map(([key, value]) => {
      const text = typeof value === 'string' ? decoded(value) : undefined
      return text === undefined ? holding([]) : manifestsIn(carrier, text, placeOf(carrier, ['binaryData', key]))
    }),
  ])
  return { ...found, resources: found.resources.filter((one) => isMirrorKind(one.kind) || APPLIED.has(one.kind) || isInstallConfig(one)) }
}

function decoded(value: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(base64(value))
  } catch {
    return undefined // not text, so no manifest
  }
}
