import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type ImageUse, imageUses } from '../../src/cluster/references.ts'

const APP = 'quay.io/org/app:1'
const DIGEST = `sha256:${'a'.repeat(64)}`
const pod = { initContainers: [{ name: 'i', image: 'quay.io/org/init:1' }], containers: [{ name: 'c', image: APP }] }
const POD = ['quay.io/org/init:1', APP]
const template = { template: { spec: pod } }
const docker = (name: string) => ({ kind: 'DockerImage', name })
const tag = (name: string) => ({ kind: 'ImageStreamTag', name })
const disk = (url: string) => ({ spec: { source: { registry: { url } } } })
const triggers = (fieldPath: string, more: object = {}) =>
  ({ metadata: { annotations: { 'image.openshift.io/triggers': JSON.stringify([{ from: tag('app:1'), fieldPath, ...more }]) } }, spec: template })
const change = (automatic: boolean, containerNames: string[]) =>
  ({ spec: { ...template, triggers: [{ type: 'ConfigChange' }, { type: 'ImageChange', imageChangeParams: { automatic, containerNames, from: tag('app:1') } }] } })

/** What a resource of a known kind pulls: kind, apiVersion, the rest of it, its images. */
const KNOWN: [why: string, type: string, value: object, images: string[]][] = [
  ['a pod', 'v1 Pod', { spec: pod }, POD],
  ['in the order of the document', 'v1 Pod', { spec: { containers: pod.containers, initContainers: pod.initContainers } }, [APP, 'quay.io/org/init:1']],
  ['a debug container', 'v1 Pod', { spec: { ephemeralContainers: [{ image: APP }] } }, [APP]],
  ['an image volume', 'v1 Pod', { spec: { volumes: [{ name: 'm', image: { reference: APP } }, { name: 'c', configMap: { name: 'reference' } }] } }, [APP]],
  ['what a pod reports was asked for elsewhere', 'v1 Pod', { status: { containerStatuses: [{ image: APP }] } }, []],
  ['no containers, no lists, no strings', 'v1 Pod', { spec: { containers: { image: APP }, initContainers: [{ image: 7 }, null, APP] } }, []],
  ['short names are completed by nodes', 'v1 Pod', { spec: { containers: [{ image: 'nginx:1.25' }, { image: 'ubuntu' }] } }, ['nginx:1.25', 'ubuntu']],
  ['what the kubelet refuses is asked for all the same', 'v1 Pod', { spec: { containers: [{ image: 'quay.io/Org/App:1' }] } }, ['quay.io/Org/App:1']],
  ['a template', 'v1 PodTemplate', template, POD],
  ['a controller of old', 'v1 ReplicationController', { spec: template }, POD],
  ['a deployment', 'apps/v1 Deployment', { spec: template }, POD],
  ['a stateful set', 'apps/v1 StatefulSet', { spec: template }, POD],
  ['a daemon set', 'apps/v1 DaemonSet', { spec: template }, POD],
  ['a replica set', 'apps/v1 ReplicaSet', { spec: template }, POD],
  ['a deployment of another API is no workload', 'example.com/v1 Deployment', { spec: { template: { spec: { image: 'nginx' } } } }, []],
  ['a job', 'batch/v1 Job', { spec: template }, POD],
  ['a cron job', 'batch/v1beta1 CronJob', { spec: { jobTemplate: { spec: template } } }, POD],
  ['a deployment config', 'apps.openshift.io/v1 DeploymentConfig', { spec: template }, POD],
  ['its image comes from a stream', 'apps.openshift.io/v1 DeploymentConfig', change(true, ['c']), ['quay.io/org/init:1']],
  ['not where it is not automatic', 'apps.openshift.io/v1 DeploymentConfig', change(false, ['c']), POD],
  ['nor in other containers', 'apps.openshift.io/v1 DeploymentConfig', change(true, ['d']), POD],
  ['a stream by annotation', 'apps/v1 Deployment', triggers('spec.template.spec.containers[?(@.name=="c")].image'), ['quay.io/org/init:1']],
  ['by index', 'apps/v1 StatefulSet', triggers('spec.template.spec.initContainers[0].image'), [APP]],
  ['paused', 'apps/v1 Deployment', triggers('spec.template.spec.containers[0].image', { paused: true }), POD],
  ['of a kind that it does not reach', 'batch/v1 Job', triggers('spec.template.spec.containers[0].image'), POD],
  ['an annotation that is no JSON', 'apps/v1 Deployment', { metadata: { annotations: { 'image.openshift.io/triggers': '[' } }, spec: template }, POD],

  ['an image stream imports', 'image.openshift.io/v1 ImageStream', { spec: { tags: [{ from: docker(APP) }, { from: tag('app:2') }, { name: '3' }] } }, [APP]],
  ['every tag', 'image.openshift.io/v1 ImageStream', { spec: { dockerImageRepository: 'quay.io/org/app' } }, ['quay.io/org/app']],
  ['what it has imported', 'image.openshift.io/v1 ImageStream', { status: { tags: [{ items: [{ dockerImageReference: APP }] }] } }, []],
  ['an import', 'image.openshift.io/v1 ImageStreamImport', { spec: { images: [{ from: docker(APP) }] } }, [APP]],
  ['a build starts from', 'build.openshift.io/v1 BuildConfig',
    { spec: { strategy: { dockerStrategy: { from: docker(APP) } }, source: { images: [{ from: docker('quay.io/org/tool:1') }] } } }, [APP, 'quay.io/org/tool:1']],
  ['a build starts from a stream', 'build.openshift.io/v1 Build', { spec: { strategy: { sourceStrategy: { from: tag('app:1') } } } }, []],
  ['a build pushes', 'build.openshift.io/v1 BuildConfig', { spec: { output: { to: docker(APP) } } }, []],

  ['a catalog', 'operators.coreos.com/v1alpha1 CatalogSource', { spec: { image: APP, icon: { base64data: 'image' } } }, [APP]],
  ['a catalog of OLM 1', 'olm.operatorframework.io/v1 ClusterCatalog', { spec: { source: { type: 'Image', image: { ref: APP } } } }, [APP]],
  ['an operator', 'operators.coreos.com/v1alpha1 ClusterServiceVersion',
    { metadata: { annotations: { containerImage: 'quay.io/org/shown:1' } },
      spec: { relatedImages: [{ name: 'x', image: 'quay.io/org/related:1' }], install: { spec: { deployments: [{ name: 'd', spec: template }] } } } },
    ['quay.io/org/related:1', ...POD]],
  ['a subscription names a catalog', 'operators.coreos.com/v1alpha1 Subscription', { spec: { config: { image: APP } } }, []],
  ['a release', 'hive.openshift.io/v1 ClusterImageSet', { spec: { releaseImage: APP } }, [APP]],
  ['a release by name', 'hive.openshift.io/v1 ClusterDeployment', { spec: { provisioning: { releaseImage: APP, imageSetRef: { name: 'img4.20' } } } }, [APP]],
  ['an upgrade', 'config.openshift.io/v1 ClusterVersion', { spec: { desiredUpdate: { image: APP } }, status: { desired: { image: 'quay.io/org/now:1' } } }, [APP]],
  ['a hosted cluster', 'hypershift.openshift.io/v1beta1 HostedCluster', { spec: { release: { image: APP }, imageContentSources: [{ source: 'quay.io/org' }] } }, [APP]],
  ['a node pool', 'hypershift.openshift.io/v1beta1 NodePool', { spec: { release: { image: APP } } }, [APP]],
  ['an operating system', 'machineconfiguration.openshift.io/v1 MachineConfig', { spec: { osImageURL: APP } }, [APP]],
  ['of the release', 'machineconfiguration.openshift.io/v1 MachineConfig', { spec: { osImageURL: '' } }, []],
  ['one that is built, and pushed', 'machineconfiguration.openshift.io/v1alpha1 MachineOSConfig',
    { spec: { buildInputs: { baseOSImagePullspec: APP, renderedImagePushspec: 'quay.io/org/os:1' } } }, [APP]],
  ['pinned images', 'machineconfiguration.openshift.io/v1 PinnedImageSet', { spec: { pinnedImages: [{ name: `quay.io/org/app@${DIGEST}` }] } },
    [`quay.io/org/app@${DIGEST}`]],
  ['a seed is pulled', 'lca.openshift.io/v1 ImageBasedUpgrade', { spec: { seedImageRef: { image: APP, version: '4.20.1' } } }, [APP]],
  ['and pushed', 'lca.openshift.io/v1 SeedGenerator', { spec: { seedImage: APP } }, []],

  ['a task', 'tekton.dev/v1 Task',
    { spec: { stepTemplate: { image: 'ubi9' }, steps: [{ image: APP }, { ref: { name: 'x' } }], sidecars: [{ image: 'nginx' }] } }, ['ubi9', APP, 'nginx']],
  ['a task to be filled in', 'tekton.dev/v1beta1 ClusterTask', { spec: { steps: [{ image: '$(params.image)' }] } }, []],
  ['a pipeline', 'tekton.dev/v1 Pipeline',
    { spec: { tasks: [{ taskSpec: { steps: [{ image: APP }] } }, { taskRef: { bundle: 'quay.io/org/bundle:1' } }] } }, [APP]],
  ['a run', 'tekton.dev/v1 PipelineRun',
    { spec: { params: [{ name: 'image', value: 'quay.io/org/out:1' }], pipelineSpec: { finally: [{ taskSpec: { steps: [{ image: APP }] } }] } } }, [APP]],
  ['a workflow', 'argoproj.io/v1alpha1 CronWorkflow',
    { spec: { workflowSpec: { templates: [{ container: { image: APP } }, { script: { image: '{{inputs.x}}' } }, { containerSet: { containers: [{ image: 'a/b' }] } }] } } },
    [APP, 'a/b']],
  ['an application names what others pull', 'argoproj.io/v1alpha1 Application', { spec: { source: { kustomize: { images: [APP] } } } }, []],
  ['a virtual machine', 'kubevirt.io/v1 VirtualMachine',
    { spec: { dataVolumeTemplates: [disk('docker://quay.io/org/disk:1')], template: { spec: {
      domain: { firmware: { kernelBoot: { container: { image: 'quay.io/org/kernel:1', kernelPath: '/boot' } } } },
      volumes: [{ containerDisk: { image: APP } }, { dataVolume: { name: 'd' } }],
    } } } },
    ['quay.io/org/disk:1', 'quay.io/org/kernel:1', APP]],
  ['a disk over HTTP', 'cdi.kubevirt.io/v1beta1 DataVolume', { spec: { source: { http: { url: 'https://example.com/disk.qcow2' } } } }, []],
  ['a disk from an archive', 'cdi.kubevirt.io/v1beta1 DataVolume', disk('oci-archive:///disk.tar'), []],
  ['golden images', 'cdi.kubevirt.io/v1beta1 DataImportCron', { spec: { template: disk('docker://quay.io/org/disk:1') } }, ['quay.io/org/disk:1']],
  ['Knative', 'serving.knative.dev/v1 Service', { spec: template }, POD],
  ['a service of Kubernetes', 'v1 Service', { spec: template }, []],
  ['a model', 'serving.kserve.io/v1beta1 InferenceService', { spec: { predictor: { model: { storageUri: 'oci://quay.io/org/model:1' } } } }, ['quay.io/org/model:1']],
  ['a model in a bucket', 'serving.kserve.io/v1beta1 InferenceService', { spec: { predictor: { model: { storageUri: 's3://quay.io/org/model' } } } }, []],
  ['monitoring', 'monitoring.coreos.com/v1 Prometheus', { spec: { image: APP, containers: [{ image: 'quay.io/org/proxy:1' }] } }, [APP, 'quay.io/org/proxy:1']],
]

