import { COMPONENT, HOST } from './location.ts'

/** An image reference, normalised: `docker.io/library/` filled in where it is left out. */
export interface Reference {
  /** Registry and repository, as `quay.io/org/app`. */
  name: string
  tag?: string
  digest?: string
}

const NAME = new RegExp(`^(?:${HOST}/)?${COMPONENT}(?:/${COMPONENT})*$`)
const TAG = /^\w[\w.-]{0,127}$/
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/
const DIGITS: Record<string, number> = { sha256: 64, sha384: 96, sha512: 128 }
const INVALID = 'invalid reference format'
const UPPER_CASE = `${INVALID}: repository name must be lowercase`

/**
 * Parses a reference as nodes do, with their words for what is wrong with it.
 * Follows ParseNormalizedNamed of containers/image docker/reference, and digest.Parse of opencontainers/go-digest.
 */
export function parseReference(text: string): Reference | { error: string } {
  if (/^[a-f0-9]{64}$/.test(text)) return { error: `invalid repository name (${text}), cannot specify 64-byte hexadecimal strings` }
  const [domain, remainder] = splitDomain(text)
  const [path] = remainder.split(':', 1)
  if (path !== path!.toLowerCase()) return { error: UPPER_CASE }
  return parseCanonical(`${domain}/${remainder}`)
}

/** A reference that must be written in full already, as the outcome of a rewrite is. Follows ParseNamed of containers/image. */
export function parseFullReference(text: string): Reference | { error: string } {
  const reference = parseReference(text)
  if ('error' in reference || formatReference(reference) === text) return reference
  return { error: 'repository name must be canonical' }
}

export function formatReference({ name, tag, digest }: Reference): string {
  return `${name}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`
}

/** What CRI-O pulls: by digest where there is one, whatever the tag; by `latest` where there is neither. */
export function pulled({ name, tag, digest }: Reference): Reference {
  return digest === undefined ? { name, tag: tag ?? 'latest' } : { name, digest }
}

/** Whether a reference names no registry, so that nodes look it up in their search registries. Follows IsShortName of containers/image pkg/shortnames. */
export function isShortName(text: string): boolean {
  const slash = text.indexOf('/')
  const first = text.slice(0, Math.max(slash, 0))
  return !(slash >= 0 && (/[.:]/.test(first) || first === 'localhost'))
}

function splitDomain(text: string): [domain: string, remainder: string] {
  const slash = text.indexOf('/')
  const first = text.slice(0, Math.max(slash, 0))
  const named = !isShortName(text)
  const domain = named && first !== 'index.docker.io' ? first : 'docker.io'
  const remainder = named ? text.slice(slash + 1) : text
  return [domain, domain === 'docker.io' && !remainder.includes('/') ? `library/${remainder}` : remainder]
}

function parseCanonical(text: string): Reference | { error: string } {
  const parts = split(text)
  if (!parts) return { error: split(text.toLowerCase()) ? 'repository name must be lowercase' : INVALID }
  if (parts.name.length > 255) return { error: 'repository name must not be more than 255 characters' }
  const wrong = parts.digest === undefined ? undefined : wrongDigest(parts.digest)
  return wrong ? { error: wrong } : parts
}

function split(text: string): Reference | undefined {
  const at = text.indexOf('@')
  const digest = at < 0 ? undefined : text.slice(at + 1)
  const rest = at < 0 ? text : text.slice(0, at)
  const colon = rest.lastIndexOf(':')
  const tagged = colon > rest.lastIndexOf('/')
  const tag = tagged ? rest.slice(colon + 1) : undefined
  const name = tagged ? rest.slice(0, colon) : rest
  if (!NAME.test(name) || (tag !== undefined && !TAG.test(tag)) || (digest !== undefined && !DIGEST.test(digest))) return undefined
  return { name, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) }
}

function wrongDigest(digest: string): string | undefined {
  const colon = digest.indexOf(':')
  const digits = DIGITS[digest.slice(0, colon)]
  const encoded = digest.slice(colon + 1)
  if (digits === undefined) return 'unsupported digest algorithm'
  if (encoded.length !== digits) return 'invalid checksum digest length'
  return /^[a-f0-9]+$/.test(encoded) ? undefined : 'invalid checksum digest format'
}
