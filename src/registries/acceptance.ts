import { formatReference, pulled, type Reference } from './reference.ts'

/** What policy.json says of references: those that are rejected, and, unless that list is empty, the only ones that are accepted. */
export interface Acceptance {
  rejected: readonly string[]
  allowed: readonly string[]
}

/**
 * Why policy.json rejects an image, or undefined. It is judged by its own name, wherever its bytes come from: a mirror needs no entry.
 * Follows requirementsForImageRef of containers/image signature, and DockerReferenceNamespaces of docker/policyconfiguration.
 */
export function rejection(reference: Reference, { rejected, allowed }: Acceptance): { scope: string | undefined; error: string } | undefined {
  const image = formatReference(pulled(reference))
  const scope = scopes(image, reference.name).find((one) => rejected.includes(one) || allowed.includes(one))
  const refused = scope === undefined ? rejected.length === 0 && allowed.length > 0 : rejected.includes(scope)
  return refused ? { scope, error: `Source image rejected: Running image docker://${familiar(image)} is rejected by policy.` } : undefined
}

/** A reference as messages write it: without Docker Hub's host, and without `library/` before a lone name. */
function familiar(image: string): string {
  return image.replace(/^docker\.io\/(?:library\/(?=[^/]*$))?/, '')
}

/** What policy.json may name an image by, in the order in which it is looked up. */
function scopes(image: string, name: string): string[] {
  const found = [image]
  for (let at = name.length; at > 0; at = name.lastIndexOf('/', at - 1)) found.push(name.slice(0, at))
  const [host] = name.split(/[/:]/, 1)
  for (let dot = host!.indexOf('.'); dot >= 0; dot = host!.indexOf('.', dot + 1)) found.push(`*${host!.slice(dot)}`)
  return found
}

const ACCEPT = [{ type: 'insecureAcceptAnything' }]
const REJECT = [{ type: 'reject' }]

/** /etc/containers/policy.json as the operator writes it. Follows updatePolicyJSON of openshift/machine-config-operator. */
export function renderPolicy({ rejected, allowed }: Acceptance): string {
  const docker = new Map([...allowed.map((scope) => [scope, ACCEPT] as const), ...rejected.map((scope) => [scope, REJECT] as const)])
  const sorted = [...docker].sort(([a], [b]) => (a < b ? -1 : 1))
  // The transport `atomic` does not know scopes of more than three parts.
  const atomic = sorted.filter(([scope]) => scope.split('/').length <= 3)
  const transports = { atomic: Object.fromEntries(atomic), docker: Object.fromEntries(sorted), 'docker-daemon': { '': ACCEPT } }
  return JSON.stringify({ default: rejected.length > 0 ? ACCEPT : REJECT, transports }, null, 2)
}
