import { parseReference, type Reference } from '../registries/reference.ts'

/** What a mirror is asked for as the source is: the digest, else the tag. */
export function keyOf(reference: string): string {
  const { tag, digest } = parseReference(reference) as Reference
  return digest ?? tag ?? 'latest'
}

/** Registry and repository. */
export function nameOf(reference: string): string {
  return (parseReference(reference) as Reference).name
}

/** The last part of the repository, which mirrors mostly keep. */
export function lastOf(reference: string): string {
  return nameOf(reference).split('/').at(-1)!
}
