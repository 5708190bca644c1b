/** What follows such a word in a sentence. */
const PROSE = 'invalid|unauthori|authenticat|expired|denied|missing|required|not |no |error|failed|received|unexpected|Get |Post |StatusCode|requesting|…'

/** What in a log may let somebody in: what is before a host in a URL, what follows a `?` in one, and whatever is called a secret. */
const SECRETS: [pattern: RegExp, instead: string][] = [
  [/(\/\/)[^\s/@"'`]{1,1000}@/g, '$1…@'],
  [/(\bhttps?:\/\/[^\s?"'`]{1,2000})\?[^\s"'`]{1,8000}/g, '$1?…'],
  [/\b((?:proxy-)?authorization"?'?\s{0,3}[:=]\s{0,3}\[?"?'?)[^\r\n]{1,8000}/gi, '$1…'],
  [/\b(bearer|basic)\s{1,3}(?!auth|token)[\w+/=.~-]{8,8000}/gi, '$1 …'],
  [new RegExp(`((?:token|password|passwd|secret|auth|creds|api[_-]?key|credential)s?\\\\*"?'?\\s{0,3}[=:]\\s{0,3}\\\\*"?'?)(?!${PROSE})[\\w+/=.~%!$^&*-]{4,8000}`, 'gi'), '$1…'],
  [/(--(?:creds|src-creds|dest-creds|password|registry-token|token)[= ]{1,3})\S{1,8000}/g, '$1…'],
  [/\beyJ[\w-]{8,8000}(?:\.[\w-]{1,8000}){0,2}/g, '…'],
  [/(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{24,8000}={1,2}/g, '…'],
  [/[^\s/@`"'[\]:]{1,200}:[^\s/@`"'[\]]{1,200}@(?=[\w.-])(?!sha\d+:)/g, '…@'],
]

/** What is longer is cut off. */
const LONGEST = 8_000

/** A text of a log as it may be shown: without tokens, passwords, headers that carry them and the queries of URLs, which are signatures often enough. */
export function conceal(text: string): string {
  return SECRETS.reduce((shown, [pattern, instead]) => shown.replace(pattern, instead), text.slice(0, LONGEST))
}
