import { base64 } from '../carriers/embedded.ts'
import { isInstallConfig } from '../carriers/install.ts'
import { isObject, own, type Resource, text } from '../manifests/resource.ts'
import type { Candidate } from './candidate.ts'

/** The authorities that nodes trust beside those of their system, in PEM. */
export interface Authorities {
  /** For every registry. */
  everywhere: string
  /** For one registry, by its host with its port. */
  single: ReadonlyMap<string, string>
}

export const NO_AUTHORITIES: Authorities = { everywhere: '', single: new Map() }

/**
 * For single registries those of the ConfigMap that `additionalTrustedCA` of Image/cluster names (machine-config-operator pkg/daemon/certificate_writer.go writes them to /etc/docker/certs.d), for all
 * those of the installer and of Proxy/cluster (pkg/operator/sync.go syncRenderConfig, into the anchors of the system).
 */
export function authorities(members: readonly Candidate[]): Authorities {
  const configured = members.some(({ type }) => type === 'image')
  const of = (setting: string) => members.flatMap((member) => (member.type === 'setting' && member.setting === setting ? [member.resource] : []))
  const map = configured ? of('trust').at(-1) : undefined
  return { everywhere: of('bundle').map(bundle).join('\n'), single: map ? new Map([...dataOf(map.value)].map(([key, pem]) => [key.replaceAll('..', ':'), pem])) : new Map() }
}

/** What certificates stand under in a ConfigMap: registries, or the name of a file. */
export function certificates(value: Resource['value']): Map<string, string> {
  return new Map([...dataOf(value)].filter(([, pem]) => pem.includes('BEGIN CERTIFICATE')))
}

function bundle(resource: Resource): string {
  return isInstallConfig(resource) ? text(own(resource.value, 'additionalTrustBundle')) : bundleIn(resource.value) ?? ''
}

/** The key that bundles for all registries stand under. */
export const BUNDLE = 'ca-bundle.crt'

/** What the operator finds in the ConfigMap of a bundle; undefined where it has no such key (machine-config-operator pkg/controller/common/helpers.go GetCAsFromConfigMap). */
export function bundleIn(value: Resource['value']): string | undefined {
  const binary = own(own(value, 'binaryData'), BUNDLE)
  if (binary !== undefined) return decoded(text(binary))
  const plain = dataOf(value).get(BUNDLE)
  return plain !== undefined && /^[\w+/]+={0,2}\s*$/.test(plain) ? decoded(plain) : plain
}

function decoded(encoded: string): string {
  try {
    return new TextDecoder().decode(base64(encoded))
  } catch {
    return encoded
  }
}

function dataOf(value: Resource['value']): Map<string, string> {
  const data = own(value, 'data')
  return new Map(Object.entries(isObject(data) ? data : {}).map(([key, item]) => [key, text(item)]))
}
