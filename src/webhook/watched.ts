import type { ApiObject } from '../live/object.ts'
import type { File } from '../manifests/document.ts'
import { basename } from '../manifests/place.ts'
import { isObject, own } from '../manifests/resource.ts'

/** A kind that the service keeps in view. */
export interface Watched {
  kind: string
  /** Of the API server. */
  path: string
  /** What is of no account is not kept. */
  matters?(object: ApiObject): boolean
  /** How many are asked for at a time; what is not said is the connection's affair. */
  page?: number
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
  // An old cluster has many hundreds, of 200 KB each.
  { kind: 'MachineConfig', path: `${MACHINES}/machineconfigs`, page: 50, matters: (object) => writesRegistries(object) || GENERATED.test(object.metadata.name) },
  { kind: 'MachineConfigPool', path: `${MACHINES}/machineconfigpools` },
  { kind: 'ConfigMap', path: '/api/v1/namespaces/openshift-config/configmaps' },
]

/** The kinds that are judged with the whole cluster in view; all else is a workload. */
export const JUDGED: ReadonlySet<string> = new Set(['ImageContentSourcePolicy', 'ImageDigestMirrorSet', 'ImageTagMirrorSet', 'Image', 'MachineConfig'])

/** What the operator writes of mirror sets, for each pool of nodes. */
const GENERATED = /^99-.+-generated-registries$/
/** The operator puts it on whatever it writes. */
const BY_OPERATOR = 'machineconfiguration.openshift.io/generated-by-controller-version'

/** Who the operator is for the API server. */
const OPERATOR = 'system:serviceaccount:openshift-machine-config-operator:'

/** A MachineConfig of somebody else is not the operator's, though it was copied from one: then without the mark that says so. */
export function signed(object: ApiObject, user: string): ApiObject {
  const annotations = own(object.metadata, 'annotations')
  if (object.kind !== 'MachineConfig' || user.startsWith(OPERATOR) || !isObject(annotations) || own(annotations, BY_OPERATOR) === undefined) return object
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [BY_OPERATOR]: undefined } } }
}

/** Whether somebody wrote a MachineConfig that decides where pulls go, in place of the operator. Contents may be packed, paths are not. */
export function writesRegistries({ metadata, spec }: ApiObject): boolean {
  return own(own(metadata, 'annotations'), BY_OPERATOR) === undefined && /containers\/(?:registries|policy\.json)/.test(JSON.stringify(spec ?? null))
}

/** Whether a file is what the operator wrote: it tells how far the operator got, and nothing of what a request does. */
export function isGenerated({ path, text }: File): boolean {
  return path.startsWith('machineconfig.') && GENERATED.test(basename(path)) && text.includes(BY_OPERATOR)
}
