/** The webhook's manifests; a bundle of its own (build/dist.ts), for no other command writes YAML. */
import { dump } from 'js-yaml'
import { access } from './access.ts'
import { certificates } from './certificate.ts'
import { configuration } from './configuration.ts'
import type { Manifest } from './manifest.ts'
import { monitor } from './monitor.ts'
import { namespace } from './namespace.ts'
import { network } from './network.ts'
import { registration } from './registration.ts'
import type { Settings } from './setting.ts'
import { workload } from './workload.ts'

/** All that is to be applied, in this order: what others need comes first, and the API server learns of the webhook when all else is there. */
export function manifests(settings: Settings): Manifest[] {
  return [namespace, access, configuration, certificates, network, workload, monitor, registration].flatMap((make) => make(settings))
}

/** As a stream of YAML documents. */
export function yaml(all: readonly Manifest[]): string {
  return all.map(({ about, object }) => `---\n${about === undefined ? '' : `# ${about}\n`}${dump(object, { lineWidth: -1, noRefs: true, seqNoIndent: true })}`).join('')
}
