import { parseReference, type Reference } from '../registries/reference.ts'

/** What a mirror is asked for as the source is: the digest, else the tag. */
export function keyOf(reference: string): string {
  const { tag, digest } = parseReference(reference) as Reference
  return digest ?? tag ?? 'latest'
}

/** What images of a host are called by. */
export function registryOf(host: string): string {
  return host === 'registry-1.docker.io' ? 'docker.io' : host
}

/** Registry and repository of a normalised reference. */
export function nameOf(reference: string): string {
  return reference.split('@', 1)[0]!.replace(/:[^/:]*$/, '')
}
