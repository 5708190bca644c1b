/** How a registry wants to be told who asks: a scheme in lower case, and its parameters. */
export interface Challenge {
  scheme: string
  parameters: Record<string, string>
}

const PARAMETER = /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/y
const SCHEME = /([A-Za-z][\w-]*)(?:\s+|$)(?!\s*=)/y

/** The challenges of a WWW-Authenticate header, or of several (RFC 9110, 11.6.1). */
export function challenges(header: string | string[] | undefined): Challenge[] {
  return [header ?? []].flat().flatMap(inOne)
}

function inOne(header: string): Challenge[] {
  const found: Challenge[] = []
  for (let at = 0; at < header.length;) {
    PARAMETER.lastIndex = SCHEME.lastIndex = at
    const parameter = PARAMETER.exec(header)
    const scheme = parameter ? null : SCHEME.exec(header)
    const last = found.at(-1)
    if (parameter && last) last.parameters[parameter[1]!.toLowerCase()] = parameter[2]?.replace(/\\(.)/g, '$1') ?? parameter[3]!
    else if (scheme) found.push({ scheme: scheme[1]!.toLowerCase(), parameters: {} })
    at = parameter ? PARAMETER.lastIndex : scheme ? SCHEME.lastIndex : at + 1
  }
  return found
}