/** What looks like an image in a kind that is not known. */
const CUSTOM: [why: string, spec: unknown, images: string[]][] = [
  ['a field', { image: APP }, [APP]],
  ['by its name', { sidecarImage: APP, sidecar_image: APP, SIDECAR_IMAGE: APP, 'sidecar-image': APP, imageRef: APP, releasePullspec: APP },
    [APP, APP, APP, APP, APP, APP]],
  ['another name', { imagination: APP, mirage: APP, bundle: APP, imagePullSecret: 'quay.io/org/secret' }, []],
  ['a name that is unsure needs a tag', { imageRegistry: 'quay.io/org', imageRepository: 'quay.io/org/app', imageURL: APP }, [APP]],
  ['no tag', { image: 'quay.io/org/app' }, ['quay.io/org/app']],
  ['short names are a guess too many', { image: 'nginx:1.25', defaultImage: 'org/app:1' }, []],
  ['a port, localhost', { image: 'registry:5000/app', otherImage: 'localhost/app' }, ['registry:5000/app', 'localhost/app']],
  ['disks and pictures',
    { image: 'https://example.com/x.iso', bootImage: 'example.com/rhcos.qcow2', logoImage: 'example.com/logo.png', diskImage: '/var/lib/disk' }, []],
  ['what is pushed', { output: { image: APP }, outputImage: APP, renderedImagePushSpec: APP }, []],
  ['what is reported is at the top', { status: { image: APP }, metadata: { image: 'quay.io/org/no:1' } }, [APP]],
  ['lists', { images: [APP, 'nginx'], additionalImages: [APP] }, [APP, APP]],
  ['objects of images', { images: { proxy: APP, registry: 'quay.io/org/app:1', org: 'quay.io/org' } }, [APP]],
  ['a container is sure of its short name',
    { podTemplate: { containers: [{ name: 'c', image: 'nginx' }, { image: 'nginx' }], things: [{ name: 'c', image: 'nginx' }] } }, ['nginx']],
  ['upper case is no reference', { image: 'quay.io/Org/app:1' }, []],
  ['a disk of KubeVirt', { registry: { url: 'docker://quay.io/org/disk:1' }, git: { url: 'quay.io/org/disk:1' } }, ['quay.io/org/disk:1']],
  ['parts', { image: { repository: 'quay.io/org/app', tag: '1', pullPolicy: 'Always' } }, [APP]],
  ['parts with a digest', { image: { repository: 'quay.io/org/app', tag: '1', digest: DIGEST } }, [`quay.io/org/app@${DIGEST}`]],
  ['parts with a registry', { appImage: { registry: 'quay.io', repository: 'org/app', tag: '1' } }, [APP]],
  ['parts that lack one', { image: { repository: 'quay.io/org/app', tag: '' }, otherImage: { repository: 'org/app', tag: '1' } }, []],
  ['parts of NVIDIA', { driver: { repository: 'nvcr.io/nvidia', image: 'driver', version: '580.1' } }, ['nvcr.io/nvidia/driver:580.1']],
  ['parts of AWX', { image: 'quay.io/ansible/awx', image_version: '24.6.1' }, ['quay.io/ansible/awx:24.6.1']],
  ['a version is not always that of the image', { image: 'quay.io/org/kafka', version: '3.2.0' }, ['quay.io/org/kafka']],
  ['a repository of charts, of Git', { chart: { repository: 'quay.io/org/chart', version: '1' }, image: { repository: 'github.com/org/app', tag: '1' } }, []],
  ['a patch of a pinned set, of a catalog', { pinnedImages: [{ name: APP }], source: { image: { ref: APP } } }, [APP, APP]],
  ['a resource inside is asked for itself', { objects: [{ apiVersion: 'v1', kind: 'Pod', spec: pod }] }, []],
  ['own keys only', JSON.parse(`{ "__proto__": { "image": "${APP}" }, "constructor": { "image": "${APP}" } }`), [APP, APP]],
]

