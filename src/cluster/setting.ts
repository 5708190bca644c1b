import { isInstallConfig } from '../carriers/install.ts'
import { own, type Resource, text } from '../manifests/resource.ts'
import { WITHOUT_EFFECT } from '../openshift/kinds.ts'
import { isImageConfig } from './image.ts'
import { certificates } from './trust.ts'

/** What an object beside the mirror sets says of pulls: whom nodes trust for single registries and for all, who they are, whether they are updated, which catalogs there are, which signatures count; or nothing at all. */
export type Setting = 'trust' | 'other-trust' | 'bundle' | 'credentials' | 'pool' | 'catalogs' | 'signatures' | 'inert'

/** What a resource is, and the cluster that it is expressly for. */
interface Found {
  setting: Setting
  cluster?: string
}

/** A ConfigMap of certificate authorities that counts, for some object names it, or by its own name. */
interface Named extends Found {
  name: string
  namespace: string | undefined
}

const NAMESPACE = 'openshift-config'
const KINDS: Record<string, [setting: Setting, group: RegExp, name?: string]> = {
  MachineConfigPool: ['pool', /^machineconfiguration\.openshift\.io\//],
  OperatorHub: ['catalogs', /^config\.openshift\.io\//, 'cluster'],
  ImagePolicy: ['signatures', /^config\.openshift\.io\//],
  ClusterImagePolicy: ['signatures', /^config\.openshift\.io\//],
  [WITHOUT_EFFECT]: ['inert', /^config\.openshift\.io\//],
}

/**
 * The ConfigMaps of certificate authorities that nodes come to trust: those that Image/cluster, Proxy/cluster and HostedClusters name, and the one of the installer, which counts whoever names it
 * (machine-config-operator pkg/operator/sync.go syncRenderConfig).
 */
export function trustNamed(resources: readonly Resource[]): Named[] {
  const of = (resource: Resource): Named[] => {
    const spec = own(resource.value, 'spec')
    const named = (setting: Setting, holder: unknown, where: Pick<Named, 'namespace' | 'cluster'>): Named[] => {
      const name = text(own(holder, 'name'))
      return name === '' ? [] : [{ setting, name, ...where }]
    }
    if (isImageConfig(resource)) return resource.madeOf === undefined ? named('trust', own(spec, 'additionalTrustedCA'), { namespace: NAMESPACE }) : []
    if (isProxy(resource)) return named('bundle', own(spec, 'trustedCA'), { namespace: NAMESPACE })
    if (!isHostedCluster(resource)) return []
    const configuration = own(spec, 'configuration')
    const where = { namespace: resource.namespace, cluster: resource.name }
    return [
      ...named('trust', own(own(configuration, 'image'), 'additionalTrustedCA'), where), ...named('bundle', own(spec, 'additionalTrustBundle'), where),
      ...named('bundle', own(own(configuration, 'proxy'), 'trustedCA'), where),
    ]
  }
  return [{ setting: 'bundle', name: 'user-ca-bundle', namespace: NAMESPACE }, ...resources.flatMap(of)]
}

/** What a resource says of pulls; a ConfigMap may say it to several hosted clusters. `trusted` are the ConfigMaps that count. */
export function settingsOf(resource: Resource, trusted: readonly Named[]): Found[] {
  const { kind, apiVersion, namespace, name } = resource
  if (kind === 'ConfigMap' && apiVersion === 'v1') return configMap(resource, trusted)
  if (kind === 'Secret') return apiVersion === 'v1' && namespace === NAMESPACE && name === 'pull-secret' ? [{ setting: 'credentials' }] : []
  if (isInstallConfig(resource)) return text(own(resource.value, 'additionalTrustBundle')) === '' ? [] : [{ setting: 'bundle' }]
  if (isProxy(resource)) return text(own(own(own(resource.value, 'spec'), 'trustedCA'), 'name')) === '' ? [] : [{ setting: 'bundle' }]
  const [setting, group, only = name] = Object.hasOwn(KINDS, kind) ? KINDS[kind]! : []
  return setting && group?.test(apiVersion) && only === name ? [{ setting }] : []
}

/** One that counts elsewhere may have come into the wrong namespace. */
function configMap({ namespace, name, value }: Resource, trusted: readonly Named[]): Found[] {
  const counting = trusted.filter((one) => one.name === name && one.namespace === namespace)
  if (counting.length > 0) return [...new Map(counting.map(({ setting, cluster }) => [`${setting} ${cluster}`, { setting, ...(cluster === undefined ? {} : { cluster }) }])).values()]
  const keys = [...certificates(value).keys()]
  const meant = namespace !== undefined && trusted.some((one) => one.name === name && one.setting === 'trust') && keys.some((key) => !/\.(?:crt|pem|cer)$/.test(key))
  return meant || (namespace === NAMESPACE && keys.some((key) => /\.\.\d+$/.test(key))) ? [{ setting: 'other-trust' }] : []
}

function isProxy({ kind, apiVersion, name }: Resource): boolean {
  return kind === 'Proxy' && apiVersion === 'config.openshift.io/v1' && name === 'cluster'
}

function isHostedCluster({ kind, apiVersion }: Resource): boolean {
  return kind === 'HostedCluster' && apiVersion.startsWith('hypershift.openshift.io/')
}
