import { createHash } from 'node:crypto'
import type { Credentials } from './credentials.ts'
import { type Answered, type Bounds, exchange } from './exchange.ts'
import { Failure } from './failure.ts'
import { type Pass, pass } from './login.ts'
import { DIGEST, isSigned, isTyped } from './manifest.ts'
import { Transport, type Reply, type Request, type Way } from './transport.ts'
import type { ProxyFor } from './proxy.ts'

/** A manifest that a registry hands out. */
export interface Manifest {
  digest: string
  /** Absent where only its digest was asked for. */
  body?: Buffer
}

const ACCEPT = [
  'application/vnd.oci.image.index.v1+json', 'application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json', 'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')
/** What says that HEAD is not supported. */
const NO_HEAD = new Set([405, 501])

/** A registry, asked as nodes ask it: with TLS or, where it is insecure, as it comes. */
export class Registry {
  readonly #host: string
  readonly #insecure: boolean
  readonly #transport: Transport
  readonly #credentials: Credentials
  readonly #bounds: Bounds
  readonly #passes = new Map<string, Promise<Pass>>()
  #plain = false
  #dead: Failure | undefined
  #noTokens: Failure | undefined
  #silences = 0

  constructor(way: Way, proxyFor: ProxyFor, credentials: Credentials, bounds: Bounds) {
    this.#host = way.host
    this.#insecure = way.insecure
    this.#transport = new Transport({ ...way, host: way.host === 'docker.io' ? 'registry-1.docker.io' : way.host }, proxyFor, bounds.limits)
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
    if (NO_HEAD.has(reply.status)) return this.get(repository, reference)
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

  /** Asks, and where it is told to log in does so and asks again. */
  async #ask(repository: string, path: string, request: Request): Promise<Answered> {
    const known = this.#passes.get(repository)
    const first = await this.#send(repository, path, request, await known)
    if (first.status !== 401 || first.moved) return first
    if (this.#passes.get(repository) === known) this.#passes.set(repository, this.#pass(first, repository))
    return this.#send(repository, path, request, await this.#passes.get(repository))
  }

  /** A token server that is dead need not be asked for each repository. */
  async #pass(reply: Reply, repository: string): Promise<Pass> {
    if (this.#noTokens) throw this.#noTokens
    try {
      return await pass(reply, { host: this.#host, repository, url: this.#base(), transport: this.#transport, credentials: this.#credentials, bounds: this.#bounds })
    } catch (error) {
      if (error instanceof Failure && error.dead) this.#noTokens = error
      throw error
    }
  }

  async #send(repository: string, path: string, request: Request, known: Pass | undefined): Promise<Answered> {
    const headers = known ? { ...request.headers, authorization: known.header } : request.headers
    const go = () => {
      const base = this.#base()
      const guard = { host: base.host, check: () => this.#check(), note: (failure: Failure) => (this.#insecure ? undefined : this.#note(failure)) }
      return exchange(this.#transport, new URL(`/v2/${repository}/${path}`, base), { ...request, headers }, { ...this.#bounds, guard })
    }
    this.#check()
    try {
      return await go()
    } catch (error) {
      if (!this.#insecure || this.#plain || this.#bounds.stop.aborted || !(error instanceof Failure) || error.status !== null) throw error
      return this.#withoutTls(go, error)
    }
  }

  /** Nodes try an insecure registry by plain HTTP where TLS does not work (containers/image docker_client.go detectPropertiesHelper). */
  async #withoutTls(go: () => Promise<Answered>, first: Failure): Promise<Answered> {
    this.#plain = true
    try {
      return await go()
    } catch (error) {
      if (first.class === 'plain-http') throw error
      this.#plain = false
      this.#note(first)
      throw first
    }
  }

  #check(): void {
    if (this.#dead) throw this.#dead
  }

  /** Remembers that nothing can be asked here, so that a thousand images do not each wait for that. */
  #note(failure: Failure): void {
    if (failure.dead || (failure.class === 'timeout' && ++this.#silences >= this.#bounds.limits.silences)) this.#dead = failure
  }

  #base(): URL {
    return new URL(`${this.#plain ? 'http' : 'https'}://${this.#host === 'docker.io' ? 'registry-1.docker.io' : this.#host}`)
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
  if (!known) return new Failure(kind, `${status}: ${host} does not hand it out`, { status })
  if (known.accepted) return new Failure(kind, `${status}: ${host} takes ${known.called}, and they give no right to this repository, or there is none`, { status, absent: true })
  return new Failure(kind, known.called.startsWith('no credentials') ? `${status}: ${known.called}` : `${status}: ${host} does not take ${known.called}`, { status })
}

function algorithm(reference: string): string {
  return DIGEST.test(reference) ? reference.slice(0, reference.indexOf(':')) : 'sha256'
}
