import type { Version } from '../openshift/version.ts'
import { type Acceptance, renderPolicy } from './acceptance.ts'
import type { Configuration, MirrorRule, Registry } from './merge.ts'
import { REGISTRIES_CONF, SEARCH_DROP_IN } from './node.ts'
import { blocking } from './payload.ts'
import type { Reference } from './reference.ts'
import { merge, policyRefusal } from './refusal.ts'
import { renderRegistriesConf, TEMPLATE } from './render.ts'

/** All that the operator reads of a cluster. A list of image.config.openshift.io/cluster is undefined where it is not set. */
export interface ClusterConfiguration {
  /** How many objects hold the rules: one without entries counts too. */
  objects: number
  rules: readonly MirrorRule[]
  insecure?: readonly string[]
  blocked?: readonly string[]
  allowed?: readonly string[]
  search?: readonly string[]
  /** The release image that the cluster runs. */
  release: Reference
}

/** What the operator makes of it, or why it makes nothing. */
export type Outcome = { refused: string } | Applied

export interface Applied {
  refused?: undefined
  registries: Registry[]
  /** Undefined where the template's stay in force. */
  search: readonly string[] | undefined
  acceptance: Acceptance
  /** Entries of `blockedRegistries` that are passed over because they cover the release image. */
  ignored: string[]
  /** What it writes, by path: `registries.conf` always, the others where there is something to say. */
  files: { path: string; content: string }[]
}

export const POLICY_JSON = '/etc/containers/policy.json'

/**
 * What the Machine Config Operator of a version writes on nodes; a version that is not known counts as the newest.
 * Follows syncImageConfig and registriesConfigIgnition of openshift/machine-config-operator.
 */
export function operate(cluster: ClusterConfiguration, version: Version | undefined): Outcome {
  const { rules, insecure = [], blocked: wished = [], search } = cluster
  const { blocked, rejected, allowed, ignored } = blocking({ rules, insecure, blocked: wished }, cluster.allowed ?? [], cluster.release, version)
  const configuration: Configuration = { rules, insecure, blocked }
  const acceptance = { rejected, allowed }
  const merged = merge(configuration, version)
  if ('refused' in merged) return merged
  const { registries } = merged
  const refused = policyRefusal(acceptance, cluster.release.name, version)
  if (refused !== null) return { refused }
  const written = cluster.objects > 0 || cluster.insecure !== undefined || blocked.length > 0
  return {
    registries,
    search,
    acceptance,
    ignored,
    files: [
      { path: REGISTRIES_CONF, content: written ? renderRegistriesConf(registries, version) : TEMPLATE },
      ...(search ? [{ path: SEARCH_DROP_IN, content: renderRegistriesConf([], version, search) }] : []),
      ...(rejected.length > 0 || allowed.length > 0 ? [{ path: POLICY_JSON, content: renderPolicy(acceptance) }] : []),
    ],
  }
}
