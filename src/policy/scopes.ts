import type { ImageConfig, Scope } from '../cluster/image.ts'
import type { Gathered } from '../cluster/registries.ts'
import { own, type Resource, text, title } from '../manifests/resource.ts'
import { since, type Version } from '../openshift/version.ts'
import { type Acceptance, rejection } from '../registries/acceptance.ts'
import { isWildcard, malformation } from '../registries/location.ts'
import { blocking } from '../registries/payload.ts'
import { policyRefusal, refusesScope } from '../registries/refusal.ts'
import { covers, scopesAround } from '../registries/scope.ts'
import type { ImageConfigFact, ScopeFact } from './facts.ts'
import { name } from './hosts.ts'
import { hostOf, isMirrored, meantFact } from './sets.ts'
import type { Surroundings } from './settings.ts'

type Mirror = NonNullable<ScopeFact['near']>

const LISTS = ['insecure', 'blocked', 'allowed', 'search'] as const
const PULLS = ['digest', 'tag'] as const

/** What is said of each registry that Image/cluster names. */
export function scopeFacts(image: ImageConfig, version: Version | undefined, mirrors: readonly Mirror[], around: Surroundings): Omit<ScopeFact, 'home' | 'folder'>[] {
  const { nodes, places } = around
  const near = uncovered(image.insecure ?? [], mirrors)
  const rejects = rejections(around)
  return LISTS.flatMap((list) => (image[list] ?? []).map(({ value, path }) => {
    const wrong = malformation(value, 'source')
    const other = list === 'insecure' ? near(value) : undefined
    return {
      list, field: String(path.at(-2)), value,
      // Whether TLS is verified is not for a URL to say here.
      ...(wrong ? { malformation: wrong, ...meantFact(value.replace(/^http:/i, 'https:'), 'source') } : {}),
      refused: list !== 'search' && refusesScope(value, undefined) ? (version ? (refusesScope(value, version) ? 'yes' : 'no') : 'unknown') : 'no',
      ignored: list === 'blocked' && nodes.refused === undefined && nodes.applied.ignored.includes(value),
      ...beside(list, value, around),
      ...(other ? { near: other } : {}),
      ...(list === 'blocked' ? { rejects: rejects(value) } : {}),
      ...(list === 'search' ? { serves: serving(value, around) } : {}),
      at: places.at(image.resource, path),
    }
  }))
}

/** The kinds of pull for which some source in a registry or around it has mirrors. */
function serving(value: string, { sources }: Surroundings): NonNullable<ScopeFact['serves']> {
  return PULLS.filter((pull) => sources.some((one) => one[pull] !== null && (covers(one.source, value) || covers(value, one.source))))
}

/** Looks up a mirror on the host of an insecure registry that differs by its port, where that registry is nobody's mirror. */
function uncovered(insecure: readonly Scope[], mirrors: readonly Mirror[]): (value: string) => Mirror | undefined {
  const scopes = new Set(insecure.map(({ value }) => value))
  const byName = new Map<string, Mirror[]>()
  for (const mirror of mirrors) {
    const host = name(hostOf(mirror.value))
    const same = byName.get(host)
    if (same) same.push(mirror)
    else byName.set(host, [mirror])
  }
  return (value) => {
    const own = isWildcard(value) ? [] : byName.get(name(hostOf(value))) ?? []
    if (own.some((mirror) => covers(value, mirror.value))) return undefined
    return own.find((mirror) => hostOf(mirror.value) !== hostOf(value) && !scopesAround(mirror.value).some((scope) => scopes.has(scope)))
  }
}

/** Looks up what policy.json rejects by a blocked registry. */
function rejections({ sources, images, nodes, gathered }: Surroundings): (scope: string) => NonNullable<ScopeFact['rejects']> {
  const by = new Map<string, NonNullable<ScopeFact['rejects']>>()
  const of = (scope: string) => by.get(scope) ?? by.set(scope, { sources: [], images: [], release: [] }).get(scope)!
  for (const [index, source] of sources.entries()) if (source.rejectedBy !== undefined && isMirrored(source)) of(source.rejectedBy).sources.push(index)
  for (const [index, { rejectedBy }] of images.entries()) if (rejectedBy !== undefined) of(rejectedBy).images.push(index)
  if (nodes.refused !== undefined || !gathered.configuration.release.name.startsWith(RELEASE)) return of
  for (const part of RELEASES) {
    const scope = rejection({ name: part, tag: 'latest' }, nodes.applied.acceptance)?.scope
    if (scope !== undefined) of(scope).release.push(part)
  }
  return of
}

