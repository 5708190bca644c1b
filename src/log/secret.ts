/** What follows such a word in a sentence, or a repository that is called so in an error. */
const PROSE = '(?:invalid|unauthori[sz]ed|authentication|expired|denied|missing|required|not|no|error|failed|received|unexpected|Get|Post|StatusCode|requesting|dial|EOF|context|json|tls|x509|net/http|read|lookup|manifest unknown|name unknown|repository name|pinging container registry|toomanyrequests)\\b|…'
/** Quotes may be escaped, however often. */
const QUOTE = '\\\\{0,15}["\'`]'
const QUOTED = `(?<quote>${QUOTE})[\\s\\S]{0,8000}?(?:\\k<quote>|$)`
const NAME = 'token|passw(?:or)?d|passphrase|pass|pwd|secret|auth|creds|credential|api[_-]?key|key[_-]?id|signature|\\bsig'
/** A terminal may have broken what is long: such words go on with it. */
const LONG = '[\\w+/=.~-]+(?:\\s(?=\\S*[\\d+/=_])[\\w+/=.~-]{6,8000}){0,9}'

/** What is called by such a word, however that is quoted, up to what may be secret. */
const called = (sign: string) => `(?:${NAME})s?(?:${QUOTE})?${sign}`

/** What in a log may let somebody in. More is hidden rather than less. */
const SECRETS: [pattern: RegExp, instead: string][] = [
  // keys and certificates, what is before a host in a URL, and what follows a `?` in one
  [/-----BEGIN [\s\S]*/g, '…'],
  [/(\/\/)\S{1,1000}@(?!sha\d+:)/g, '$1…@'],
  [/\?(?=\w)[^\s"'`]{1,8000}/g, '?…'],
  // headers
  [/\b((?:proxy-)?authorization|(?:set-)?cookie)(\\{0,15}["']?\s{0,3}[:=])[^\r\n]{1,8000}/gi, '$1$2 …'],
  [new RegExp(`\\b(bearer|basic)(\\s{1,3}token)?\\s{1,3}(?!(?:auth\\w{0,4}|authentication|authorization|tokens?|realm|challenge|credentials)\\b)${LONG}`, 'gi'), '$1 …'],
  // whatever is called a secret: in quotes, after `=`, after `:`
  [new RegExp(`(${called('\\s{0,3}[=:]\\s{0,3}')})${QUOTED}`, 'gi'), '$1$2…$2'],
  [new RegExp(`(${called('=')})[^\\s"'\`&]{1,8000}`, 'gi'), '$1…'],
  [new RegExp(`(${called('\\s{0,3}:\\s{0,3}')})(?!${PROSE})${LONG}[^\\s"'\`]{0,8000}`, 'gi'), '$1…'],
  // flags of podman, skopeo, oc and curl
  [new RegExp(`(--(?:[a-z]{1,20}-){0,3}(?:creds|password|token)[= ]{1,3}|\\blogin\\b[^\\r\\n]{0,500}?\\s-p[= ]{0,3}|\\bcurl\\b[^\\r\\n]{0,500}?\\s-u[= ]{0,3})(?:${QUOTED}|\\S{1,8000})`, 'g'), '$1…'],
  // tokens by how they look, base64, and `user:password@host`
  [new RegExp(`\\beyJ${LONG}`, 'g'), '…'],
  [/\b(?:sha256~|gh[a-z]_|github_pat_|glpat-|dckr_pat_|AKIA)[\w-]{8,8000}/g, '…'],
  [/(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{24,8000}={1,2}/g, '…'],
  [/[^\s/@`"'[\]:]{1,200}:[^\s`"']{1,200}@(?=[\w.-])(?!sha\d+:)/g, '…@'],
]

/** What is longer is cut off. */
const LONGEST = 8_000

/** A text of a log as it may be shown: without tokens, passwords, headers that carry them and the queries of URLs, which are signatures often enough. */
export function conceal(text: string): string {
  return SECRETS.reduce((shown, [pattern, instead]) => shown.replace(pattern, instead), text.slice(0, LONGEST))
}
