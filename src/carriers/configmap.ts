import { isObject, own, placeOf, type Resource, title } from '../manifests/resource.ts'
import { type Contents, holding, keyOf, type Surroundings, together, type Unread } from './contents.ts'
import { base64 } from './embedded.ts'
import { manifestsIn } from './text.ts'
import { isInstallConfig } from './install.ts'
import { meantKind, mentions } from '../openshift/kinds.ts'

/** What the values of a ConfigMap may be manifests of, as `extraManifestsRefs` and a NodePool's `config` refer to; other objects in there are somebody's data. */
const APPLIED = new Set(['MachineConfig', 'Image'])

/** Mirror configuration among the values of a ConfigMap; what another resource refers to is read for that one. */
export function configMap(carrier: Resource, { budget, referred }: Surroundings): Contents {
  if (carrier.cluster === undefined && referred.has(keyOf(carrier))) return holding([])
  const found = together(values(carrier).map(({ path, text }) => (path.at(-1) === 'registries.conf' ? conf(carrier, path, referred) : manifestsIn(carrier, text, placeOf(carrier, path), budget))))
  const applied = (one: Resource) => meantKind(one.kind) !== undefined || APPLIED.has(one.kind) || isInstallConfig(one)
  const others = found.resources.filter((one) => !applied(one) && mentions(JSON.stringify(one.value)))
  return {
    resources: found.resources.filter(applied),
    broken: found.broken,
    unread: [...found.unread, ...others.map((one): Unread => ({ place: placeOf(one, []), reason: 'carrier', message: `${title(one) || 'what stands'} in ${title(carrier)} is not read` }))],
  }
}

function values(carrier: Resource): { path: string[]; text: string }[] {
  const entries = (field: string) => Object.entries(isObject(own(carrier.value, field)) ? own(carrier.value, field) as Record<string, unknown> : {})
  return [
    ...entries('data').flatMap(([key, value]) => (typeof value === 'string' ? [{ path: ['data', key], text: value }] : [])),
    ...entries('binaryData').flatMap(([key, value]) => {
      const text = typeof value === 'string' ? decoded(value) : undefined
      return text === undefined ? [] : [{ path: ['binaryData', key], text }]
    }),
  ]
}

/** The assisted installer's file, which is nothing without a resource that refers to it. */
function conf(carrier: Resource, path: string[], referred: ReadonlySet<string>): Contents {
  if (referred.has(`registries.conf of ${keyOf(carrier)}`)) return holding([])
  return { resources: [], broken: [], unread: [{ place: placeOf(carrier, path), reason: 'not-applied', message: `no resource here refers to the registries.conf of ${title(carrier)}` }] }
}

function decoded(value: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(base64(value))
  } catch {
    return undefined // not text, so no manifest
  }
}

/** An install-config may be in a Secret, which is not for us to open. */
export function secret(carrier: Resource): Contents {
  const key = ['data', 'stringData'].flatMap((field) => Object.keys(isObject(own(carrier.value, field)) ? own(carrier.value, field) as object : {}).map((one) => [field, one])).find(([, one]) => one!.startsWith('install-config'))
  return key ? { resources: [], broken: [], unread: [{ place: placeOf(carrier, key), reason: 'carrier', message: `the install-config in ${title(carrier)} is not read: Secrets are not opened` }] } : holding([])
}
