import { createHash } from 'node:crypto'
import { type Challenge, challenges } from './challenge.ts'
import type { Credentials } from './credentials.ts'
import { type Answered, type Bounds, exchange } from './exchange.ts'
import { Failure } from './failure.ts'
import { type Pass, pass } from './login.ts'
import { DIGEST, isSigned, isTyped } from './manifest.ts'
import { Transport, type Request, type Way } from './transport.ts'
import type { ProxyFor } from './proxy.ts'

/** A manifest that a registry hands out. */
export interface Manifest {
  digest: string
  /** Absent where only its digest was asked for. */
  body?: Buffer
}

/** What nodes accept: containers/image manifest.DefaultRequestedManifestMIMETypes. */
const ACCEPT = [
  'application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.v2+json', 'application/vnd.docker.distribution.manifest.v1+prettyjws',
  'application/vnd.docker.distribution.manifest.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json', 'application/vnd.oci.image.index.v1+json',
].join(', ')
/** What says that HEAD is not supported. */
const NO_HEAD = new Set([405, 501])

/** How a registry wants to be asked. */
interface Greeting {
  base: URL
  /** How nodes are to log in; empty where they need not. */
  wanted: Challenge[]
}

/** A registry, asked as nodes ask it: with TLS or, where it is insecure, as it comes; with a login where it asks for one at /v2/. */
export class Registry {
  readonly #host: string
  readonly #insecure: boolean
  readonly #transport: Transport
  readonly #credentials: Credentials
  readonly #bounds: Bounds
  readonly #passes = new Map<string, Promise<Pass | undefined>>()
  #greeted: Promise<Greeting> | undefined
  #dead: Failure | undefined
  #noTokens: Failure | undefined
  #silences = 0

  /** @throws Failure where the host cannot be one. */
  constructor(way: Way, proxyFor: ProxyFor, credentials: Credentials, bounds: Bounds) {
    this.#host = way.host
    this.#insecure = way.insecure
    if (!URL.canParse(`https://${way.host}`)) throw new Failure('unknown', `${way.host} is no host and port that anybody can connect to`, { dead: true })
    this.#transport = new Transport({ ...way, host: this.#name }, proxyFor, bounds.limits)
    this.#credentials = credentials
    this.#bounds = bounds
  }

  /** The digest of a manifest, by HEAD where the registry tells it so. @throws Failure */
  async head(repository: string, reference: string): Promise<Manifest> {
    const reply = await this.#ask(repository, `manifests/${reference}`, { method: 'HEAD', headers: { accept: ACCEPT } })
    const digest = reply.headers['docker-content-digest']
    if (reply.status === 200) {
      const most = this.#bounds.limits.manifest
      if (Number(reply.headers['content-length'] ?? 0) > most) throw new Failure('unknown', `${this.#host} sends more than ${most / 1024 / 1024} MiB where nodes take no more`, { status: 200 })
      const wrong = (DIGEST.test(reference) && digest !== reference) || !isTyped(reply.headers['content-type'])
      return typeof digest === 'string' && DIGEST.test(digest) && !wrong ? { digest } : this.get(repository, reference)
    }
    // Nodes ask by GET: some caches say 404 to HEAD of what they would fetch.
    if (NO_HEAD.has(reply.status) || reply.status === 404) return this.get(repository, reference)
    throw await this.#refusal(reply, repository)
  }

  /** A manifest, whose digest is worked out from what is in it. @throws Failure */
  async get(repository: string, reference: string): Promise<Required<Manifest>> {
    const reply = await this.#ask(repository, `manifests/${reference}`, { method: 'GET', headers: { accept: ACCEPT }, most: this.#bounds.limits.manifest })
    if (reply.status !== 200) throw await this.#refusal(reply, repository)
    const { body } = reply
    const digest = `${algorithm(reference)}:${createHash(algorithm(reference)).update(body).digest('hex')}`
    const right = !DIGEST.test(reference) || digest === reference || isSigned(body)
    if (!right) throw new Failure('unknown', `hands out another manifest, ${digest}, which nodes refuse`, { status: 200, final: true })
    if (!isTyped(reply.headers['content-type'], body)) throw new Failure('unknown', 'hands it out with a Content-Type that is not of a manifest, by which nodes cannot read it', { status: 200, final: true })
    return { digest: isSigned(body) && DIGEST.test(reference) ? reference : digest, body }
  }

  /** Whether a blob is there, with as many bytes as it should have. @throws Failure where it is not. */
  async blob(repository: string, digest: string, size?: number): Promise<void> {
    const head = await this.#ask(repository, `blobs/${digest}`, { method: 'HEAD', headers: {} })
    // Where storage is elsewhere, the way to it may have been signed for GET alone.
    const reply = NO_HEAD.has(head.status) || (head.moved && head.status === 403) ? await this.#ask(repository, `blobs/${digest}`, { method: 'GET', headers: { range: 'bytes=0-0' } }) : head
    if (reply.status === 404) throw new Failure('blob-missing', 'not found', { status: 404, absent: true })
    if (reply.status !== 200 && reply.status !== 206) throw await this.#refusal(reply, repository)
    const length = Number(head.headers['content-length'] ?? Number.NaN)
    if (head.status === 200 && size !== undefined && Number.isInteger(length) && length !== size) throw new Failure('unknown', `it is of ${length} bytes there, and of ${size} by the manifest`, { status: 200 })
  }

