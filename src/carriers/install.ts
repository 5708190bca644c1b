import type { Place } from '../manifests/document.ts'
import { belonging, isObject, own, placeOf, type Resource, resource, text, title } from '../manifests/resource.ts'
import { type Contents, holding, keyOf, type Surroundings, together } from './contents.ts'
import { embedded, unreadable } from './embedded.ts'
import { madeImage, madeOfList } from './made.ts'
import { assistedMirrors } from './registriesconf.ts'

/** What openshift-install makes of an install-config: one IDMS, or ICSPs of the older field (openshift/installer pkg/asset/manifests/imagedigestmirrorset.go). */
export function installConfig(carrier: Resource): Contents {
  const what = installConfigTitle(carrier)
  return holding([
    ...madeOfList(carrier, ['imageDigestSources'], own(carrier.value, 'imageDigestSources'), { kind: 'ImageDigestMirrorSet', name: 'image-digest-mirror', madeOf: what, maker: 'installer' }, 'sourcePolicy'),
    ...madeOfList(carrier, ['imageContentSources'], own(carrier.value, 'imageContentSources'), { kind: 'ImageContentSourcePolicy', name: 'image-policy', madeOf: what, maker: 'installer' }),
  ])
}

/** What messages call an install-config, which has no kind; overrides of one have no name either. */
export function installConfigTitle({ name }: Resource): string {
  return name === '' ? 'the install-config' : `the install-config of ${name}`
}

/** An install-config has no kind, so it is known by its fields. */
export function isInstallConfig({ kind, value }: Resource): boolean {
  const has = (field: string) => own(value, field) !== undefined
  return kind === '' && !has('spec') && (has('imageDigestSources') || has('imageContentSources') || (has('baseDomain') && has('controlPlane')))
}

/** `installConfigOverrides` of a ClusterInstance: JSON that is merged into the install-config. Its manifests are for the cluster of that name. */
export function clusterInstance(carrier: Resource, surroundings: Surroundings): Contents {
  const spec = own(carrier.value, 'spec')
  const cluster = { ...carrier, cluster: text(own(spec, 'clusterName')) || carrier.name }
  return together([
    overrides(cluster, own(spec, 'installConfigOverrides'), placeOf(carrier, ['spec', 'installConfigOverrides']), surroundings),
    ignition(carrier, own(spec, 'ignitionConfigOverride'), ['spec', 'ignitionConfigOverride']),
    referred(cluster, own(spec, 'extraManifestsRefs'), ['spec', 'extraManifestsRefs'], surroundings),
  ])
}

/** The clusters of a SiteConfig of ZTP. */
export function siteConfig(carrier: Resource, surroundings: Surroundings): Contents {
  const clusters = own(own(carrier.value, 'spec'), 'clusters')
  return together((Array.isArray(clusters) ? (clusters as unknown[]) : []).map((one, index) =>
    overrides({ ...carrier, cluster: text(own(one, 'clusterName')) }, own(one, 'installConfigOverrides'), placeOf(carrier, ['spec', 'clusters', index, 'installConfigOverrides']), surroundings)))
}

const OVERRIDES = 'agent-install.openshift.io/install-config-overrides'

/** The assisted installer takes overrides from an annotation, manifests from ConfigMaps, and mirrors from the ConfigMap of `mirrorRegistryRef`. */
export function agentClusterInstall(carrier: Resource, surroundings: Surroundings): Contents {
  const spec = own(carrier.value, 'spec')
  const cluster = { ...carrier, cluster: text(own(own(spec, 'clusterDeploymentRef'), 'name')) || carrier.name }
  return together([
    overrides(cluster, own(own(own(carrier.value, 'metadata'), 'annotations'), OVERRIDES), placeOf(carrier, ['metadata', 'annotations', OVERRIDES]), surroundings),
    referred(cluster, own(spec, 'manifestsConfigMapRefs'), ['spec', 'manifestsConfigMapRefs'], surroundings),
    assistedMirrors(cluster, surroundings),
  ])
}

