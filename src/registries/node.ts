import { since, type Version } from '../openshift/version.ts'
import { type Endpoint, parseLocation, type RegistriesConf, type Table, tableOf } from './conf.ts'
import { HOST } from './location.ts'
import type { Registry } from './merge.ts'
import { isShortName, parseReference } from './reference.ts'
import { SEARCH } from './render.ts'

/** A mirror as a node reads it. */
export interface Mirror {
  location: string
  insecure: boolean
  pull: 'digest' | 'tag' | 'all'
  from: Endpoint
}

/** A `[[registry]]` as a node reads it. */
export interface Entry {
  /** What names are matched against: the location, or a `*.` wildcard. */
  prefix: string
  /** Empty under a wildcard: the reference stays as it is. */
  location: string
  blocked: boolean
  insecure: boolean
  mirrors: Mirror[]
  from: Table
}

/** What a node makes of its registries.conf and the drop-ins beside it. */
export interface NodeConfiguration {
  /** The entry with the longest prefix that matches a repository name. */
  find(name: string): Entry | undefined
  /** By prefix, alphabetically. */
  entries: readonly Entry[]
  /** Registries that short names are looked up in, in this order. */
  search: readonly string[]
  /** The file that says so. */
  searchOrigin: string
  /** Short names that stand for a repository; an empty one takes an earlier one back. */
  aliases: ReadonlyMap<string, string>
}

/** A file that a node reads: `registries.conf` itself, or a drop-in. */
export interface ConfFile {
  /** For messages. */
  path: string
  /** Its content; what it throws is why the file cannot be read. */
  read: () => RegistriesConf
}

/** The paths of the files on the node. */
export const REGISTRIES_CONF = '/etc/containers/registries.conf'
export const SEARCH_DROP_IN = '/etc/containers/registries.conf.d/01-image-searchRegistries.conf'

/**
 * Reads a registries.conf and its drop-ins as a node of that version does; a version that is not known counts as the newest.
 * Follows tryUpdatingCache of containers/image pkg/sysregistriesv2: of each file, its first entry with a prefix counts; among files, the last file's, as a whole.
 * @throws Error in the node's words; it then pulls no image at all.
 */
export function readConf(main: ConfFile, dropIns: readonly ConfFile[], version: Version | undefined): NodeConfiguration {
  const byPrefix = new Map<string, Entry>()
  let search: string[] = []
  let searchOrigin = main.path
  const aliases = new Map<string, string>()
  for (const file of [main, ...dropIns]) {
    try {
      const conf = file.read()
      for (const [prefix, entry] of postProcess(conf, version)) byPrefix.set(prefix, entry)
      if (conf.search) [search, searchOrigin] = [conf.search.map(parseLocation), file.path]
      for (const [name, value] of Object.entries(conf.aliases)) aliases.set(name, value)
    } catch (error) {
      throw new Error(`loading ${file === main ? '' : 'drop-in '}registries configuration "${file.path}": ${(error as Error).message}`, { cause: error })
    }
  }
  const entries = [...byPrefix.values()].sort((a, b) => (a.prefix < b.prefix ? -1 : 1))
  return { find: index(byPrefix), entries, search, searchOrigin, aliases }
}

/** What the manifests put on nodes beside the operator's files: drop-ins, and a registries.conf that takes the place of the operator's. */
export interface OwnFiles {
  main?: ConfFile
  dropIns: readonly ConfFile[]
}

/** Reads what the operator of that version wrote, and what else is there; `search`, where image.config sets it, is a drop-in. */
export function readRegistries(registries: readonly Registry[], search: readonly string[] | undefined, version: Version | undefined, own: OwnFiles = { dropIns: [] }): NodeConfiguration {
  const conf = (path: string, tables: Table[], registriesForShortNames: readonly string[]): ConfFile =>
    ({ path, read: () => ({ tables, search: [...registriesForShortNames], shortNameMode: '', aliases: {} }) })
  const main = conf(REGISTRIES_CONF, registries.map((registry) => tableOf(registry, since(version, 4, 13))), SEARCH)
  const dropIns = [...(search ? [conf(SEARCH_DROP_IN, [], search)] : []), ...own.dropIns]
  return readConf(own.main ?? main, dropIns.sort((a, b) => (a.path < b.path ? -1 : 1)), version)
}

/** Follows postProcessRegistries and loadConfigFile. */
function postProcess({ tables, search = [], shortNameMode, aliases }: RegistriesConf, version: Version | undefined): Map<string, Entry> {
  const entries = tables.map((table) => entryOf(table, since(version, 4, 20)))
  refuseConflicts(entries)
  for (const registry of search.map(parseLocation)) {
    if (!DOMAIN.test(registry)) throw new Error(`Invalid unqualified-search-registries entry ${JSON.stringify(registry)}`)
  }
  const byPrefix = new Map<string, Entry>()
  for (const entry of entries) if (!byPrefix.has(entry.prefix)) byPrefix.set(entry.prefix, entry)
  if (!['', 'disabled', 'enforcing', 'permissive'].includes(shortNameMode)) throw new Error(`invalid short-name mode: ${JSON.stringify(shortNameMode)}`)
  const wrong = [...byPrefix.keys()].sort().find((prefix) => /^\*\..*[/@:]/.test(prefix))
  if (wrong !== undefined) throw new Error(`Wildcarded prefix should be in the format: *.example.com. Current prefix ${JSON.stringify(wrong)} is incorrectly formatted`)
  for (const [name, value] of Object.entries(aliases)) refuseAlias(name, value)
  return byPrefix
}

