import { MIRROR_KINDS } from '../openshift/kinds.ts'
import { since, type Version } from '../openshift/version.ts'
import { type Configuration, mergeRegistries } from './merge.ts'
import { readRegistries } from './node.ts'
import { plan } from './plan.ts'
import { parseReference, type Reference } from './reference.ts'
import { covers } from './scope.ts'

/** What image.config.openshift.io/cluster blocks and allows, once the release image is seen to. */
export interface Blocking {
  /** Blocked in registries.conf. */
  blocked: string[]
  /** Rejected by policy.json. */
  rejected: string[]
  /** Accepted by policy.json. */
  allowed: string[]
  /** Entries of `blockedRegistries` that are passed over, for the operator does not block its own release image. */
  ignored: string[]
}

/**
 * The registries that are blocked and allowed in effect. An entry of `blockedRegistries` that covers the release image counts only where a digest mirror
 * of it is not blocked (since 4.11; before, never); policy.json then lets the release's repository pass.
 * Follows getValidBlockedAndAllowedRegistries of openshift/machine-config-operator, which drops all of the lists where it fails.
 */
export function blocking(configuration: Configuration, allowed: readonly string[], release: Reference, version: Version | undefined): Blocking {
  const result: Blocking = { blocked: [], rejected: [], allowed: [], ignored: [] }
  for (const scope of configuration.blocked) {
    if (!covers(scope, release.name)) {
      result.blocked.push(scope)
      result.rejected.push(scope)
      continue
    }
    const mirrored = since(version, 4, 11) ? hasUsableMirror(configuration, release, version) : false
    if (mirrored === undefined) return { blocked: [], rejected: [], allowed: [], ignored: [...configuration.blocked, ...allowed] }
    if (!mirrored) {
      result.ignored.push(scope)
      continue
    }
    result.blocked.push(scope)
    if (scope !== release.name) result.rejected.push(scope)
    result.allowed.push(release.name)
  }
  return { ...result, allowed: [...result.allowed, ...allowed] }
}

/** Tag mirrors do not count: a release is pulled by digest. Undefined where the operator cannot tell. */
function hasUsableMirror({ rules, insecure, blocked }: Configuration, release: Reference, version: Version | undefined): boolean | undefined {
  try {
    const digestRules = rules.filter(({ kind }) => MIRROR_KINDS[kind].pull === 'digest')
    const { attempts, error } = plan(release, readRegistries(mergeRegistries({ rules: digestRules, insecure, blocked }), undefined, version))
    if (error !== undefined) return undefined
    return attempts.some(({ reference }) => !blocked.some((scope) => covers(scope, (parseReference(reference) as Reference).name)))
  } catch {
    return undefined
  }
}
