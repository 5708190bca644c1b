import { isWildcard } from './location.ts'
import type { Registry } from './merge.ts'

/** A `[[registry]]` as a node reads it. */
export interface Entry {
  /** What names are matched against: the location, or a `*.` wildcard. */
  prefix: string
  /** Empty under a wildcard: the reference stays as it is. */
  location: string
  blocked: boolean
  insecure: boolean
  mirrors: { location: string; insecure: boolean; pull: 'digest' | 'tag' | 'all' }[]
}

/** What a node makes of its registries.conf. */
export interface NodeConfiguration {
  /** The entry with the longest prefix that matches a repository name. */
  find(name: string): Entry | undefined
}

/**
 * Reads the tables of a registries.conf as a node does.
 * Follows postProcessRegistries of containers/image pkg/sysregistriesv2, up to v5.34 (OpenShift 4.19) also in that a trailing slash of a mirror stays.
 * @throws Error in the node's words; it then pulls no image at all.
 */
export function readRegistries(registries: readonly Registry[]): NodeConfiguration {
  const entries = registries.map(read)
  const byLocation = new Map<string, Entry[]>()
  for (const entry of entries) {
    const key = entry.location || entry.prefix
    const same = byLocation.get(key)
    if (same) same.push(entry)
    else byLocation.set(key, [entry])
  }
  for (const entry of entries) {
    for (const other of byLocation.get(entry.location || entry.prefix)!) {
      for (const flag of ['insecure', 'blocked'] as const) {
        if (entry[flag] !== other[flag]) throw new Error(`registry '${entry.location}' is defined multiple times with conflicting '${flag}' setting`)
      }
    }
  }
  return index(entries)
}

function read({ scope, blocked, insecure, mirrors }: Registry): Entry {
  const wildcard = isWildcard(scope)
  const location = wildcard ? '' : parseLocation(scope)
  if (!wildcard && location === '') throw new Error('invalid condition: both location and prefix are unset')
  for (const mirror of mirrors) {
    if (parseLocation(mirror.location) === '') throw new Error('invalid condition: mirror location is unset')
  }
  return { prefix: wildcard ? parseLocation(scope) : location, location, blocked, insecure, mirrors }
}

function parseLocation(location: string): string {
  const trimmed = location.replace(/\/+$/, '')
  if (/^https?:\/\//.test(trimmed)) throw new Error(`invalid location '${location}': URI schemes are not supported`)
  return trimmed
}

/**
 * The longest prefix wins; of two as long the alphabetically first, which is the wildcard; of two equal the first in the file. A prefix ends at
 * `:`, `/`, `@` or the end of the name, so `example.com` matches `example.com:5000/app` too. Follows findRegistryWithParsedConfig.
 */
function index(entries: readonly Entry[]): NodeConfiguration {
  const byPrefix = new Map<string, Entry>()
  for (const entry of entries) if (!byPrefix.has(entry.prefix)) byPrefix.set(entry.prefix, entry)
  return {
    find(name) {
      const candidates = prefixes(name).flatMap((prefix) => byPrefix.get(prefix) ?? [])
      return candidates.sort((a, b) => b.prefix.length - a.prefix.length || (a.prefix < b.prefix ? -1 : 1))[0]
    },
  }
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
