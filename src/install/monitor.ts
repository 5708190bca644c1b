import { inside, type Manifest, SELECTOR } from './manifest.ts'
import { hosts } from './network.ts'
import type { Settings } from './setting.ts'

/** For the monitoring of user workloads. Not beside cert-manager: another Kubernetes need not know the kind, and applying would end with an error. */
export function monitor(settings: Settings): Manifest[] {
  if (settings.certManager) return []
  const [serverName] = hosts(settings)
  return [{
    file: 'monitor',
    about: 'OpenShift puts the certificate authority of its services into a ConfigMap of every namespace. A file of Prometheus would be refused here.',
    object: {
      apiVersion: 'monitoring.coreos.com/v1', kind: 'ServiceMonitor', metadata: inside(settings),
      spec: {
        selector: { matchLabels: SELECTOR },
        endpoints: [{ port: 'https', scheme: 'https', path: '/metrics', interval: '30s', tlsConfig: { ca: { configMap: { name: 'openshift-service-ca.crt', key: 'service-ca.crt' } }, serverName } }],
      },
    },
  }]
}
