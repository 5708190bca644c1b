import { labels, type Manifest } from './manifest.ts'
import type { Settings } from './setting.ts'

/** The namespace, with the strictest of the pod security standards. */
export function namespace(settings: Settings): Manifest[] {
  const levels = Object.fromEntries(['enforce', 'audit', 'warn'].map((what) => [`pod-security.kubernetes.io/${what}`, 'restricted']))
  return [{
    file: 'namespace',
    object: {
      apiVersion: 'v1', kind: 'Namespace',
      metadata: {
        name: settings.namespace,
        labels: { ...labels(settings), ...levels },
        annotations: { 'openshift.io/display-name': 'mirrorproof', 'openshift.io/description': 'Judges changes of image mirrors before they reach the nodes' },
      },
    },
  }]
}
