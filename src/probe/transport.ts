import { setMaxListeners } from 'node:events'
import { lookup as resolve, type LookupAddress, type LookupOptions } from 'node:dns'
import { checkServerIdentity, type PeerCertificate, type SecureContext } from 'node:tls'
import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import { isDelicate, isLoopback, isOnLoopback } from './address.ts'
import { Failure, FORBIDDEN } from './failure.ts'
import type { Limits } from './limits.ts'
import type { ProxyFor } from './proxy.ts'

/** What a server answered. */
export interface Reply {
  status: number
  headers: Record<string, string | string[] | undefined>
  /** Empty where none was asked for, and for an answer that is no success. */
  body: Buffer
}

/** One request. */
export interface Request {
  method: 'GET' | 'HEAD' | 'POST'
  headers: Record<string, string>
  body?: string
  /** So many bytes of the answer are wanted at most, and a larger one is refused; without it, none. */
  most?: number
}

/** How a registry is reached. */
export interface Way {
  /** As references write it, port included. */
  host: string
  insecure: boolean
  secureContext: SecureContext
}

type Answered = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void

/** Connections for one registry, and for wherever it sends: as with nodes, the same authorities hold there. */
export class Transport {
  readonly #way: Way
  readonly #proxyFor: ProxyFor
  readonly #limits: Limits
  readonly #agents = new Map<string, Dispatcher>()
  readonly #name: string
  /** Ends connections that nobody answers, which undici waits for whatever becomes of the request. */
  readonly #closed = new AbortController()
  #onLoopback: boolean

  constructor(way: Way, proxyFor: ProxyFor, limits: Limits) {
    this.#way = way
    this.#proxyFor = proxyFor
    this.#limits = limits
    this.#name = new URL(`https://${way.host}`).hostname
    this.#onLoopback = isOnLoopback(this.#name)
    setMaxListeners(0, this.#closed.signal) // each connection minds it
  }

  /** Whether the registry is on this machine; known for sure once it was connected to. */
  get onLoopback(): boolean {
    return this.#onLoopback
  }

  /** The host and port of the proxy that a URL is asked through, if there is one. */
  proxy(url: URL): string | undefined {
    return this.#proxyFor(url)?.host
  }

  /** Sends one request, and follows nothing. @throws what undici does, and Failure for an answer that is refused. */
  async send(url: URL, request: Request, stop: AbortSignal): Promise<Reply> {
    const end = new AbortController()
    const late = setTimeout(() => end.abort(new DOMException('late', 'TimeoutError')), this.#limits.answer)
    const halt = () => {
      end.abort(stop.reason)
      this.#closed.abort()
    }
    stop.addEventListener('abort', halt, { once: true })
    try {
      return await this.#answer(url, request, end.signal)
    } finally {
      clearTimeout(late)
      stop.removeEventListener('abort', halt)
    }
  }

  async #answer(url: URL, { method, headers, body, most }: Request, signal: AbortSignal): Promise<Reply> {
    const response = await this.#agent(this.#proxyFor(url)).request({
      origin: url.origin, path: `${url.pathname}${url.search}`, method, signal, ...(body === undefined ? {} : { body }),
      headers: { 'user-agent': 'mirrorproof', 'accept-encoding': 'identity', ...headers },
    })
    const { statusCode: status, headers: answered } = response
    const wanted = most !== undefined && status >= 200 && status < 300
    if (wanted && !['', 'identity'].includes(String(answered['content-encoding'] ?? ''))) {
      response.body.on('error', () => {}).destroy()
      throw new Failure('unknown', `${url.host} sends a compressed answer, which nobody asked for`, { status })
    }
    return { status, headers: answered, body: wanted ? await whole(response, most, url.host) : await nothing(response) }
  }

  async close(): Promise<void> {
    this.#closed.abort()
    await Promise.all([...this.#agents.values()].map((agent) => agent.destroy()))
  }

  #agent(proxy: URL | undefined): Dispatcher {
    const known = this.#agents.get(proxy?.href ?? '')
    if (known) return known
    const { insecure, secureContext } = this.#way
    const { connect: timeout, host: connections } = this.#limits
    const { signal } = this.#closed
    const connect = { timeout, signal, secureContext, rejectUnauthorized: !insecure, checkServerIdentity: identity, lookup: (...args: [string, LookupOptions, Answered]) => this.#lookup(...args) }
    const through = { uri: proxy?.href ?? '', requestTls: connect, proxyTls: { timeout, signal, secureContext }, proxyTunnel: false }
    const agent = proxy ? new ProxyAgent({ ...through, connections }) : new Agent({ connect, connections })
    this.#agents.set(proxy?.href ?? '', agent)
    return agent
  }

  /** Every connection goes to an address that was held against those that a registry must not send to, so that none is changed in between. */
  #lookup(hostname: string, options: LookupOptions, answer: Answered): void {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return answer(error, [])
      if (hostname === this.#name) this.#onLoopback ||= addresses.every(({ address }) => isLoopback(address))
      else if (addresses.some(({ address }) => isDelicate(address, this.#onLoopback))) return answer(Object.assign(new Error('forbidden'), { code: FORBIDDEN }), [])
      if (options.all) return answer(null, addresses)
      return answer(null, addresses[0]!.address, addresses[0]!.family)
    })
  }
}

/** Nodes do not look at a common name (crypto/x509), which Node.js still does. */
function identity(host: string, certificate: PeerCertificate): Error | undefined {
  if (certificate.subjectaltname === undefined) return Object.assign(new Error('no name'), { code: 'NO_SUBJECT_ALTERNATIVE_NAME' })
  return checkServerIdentity(host, certificate)
}

async function whole({ body, headers }: Dispatcher.ResponseData, most: number, host: string): Promise<Buffer> {
  const tooLarge = () => new Failure('unknown', `${host} sends more than ${most / 1024 / 1024} MiB where nodes take no more`)
  if (Number(headers['content-length'] ?? 0) > most) {
    body.on('error', () => {}).destroy()
    throw tooLarge()
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += (chunk as Buffer).length
    if (size > most) throw tooLarge()
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

/** An answer that is long is not read to its end, for a connection is cheaper. */
async function nothing({ body }: Dispatcher.ResponseData): Promise<Buffer> {
  await body.dump({ limit: 16 * 1024 }).catch(() => {})
  return Buffer.alloc(0)
}
