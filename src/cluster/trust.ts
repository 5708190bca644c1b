import { isObject, own, text } from '../manifests/resource.ts'
import type { Candidate } from './candidate.ts'

/**
 * The authorities that nodes trust for a registry, in PEM, by its host with its port: those of the ConfigMap that `additionalTrustedCA` of Image/cluster names
 * (machine-config-operator pkg/daemon/certificate_writer.go writes them to /etc/docker/certs.d).
 */
export function authorities(members: readonly Candidate[]): ReadonlyMap<string, string> {
  const configured = members.some(({ type }) => type === 'image')
  const maps = members.flatMap((member) => (configured && member.type === 'setting' && member.setting === 'trust' ? [own(member.resource.value, 'data')] : []))
  const data = maps.at(-1)
  return new Map(Object.entries(isObject(data) ? data : {}).map(([key, value]) => [key.replaceAll('..', ':'), text(value)]))
}
