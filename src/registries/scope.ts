import { isWildcard } from './location.ts'

/**
 * Whether the scope `narrow` is `broad` or lies inside it: at a `/`, or by host under a `*.` wildcard. A port is not inside its host.
 * Follows ScopeIsNestedInsideScope of openshift/runtime-utils, colons and all.
 */
export function covers(broad: string, narrow: string): boolean {
  if (broad === narrow || narrow.startsWith(`${broad}/`)) return true
  if (!isWildcard(broad)) return false
  const [host] = narrow.split(narrow.includes(':') ? ':' : '/', 1)
  return host!.endsWith(broad.slice(1)) && !host!.includes('/')
}

/** All scopes that cover `narrow`, itself first: what to look up in place of asking `covers` of every scope there is. */
export function scopesAround(narrow: string): string[] {
  const scopes = [narrow]
  for (let cut = narrow.lastIndexOf('/'); cut > 0; cut = narrow.lastIndexOf('/', cut - 1)) scopes.push(narrow.slice(0, cut))
  const [host] = narrow.split(narrow.includes(':') ? ':' : '/', 1)
  if (host!.includes('/')) return scopes
  for (let dot = host!.indexOf('.'); dot >= 0; dot = host!.indexOf('.', dot + 1)) scopes.push(`*${host!.slice(dot)}`)
  return scopes
}

/**
 * The scopes that would cover `narrow` if it were not there, in the order in which a node prefers them: the longest first. A host `a.b.c` is covered by
 * `*.b.c` and `*.c`; a wildcard that is as long as `narrow` would win over it, so it is not among them.
 */
export function broaderScopes(narrow: string): string[] {
  const scopes: string[] = []
  const [host] = narrow.split(narrow.includes(':') ? ':' : '/', 1)
  if (!host!.includes('/')) {
    for (let dot = host!.indexOf('.', isWildcard(narrow) ? 2 : 0); dot >= 0; dot = host!.indexOf('.', dot + 1)) scopes.push(`*${host!.slice(dot)}`)
  }
  for (let cut = narrow.lastIndexOf('/'); cut > 0; cut = narrow.lastIndexOf('/', cut - 1)) scopes.push(narrow.slice(0, cut))
  return scopes.filter((scope) => scope.length < narrow.length).sort((a, b) => b.length - a.length)
}

/** The mirrors of `broad` as they would read for the narrower scope: what follows the source in `narrow` follows each mirror. */
export function adjusted(broad: string, narrow: string, mirrors: readonly string[]): string[] {
  const rest = isWildcard(broad) ? narrow.slice((narrow + '/').indexOf('/')) : narrow.slice(broad.length)
  return mirrors.map((mirror) => mirror + rest)
}