/** Nothing in these is pulled, whatever it looks like. */
const NOTHING = [
  'v1 ConfigMap', 'v1 Secret', 'apiextensions.k8s.io/v1 CustomResourceDefinition', 'kustomize.config.k8s.io/v1beta1 Kustomization',
  'helm.toolkit.fluxcd.io/v2 HelmRelease',
  'config.openshift.io/v1 ImageDigestMirrorSet', 'operator.openshift.io/v1alpha1 ImageContentSourcePolicy', 'mirror.openshift.io/v2alpha1 ImageSetConfiguration',
  'config.openshift.io/v1 OperatorHub', 'v1 ', ' Pod2', 'apps/v1 constructor', 'constructor/v1 Pod',
]

const PLACEHOLDERS = [
  '', ' ', '$(IMG)', '${IMAGE}', '$imageUrl', 'IMAGE_PLACEHOLDER', 'REPLACE_IMAGE', 'IMAGE', 'CHANGE-ME', '{{ .Values.image }}', '<image>',
  'quay.io/org/app:<tag>', 'quay.io/org/app:v{}',
  'quay.io/org/app:PLACEHOLDER', 'quay.io/changeme/app:1', 'quay.io/...', 'controller:latest', 'controller',
]

function uses(type: string, value: object): ImageUse[] {
  const [apiVersion = '', kind = ''] = type.split(' ')
  return imageUses({ apiVersion, kind, value: value as Record<string, unknown> })
}