/** Discovery runs with these mirrors; the cluster that is installed from it takes its own from AgentClusterInstall or AgentServiceConfig. */
export function infraEnv(carrier: Resource, surroundings: Surroundings): Contents {
  const spec = own(carrier.value, 'spec')
  const cluster = { ...carrier, cluster: text(own(own(spec, 'clusterRef'), 'name')) || `InfraEnv/${carrier.name}` }
  return together([assistedMirrors(cluster, surroundings), ignition(carrier, own(spec, 'ignitionConfigOverride'), ['spec', 'ignitionConfigOverride'])])
}

/** The mirrors of every cluster that the service installs. */
export function agentServiceConfig(carrier: Resource, surroundings: Surroundings): Contents {
  return assistedMirrors({ ...carrier, cluster: `AgentServiceConfig/${carrier.name}` }, surroundings)
}

/** HyperShift makes an IDMS of it on the nodes of the hosted cluster (openshift/hypershift support/globalconfig/imagecontentsource.go). */
export function hostedCluster(carrier: Resource): Contents {
  const list = own(own(carrier.value, 'spec'), 'imageContentSources')
  const cluster = { ...carrier, cluster: carrier.name }
  const image = own(own(own(carrier.value, 'spec'), 'configuration'), 'image')
  return holding([
    ...madeOfList(cluster, ['spec', 'imageContentSources'], list, { kind: 'ImageDigestMirrorSet', name: 'cluster', madeOf: title(carrier), maker: 'hypershift' }),
    ...(isObject(image) ? [madeImage(cluster, ['spec', 'configuration', 'image'], image, title(carrier))] : []),
  ])
}

/** The ConfigMaps of a NodePool hold manifests for the nodes of its hosted cluster. */
export function nodePool(carrier: Resource, surroundings: Surroundings): Contents {
  const spec = own(carrier.value, 'spec')
  const cluster = { ...carrier, cluster: text(own(spec, 'clusterName')) || carrier.name }
  return referred(cluster, own(spec, 'config'), ['spec', 'config'], surroundings)
}

/** ConfigMaps that are read on their own become those of the cluster that refers to them. */
function referred(carrier: Resource, refs: unknown, path: string[], { configMap, referred: known }: Surroundings): Contents {
  return together((Array.isArray(refs) ? (refs as unknown[]) : []).map((ref, index) => {
    const name = text(own(ref, 'name'))
    const found = configMap(carrier, carrier.namespace, name)
    if (found) known.add(keyOf(found))
    if (found) return holding([{ ...found, ...(carrier.cluster === undefined ? {} : { cluster: carrier.cluster }) }])
    const place = placeOf(carrier, [...path, index])
    return { resources: [], broken: [], unread: name === '' ? [] : [{ place, reason: 'carrier', message: `ConfigMap/${name} is not here, so its manifests are not read` }] }
  }))
}

/** An Ignition configuration that is merged into that of nodes; only MachineConfigs are read. */
function ignition(carrier: Resource, json: unknown, path: string[]): Contents {
  const found = typeof json === 'string' && json.includes('registries.conf')
  return { resources: [], broken: [], unread: found ? [{ place: placeOf(carrier, path), reason: 'carrier', message: `the registries.conf that \`${path.at(-1)}\` of ${title(carrier)} writes is not read` }] : [] }
}

function overrides(carrier: Resource, json: unknown, within: Place, { budget }: Surroundings): Contents {
  if (isObject(json)) return { resources: [], broken: [], unread: [{ place: within, reason: 'not-applied', message: 'the install-config overrides are a mapping where a string with JSON is expected' }] }
  if (typeof json !== 'string' || !/image(?:Digest|Content)Sources/.test(json)) return holding([])
  const [document] = embedded(json, within, budget) ?? []
  if (!document || document.problem || !isObject(document.value)) {
    return { resources: [], broken: [unreadable('the install-config overrides are no JSON object', within)], unread: [] }
  }
  return installConfig(resource(document.value, { document, path: [], ...belonging(carrier) }))
}
