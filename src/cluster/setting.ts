import { isObject, own, type Resource, text } from '../manifests/resource.ts'
import { WITHOUT_EFFECT } from '../openshift/kinds.ts'

/** What an object beside the mirror sets says of pulls: whom nodes trust, who they are, whether they are updated, which catalogs there are, which signatures count; or nothing at all. */
export type Setting = 'trust' | 'other-trust' | 'credentials' | 'pool' | 'catalogs' | 'signatures' | 'inert'

const NAMESPACE = 'openshift-config'
const KINDS: Record<string, [setting: Setting, group: RegExp, name?: string]> = {
  MachineConfigPool: ['pool', /^machineconfiguration\.openshift\.io\//],
  OperatorHub: ['catalogs', /^config\.openshift\.io\//, 'cluster'],
  ImagePolicy: ['signatures', /^config\.openshift\.io\//],
  ClusterImagePolicy: ['signatures', /^config\.openshift\.io\//],
  [WITHOUT_EFFECT]: ['inert', /^config\.openshift\.io\//],
}

/** `trusted` are the ConfigMaps that Image/cluster names; they count in one namespace only. */
export function settingOf({ kind, apiVersion, namespace, name, value }: Resource, trusted: ReadonlySet<string>): Setting | undefined {
  if (kind === 'ConfigMap' && apiVersion === 'v1') {
    if (trusted.has(name)) return namespace === NAMESPACE ? 'trust' : namespace !== undefined && authorities(value).some((key) => !/\.(?:crt|pem|cer)$/.test(key)) ? 'other-trust' : undefined
    return namespace === NAMESPACE && authorities(value).some((key) => /\.\.\d+$/.test(key)) ? 'other-trust' : undefined
  }
  if (kind === 'Secret') return apiVersion === 'v1' && namespace === NAMESPACE && name === 'pull-secret' ? 'credentials' : undefined
  const [setting, group, only = name] = Object.hasOwn(KINDS, kind) ? KINDS[kind]! : []
  return group?.test(apiVersion) && only === name ? setting : undefined
}

/** The keys that certificates stand under: a registry, which one with a port is for sure, or the file of a bundle. */
function authorities(value: Record<string, unknown>): string[] {
  const data = own(value, 'data')
  return isObject(data) ? Object.keys(data).filter((key) => text(data[key]).includes('BEGIN CERTIFICATE')) : []
}
