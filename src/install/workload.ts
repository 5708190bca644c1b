import type { IContainer } from 'kubernetes-models/v1/Container'
import type { IPodSpec } from 'kubernetes-models/v1/PodSpec'
import { CONFIG } from './configuration.ts'
import { inside, labels, type Manifest, NAME, SELECTOR } from './manifest.ts'
import { PORT, TLS } from './network.ts'
import type { Settings } from './setting.ts'

const FOLDER = '/etc/mirrorproof'

/** The Deployment, and how many of its pods may be away at once. */
export function workload(settings: Settings): Manifest[] {
  // Pinned, for a cluster may have SCCs of its own that would be chosen before it (OpenShift 4.14 and later).
  const annotations = { 'openshift.io/required-scc': 'restricted-v2' }
  return [
    {
      file: 'deployment',
      object: {
        apiVersion: 'apps/v1', kind: 'Deployment', metadata: inside(settings),
        spec: {
          replicas: 2,
          revisionHistoryLimit: 3,
          selector: { matchLabels: SELECTOR },
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          template: { metadata: { labels: labels(settings), ...(settings.certManager ? {} : { annotations }) }, spec: pod(settings) },
        },
      },
    },
    {
      file: 'deployment',
      about: 'Pods that are not ready, as where their image cannot be pulled, keep no node from being drained.',
      object: {
        apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: inside(settings),
        spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow', selector: { matchLabels: SELECTOR } },
      },
    },
  ]
}

/**
 * No priority class: where the webhook is away, changes are accepted, so nothing is gained by taking the place of pods that others need. No user:
 * OpenShift's restricted-v2 gives each namespace its own, elsewhere that of the image counts.
 */
function pod(settings: Settings): IPodSpec {
  return {
    serviceAccountName: NAME,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: SELECTOR } } }],
      },
    },
    topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: SELECTOR } }],
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    // 5 s in which it still answers while endpoints forget it (serve --drain), then 10 s, as long as the API server waits for an answer, and some to end.
    terminationGracePeriodSeconds: 20,
    containers: [container(settings)],
    volumes: [
      { name: 'tls', secret: { secretName: TLS } },
      { name: 'config', configMap: { name: NAME } },
    ],
  }
}

function container(settings: Settings): IContainer {
  const get = (path: string) => ({ httpGet: { path, port: 'https', scheme: 'HTTPS' as const } })
  return {
    name: NAME,
    image: settings.image,
    args: [
      'serve', '--tls-cert', `${FOLDER}/tls/tls.crt`, '--tls-key', `${FOLDER}/tls/tls.key`, '--config', `${FOLDER}/config/${CONFIG}`, '--events', '--mode', settings.mode,
      ...(settings.workloads ? ['--workloads'] : []), ...settings.serve,
    ],
    ports: [{ name: 'https', containerPort: PORT, protocol: 'TCP' }],
    startupProbe: { ...get('/healthz'), periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 30 },
    livenessProbe: { ...get('/healthz'), periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
    readinessProbe: { ...get('/readyz'), periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 2 },
    // Two processors: one thread answers, another one judges; with less the kernel would stop the one for the other.
    resources: { requests: { cpu: '50m', memory: '192Mi' }, limits: { cpu: '2', memory: '512Mi' } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true },
    volumeMounts: [
      { name: 'tls', mountPath: `${FOLDER}/tls`, readOnly: true },
      { name: 'config', mountPath: `${FOLDER}/config`, readOnly: true },
    ],
  }
}
