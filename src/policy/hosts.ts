import type { ImageConfig } from '../cluster/image.ts'
import { isObject, own, type Resource } from '../manifests/resource.ts'
import { distance } from '../openshift/shape.ts'
import { scopesAround } from '../registries/scope.ts'
import type { HostFact } from './facts.ts'
import { hostOf } from './sets.ts'
import type { EntryFact } from './setfacts.ts'

/** How much more often one of two hosts has to be named for the other to look like a slip. */
const OFTEN = 3

/** The registries that mirrors are on. `trusted` are the ConfigMaps of certificate authorities that Image/cluster names; beside a bundle for all registries, nothing is known of one that they lack. */
export function hostFacts(entries: readonly EntryFact[], images: readonly ImageConfig[], trusted: readonly Resource[], bundled: boolean): Record<string, HostFact> {
  const keys = new Set(trusted.flatMap(({ value }) => Object.keys(isObject(own(value, 'data')) ? own(value, 'data') as object : {})).map((key) => key.replaceAll('..', ':')))
  const insecure = new Set(images.flatMap((image) => image.insecure ?? []).map(({ value }) => value))
  const hosts = new Map<string, HostFact>()
  const open = (mirror: string) => scopesAround(mirror).some((scope) => insecure.has(scope))
  const beside = new Map<string, Set<string>>()
  for (const { source, mirrors: listed, effective } of entries) {
    if (!effective) continue
    const mirrors = listed.filter(({ value }) => value !== source.value) // the source itself, tried before or after them, is no mirror
    const all = new Set(mirrors.map(({ value }) => hostOf(value)))
    for (const host of all) {
      beside.set(host, all)
      const own = mirrors.filter(({ value }) => hostOf(value) === host)
      const secure = keys.has(host) ? undefined : own.find(({ value }) => !open(value))
      const known = hosts.get(host) ?? { count: 0, at: own[0]!.at, trusted: 'yes' }
      if (secure && known.trusted === 'yes') Object.assign(known, { trusted: trusted.length > 0 && !bundled ? 'no' : 'unknown', at: secure.at })
      known.count++
      hosts.set(host, known)
    }
  }
  for (const [host, fact] of hosts) {
    const near = slip(host, fact, hosts)
    if (near && !beside.get(host)!.has(near.host)) fact.near = near // two in one list are meant to be two
  }
  return Object.fromEntries(hosts)
}

/** The host that was probably meant. */
function slip(host: string, { count }: HostFact, hosts: ReadonlyMap<string, HostFact>): HostFact['near'] {
  if (count > 1) return undefined
  for (const [other, { count: often }] of hosts) {
    if (other === host || often < OFTEN) continue
    if (namesake(other, host)) return { host: other, count: often, by: 'port' }
    if (!counted(other, host) && distance(other, host) === 1) return { host: other, count: often, by: 'letter' }
  }
  return undefined
}

/** Whether two hosts differ by their port alone. */
export function namesake(host: string, other: string): boolean {
  return host !== other && name(host) === name(other)
}

export function name(host: string): string {
  return host.split(':', 1)[0]!
}

/** Hosts that differ by a number, or by a letter that stands alone as in `mirror-a` and `mirror-b`, are meant to. */
function counted(host: string, other: string): boolean {
  const bare = (one: string) => one.replace(/\d+|(?<![a-z])[a-z](?![a-z])/gi, '')
  return bare(host) === bare(other)
}
