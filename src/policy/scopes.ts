import type { ImageConfig, Scope } from '../cluster/image.ts'
import type { Gathered } from '../cluster/registries.ts'
import { own, type Resource, text, title } from '../manifests/resource.ts'
import type { Version } from '../openshift/version.ts'
import { rejection } from '../registries/acceptance.ts'
import { isWildcard, malformation } from '../registries/location.ts'
import { policyRefusal, refusesScope } from '../registries/refusal.ts'
import { covers } from '../registries/scope.ts'
import type { ImageConfigFact, ScopeFact, ValueFact } from './facts.ts'
import { namesake } from './hosts.ts'
import { hostOf } from './sets.ts'
import type { Surroundings } from './settings.ts'

const LISTS = ['insecure', 'blocked', 'allowed', 'search'] as const

/** What is said of each registry that Image/cluster names. */
export function scopeFacts(image: ImageConfig, version: Version | undefined, mirrors: readonly ValueFact[], around: Surroundings): ScopeFact[] {
  const { nodes, places } = around
  const insecure = image.insecure ?? []
  return LISTS.flatMap((list) => (image[list] ?? []).map(({ value, path }): ScopeFact => {
    const wrong = malformation(value, 'source')
    const near = list === 'insecure' ? uncovered(value, insecure, mirrors) : undefined
    return {
      list, field: String(path.at(-2)), value,
      ...(wrong ? { malformation: wrong } : {}),
      refused: list !== 'search' && refusesScope(value, undefined) ? (version ? (refusesScope(value, version) ? 'yes' : 'no') : 'unknown') : 'no',
      ignored: list === 'blocked' && nodes.refused === undefined && nodes.applied.ignored.includes(value),
      ...beside(list, value, around),
      ...(near ? { near } : {}),
      ...(list === 'search' ? { mirrored: around.sources.some(({ source, digest, tag }) => (digest ?? tag) !== null && (covers(source, value) || covers(value, source))) } : {}),
      at: places.at(image.resource, path),
    }
  }))
}

/** A mirror on the host of an insecure registry that differs by its port, where that registry is nobody's mirror. */
function uncovered(value: string, insecure: readonly Scope[], mirrors: readonly ValueFact[]): ValueFact | undefined {
  if (isWildcard(value) || mirrors.some((mirror) => covers(value, mirror.value))) return undefined
  const found = mirrors.find((mirror) => namesake(hostOf(mirror.value), hostOf(value)) && !insecure.some((scope) => covers(scope.value, mirror.value)))
  return found && { value: found.value, at: found.at }
}

/** The source that a registry without mirrors lies in: the nearest counts. */
function beside(list: ScopeFact['list'], value: string, { sources }: Surroundings): Pick<ScopeFact, 'wildcard' | 'inherits'> {
  const mirrored = ({ digest, tag }: (typeof sources)[0]) => (digest ?? tag) !== null
  if ((list !== 'insecure' && list !== 'blocked') || sources.some((one) => one.source === value && mirrored(one))) return {}
  const around = sources.flatMap((one, index) => (mirrored(one) && covers(one.source, value) ? [index] : []))
  const wildcard = around.find((index) => isWildcard(sources[index]!.source))
  if (wildcard !== undefined) return { wildcard }
  const [nearest] = around.sort((a, b) => sources[b]!.source.length - sources[a]!.source.length)
  return nearest === undefined ? {} : { inherits: nearest }
}

/** The release, what Red Hat ships beside it, and the cluster's own registry: what every cluster pulls from. */
const PLATFORM = ['quay.io/openshift-release-dev/ocp-release', 'quay.io/openshift-release-dev/ocp-v4.0-art-dev', 'registry.redhat.io', 'image-registry.openshift-image-registry.svc:5000']

export function configFacts(image: ImageConfig, authorities: readonly Resource[], version: Version | undefined, { gathered, nodes, places }: Surroundings): ImageConfigFact {
  const acceptance = nodes.refused === undefined ? nodes.applied.acceptance : undefined
  const restricted = image.allowed !== undefined && image.allowed.length > 0
  const lacks = acceptance && restricted ? PLATFORM.filter((name) => rejection({ name, tag: 'latest' }, acceptance)) : []
  return {
    conflict: conflict(image, gathered, version),
    restricted, lacks,
    ...trusted(image, authorities, places),
    at: places.at(image.resource, restricted ? ['spec', 'registrySources', 'allowedRegistries'] : ['spec', 'registrySources']),
  }
}

function conflict({ blocked = [], allowed = [] }: ImageConfig, { configuration: { release } }: Gathered, version: Version | undefined): boolean {
  const lists = { rejected: blocked.map(({ value }) => value), allowed: allowed.map(({ value }) => value) }
  return policyRefusal(lists, release.name, version)?.startsWith('invalid images config') ?? false
}

function trusted({ resource }: ImageConfig, authorities: readonly Resource[], places: Surroundings['places']): Pick<ImageConfigFact, 'trusted'> {
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
  return { trusted: { name, state: other ? 'other' : 'absent', at, ...found(other) } }
}
