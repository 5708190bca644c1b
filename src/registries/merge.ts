import { MIRROR_KINDS, type MirrorKind } from '../openshift/kinds.ts'
import type { IImageTagMirrorSet } from '../openshift/models.generated.ts'
import { isWildcard } from './location.ts'
import { mergeOrder, type Order } from './order.ts'
import { adjusted, covers } from './scope.ts'

export type SourcePolicy = NonNullable<NonNullable<IImageTagMirrorSet['spec']['imageTagMirrors']>[number]['mirrorSourcePolicy']>

/** One entry of a mirror set, as the operator reads it. */
export interface MirrorRule {
  kind: MirrorKind
  source: string
  mirrors: readonly string[]
  /** Unset means AllowContactingSource. */
  policy?: SourcePolicy
}

/** What the operator reads of a cluster: mirror sets and `registrySources` of image.config.openshift.io/cluster. */
export interface Configuration {
  rules: readonly MirrorRule[]
  insecure: readonly string[]
  blocked: readonly string[]
}

/** A `[[registry.mirror]]` of registries.conf. */
export interface Mirror {
  location: string
  insecure: boolean
  pull: 'digest' | 'tag'
}

/** A `[[registry]]` of registries.conf; `scope` is its prefix where that is a wildcard, else its location. */
export interface Registry {
  scope: string
  blocked: boolean
  insecure: boolean
  mirrors: Mirror[]
}

/** The mirrors of one source for one kind of pull. */
export interface MergedSource extends Order {
  source: string
  blocked: boolean
}

/** An entry whose mirrors are all the source itself is no mirror rule; the operator drops it, its policy included. */
export function isEffective(rule: MirrorRule): boolean {
  return rule.mirrors.some((mirror) => mirror !== rule.source)
}

/** Merges the rules of one kind of pull by exact source, sources in alphabetical order. */
export function mergeSources(rules: readonly MirrorRule[], pull: 'digest' | 'tag'): MergedSource[] {
  const lists = new Map<string, MirrorRule[]>()
  for (const rule of rules) {
    if (MIRROR_KINDS[rule.kind].pull !== pull || !isEffective(rule)) continue
    const list = lists.get(rule.source)
    if (list) list.push(rule)
    else lists.set(rule.source, [rule])
  }
  return [...lists.keys()].sort().map((source) => {
    const list = lists.get(source)!
    const blocked = list.some((rule) => rule.policy === 'NeverContactSource')
    return { source, blocked, ...mergeOrder(source, list.map((rule) => rule.mirrors)) }
  })
}

/**
 * The `[[registry]]` tables of a node, in their order. Follows EditRegistriesConfig of openshift/runtime-utils, which the Machine Config
 * Operator calls since 4.13.27 and 4.14.3 for all three kinds.
 * @throws Error with the operator's own words where it fails on a wildcard source.
 */
export function mergeRegistries({ rules, insecure, blocked }: Configuration): Registry[] {
  const registries = new Map<string, Registry>()
  const registry = (scope: string): Registry => {
    const found = registries.get(scope) ?? { scope, blocked: false, insecure: false, mirrors: [] }
    registries.set(scope, found)
    return found
  }
  const merged = (['digest', 'tag'] as const).map((pull) => ({ pull, sources: mergeSources(rules, pull) }))
  for (const { pull, sources } of merged) {
    for (const { source, mirrors, blocked } of sources) {
      const entry = registry(source)
      entry.blocked ||= blocked
      for (const location of mirrors) entry.mirrors.push({ location, insecure: false, pull })
    }
  }
  for (const scope of blocked) registry(scope)
  for (const scope of insecure) {
    registry(scope)
    for (const entry of registries.values()) {
      if (covers(scope, entry.scope)) entry.insecure = true
      for (const mirror of entry.mirrors) if (covers(scope, mirror.location)) mirror.insecure = true
    }
  }
  for (const scope of blocked) {
    for (const entry of registries.values()) if (covers(scope, entry.scope)) entry.blocked = true
  }
  const bare = [...registries.values()].filter((entry) => entry.mirrors.length === 0)
  for (const { source } of merged.flatMap(({ sources }) => sources)) {
    for (const entry of bare) {
      if (entry.mirrors.length === 0 && covers(source, entry.scope)) entry.mirrors = inherited(registry(source), entry.scope)
    }
  }
  return [...registries.values()]
}

function inherited(from: Registry, scope: string): Mirror[] {
  if (isWildcard(from.scope)) throw new Error(`internal error: mirrorsAdjustedForNestedScope for a wildcard scope ${JSON.stringify(from.scope)}`)
  const locations = adjusted(from.scope, scope, from.mirrors.map((mirror) => mirror.location))
  return from.mirrors.map((mirror, index) => ({ ...mirror, location: locations[index]! }))
}
