import type { ICertificate } from '@kubernetes-models/cert-manager/cert-manager.io/v1/Certificate'
import type { IIssuer } from '@kubernetes-models/cert-manager/cert-manager.io/v1/Issuer'
import type { IServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor'
import type { IValidatingWebhookConfiguration } from 'kubernetes-models/admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration'
import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment'
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy'
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget'
import type { IClusterRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole'
import type { IClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding'
import type { IRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/Role'
import type { IRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding'
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap'
import type { INamespace } from 'kubernetes-models/v1/Namespace'
import type { IService } from 'kubernetes-models/v1/Service'
import type { IServiceAccount } from 'kubernetes-models/v1/ServiceAccount'
import type { Settings } from './setting.ts'

/** An object to be applied. */
export type Resource =
  | ICertificate | IClusterRole | IClusterRoleBinding | IConfigMap | IDeployment | IIssuer | INamespace | INetworkPolicy | IPodDisruptionBudget
  | IRole | IRoleBinding | IService | IServiceAccount | IServiceMonitor | IValidatingWebhookConfiguration

/** An object, the file of deploy/ that it stands in, without `.yaml`, and what is said above it. */
export interface Manifest {
  file: string
  about?: string
  object: Resource
}

type Metadata = NonNullable<IConfigMap['metadata']>

/** What every object is called that may have any name. */
export const NAME = 'mirrorproof'

/** By these the Deployment knows its pods; Kubernetes lets nobody change them afterwards. */
export const SELECTOR = { 'app.kubernetes.io/name': NAME, 'app.kubernetes.io/component': 'webhook' }

export function labels({ version }: Settings): Record<string, string> {
  return { ...SELECTOR, 'app.kubernetes.io/part-of': NAME, 'app.kubernetes.io/version': version }
}

/** The metadata of an object of the cluster. */
export function clusterwide(settings: Settings): Metadata {
  return { name: NAME, labels: labels(settings) }
}

/** The metadata of an object in a namespace: the webhook's own, unless another one is said. */
export function inside(settings: Settings, { name = NAME, namespace = settings.namespace }: { name?: string; namespace?: string } = {}): Metadata {
  return { name, namespace, labels: labels(settings) }
}
