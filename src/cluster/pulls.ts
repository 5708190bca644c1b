import type { Path } from '../manifests/document.ts'
import { isObject, own } from '../manifests/resource.ts'
import { PLACEHOLDER } from './mirrors.ts'

/** An image reference and where it stands. */
export interface Pull {
  image: string
  path: Path
}

/** The fields of a kind that are pulled, laid out as the manifest is: an object names keys, a list stands for every item, a leaf reads what it meets. */
export type Shape = Leaf | Shape[] | { [key: string]: Shape }
type Leaf = (value: unknown) => Pull | undefined

/** What a person or a template has yet to fill in, besides what no location may hold: blank, all capitals, an ellipsis, and what kubebuilder scaffolds. */
const UNFILLED = /^\s*$|^[A-Z]+(?:[-:][A-Z]+)*$|\.\.\.|\b(?:[Cc]hange-?[Mm]e|CHANGE-?ME|[Rr]eplace-?[Mm]e|REPLACE-?ME|placeholder)\b|^controller(?::latest)?$/

/** A tag with a number in it is one, whatever its letters: `RELEASE_2024`. */
const CAPITAL_TAG = /:(?=[A-Z_]*\d)[A-Z0-9_]+$/

/** Whether a string is a reference already, right or wrong, and no placeholder for one. */
export function isFilled(text: string): boolean {
  return !UNFILLED.test(text) && !PLACEHOLDER.test(text.replace(CAPITAL_TAG, ''))
}

/** The references in the fields that `shape` names, in the order of the document. */
export function pulls(value: unknown, shape: Shape, path: Path = []): Pull[] {
  if (typeof shape === 'function') {
    const pull = shape(value)
    return pull && isFilled(pull.image) ? [{ image: pull.image, path: [...path, ...pull.path] }] : []
  }
  if (Array.isArray(shape)) return Array.isArray(value) ? value.flatMap((item, index) => pulls(item, shape[0]!, [...path, index])) : []
  if (!isObject(value)) return []
  return Object.keys(value).flatMap((key) => (Object.hasOwn(shape, key) ? pulls(value[key], shape[key]!, [...path, key]) : []))
}

/** The fields of a kind, undefined where nothing is known of it. */
export function shapeOf(group: string, kind: string): Shape | undefined {
  const kinds = Object.hasOwn(KINDS, group) ? KINDS[group]! : {}
  return Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
}

const image: Leaf = (value) => (typeof value === 'string' ? { image: value, path: [] } : undefined)

/** An ObjectReference of OpenShift; of its kinds, ImageStreamTag and ImageStreamImage name what was imported before. */
const from: Leaf = (value) => {
  const name = own(value, 'name')
  return own(value, 'kind') === 'DockerImage' && typeof name === 'string' ? { image: name, path: ['name'] } : undefined
}

/** A URL whose transport says that the rest is a reference: `docker://` of CDI, `oci://` of KServe. Other schemes name disks and models. */
const url: Leaf = (value) => {
  const reference = typeof value === 'string' ? withoutTransport(value) : undefined
  return reference === undefined ? undefined : { image: reference, path: [] }
}

/** The reference in a URL of a registry; undefined for any other URL. */
export function withoutTransport(text: string): string | undefined {
  return /^(?:docker|oci):\/\/(.*)$/s.exec(text)?.[1]
}

const container = { image }
const volumes = [{ image: { reference: image } }] // Kubernetes 1.31 (KEP-4639)
const pod = { containers: [container], initContainers: [container], ephemeralContainers: [container], volumes }
const workload = { spec: { template: { spec: pod } } }
const job = { spec: { jobTemplate: workload } }

const strategy = { dockerStrategy: { from }, sourceStrategy: { from }, customStrategy: { from } }
const build = { spec: { strategy, source: { images: [{ from }] } } } // `output.to` is pushed
const stream = { spec: { dockerImageRepository: image, tags: [{ from }] } }
const config = { spec: { template: { spec: pod }, strategy: { customParams: container } } }

const task = { steps: [container], sidecars: [container], stepTemplate: container, volumes }
const tasks = [{ taskSpec: task }]
const pipeline = { tasks, finally: tasks }

const part = { container, script: container, initContainers: [container], sidecars: [container], containerSet: { containers: [container] }, volumes }
const inline = [{ inline: part }]
const template = { ...part, steps: [inline], dag: { tasks: inline } }
const workflow = { templates: [template], templateDefaults: template, volumes }

const disk = { spec: { source: { registry: { url } } } }
const machine = { volumes: [{ containerDisk: container }], domain: { firmware: { kernelBoot: { container } } } }
const machines = { spec: { dataVolumeTemplates: [disk], template: { spec: machine } } }
const disks = [{ spec: { template: disk } }]

const monitor = { spec: { ...pod, image, thanos: { image } } }
const server = { ...pod, model: { image, storageUri: url }, workerSpec: pod }
const release = { spec: { release: { image } } }
const machineImages = { baseOSImagePullspec: image, baseOSExtensionsImagePullspec: image }

