import type { Registry } from './merge.ts'

/** A location to pull from, as it stands in a registries.conf. */
export interface Endpoint {
  location: string
  insecure: boolean
  /** `pull-from-mirror`; empty where it is not set. */
  pullFromMirror: string
  /** Where it stands in the TOML document; absent where it was not read from one. */
  path?: (string | number)[]
}

/** A `[[registry]]` as it stands in a registries.conf. */
export interface Table extends Endpoint {
  /** Empty where the location is the prefix too. */
  prefix: string
  blocked: boolean
  mirrorByDigestOnly: boolean
  mirrors: Endpoint[]
}

/** What a registries.conf says about pulling. */
export interface RegistriesConf {
  tables: Table[]
  /** `unqualified-search-registries`; undefined where it is not set, which leaves those of an earlier file in force. */
  search?: string[]
  /** Empty where it is not set. */
  shortNameMode: string
  aliases: Record<string, string>
}

/** A `[[registry]]` of the Machine Config Operator: up to 4.12 digest-only as a whole, from 4.13 on mirror by mirror. */
export function tableOf({ scope, blocked, insecure, mirrors }: Registry, perMirror: boolean): Table {
  const wildcard = scope.startsWith('*.')
  return {
    prefix: wildcard ? scope : '',
    location: wildcard ? '' : scope,
    blocked,
    insecure,
    pullFromMirror: '',
    mirrorByDigestOnly: !perMirror && mirrors.length > 0,
    mirrors: mirrors.map((mirror) => ({ location: mirror.location, insecure: mirror.insecure, pullFromMirror: perMirror ? `${mirror.pull}-only` : '' })),
  }
}

type Values = Record<string, unknown>
type Type = 'string' | 'boolean' | 'array' | 'table'

/**
 * Reads the value of a TOML document as nodes do: keys without regard to case, unknown keys ignored, both versions of the format.
 * Follows loadConfigFile and ConvertToV2 of containers/image pkg/sysregistriesv2, and how github.com/BurntSushi/toml decodes.
 * @throws Error where a value is of the wrong type, the two versions are mixed, or a drop-in is of the first.
 */
export function registriesConf(value: unknown, dropIn: boolean): RegistriesConf {
  const root = value as Values
  const search = strings(root, 'unqualified-search-registries', [])
  const tables = (typed(root, 'registry', 'array', []) ?? []).map((item, index) => table(item, ['registry', index]))
  const shortNameMode = typed(root, 'short-name-mode', 'string', []) ?? ''
  const aliases = typed(root, 'aliases', 'table', []) ?? {}
  for (const name of Object.keys(aliases)) typed(aliases, name, 'string', ['aliases'])
  const v2: RegistriesConf = { tables, ...(search ? { search } : {}), shortNameMode, aliases: aliases as Record<string, string> }
  const old = version1(root)
  if (!old) return v2
  if (dropIn) throw new Error('registry must be in v2 format but is in v1')
  if (['registry', 'unqualified-search-registries', 'credential-helpers', 'short-name-mode', 'aliases'].some((key) => field(root, key) !== undefined)) {
    throw new Error('mixing sysregistry v1/v2 is not supported')
  }
  return old
}

function version1(root: Values): RegistriesConf | undefined {
  const registries = typed(root, 'registries', 'table', [])
  const list = (name: string) => {
    const path = ['registries', name]
    const inner = registries && typed(registries, name, 'table', ['registries'])
    return inner && strings(inner, 'registries', path)
  }
  const [search, insecure, block] = [list('search'), list('insecure'), list('block')]
  if (!search && !insecure && !block) return undefined
  const tables = new Map<string, Table>()
  const add = (name: string, flags: Partial<Table>, path: (string | number)[]) => {
    const location = parseLocation(name)
    tables.set(location, { ...(tables.get(location) ?? { prefix: location, location, pullFromMirror: '', mirrorByDigestOnly: false, mirrors: [], blocked: false, insecure: false, path }), ...flags })
  }
  block?.forEach((name, index) => add(name, { blocked: true }, ['registries', 'block', 'registries', index]))
  insecure?.forEach((name, index) => add(name, { insecure: true }, ['registries', 'insecure', 'registries', index]))
  return { tables: [...tables.values()], ...(search ? { search } : {}), shortNameMode: '', aliases: {} }
}

function table(value: unknown, path: (string | number)[]): Table {
  const values = check(value, 'table', path) as Values
  const mirrors = typed(values, 'mirror', 'array', path) ?? []
  return {
    ...endpoint(values, path),
    prefix: typed(values, 'prefix', 'string', path) ?? '',
    blocked: typed(values, 'blocked', 'boolean', path) ?? false,
    mirrorByDigestOnly: typed(values, 'mirror-by-digest-only', 'boolean', path) ?? false,
    mirrors: mirrors.map((mirror, index) => {
      const place = [...path, 'mirror', index]
      return endpoint(check(mirror, 'table', place) as Values, place)
    }),
  }
}

function endpoint(values: Values, path: (string | number)[]): Endpoint {
  return {
    location: typed(values, 'location', 'string', path) ?? '',
    insecure: typed(values, 'insecure', 'boolean', path) ?? false,
    pullFromMirror: typed(values, 'pull-from-mirror', 'string', path) ?? '',
    path,
  }
}

interface Types { string: string; boolean: boolean; array: unknown[]; table: Values }

function typed<T extends Type>(values: Values, key: string, type: T, path: readonly (string | number)[]): Types[T] | undefined {
  const value = field(values, key)
  return value === undefined ? undefined : check(value, type, [...path, key]) as Types[T]
}

function strings(values: Values, key: string, path: readonly (string | number)[]): string[] | undefined {
  return typed(values, key, 'array', path)?.map((item, index) => check(item, 'string', [...path, key, index]) as string)
}

function check(value: unknown, type: Type, path: readonly (string | number)[]): unknown {
  const found = Array.isArray(value) ? 'array' : value instanceof Date ? 'datetime' : typeof value === 'object' ? 'table' : typeof value
  if (found !== type) throw new Error(`toml: \`${path.join('.')}\` is of type ${found} where ${type} is expected`)
  return value
}

/** The value of a key, in whatever case it is written. */
function field(values: Values, key: string): unknown {
  if (Object.hasOwn(values, key)) return values[key]
  const other = Object.keys(values).find((name) => name.toLowerCase() === key)
  return other === undefined ? undefined : values[other]
}

/** @throws Error where it is a URL, which no registries.conf may hold. */
export function parseLocation(location: string): string {
  const trimmed = location.replace(/\/+$/, '')
  if (/^https?:\/\//.test(trimmed)) throw new Error(`invalid location '${location}': URI schemes are not supported`)
  return trimmed
}
