import { PLACEHOLDER } from '../cluster/mirrors.ts'
import { BUNDLE, bundleIn, certificates } from '../cluster/trust.ts'
import { own, type Resource, title } from '../manifests/resource.ts'
import type { At } from './facts.ts'
import type { Places } from './places.ts'

/** A ConfigMap of certificate authorities for all registries. */
export interface BundleFact {
  title: string
  /** `elsewhere`: its certificates stand under other keys; `none`: there is none in PEM under its key; `readable`: all else, also what is yet to be filled in. */
  state: 'readable' | 'elsewhere' | 'none'
  /** Those with certificates. */
  keys: string[]
  at: At
}

/** A block whose lines Go's encoding/pem takes. */
const BLOCK = /^-----BEGIN CERTIFICATE-----[ \t\r]*\n[A-Za-z0-9+/=\s]+\n-----END CERTIFICATE-----/m

/** Those in openshift-config, which the operator reads before anything else; what HyperShift makes of another one is not known. */
export function bundleFacts(resources: readonly Resource[], places: Places): BundleFact[] {
  return resources.filter(({ kind, namespace }) => kind === 'ConfigMap' && namespace === 'openshift-config').map((resource) => {
    const pem = bundleIn(resource.value)
    const keys = [...certificates(resource.value).keys()]
    const state = pem === undefined ? (keys.length > 0 ? 'elsewhere' : 'readable') : isReadable(pem) ? 'readable' : 'none'
    const field = own(own(resource.value, 'binaryData'), BUNDLE) === undefined ? 'data' : 'binaryData'
    return { title: title(resource), state, keys, at: places.at(resource, [field, state === 'elsewhere' ? keys[0]! : BUNDLE], true) }
  })
}

/** A bundle that is empty counts for none, and is no fault. */
function isReadable(pem: string): boolean {
  return pem === '' || pem.includes('...') || PLACEHOLDER.test(pem) || BLOCK.test(pem)
}
