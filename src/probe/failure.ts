import type { Class } from '../log/class.ts'

/** Why a registry did not hand something out. Its message is of this program's own making: no text of a server, a URL or a header stands in it. */
export class Failure extends Error {
  readonly class: Class
  /** Of the HTTP answer, where there was one. */
  readonly status: number | null
  /** Nothing can be asked there: no other request will fare better. */
  readonly dead: boolean
  /** The registry was heard, and does not hand it out. */
  readonly absent: boolean
  /** Its manifest was handed out, so that nodes go nowhere else, and yet the pull fails. */
  readonly final: boolean
  /** The platforms that it concerns, where others are whole. */
  readonly lacks: string[]

  constructor(kind: Class, message: string, { status = null, dead = false, absent = false, final = false, lacks = [] }: Partial<Pick<Failure, 'status' | 'dead' | 'absent' | 'final' | 'lacks'>> = {}) {
    super(message)
    this.name = 'Failure'
    this.class = kind
    this.status = status
    this.dead = dead
    this.absent = absent
    this.final = final
    this.lacks = lacks
  }
}

/** What comes of connecting: to the proxy, where there is one. */
const CONNECTING: Record<string, [kind: Class, message: (host: string) => string]> = {
  ENOTFOUND: ['dns', (host) => `there is no host ${host}, as far as DNS knows here`],
  EAI_AGAIN: ['dns', (host) => `DNS gives no answer for ${host}`],
  ECONNREFUSED: ['refused', (host) => `${host} refuses the connection: nothing listens there`],
  UND_ERR_CONNECT_TIMEOUT: ['timeout', (host) => `${host} does not answer: no connection within 10 seconds`],
  ETIMEDOUT: ['timeout', (host) => `${host} does not answer`],
  EHOSTUNREACH: ['timeout', (host) => `there is no route to ${host} from here`],
  ENETUNREACH: ['timeout', (host) => `there is no network to ${host} from here`],
}

const CODES: Record<string, [kind: Class, message: (host: string) => string]> = {
  ERR_TLS_CERT_ALTNAME_INVALID: ['wrong-name', (host) => `the certificate of ${host} is for another name`],
  NO_SUBJECT_ALTERNATIVE_NAME: ['wrong-name', (host) => `the certificate of ${host} has no subject alternative name: nodes do not look at its common name`],
  CERT_HAS_EXPIRED: ['expired', (host) => `the certificate of ${host}, or of its authority, has expired`],
  CERT_NOT_YET_VALID: ['expired', (host) => `the certificate of ${host}, or of its authority, is not valid yet`],
  ERR_SSL_WRONG_VERSION_NUMBER: ['plain-http', withoutTls],
  ERR_SSL_PACKET_LENGTH_TOO_LONG: ['plain-http', withoutTls],
  SELF_SIGNED_CERT_IN_CHAIN: ['unknown-ca', distrusted], DEPTH_ZERO_SELF_SIGNED_CERT: ['unknown-ca', distrusted], UNABLE_TO_GET_ISSUER_CERT: ['unknown-ca', distrusted],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['unknown-ca', distrusted], UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['unknown-ca', distrusted], CERT_UNTRUSTED: ['unknown-ca', distrusted],
  CERT_SIGNATURE_FAILURE: ['unknown-ca', distrusted], INVALID_CA: ['unknown-ca', distrusted],
}

function withoutTls(host: string): string {
  return `${host} does not speak TLS, and is not among the insecure registries`
}

function distrusted(host: string): string {
  return `the certificate of ${host} is of an authority that is not trusted: not by what the manifests name, --ca or this system`
}

/** What ends one connection and may not happen to the next. */
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])
const LATE = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'TimeoutError'])

/** A host that was named by a registry and is not asked; see address.ts. */
export const FORBIDDEN = 'FORBIDDEN_ADDRESS'

/** What an error of a connection to a host, by way of `proxy` (its host and port) if there is one, is: a failure, or `broken` where the next one may fare better. */
export function failureOf(error: unknown, host: string, proxy?: string): Failure | 'broken' {
  if (error instanceof Failure) return error
  const code = codeOf(error)
  if (Object.hasOwn(CONNECTING, code)) return new Failure(CONNECTING[code]![0], CONNECTING[code]![1](proxy === undefined ? host : `${proxy} (the proxy for ${host})`), { dead: true })
  if (Object.hasOwn(CODES, code)) return new Failure(CODES[code]![0], CODES[code]![1](host), { dead: true })
  if (BROKEN.has(code)) return 'broken'
  if (LATE.has(code)) return new Failure('timeout', `${host} took the request and does not answer within 30 seconds`)
  if (code === FORBIDDEN) return new Failure('unknown', `the registry sends to ${host}, an address that none may send to; that is not followed`)
  const [, status] = /Proxy response \((\d{3})\)/.exec(messageOf(error)) ?? []
  if (status !== undefined || /Proxy Authentication Required/.test(messageOf(error))) return proxied(status ?? '407', host)
  if (/^ERR_SSL|^ERR_TLS|^EPROTO$/.test(code)) return new Failure('unknown', `no TLS connection to ${host} (${code})`, { dead: true })
  return new Failure('unknown', `the request to ${host} fails${code === '' ? '' : ` (${code})`}`)
}

function proxied(status: string, host: string): Failure {
  const message = status === '407' ? `the proxy wants credentials, or does not take those of its variable, for ${host} (407)` : `the proxy does not connect to ${host} (${status})`
  return new Failure(status === '407' ? 'unauthorized' : status === '403' ? 'forbidden' : 'server-error', message, { dead: true })
}

/** The code of an error or, where it stands for several or wraps one, of the first of those. */
function codeOf(error: unknown): string {
  const { code, name, errors, cause } = error as { code?: unknown; name?: unknown; errors?: unknown[]; cause?: unknown }
  if (name === 'TimeoutError') return name
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code
  const inner = errors?.[0] ?? cause
  return inner === undefined ? '' : codeOf(inner)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : ''
}
