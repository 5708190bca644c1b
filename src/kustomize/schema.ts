import { own } from '../manifests/resource.ts'

/** How the lists of a kind merge: `keys` are what tells the items of a list apart; a list without is replaced. */
export interface Schema {
  keys?: readonly string[]
  fields?: Readonly<Record<string, Schema>>
}

const keyed = (keys: string | string[], fields?: Record<string, Schema>): Schema => ({ keys: [keys].flat(), ...(fields ? { fields } : {}) })
const inside = (field: string, schema: Schema): Schema => ({ fields: { [field]: schema } })

const CONTAINERS = keyed('name', {
  env: keyed('name'), ports: keyed(['containerPort', 'protocol']), volumeMounts: keyed('mountPath'), volumeDevices: keyed('devicePath'),
})
const POD: Schema = {
  fields: {
    containers: CONTAINERS, initContainers: CONTAINERS, ephemeralContainers: CONTAINERS, volumes: keyed('name'), imagePullSecrets: keyed('name'),
    hostAliases: keyed('ip'), topologySpreadConstraints: keyed(['topologyKey', 'whenUnsatisfiable']),
  },
}
const TEMPLATE = inside('template', inside('spec', POD))
const JOB = inside('spec', TEMPLATE)

/** The merge keys of the OpenAPI document that Kustomize carries (Kubernetes 1.21), of the kinds that have images. */
const SCHEMAS: Readonly<Record<string, Schema>> = {
  'v1/Pod': inside('spec', POD),
  'v1/PodTemplate': TEMPLATE,
  'v1/ReplicationController': JOB,
  'v1/ServiceAccount': { fields: { secrets: keyed('name') } },
  'v1/Service': inside('spec', inside('ports', keyed(['port', 'protocol']))),
  'apps/v1/Deployment': JOB,
  'apps/v1/ReplicaSet': JOB,
  'apps/v1/DaemonSet': JOB,
  'apps/v1/StatefulSet': JOB,
  'batch/v1/Job': JOB,
  'batch/v1/CronJob': inside('spec', inside('jobTemplate', JOB)),
  'batch/v1beta1/CronJob': inside('spec', inside('jobTemplate', JOB)),
}

/** How a strategic merge patch merges into a kind; undefined for custom resources, whose lists are replaced. */
export function schemaOf(apiVersion: string, kind: string): Schema | undefined {
  return own(SCHEMAS, `${apiVersion}/${kind}`) as Schema | undefined
}