  async close(): Promise<void> {
    await this.#transport.close()
  }

  /** Asks with the login that is wanted, and once more where a token may have grown too old. */
  async #ask(repository: string, path: string, request: Request): Promise<Answered> {
    const greeting = await (this.#greeted ??= this.#greet())
    const known = this.#pass(greeting, repository)
    const pass = await known
    const first = await this.#send(greeting, repository, path, request, pass)
    if (first.status !== 401 || first.moved || !pass?.ages) return first
    if (this.#passes.get(repository) === known) this.#passes.delete(repository)
    return this.#send(greeting, repository, path, request, await this.#pass(greeting, repository))
  }

  /** What nodes do first, and what decides whether they use TLS and log in: containers/image docker_client.go, detectPropertiesHelper. @throws Failure */
  async #greet(): Promise<Greeting> {
    try {
      return await this.#greetBy('https')
    } catch (first) {
      if (!this.#insecure || this.#bounds.stop.aborted || !(first instanceof Failure)) throw first
      return this.#greetBy('http').catch((second: unknown) => { throw first.status === null ? second : first })
    }
  }

  async #greetBy(scheme: 'https' | 'http'): Promise<Greeting> {
    const base = new URL(`${scheme}://${this.#name}`)
    const reply = await exchange(this.#transport, new URL('/v2/', base), { method: 'GET', headers: {} }, this.#bounds)
    if (reply.status === 200 || reply.status === 401) return { base, wanted: challenges(reply.headers['www-authenticate']) }
    if (reply.status === 404) throw new Failure('unknown', `404: there is no registry at ${this.#host}, for there is no /v2/, which nodes ask for first`, { status: 404 })
    throw await this.#refusal(reply, '')
  }

  get #name(): string {
    return this.#host === 'docker.io' ? 'registry-1.docker.io' : this.#host
  }

  #pass(greeting: Greeting, repository: string): Promise<Pass | undefined> {
    const known = this.#passes.get(repository) ?? this.#newPass(greeting, repository)
    this.#passes.set(repository, known)
    return known
  }

  /** A token server that is dead need not be asked for each repository. */
  async #newPass({ base, wanted }: Greeting, repository: string): Promise<Pass | undefined> {
    if (this.#noTokens) throw this.#noTokens
    try {
      return await pass(wanted, { host: this.#host, repository, url: base, transport: this.#transport, credentials: this.#credentials, bounds: this.#bounds })
    } catch (error) {
      if (error instanceof Failure && error.dead) this.#noTokens = error
      throw error
    }
  }

  async #send({ base }: Greeting, repository: string, path: string, request: Request, known: Pass | undefined): Promise<Answered> {
    this.#check()
    const headers = known ? { ...request.headers, authorization: known.header } : request.headers
    const guard = { host: base.host, check: () => this.#check(), note: (failure: Failure) => this.#note(failure) }
    return exchange(this.#transport, new URL(`/v2/${repository}/${path}`, base), { ...request, headers }, { ...this.#bounds, guard })
  }

  #check(): void {
    if (this.#dead) throw this.#dead
  }

  /** Remembers that nothing can be asked here, so that a thousand images do not each wait for that. */
  #note(failure: Failure): void {
    if (failure.dead || (failure.class === 'timeout' && ++this.#silences >= this.#bounds.limits.silences)) this.#dead = failure
  }

  async #refusal({ status, moved }: Answered, repository: string): Promise<Failure> {
    const known = await this.#passes.get(repository)?.catch(() => undefined)
    if (moved) return new Failure(status === 404 ? 'blob-missing' : status >= 500 ? 'server-error' : status === 403 ? 'forbidden' : 'unknown', `where the registry sends, ${status} is the answer`, { status })
    if (status === 404) return new Failure('manifest-missing', 'not found', { status, absent: true })
    if (status === 401 || status === 403) return unentitled(status, this.#host, known)
    if (status === 429) return new Failure('rate-limit', '429: too many requests', { status })
    if (status >= 500) return new Failure('server-error', `the registry answers ${status}`, { status })
    return new Failure('unknown', `the registry answers ${status}`, { status })
  }
}

/** Quay says 401 of a repository that it does not have, too, and Harbor of a project. */
function unentitled(status: 401 | 403, host: string, known: Pass | undefined): Failure {
  const kind = status === 401 ? 'unauthorized' : 'forbidden'
  if (!known) return new Failure(kind, status === 401 ? `401: ${host} wants a login, but at /v2/ it asks for none that nodes know, so that they do not log in` : `403: ${host} does not hand it out`, { status })
  if (known.as === 'accepted') return new Failure(kind, `${status}: ${host} takes ${known.called}, and they give no right to this repository, or there is none`, { status, absent: true })
  return new Failure(kind, known.as === 'nobody' ? `${status}: ${known.called}` : `${status}: ${host} does not take ${known.called}`, { status })
}

function algorithm(reference: string): string {
  return DIGEST.test(reference) ? reference.slice(0, reference.indexOf(':')) : 'sha256'
}