for (const [why, type, value, images] of KNOWN) {
  test(`known :: ${type} :: ${why}`, () => {
    const found = uses(type, value)
    assert.equal(found.map(({ image }) => image), images)
    assert.ok(found.every(({ certain }) => certain))
  })
}

for (const [why, spec, images] of CUSTOM) {
  test(`custom :: ${why}`, () => {
    const found = uses('example.com/v1 Thing', { metadata: { image: APP }, spec, status: { image: APP } })
    assert.equal(found.map(({ image }) => image), images)
    assert.not(found.some(({ certain }) => certain))
  })
}

for (const type of NOTHING) test(`nothing :: ${type}`, () => assert.equal(uses(type, { spec: { image: APP, images: [APP], containers: [{ name: 'c', image: APP }] } }), []))

test('placeholders are no references', () => {
  for (const image of PLACEHOLDERS) {
    assert.equal(uses('v1 Pod', { spec: { containers: [{ name: 'c', image }] } }), [], image)
    assert.equal(uses('example.com/v1 Thing', { spec: { containers: [{ name: 'c', image }] } }), [], image)
  }
})

test('every use says where it stands', () => {
  const at = (type: string, value: object) => uses(type, value).map(({ path }) => path)
  assert.equal(at('batch/v1 CronJob', { spec: { jobTemplate: { spec: template } } }), [
    ['spec', 'jobTemplate', 'spec', 'template', 'spec', 'initContainers', 0, 'image'], ['spec', 'jobTemplate', 'spec', 'template', 'spec', 'containers', 0, 'image'],
  ])
  assert.equal(at('image.openshift.io/v1 ImageStream', { spec: { tags: [{ from: tag('x') }, { from: docker(APP) }] } }), [['spec', 'tags', 1, 'from', 'name']])
  assert.equal(at('example.com/v1 Thing', { spec: { images: ['nginx', APP], app: { image: { repository: 'quay.io/org/app', tag: '1' } } } }), [
    ['spec', 'images', 1], ['spec', 'app', 'image', 'repository'],
  ])
})

test('a thousand levels deep, and the same node over and over', () => {
  let deep: object = { image: APP }
  for (let level = 0; level < 1000; level++) deep = { deep }
  assert.is(uses('example.com/v1 Thing', deep).length, 1)
  let shared: object = { image: 'nginx' }
  for (let level = 0; level < 40; level++) shared = { a: shared, b: shared }
  assert.equal(uses('example.com/v1 Thing', shared), [])
})

test.run()
