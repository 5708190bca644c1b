/** What is wrong with a location by the grammar of sources and mirrors; the first that holds, in this order. */
export type Malformation =
  | 'empty' | 'scheme' | 'transport' | 'ipv6' | 'wildcard' | 'digest' | 'trailing-slash' | 'tag' | 'upper-case' | 'characters'

const LABEL = '[a-zA-Z0-9]+(?:-+[a-zA-Z0-9]+)*'
export const HOST = `${LABEL}(?:\\.${LABEL})*(?::[0-9]+)?`
export const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const LOCATION = new RegExp(`^${HOST}(?:/${COMPONENT})*$`)
const WILDCARD = new RegExp(`^\\*(?:\\.${LABEL})+$`)

/**
 * Whether a source (or mirror) has the form that the API server demands of IDMS and ITMS since 4.13, and the operator of all three kinds
 * since 4.16. The language of the two patterns in OpenShift's CRDs, written so that it cannot backtrack without end.
 */
export function wellFormed(location: string, role: 'source' | 'mirror'): boolean {
  return LOCATION.test(location) || (role === 'source' && WILDCARD.test(location))
}

/** What is wrong with a location, or undefined. A wildcard source is well formed; that older operators refuse it is said elsewhere. */
export function malformation(location: string, role: 'source' | 'mirror'): Malformation | undefined {
  if (wellFormed(location, role)) return undefined
  if (location === '') return 'empty'
  if (/^https?:\/\//.test(location)) return 'scheme'
  if (/^[a-zA-Z][a-zA-Z0-9+.-]*:\/\//.test(location)) return 'transport'
  if (location.startsWith('[')) return 'ipv6'
  if (location.includes('*')) return 'wildcard'
  if (location.includes('@')) return 'digest'
  if (location.endsWith('/')) return 'trailing-slash'
  if (location.slice(location.lastIndexOf('/') + 1).includes(':')) return 'tag'
  if (LOCATION.test(location.toLowerCase())) return 'upper-case'
  return 'characters'
}

/**
 * What a malformed location does to a node of 4.15 or older, where the operator of that time lets it through: every pull fails, the pulls of its
 * source fail, or it matches no image. Undefined where it does no harm (the trailing slash of a source is dropped).
 */
export type Harm = 'every-pull' | 'its-pulls' | 'no-match'

export function harm(wrong: Malformation, role: 'source' | 'mirror'): Harm | undefined {
  if (wrong === 'scheme') return 'every-pull'
  if (role === 'mirror') return 'its-pulls'
  return wrong === 'trailing-slash' ? undefined : 'no-match'
}

/**
 * Why a well-formed source matches no image. `no-registry`: nodes take its first part for an organisation on Docker Hub; `alias`: they call that registry by
 * another name; `upper-case-host`: matching minds the case, and images are rarely written so.
 */
export type Mismatch = 'no-registry' | 'alias' | 'upper-case-host'

/** Follows what ParseNormalizedNamed of containers/image docker/reference makes of a name, which prefixes are held against. */
export function mismatch(location: string): Mismatch | undefined {
  if (isWildcard(location)) return undefined
  const [host] = location.split('/', 1)
  if (host === 'index.docker.io') return 'alias'
  if (!/[.:]/.test(host!) && host !== 'localhost') return 'no-registry'
  return host === host!.toLowerCase() ? undefined : 'upper-case-host'
}

export function isWildcard(location: string): boolean {
  return location.startsWith('*.')
}

/**
 * The well-formed location that is meant by a malformed one, if that can be told. It is certain where nothing but a slash at the end, `https://` or `docker://` is too much: what `http://` says
 * of TLS, a tag or a digest says of pulls, and upper case of a repository is lost.
 */
export function meant(location: string, role: 'source' | 'mirror'): { value: string; certain: boolean } | undefined {
  const bare = location.replace(/^(?:https?|docker):\/\//i, '').replace(/\/+$/, '')
  if (wellFormed(bare, role)) return { value: bare, certain: !/^http:/i.test(location) }
  const [host, ...path] = bare.replace(/@[^/]*$/, '').replace(/:[^/:]*$/, (tag) => (bare.includes('/') ? '' : tag)).split('/')
  const value = [host, ...path.map((step) => step.toLowerCase())].join('/')
  return wellFormed(value, role) ? { value, certain: false } : undefined
}
