import type { IRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/Role'
import { clusterwide, inside, type Manifest, NAME } from './manifest.ts'
import type { Settings } from './setting.ts'

type Rules = NonNullable<IRole['rules']>

const RBAC = 'rbac.authorization.k8s.io'
const V1 = `${RBAC}/v1` as const
const READ = ['get', 'list', 'watch']

const WATCHED: Rules = [
  { apiGroups: ['config.openshift.io'], resources: ['imagedigestmirrorsets', 'imagetagmirrorsets', 'images', 'clusterversions'], verbs: READ },
  { apiGroups: ['operator.openshift.io'], resources: ['imagecontentsourcepolicies'], verbs: READ },
  { apiGroups: ['machineconfiguration.openshift.io'], resources: ['machineconfigs', 'machineconfigpools'], verbs: READ },
]
const TRUST: Rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: READ }]
const EVENTS: Rules = [{ apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] }]

/** The ServiceAccount and what it may do. */
export function access(settings: Settings): Manifest[] {
  return [
    { file: 'access', object: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: inside(settings), automountServiceAccountToken: false } },
    ...inCluster(settings),
    // Another Kubernetes has no such namespace, and its API server would refuse the objects.
    ...(settings.certManager ? [] : inNamespace(settings, 'openshift-config', TRUST, 'The certificate authorities that Image/cluster names stand in ConfigMaps of this namespace.')),
    ...inNamespace(settings, 'default', EVENTS, 'For --events: what is wrong with an object of the cluster is told in this namespace.'),
  ]
}

function inCluster(settings: Settings): Manifest[] {
  const metadata = clusterwide(settings)
  return [
    { file: 'access', about: 'What is watched. None of it can be written, and no Secret be read.', object: { apiVersion: V1, kind: 'ClusterRole', metadata, rules: WATCHED } },
    {
      file: 'access',
      object: { apiVersion: V1, kind: 'ClusterRoleBinding', metadata, roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: NAME }, subjects: subjects(settings) },
    },
  ]
}

function inNamespace(settings: Settings, namespace: string, rules: Rules, about: string): Manifest[] {
  const metadata = inside(settings, { namespace })
  return [
    { file: 'access', about, object: { apiVersion: V1, kind: 'Role', metadata, rules } },
    { file: 'access', object: { apiVersion: V1, kind: 'RoleBinding', metadata, roleRef: { apiGroup: RBAC, kind: 'Role', name: NAME }, subjects: subjects(settings) } },
  ]
}

function subjects({ namespace }: Settings): { kind: string; name: string; namespace: string }[] {
  return [{ kind: 'ServiceAccount', name: NAME, namespace }]
}