/**
 * What is pulled, by API group and kind; an empty shape is a kind that is known to pull nothing that it names. Containers of a pod, of a step, of a
 * virtual machine: the kubelet. Image streams, catalogs and releases: controllers that read the same mirror sets.
 * Not here: what is mirrored or pushed, what is only reported (`status`), and Tekton bundles, which no node pulls.
 * The fields are those of the Go types in k8s.io/api, openshift/api, operator-framework/api, openshift/hive, openshift/hypershift, tektoncd/pipeline,
 * argoproj, kubevirt, prometheus-operator and kserve.
 */
const KINDS: Record<string, Record<string, Shape>> = {
  '': {
    Pod: { spec: pod }, PodTemplate: { template: { spec: pod } }, ReplicationController: workload,
    // `oc` still takes the first version of these, which had no group.
    DeploymentConfig: config, ImageStream: stream, BuildConfig: build,
  },
  apps: { Deployment: workload, StatefulSet: workload, DaemonSet: workload, ReplicaSet: workload },
  batch: { Job: workload, CronJob: job },
  'apps.openshift.io': { DeploymentConfig: config },
  'image.openshift.io': {
    ImageStream: stream, ImageStreamTag: { tag: { from } }, ImageStreamImport: { spec: { images: [{ from }], repository: { from } } },
  },
  'build.openshift.io': { BuildConfig: build, Build: build },
  'config.openshift.io': { ClusterVersion: { spec: { desiredUpdate: { image } } } },
  'machineconfiguration.openshift.io': {
    MachineConfig: { spec: { osImageURL: image, baseOSExtensionsContainerImage: image } },
    MachineOSConfig: { spec: { ...machineImages, buildInputs: machineImages } },
    MachineOSBuild: {},
    PinnedImageSet: { spec: { pinnedImages: [{ name: image }] } },
  },
  'operators.coreos.com': {
    CatalogSource: { spec: { image } },
    ClusterServiceVersion: {
      spec: { relatedImages: [{ image }], install: { spec: { deployments: [{ spec: { template: { spec: pod } } }] } } },
    },
    Subscription: {}, OperatorGroup: {}, InstallPlan: {},
  },
  'olm.operatorframework.io': { ClusterCatalog: { spec: { source: { image: { ref: image } } } } },
  'hive.openshift.io': {
    ClusterImageSet: { spec: { releaseImage: image } },
    ClusterDeployment: { spec: { provisioning: { releaseImage: image, installerImageOverride: image } } },
  },
  'hypershift.openshift.io': {
    HostedCluster: {
      metadata: { annotations: { 'hypershift.openshift.io/control-plane-operator-image': image } },
      spec: { release: { image }, controlPlaneRelease: { image } },
    },
    NodePool: release,
  },
  'agent-install.openshift.io': { AgentServiceConfig: { spec: { mustGatherImages: [{ url: image }] } } },
  'lca.openshift.io': {
    ImageBasedUpgrade: { spec: { seedImageRef: { image } } },
    SeedGenerator: { spec: { recertImage: image } }, // `seedImage` is pushed
  },
  'ran.openshift.io': {
    PreCachingConfig: { spec: { overrides: { platformImage: image, operatorsIndexes: [image] }, additionalImages: [image] } },
  },
  'tekton.dev': {
    Task: { spec: task }, ClusterTask: { spec: task }, StepAction: { spec: container }, TaskRun: { spec: { taskSpec: task } },
    Pipeline: { spec: pipeline }, PipelineRun: { spec: { pipelineSpec: pipeline } },
  },
  'argoproj.io': {
    Workflow: { spec: workflow }, WorkflowTemplate: { spec: workflow }, ClusterWorkflowTemplate: { spec: workflow },
    CronWorkflow: { spec: { workflowSpec: workflow } }, Rollout: workload,
    Application: {}, ApplicationSet: {}, AppProject: {},
  },
  'kubevirt.io': {
    VirtualMachine: machines, VirtualMachineInstance: { spec: machine }, VirtualMachineInstanceReplicaSet: machines,
  },
  'pool.kubevirt.io': { VirtualMachinePool: { spec: { virtualMachineTemplate: machines } } },
  'cdi.kubevirt.io': { DataVolume: disk, VolumeImportSource: disk, DataImportCron: { spec: { template: disk } } },
  'hco.kubevirt.io': { HyperConverged: { spec: { dataImportCronTemplates: disks } } },
  'ssp.kubevirt.io': { SSP: { spec: { commonTemplates: { dataImportCronTemplates: disks } } } },
  'serving.knative.dev': { Service: workload, Configuration: workload, Revision: { spec: pod } },
  'serving.kserve.io': {
    InferenceService: { spec: { predictor: server, transformer: server, explainer: server } },
    ServingRuntime: { spec: { ...pod, workerSpec: pod } }, ClusterServingRuntime: { spec: { ...pod, workerSpec: pod } },
  },
  'kubeflow.org': { Notebook: workload },
  'monitoring.coreos.com': {
    Prometheus: monitor, PrometheusAgent: monitor, Alertmanager: monitor, ThanosRuler: monitor,
    ServiceMonitor: {}, PodMonitor: {}, Probe: {}, PrometheusRule: {}, AlertmanagerConfig: {}, ScrapeConfig: {},
  },
}