const DOMAIN = new RegExp(`^${HOST}$`)
const PULL: Record<string, Mirror['pull']> = { '': 'all', all: 'all', 'digest-only': 'digest', 'tag-only': 'tag' }

/** `trimsMirrors`: since containers/image 5.35 (OpenShift 4.20) a trailing slash of a mirror is dropped; before, it made every rewrite to it fail. */
function entryOf(table: Table, trimsMirrors: boolean): Entry {
  const location = parseLocation(table.location)
  const prefix = table.prefix === '' ? location : parseLocation(table.prefix)
  if (table.prefix === '' && location === '') throw new Error('invalid condition: both location and prefix are unset')
  if (!prefix.startsWith('*.') && location === '') throw new Error('invalid condition: location is unset and prefix is not in the format: *.example.com')
  if (table.pullFromMirror !== '') throw new Error(`pull-from-mirror must not be set for a non-mirror registry ${JSON.stringify(prefix)}`)
  const mirrors = table.mirrors.map((from): Mirror => {
    const trimmed = parseLocation(from.location)
    if (trimmed === '') throw new Error('invalid condition: mirror location is unset')
    if (table.mirrorByDigestOnly && from.pullFromMirror !== '') {
      throw new Error(`cannot set mirror usage mirror-by-digest-only for the registry (${JSON.stringify(prefix)}) and pull-from-mirror for per-mirror (${JSON.stringify(trimmed)}) at the same time`)
    }
    if (!Object.hasOwn(PULL, from.pullFromMirror)) throw new Error(`unsupported pull-from-mirror value ${JSON.stringify(from.pullFromMirror)} for mirror ${JSON.stringify(trimmed)}`)
    return { location: trimsMirrors ? trimmed : from.location, insecure: from.insecure, pull: table.mirrorByDigestOnly ? 'digest' : PULL[from.pullFromMirror]!, from }
  })
  return { prefix, location, blocked: table.blocked, insecure: table.insecure, mirrors, from: table }
}

/** The first entry of a location speaks for it: where any two differ, it differs from one of them. */
function refuseConflicts(entries: readonly Entry[]): void {
  const byLocation = new Map<string, [first: Entry, ...others: Entry[]]>()
  for (const entry of entries) {
    const key = entry.location || entry.prefix
    const same = byLocation.get(key)
    if (same) same.push(entry)
    else byLocation.set(key, [entry])
  }
  for (const [first, ...others] of byLocation.values()) {
    for (const other of others) {
      for (const flag of ['insecure', 'blocked'] as const) {
        if (first[flag] !== other[flag]) throw new Error(`registry '${first.location}' is defined multiple times with conflicting '${flag}' setting`)
      }
    }
  }
}

/** Follows newShortNameAliasCache, in words of our own. */
function refuseAlias(name: string, value: string): void {
  const [short, long] = [parseReference(name), value === '' ? undefined : parseReference(value)]
  const bare = (reference: typeof short) => !('error' in reference) && reference.tag === undefined && reference.digest === undefined
  if (!isShortName(name) || !bare(short)) throw new Error(`validating short-name aliases: invalid short name ${JSON.stringify(name)}`)
  if (long && (isShortName(value) || !bare(long))) throw new Error(`validating short-name aliases: invalid alias ${JSON.stringify(value)}`)
}

/**
 * The longest prefix wins; of two as long the alphabetically first, which is the wildcard. A prefix ends at `:`, `/`, `@` or the end of the
 * name, so `example.com` matches `example.com:5000/app` too. Follows findRegistryWithParsedConfig.
 */
function index(byPrefix: ReadonlyMap<string, Entry>): NodeConfiguration['find'] {
  return (name) => prefixes(name).flatMap((prefix) => byPrefix.get(prefix) ?? [])
    .sort((a, b) => b.prefix.length - a.prefix.length || (a.prefix < b.prefix ? -1 : 1))[0]
}

/** All prefixes that match a name. A wildcard is matched where it occurs first, and there only: `*.b.c` does not match `a.b.c.b.c`. */
function prefixes(name: string): string[] {
  const ends = [...name.matchAll(/[:/@]|$/g)].map((match) => match.index)
  const plain = ends.map((end) => name.slice(0, end))
  const host = name.split('/', 1)[0]!
  const dots = [...host.matchAll(/\./g)].map((match) => match.index)
  const wildcards = dots.flatMap((dot) => ends.filter((end) => end > dot).map((end) => name.slice(dot, end)).filter((suffix) => name.indexOf(suffix) === dot))
  return [...plain, ...wildcards.map((suffix) => `*${suffix}`)]
}
