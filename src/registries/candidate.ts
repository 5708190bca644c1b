import type { NodeConfiguration } from './node.ts'
import { isShortName, parseReference, type Reference } from './reference.ts'

/** A reference that a node pulls for an image as it is written, and where a short name got its registry from. */
export interface Candidate {
  reference: Reference
  /** The search registry or alias; undefined where the image names its registry. */
  completedBy?: { search: string } | { alias: string }
}

/**
 * What a node pulls for an image as it is written, the first that can be had. Short-name mode is disabled on OpenShift nodes, so no search registry is left out.
 * Follows Resolve of containers/image pkg/shortnames as CRI-O calls it.
 */
export function candidates(image: string, { search, searchOrigin, aliases }: Pick<NodeConfiguration, 'search' | 'searchOrigin' | 'aliases'>): Candidate[] | { error: string } {
  const reference = parseReference(image)
  if ('error' in reference) return reference
  if (!isShortName(image)) return [{ reference }]
  const name = image.split('@', 1)[0]!.replace(/:[^/]*$/, '')
  const alias = aliases.get(name)
  if (alias) {
    const long = parseReference(alias) as Reference
    const { tag, digest } = reference
    return [{ reference: { ...long, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) }, completedBy: { alias } }]
  }
  if (search.length === 0) return { error: `short-name "${image}" did not resolve to an alias and no unqualified-search registries are defined in "${searchOrigin}"` }
  const found: Candidate[] = []
  for (const registry of search) {
    const completed = parseReference(`${registry}/${image}`)
    if ('error' in completed) return { error: `creating reference with unqualified-search registry "${registry}": ${completed.error}` }
    found.push({ reference: completed, completedBy: { search: registry } })
  }
  return found
}
