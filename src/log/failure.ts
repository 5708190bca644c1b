import type { Class } from './class.ts'

/** No error is longer where it matters; what is beyond may be a page of HTML. */
const LONGEST = 8_192

/** What the programs put in front of an error, from the outside in; each is cut off once. The names in them may hold any word. */
const WRAPPERS = [
  /^rpc error: code = \w+ desc = /,
  /^(?:ErrImagePull|ImagePullBackOff|RegistryUnavailable|SignatureValidationFailed): "?/,
  /^image pull failed for \S+ because [^:]{0,200}: /,
  /^unable to (?:pull image(?: or OCI artifact)?|pull \S+): (?:pull image err: )?/,
  /^(?:Error|error|FATA\[\d+\]):? /,
  /^parsing image name "[^"]{1,600}": /,
  /^(?:[Ee]rror )?(?:initializing (?:image from )?source|reading signatures for|determining manifest MIME type for|pulling image) \S+: /,
  /^(?:[Ee]rror )?(?:reading|loading) manifest \S+ in \S+: /,
  /^(?:[Ee]rror )?pinging (?:container|docker) registry \S+: /,
  /^(?:copying system image from manifest list|trying to reuse blob \S+ at destination|determining manifest MIME type|reading signatures|loading manifest|checking whether a blob \S+ exists): /,
  /^(?:[Rr]equesting bearer token|unable to retrieve auth token): (?=invalid status|received|Get|Post|dial|lookup|net)/,
  /^(?:Get|Head|Post|GET|HEAD|POST) "?[^\s"]{1,2048}"?: /,
]

const STATUS = [/^StatusCode: (\d{3})/, /^received unexpected HTTP status: (\d{3})/, /(?:invalid|unexpected) (?:HTTP |http )?(?:status|response) (?:code )?(?:from registry |from server )?:? ?(\d{3})/]
const BLOB = /^(?:reading|fetching|copying|writing) (?:blob|config)|^(?:parsing image configuration|Error fetching blob|fetching blob|blob unknown|pull(?:ing)? blob)|^reading blob /

/** The first that matches decides. They are few words each, so that no text takes long. */
const WORDS: [Class, RegExp][] = [
  ['blocked', /^registry \S+ is blocked in /],
  ['bad-rewrite', /rewriting reference: /],
  ['bad-configuration', /loading registries configuration|invalid registries: |is defined multiple times with conflicting|pull-from-mirror|invalid location '|invalid policy in "|policy\.json"?: (?:no such file|permission denied)/],
  ['short-name', /short-name |short name mode|unqualified-search registries|unqualified search registries/],
  ['policy', /is rejected by policy/],
  ['signature', /[Ss]ource image rejected|signature was required|no signature exists|signature validation failed|None of the signatures|invalid signature/],
  ['rate-limit', /toomanyrequests|too many requests/i],
  ['dns', /\blookup \S+ ?(?:on |: )|no such host|server misbehaving|name resolution/],
  ['plain-http', /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake/],
  ['unknown-ca', /signed by unknown authority|certificate is not trusted/],
  ['expired', /certificate has expired or is not yet valid/],
  ['wrong-name', /certificate is valid for|doesn't contain any IP SANs|certificate is not valid for any names|legacy Common Name|cannot validate certificate for/],
  ['refused', /connection refused|connection reset by peer/],
  ['timeout', /i\/o timeout|TLS handshake timeout|deadline exceeded|DeadlineExceeded|no route to host|network is unreachable|Client\.Timeout|connection timed out|host is down/],
  ['forbidden', /^denied\b|^forbidden\b|Forbidden$|Proxy Authentication Required/i],
  ['unauthorized', /\bunauthorized\b|authentication required|invalid username\/password|no basic auth credentials|is not authorized|invalid credentials|incorrect username or password/i],
  ['forbidden', /access to the resource is denied|access (?:is )?(?:forbidden|denied)|\bdenied: /i],
  ['manifest-missing', /manifest unknown|name unknown|repository name not known|manifest[^:]{0,200} not found|not known to the registry|was deleted or has expired|(?:artifact|repository) [^:]{0,300}(?::\S+ )?not found|^not found/i],
  ['server-error', /service unavailable|bad gateway|gateway time-?out|internal server error/i],
]

/** Which failure an error text of containers/image, podman, skopeo, CRI-O or kubelet is, whatever the version of the program. */
export function classify(error: string): Class {
  let text = error.slice(0, LONGEST).trim()
  for (const wrapper of WRAPPERS) text = text.replace(wrapper, '')
  const blob = BLOB.test(text)
  text = text.replace(/^(?:reading|copying|writing) (?:blob|config) \S+: /, '').replace(/^(?:parsing image configuration: )?(?:Error )?fetching blob: /, '')
  const status = STATUS.map((pattern) => pattern.exec(text)?.[1]).find((found) => found !== undefined)
  const found = (status === undefined ? undefined : byStatus(Number(status))) ?? WORDS.find(([, words]) => words.test(text))?.[0] ?? 'unknown'
  return blob && (found === 'manifest-missing' || (found === 'unknown' && /blob unknown/.test(text))) ? 'blob-missing' : found
}

function byStatus(status: number): Class | undefined {
  if (status === 401) return 'unauthorized'
  if (status === 403 || status === 407) return 'forbidden'
  if (status === 404) return 'manifest-missing'
  if (status === 429) return 'rate-limit'
  return status >= 500 ? 'server-error' : undefined
}

/** Failures of the pull as a whole: no other location is tried after them. */
const FINAL: ReadonlySet<Class> = new Set(['blob-missing', 'bad-rewrite', 'bad-configuration', 'short-name', 'policy', 'signature'])

export function isFinal(kind: Class): boolean {
  return FINAL.has(kind)
}
