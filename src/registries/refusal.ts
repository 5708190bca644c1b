import { since, type Version } from '../openshift/version.ts'
import type { Acceptance } from './acceptance.ts'
import { isWildcard, wellFormed } from './location.ts'
import { type Configuration, mergeRegistries, type MirrorRule, type Registry, type SourcePolicy } from './merge.ts'

/** The order in which the operator reads the kinds. */
const KINDS = ['ImageDigestMirrorSet', 'ImageContentSourcePolicy', 'ImageTagMirrorSet'] as const

/**
 * Why the Machine Config Operator would refuse this configuration, in its own words, or null. From then on it applies no mirror change of
 * any object to any node. It stops at the first fault, in the order of kinds, objects and entries.
 * Follows updateRegistriesConfig and validateRegistriesConfScopes of openshift/machine-config-operator; 4.15 and older by their
 * recorded messages. For a version that is not known, the newest rules hold.
 */
export function refusal(configuration: Configuration, version: Version | undefined): string | null {
  const merged = merge(configuration, version)
  return 'refused' in merged ? merged.refused : null
}

/** The tables of registries.conf, or why the operator would refuse the configuration. */
export function merge(configuration: Configuration, version: Version | undefined): { registries: Registry[] } | { refused: string } {
  const refused = validate(configuration, version)
  if (refused !== null) return { refused }
  try {
    return { registries: mergeRegistries(configuration) }
  } catch (error) {
    return { refused: (error as Error).message }
  }
}

function validate({ rules, insecure, blocked }: Configuration, version: Version | undefined): string | null {
  const mixed = mixedKinds(rules, version)
  if (mixed) return mixed
  const scope = refusedScope('insecure', insecure, version) ?? refusedScope('blocked', blocked, version)
  if (scope !== null) return scope
  const policies = new Map<string, SourcePolicy>()
  for (const rule of KINDS.flatMap((kind) => rules.filter((candidate) => candidate.kind === kind))) {
    const refused = refusedRule(rule, policies, version)
    if (refused) return refused
  }
  return null
}

/**
 * Why the operator would refuse to write policy.json, or null; `release` is the repository of the release image.
 * Follows updatePolicyJSON of openshift/machine-config-operator.
 */
export function policyRefusal({ rejected, allowed }: Acceptance, release: string, version: Version | undefined): string | null {
  const releaseOnly = allowed.length === 1 && allowed[0] === release
  if (allowed.length > 0 && rejected.length > 0 && !releaseOnly) return 'invalid images config: only one of AllowedRegistries or BlockedRegistries may be specified'
  return refusedScope('blocked', rejected, version) ?? refusedScope('allowed', allowed, version)
}

function refusedScope(list: string, scopes: readonly string[], version: Version | undefined): string | null {
  const wrong = since(version, 4, 9) ? scopes.find((scope) => !isScope(scope)) : undefined
  return wrong === undefined ? null : `invalid entry for ${list} registries ${quote(wrong)}`
}

function refusedRule(rule: MirrorRule, policies: Map<string, SourcePolicy>, version: Version | undefined): string | null {
  const policy = rule.policy ?? 'AllowContactingSource'
  const source = refusedLocation(rule.source, 'source', version)
  if (source) return source
  if ((policies.get(rule.source) ?? policy) !== policy) {
    const kinds = since(version, 4, 15) ? 'imagedigestmirrorsets, imagetagmirrorsets, or imagecontentsourcepolicies' : 'imagedigestmirrorsets and/or imagetagmirrorsets'
    return `conflicting mirrorSourcePolicy is set for the same source ${quote(rule.source)} in ${kinds}`
  }
  policies.set(rule.source, policy)
  for (const mirror of rule.mirrors) {
    const refused = refusedLocation(mirror, 'mirror', version)
    if (refused) return refused
    if (policy === 'NeverContactSource' && mirror === rule.source) {
      return `cannot set mirrorSourcePolicy: NeverContactSource if the source ${quote(rule.source)} is one of the mirrors`
    }
  }
  return null
}

/** Whether the operator refuses a location by its form, and all mirror configuration with it; undefined where that depends on the version, which is not known. */
export function refusesLocation(location: string, role: 'source' | 'mirror', version: Version | undefined): boolean | undefined {
  const refused = refusedLocation(location, role, version) !== null
  const known = version !== undefined || refused === (refusedLocation(location, role, LENIENT) !== null)
  return known ? refused : undefined
}

/** Whether the operator refuses an entry of a list of Image/cluster by its form; since 4.9. */
export function refusesScope(scope: string, version: Version | undefined): boolean {
  return refusedScope('', [scope], version) !== null
}

/** The last version before the form of all locations was checked. */
export const LENIENT: Version = { text: '4.15', numbers: [4, 15] }

function refusedLocation(location: string, role: 'source' | 'mirror', version: Version | undefined): string | null {
  if (since(version, 4, 16)) return wellFormed(location, role) ? null : `invalid format for ${role} ${quote(location)}`
  if (since(version, 4, 11) && location === '') return `invalid empty entry for ${role} configuration`
  if (since(version, 4, 9) && location.includes('*')) return `wildcard entries are not supported with mirror configuration ${quote(location)}`
  return null
}

/** Whether ICSP excludes the other two kinds: in 4.13.0–4.13.26 and 4.14.0–4.14.2. Undefined where the version, or its patch, is not known. */
export function kindsExclude(version: Version | undefined): boolean | undefined {
  if (!version) return undefined
  const [major, minor, patch] = version.numbers
  const first = major === 4 ? { 13: 27, 14: 3 }[minor!] : undefined
  return first !== undefined && patch === undefined ? undefined : first !== undefined && patch! < first
}

function mixedKinds(rules: readonly MirrorRule[], version: Version | undefined): string | null {
  const kinds = new Set(rules.map((rule) => rule.kind))
  if (!kindsExclude(version) || !kinds.has('ImageContentSourcePolicy')) return null
  const other = KINDS.find((kind) => kind !== 'ImageContentSourcePolicy' && kinds.has(kind))
  return other ? `error: both imagecontentsourcepolicy and ${other.toLowerCase()} exist` : null
}

/** Follows IsValidRegistriesConfScope of openshift/runtime-utils. */
function isScope(scope: string): boolean {
  return scope !== '' && (!scope.includes('*') || (isWildcard(scope) && !/[/@:*]/.test(scope.slice(2))))
}

/** Go's %q, for the characters that a manifest can hold. */
function quote(text: string): string {
  return JSON.stringify(text)
}
