import type { ApiObject } from '../live/object.ts'

/** A kind that the service keeps in view. */
export interface Watched {
  kind: string
  /** Of the API server. */
  path: string
  /** What is of no account is not kept. */
  matters?(object: ApiObject): boolean
}

const CONFIG = '/apis/config.openshift.io/v1'
const MACHINES = '/apis/machineconfiguration.openshift.io/v1'

/** What decides where pulls go, and whose word on it the operator takes. */
export const WATCHED: readonly Watched[] = [
  { kind: 'ImageContentSourcePolicy', path: '/apis/operator.openshift.io/v1alpha1/imagecontentsourcepolicies' },
  { kind: 'ImageDigestMirrorSet', path: `${CONFIG}/imagedigestmirrorsets` },
  { kind: 'ImageTagMirrorSet', path: `${CONFIG}/imagetagmirrorsets` },
  { kind: 'Image', path: `${CONFIG}/images` },
  { kind: 'ClusterVersion', path: `${CONFIG}/clusterversions` },
  { kind: 'MachineConfig', path: `${MACHINES}/machineconfigs`, matters: writesRegistries },
  { kind: 'MachineConfigPool', path: `${MACHINES}/machineconfigpools` },
  { kind: 'ConfigMap', path: '/api/v1/namespaces/openshift-config/configmaps' },
]

/** The kinds that are judged with the whole cluster in view; all else is a workload. */
export const JUDGED: ReadonlySet<string> = new Set(['ImageContentSourcePolicy', 'ImageDigestMirrorSet', 'ImageTagMirrorSet', 'Image', 'MachineConfig'])

/** The operator renders the MachineConfigs of a pool into one, and writes those with its own registries.conf; others are somebody's own. */
const RENDERED = /^(?:rendered-|99-.+-generated-registries$)/

/** Whether a MachineConfig may write what decides where pulls go. Contents may be packed, paths are not. */
export function writesRegistries({ metadata: { name }, spec }: ApiObject): boolean {
  return !RENDERED.test(name) && /containers\/(?:registries|policy\.json)/.test(JSON.stringify(spec ?? null).replaceAll('\\/', '/'))
}
