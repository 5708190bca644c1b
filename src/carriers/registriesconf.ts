import type { Document, Path, Place } from '../manifests/document.ts'
import { type Dropped, own, placeOf, type Resource, text } from '../manifests/resource.ts'
import { type RegistriesConf, registriesConf, type Table } from '../registries/conf.ts'
import { parseToml } from '../registries/toml.ts'
import { type Contents, holding, keyOf, type Surroundings } from './contents.ts'
import { inString, unreadable } from './embedded.ts'
import { made, type MadeEntry } from './made.ts'

/** A registries.conf in a string. @throws Error with what is wrong with it, never an excerpt. */
export function readToml(toml: string, within: Place, dropIn: boolean): { document: Document; conf: RegistriesConf } {
  const { value } = parseToml(toml)
  return { document: inString(value, within), conf: registriesConf(value, dropIn) }
}

/**
 * What the assisted service passes on to the clusters that it installs: of the ConfigMap of `mirrorRegistryRef`, locations with their mirrors for pulls by
 * digest; mirrors for tags, and those of `pull-from-mirror = "all"`, are not carried on (openshift/assisted-service pkg/mirrorregistries/parser.go).
 */
export function assistedMirrors(carrier: Resource, { configMap, referred }: Surroundings): Contents {
  const ref = own(own(carrier.value, 'spec'), 'mirrorRegistryRef')
  const name = text(own(ref, 'name'))
  if (name === '') return holding([])
  const found = configMap(carrier, text(own(ref, 'namespace')) || carrier.namespace, name)
  const at = placeOf(carrier, ['spec', 'mirrorRegistryRef', 'name'])
  if (!found) return { resources: [], broken: [], unread: [{ place: at, reason: 'carrier', message: `ConfigMap/${name} is not here, so the mirrors of ${carrier.kind}/${carrier.name} are not known` }] }
  referred.add(`registries.conf of ${keyOf(found)}`)
  const toml = own(own(found.value, 'data'), 'registries.conf')
  if (typeof toml !== 'string') return holding([])
  const within = placeOf(found, ['data', 'registries.conf'])
  if (/^\s*\$\w+\s*$|\{\{/.test(toml)) return { resources: [], broken: [], unread: [{ place: within, reason: 'placeholder', message: '`registries.conf` is yet to be filled in' }] }
  try {
    const { document, conf } = readToml(toml, within, false)
    const entries = conf.tables.flatMap((table): MadeEntry[] => {
      const mirrors = table.mirrors.filter(({ pullFromMirror }) => pullFromMirror === '' || pullFromMirror === 'digest-only')
      const place = ([field, index]: Path): Place => {
        const path = field === 'mirrors' && typeof index === 'number' ? [...(mirrors[index]?.path ?? []), 'location'] : field === 'source' ? [...(table.path ?? []), 'location'] : table.path ?? []
        return { document, path }
      }
      return mirrors.length === 0 || table.location === '' ? [] : [{ source: table.location, mirrors: mirrors.map(({ location }) => location), place }]
    })
    const dropped = conf.tables.flatMap((table) => lost(table).map((one): Dropped => ({ ...one, document })))
    const making = { kind: 'ImageDigestMirrorSet', name: 'image-digest-mirror', madeOf: `registries.conf of ConfigMap/${name}`, maker: 'assisted', dropped } as const
    const resources = [made({ ...found, ...(carrier.cluster === undefined ? {} : { cluster: carrier.cluster }) }, making, entries, { document, path: [] })]
    return holding(resources)
  } catch (error) {
    return { resources: [], broken: [unreadable((error as Error).message, within)], unread: [] }
  }
}

/** What the service passes over of a table: it reads locations and knows two values of `pull-from-mirror`, of which clusters get one. */
function lost({ location, prefix, path = [], mirrors }: Table): Omit<Dropped, 'document'>[] {
  if (mirrors.length === 0) return []
  if (location === '') return [{ reason: 'no-location', location: prefix, path }]
  return [
    ...(prefix === '' || prefix === location ? [] : [{ reason: 'prefix', location: prefix, path: [...path, 'prefix'] } as const]),
    ...mirrors.flatMap((mirror) => (mirror.pullFromMirror === 'all' || mirror.pullFromMirror === 'tag-only'
      ? [{ reason: mirror.pullFromMirror, location: mirror.location, path: [...(mirror.path ?? []), 'pull-from-mirror'] } as const] : [])),
  ]
}
