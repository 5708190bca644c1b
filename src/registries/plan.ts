import type { Entry, Mirror, NodeConfiguration } from './node.ts'
import { formatReference, parseFullReference, pulled, type Reference } from './reference.ts'

/** One location that a node tries. */
export interface Attempt {
  reference: string
  /** Undefined for the source itself, which comes last. */
  mirror: Mirror | undefined
  /** TLS is not verified, and plain HTTP may be used. */
  insecure: boolean
  /** The entry that covers this location in turn; where it is blocked, the attempt fails. Its mirrors are not used. */
  entry: Entry | undefined
}

/** How a node pulls an image. */
export interface Plan {
  by: 'digest' | 'tag'
  /** The entry that decides; without one, the source alone is contacted. */
  entry: Entry | undefined
  attempts: Attempt[]
  /** Why the pull fails before anything is contacted, in the node's words. */
  error?: string
}

/**
 * The locations that a node tries for an image, in order. Follows newImageSource of containers/image docker/docker_image_src.go and
 * PullSourcesFromReference of pkg/sysregistriesv2.
 */
export function plan(reference: Reference, node: Pick<NodeConfiguration, 'find'>): Plan {
  const image = pulled(reference)
  const by = image.digest === undefined ? 'tag' : 'digest'
  const entry = node.find(image.name)
  if (!entry) return { by, entry, attempts: [{ reference: formatReference(image), mirror: undefined, insecure: false, entry }] }
  const serves = ({ pull }: Mirror) => pull === 'all' || pull === by
  const attempts: Attempt[] = []
  for (const mirror of [...entry.mirrors.filter(serves), undefined]) {
    const { location, insecure } = mirror ?? entry
    const rewritten = rewrite(image, entry.prefix, location)
    if ('error' in rewritten) return { by, entry, attempts: [], error: rewritten.error }
    attempts.push({ reference: formatReference(rewritten), mirror, insecure, entry: node.find(rewritten.name) })
  }
  return { by, entry, attempts }
}

function rewrite(image: Reference, prefix: string, location: string): Reference | { error: string } {
  if (location === '') return image
  const text = formatReference(image)
  const length = prefix.startsWith('*.') ? text.indexOf(prefix.slice(1)) + prefix.length - 1 : prefix.length
  const rewritten = parseFullReference(location + text.slice(length))
  return 'error' in rewritten ? { error: `rewriting reference: ${rewritten.error}` } : rewritten
}
