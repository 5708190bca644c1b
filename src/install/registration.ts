import type { IValidatingWebhook } from 'kubernetes-models/admissionregistration.k8s.io/v1/ValidatingWebhook'
import { clusterwide, type Manifest, NAME } from './manifest.ts'
import type { Settings } from './setting.ts'

const DOMAIN = 'mirrorproof.io'

/** What the API server asks the webhook about. */
export function registration(settings: Settings): Manifest[] {
  const { namespace, certManager, workloads } = settings
  const annotations = certManager ? { 'cert-manager.io/inject-ca-from': `${namespace}/${NAME}` } : { 'service.beta.openshift.io/inject-cabundle': 'true' }
  return [{
    file: 'webhook',
    about: `kubectl delete validatingwebhookconfiguration ${NAME} switches it off. No webhook is ever asked about this object, so that nothing stands in the way.`,
    object: {
      apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration',
      metadata: { ...clusterwide(settings), annotations },
      webhooks: [mirrors(settings), machineConfigs(settings), ...(workloads ? [pods(settings)] : [])],
    },
  }]
}

/** What all entries have in common. Nothing is written while it answers, events come later, so that a dry run may ask, too. */
function entry({ namespace }: Settings): Pick<IValidatingWebhook, 'admissionReviewVersions' | 'sideEffects' | 'matchPolicy' | 'clientConfig'> {
  return { admissionReviewVersions: ['v1'], sideEffects: 'None', matchPolicy: 'Equivalent', clientConfig: { service: { namespace, name: NAME, path: '/validate', port: 443 } } }
}

/**
 * Operators of the platform write what others decided, and read no refusal: they would only try again. So they are never asked about, and an upgrade or
 * the migration of stored objects never waits. openshift-gitops and the like are not among them, for through these people make their changes.
 * HyperShift writes the mirrors of a HostedCluster into it under a name of its own.
 */
const PLATFORM = {
  name: 'not-by-the-platform',
  expression: 'request.userInfo.username != "system:hosted-cluster-config" && !request.userInfo.username.matches('
    + '"^system:serviceaccount:(kube-system|openshift-cluster-version|openshift-config-operator|openshift-kube-storage-version-migrator|openshift-machine-config-operator):")',
}

const CHANGES = ['CREATE', 'UPDATE'] as const
const ALL = [...CHANGES, 'DELETE'] as const

function mirrors(settings: Settings): IValidatingWebhook {
  return {
    name: `mirrors.${DOMAIN}`,
    ...entry(settings),
    rules: [
      { apiGroups: ['config.openshift.io'], apiVersions: ['v1'], resources: ['imagedigestmirrorsets', 'imagetagmirrorsets', 'images'], operations: [...ALL], scope: 'Cluster' },
      { apiGroups: ['operator.openshift.io'], apiVersions: ['v1alpha1'], resources: ['imagecontentsourcepolicies'], operations: [...ALL], scope: 'Cluster' },
    ],
    matchConditions: [PLATFORM],
    failurePolicy: settings.failurePolicy,
    timeoutSeconds: 10,
  }
}

/** It writes a file that decides where images come from, and which are taken, as src/webhook/watched.ts has it; or did before, for a change may take it out. */
const FILES = '[object, oldObject].exists(o, o != null && has(o.spec) && has(o.spec.config) && o.spec.config != null && has(o.spec.config.storage) && o.spec.config.storage != null'
  + ' && has(o.spec.config.storage.files) && o.spec.config.storage.files != null && o.spec.config.storage.files.exists(f, has(f.path) && f.path.matches("^/etc/containers/(registries|policy[.]json)")))'

/** An entry of its own, for its conditions are: all other MachineConfigs pass without a question, even where failures count. */
function machineConfigs(settings: Settings): IValidatingWebhook {
  return {
    name: `machineconfigs.${DOMAIN}`,
    ...entry(settings),
    rules: [{ apiGroups: ['machineconfiguration.openshift.io'], apiVersions: ['v1'], resources: ['machineconfigs'], operations: [...ALL], scope: 'Cluster' }],
    matchConditions: [
      PLATFORM,
      { name: 'not-rendered', expression: '!request.name.startsWith("rendered-")' },
      { name: 'decides-on-images', expression: FILES },
    ],
    failurePolicy: settings.failurePolicy,
    timeoutSeconds: 10,
  }
}

/**
 * What a person or a pipeline writes: a warning about a pod that a controller made would reach that controller alone, so it is told where the
 * template changes. Never by failing: no pod waits for a judge of mirrors.
 */
function pods(settings: Settings): IValidatingWebhook {
  return {
    name: `workloads.${DOMAIN}`,
    ...entry(settings),
    rules: [
      { apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: [...CHANGES], scope: 'Namespaced' },
      { apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments', 'statefulsets', 'daemonsets'], operations: [...CHANGES], scope: 'Namespaced' },
      { apiGroups: ['batch'], apiVersions: ['v1'], resources: ['jobs', 'cronjobs'], operations: [...CHANGES], scope: 'Namespaced' },
    ],
    namespaceSelector: {
      matchExpressions: [
        { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: [settings.namespace] },
        { key: 'openshift.io/run-level', operator: 'DoesNotExist' },
      ],
    },
    matchConditions: [
      { name: 'not-of-the-platform', expression: '!request.namespace.matches("^(kube-|openshift-|openshift$)")' },
      { name: 'not-by-a-controller', expression: '!has(object.metadata.ownerReferences) || !object.metadata.ownerReferences.exists(o, has(o.controller) && o.controller)' },
      { name: 'new-or-changed', expression: 'oldObject == null || object.spec != oldObject.spec' },
    ],
    failurePolicy: 'Ignore',
    timeoutSeconds: 5,
  }
}
