import { inside, type Manifest } from './manifest.ts'
import type { Settings } from './setting.ts'

/** What the Deployment mounts as a folder, so that changes arrive in the running pods. */
export const CONFIG = '.mirrorproof.yaml'

/** The ConfigMap in which the administrators of the cluster waive. */
export function configuration(settings: Settings): Manifest[] {
  return [{
    file: 'configuration',
    about: 'Who may change this ConfigMap may waive findings. Applied again it is as it stands here: keep a copy of your own, and hand it to mirrorproof install --config.',
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: inside(settings), data: { [CONFIG]: settings.config } },
  }]
}
