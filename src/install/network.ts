import { inside, type Manifest, NAME, SELECTOR } from './manifest.ts'
import type { Settings } from './setting.ts'

/** The port that the container listens on. */
export const PORT = 8443
/** The Secret with the certificate that is served, and its key. */
export const TLS = 'mirrorproof-tls'

/** The names that the API server and Prometheus call it by; the first one is what they check the certificate for. */
export function hosts({ namespace }: Settings): [string, string] {
  return [`${NAME}.${namespace}.svc`, `${NAME}.${namespace}.svc.cluster.local`]
}

/** The Service, and what reaches its pods. */
export function network(settings: Settings): Manifest[] {
  const { certManager } = settings
  const metadata = inside(settings)
  const annotations = { 'service.beta.openshift.io/serving-cert-secret-name': TLS }
  return [
    {
      file: 'service',
      object: {
        apiVersion: 'v1', kind: 'Service',
        metadata: certManager ? metadata : { ...metadata, annotations },
        spec: { selector: SELECTOR, ports: [{ name: 'https', port: 443, targetPort: 'https', protocol: 'TCP' }] },
      },
    },
    {
      file: 'service',
      about: 'From anywhere, for the API server calls from the network of its host, which no selector names. Outwards nothing is closed: where the API server listens differs from platform to platform.',
      object: {
        apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata,
        spec: { podSelector: { matchLabels: SELECTOR }, policyTypes: ['Ingress'], ingress: [{ ports: [{ port: PORT, protocol: 'TCP' }] }] },
      },
    },
  ]
}
