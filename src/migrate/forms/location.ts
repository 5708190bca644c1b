import { isWildcard, malformation, type Malformation } from '../../registries/location.ts'
import { parseFullReference } from '../../registries/reference.ts'
import { type Entry, siteOf } from './entry.ts'

/** What is wrong with a location, in words that read on after it. */
export const FAULTS: Record<Malformation, string> = {
  empty: 'is empty',
  scheme: 'has a URL scheme',
  transport: 'names a transport',
  ipv6: 'has an IPv6 address',
  wildcard: 'has a wildcard where none is allowed',
  digest: 'has a digest',
  'trailing-slash': 'ends with a slash',
  tag: 'has a tag',
  'upper-case': 'has upper case in its path',
  characters: 'has characters that no location can have',
}

/** The locations of entries that something refuses, a line each; `fault` says why one is refused, reading on after it. */
export function refused(entries: readonly Entry[], by: string, fault: (location: string, role: 'source' | 'mirror') => string | undefined): string[] {
  const lines = entries.flatMap(({ parts }) => parts.flatMap((part) => {
    const line = (location: string, role: 'source' | 'mirror', ...path: (string | number)[]) => {
      const problem = fault(location, role)
      return problem === undefined ? [] : [`${siteOf(part, ...path)}: ${role} \`${location}\` ${problem}: ${by} refuses it`]
    }
    return [...line(part.entry.source, 'source', 'source'), ...part.entry.mirrors.flatMap((mirror, index) => line(mirror, 'mirror', 'mirrors', index))]
  }))
  return [...new Set(lines)]
}

/** Why the definitions of IDMS and ITMS do not allow a location. */
export function malformed(location: string, role: 'source' | 'mirror'): string | undefined {
  const wrong = malformation(location, role)
  return wrong && FAULTS[wrong]
}

/**
 * Entries whose parts contradict each other so that nodes try the source before its mirrors, where that cannot be said: of a wildcard, and, in a form with `policies`, of a source that must
 * not be contacted.
 */
export function sourceFirst(entries: readonly Entry[], policies: boolean): string[] {
  const wrong = entries.filter(({ source, mirrors, policy }) => mirrors.includes(source) && (isWildcard(source) || (policies && policy === 'NeverContactSource')))
  return wrong.map(({ source, parts: [part] }) => `${siteOf(part!, 'mirrors')}: the mirrors of \`${source}\` are in contradictory orders, so that nodes try the source itself among them, which the operator would refuse: list each mirror once, in one order`)
}

/** Whether it is a registry without a repository; `ubi9` is one, too, to whoever looks at its form alone. */
export function isHost(location: string): boolean {
  return !isWildcard(location) && malformation(location, 'source') === undefined && !location.includes('/')
}

/** Why openshift-install takes a location for no repository (pkg/types/validation validateNamedRepository); what hosts are is asked elsewhere. */
export function notInstallable(location: string, role: 'source' | 'mirror'): string | undefined {
  const wrong = malformed(location, role)
  if (wrong !== undefined) return wrong
  if (isHost(location)) return location === location.toLowerCase() ? undefined : 'is a host in upper case'
  const reference = parseFullReference(location)
  return 'error' in reference ? 'is not the full name of a repository, from its registry on' : undefined
}
