/** A kind that is asked of an API server. */
export interface Kind {
  kind: string
  /** What it is called in paths, which is how `oc get` knows it. */
  plural: string
  /** As an object says it. */
  apiVersion: string
  /** Where that is the only one that matters. */
  namespace?: string
  /** The one object that matters. */
  name?: string
  /** Which of them are listed. */
  query?: Record<string, string>
  /** What it tells: where nodes pull from (and all that this rests on), what else is judged beside it, or what is pulled. */
  tells: 'nodes' | 'settings' | 'images'
}

const of = (tells: Kind['tells'], apiVersion: string, kinds: Record<string, string>, more: Partial<Kind> = {}): Kind[] =>
  Object.entries(kinds).map(([kind, plural]) => ({ kind, plural, apiVersion, tells, ...more }))

/** MachineConfigs are asked for apart: those of old states of pools are many and large. */
export const MACHINE_CONFIGS: Kind = { kind: 'MachineConfig', plural: 'machineconfigs', apiVersion: 'machineconfiguration.openshift.io/v1', tells: 'nodes' }

/**
 * What an API server is asked for. Of workloads, those that nobody else makes: what a controller makes of them is left out when it is read. Copies that OLM
 * puts into each namespace are not asked for.
 */
export const KINDS: readonly Kind[] = [
  ...of('nodes', 'operator.openshift.io/v1alpha1', { ImageContentSourcePolicy: 'imagecontentsourcepolicies' }),
  ...of('nodes', 'config.openshift.io/v1', {
    ImageDigestMirrorSet: 'imagedigestmirrorsets', ImageTagMirrorSet: 'imagetagmirrorsets', Image: 'images', ClusterVersion: 'clusterversions', Infrastructure: 'infrastructures',
  }),
  ...of('nodes', 'machineconfiguration.openshift.io/v1', { MachineConfigPool: 'machineconfigpools' }),
  ...of('nodes', 'hypershift.openshift.io/v1beta1', { HostedCluster: 'hostedclusters', NodePool: 'nodepools' }),
  ...of('settings', 'config.openshift.io/v1', { OperatorHub: 'operatorhubs', ImagePolicy: 'imagepolicies', ClusterImagePolicy: 'clusterimagepolicies', ImageContentPolicy: 'imagecontentpolicies', Proxy: 'proxies' }),
  ...of('settings', 'v1', { ConfigMap: 'configmaps' }, { namespace: 'openshift-config' }),
  ...of('settings', 'v1', { Secret: 'secrets' }, { namespace: 'openshift-config', name: 'pull-secret' }),
  ...of('images', 'v1', { Pod: 'pods', ReplicationController: 'replicationcontrollers' }),
  ...of('images', 'apps/v1', { Deployment: 'deployments', StatefulSet: 'statefulsets', DaemonSet: 'daemonsets', ReplicaSet: 'replicasets' }),
  ...of('images', 'batch/v1', { CronJob: 'cronjobs', Job: 'jobs' }),
  ...of('images', 'apps.openshift.io/v1', { DeploymentConfig: 'deploymentconfigs' }),
  ...of('images', 'build.openshift.io/v1', { BuildConfig: 'buildconfigs' }),
  ...of('images', 'image.openshift.io/v1', { ImageStream: 'imagestreams' }),
  ...of('images', 'machineconfiguration.openshift.io/v1', { PinnedImageSet: 'pinnedimagesets', MachineOSConfig: 'machineosconfigs' }),
  ...of('images', 'operators.coreos.com/v1alpha1', { CatalogSource: 'catalogsources' }),
  ...of('images', 'operators.coreos.com/v1alpha1', { ClusterServiceVersion: 'clusterserviceversions' }, { query: { labelSelector: '!olm.copiedFrom' } }),
  ...of('images', 'olm.operatorframework.io/v1', { ClusterCatalog: 'clustercatalogs' }),
  ...of('images', 'tekton.dev/v1', { Task: 'tasks', Pipeline: 'pipelines' }),
  ...of('images', 'argoproj.io/v1alpha1', { WorkflowTemplate: 'workflowtemplates', ClusterWorkflowTemplate: 'clusterworkflowtemplates', CronWorkflow: 'cronworkflows', Rollout: 'rollouts' }),
  ...of('images', 'kubevirt.io/v1', { VirtualMachine: 'virtualmachines' }),
  ...of('images', 'cdi.kubevirt.io/v1beta1', { DataImportCron: 'dataimportcrons' }),
  ...of('images', 'serving.kserve.io/v1beta1', { InferenceService: 'inferenceservices' }),
  ...of('images', 'serving.kserve.io/v1alpha1', { ServingRuntime: 'servingruntimes', ClusterServingRuntime: 'clusterservingruntimes' }),
]

/** The path of a kind at its API server. */
export function pathOf({ apiVersion, namespace, plural, name }: Kind): string {
  return `${groupPath(apiVersion)}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}${name === undefined ? '' : `/${name}`}`
}

/** The path of an API group in one version. */
export function groupPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
}

/** How `oc get` knows a kind: `imagedigestmirrorsets.config.openshift.io`. */
export function resourceName({ apiVersion, plural, namespace, name }: Kind): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : ''
  return [`${plural}${group}`, namespace, name].filter((part) => part !== undefined).join('/')
}