/** The source that a registry without mirrors takes those of: the operator goes through sources for digests, then through those for tags, each by the alphabet. */
function beside(list: ScopeFact['list'], value: string, { sources, sourceOf }: Surroundings): Pick<ScopeFact, 'wildcard' | 'inherits'> {
  if (list !== 'insecure' && list !== 'blocked') return {}
  const around = scopesAround(value).flatMap((scope) => sourceOf(scope) ?? []).filter((index) => isMirrored(sources[index]!)).sort((a, b) => a - b)
  if (around.some((index) => sources[index]!.source === value)) return {}
  const first = PULLS.flatMap((pull) => around.filter((index) => sources[index]![pull] !== null))[0]
  if (first === undefined) return {}
  return isWildcard(sources[first]!.source) ? { wildcard: first } : { inherits: first }
}

/** Where the releases of OpenShift come from. */
export const RELEASE = 'quay.io/openshift-release-dev/'
/** The release image, and what it is made of. */
export const RELEASES = [`${RELEASE}ocp-release`, `${RELEASE}ocp-v4.0-art-dev`]
const OWN_REGISTRY = 'image-registry.openshift-image-registry.svc:5000'

/** What clusters pull from without anybody naming it: the release, what Red Hat ships beside it, and the cluster's own registry. What another release is made of is not known. */
function platform({ configuration: { release } }: Gathered): string[] {
  return [release.name, ...(release.name.startsWith(RELEASE) ? [`${RELEASE}ocp-v4.0-art-dev`, 'registry.redhat.io'] : []), OWN_REGISTRY]
}

export function configFacts(image: ImageConfig, authorities: readonly Resource[], version: Version | undefined, { running, gathered, nodes, places }: Surroundings): Omit<ImageConfigFact, 'home' | 'folder'> {
  const acceptance = nodes.refused === undefined ? nodes.applied.acceptance : undefined
  const restricted = image.allowed !== undefined && image.allowed.length > 0
  const leftOut = (name: string, { allowed }: Acceptance) => !allowed.some((scope) => covers(name, scope)) // a part of it may be all that is pulled
  const lacks = acceptance && restricted ? platform(gathered).filter((name) => rejection({ name, tag: 'latest' }, acceptance) && leftOut(name, acceptance)) : []
  const refusedBy = conflict(image, gathered, version)
  return {
    ...(refusedBy ? { conflict: refusedBy } : {}),
    restricted, lacks,
    ...trusted(image, authorities, running !== undefined, places),
    at: places.at(image.resource, restricted ? ['spec', 'registrySources', 'allowedRegistries'] : ['spec', 'registrySources']),
  }
}

/** The API server refuses both lists since 4.18, even where they are empty or the operator could do with them. */
function conflict(image: ImageConfig, { configuration: { release, rules, insecure = [] } }: Gathered, version: Version | undefined): ImageConfigFact['conflict'] {
  if (version && since(version, 4, 18)) return image.blocked && image.allowed ? 'api-server' : undefined
  const values = (list: readonly Scope[] = []) => list.map(({ value }) => value)
  const lists = blocking({ rules, insecure, blocked: values(image.blocked) }, values(image.allowed), release, version)
  return policyRefusal(lists, release.name, version)?.startsWith('invalid images config') ? 'operator' : undefined
}

function trusted({ resource }: ImageConfig, authorities: readonly Resource[], running: boolean, places: Surroundings['places']): Pick<ImageConfigFact, 'trusted'> {
  const part = ['spec', 'additionalTrustedCA', 'name']
  const name = text(own(own(own(resource.value, 'spec'), 'additionalTrustedCA'), 'name'))
  if (name === '') return {}
  const at = places.at(resource, part)
  if (resource.madeOf !== undefined) return {} // HyperShift takes it from the namespace of the HostedCluster
  const found = (one: Resource | undefined) => (one ? { found: { title: `${title(one)} in ${one.namespace}`, at: places.at(one, ['metadata', 'namespace']) } } : {})
  const right = (one: Resource) => one.namespace === 'openshift-config'
  if (authorities.some((one) => one.name === name && right(one))) return { trusted: { name, state: 'found', at } }
  const elsewhere = authorities.find((one) => one.name === name)
  if (elsewhere) return { trusted: { name, state: 'elsewhere', at, ...found(elsewhere) } }
  const other = authorities.find(right)
  return { trusted: { name, state: running ? 'nowhere' : other ? 'other' : 'absent', at, ...found(other) } }
}
