/** Asks registries; a bundle of its own (build/dist.ts), so that who asks none does not wait for it. */
import { setMaxListeners } from 'node:events'
import type { Answer } from '../diagnosis/answer.ts'
import { parseReference, type Reference } from '../registries/reference.ts'
import { credentials } from './credentials.ts'
import { type Bounds, interrupted } from './exchange.ts'
import { Failure } from './failure.ts'
import { Gate } from './gate.ts'
import { deep, shallow } from './image.ts'
import { type Limits, LIMITS } from './limits.ts'
import { proxies, type ProxyFor } from './proxy.ts'
import { Registry } from './registry.ts'
import { trust, type TrustFor } from './trust.ts'

/** What registries are asked with. */
export interface Means {
  authfile?: string | undefined
  /** A file of authorities that are trusted for every registry. */
  ca?: string | undefined
  /** Whether all of an image is asked for. */
  deep: boolean
  env: NodeJS.ProcessEnv
  /** Aborted where the user ends the probe: whatever was not answered yet is not known then. */
  stop: AbortSignal
  limits?: Limits
}

/** An attempt to be asked. */
export interface Attempt {
  /** In full, with tag or digest. */
  reference: string
  insecure: boolean
  /** The authorities that nodes trust for its registry, in PEM; empty where there are none. */
  ca: string
}

/** Asks registries for images, each attempt once. */
export class Probe {
  readonly #means: Means
  readonly #limits: Limits
  readonly #bounds: Bounds
  readonly #credentials: ReturnType<typeof credentials>
  readonly #trust: TrustFor
  readonly #proxyFor: ProxyFor
  readonly #registries = new Map<string, Registry>()
  readonly #answers = new Map<string, Promise<Answer>>()

  /** @throws UserError for files and variables that are wrong. */
  constructor(means: Means) {
    this.#means = means
    setMaxListeners(0, means.stop) // each request minds it
    this.#limits = means.limits ?? LIMITS
    this.#bounds = { gate: new Gate(this.#limits.host, this.#limits.total), limits: this.#limits, stop: means.stop }
    this.#credentials = credentials(means.authfile, means.env)
    this.#trust = trust(means.ca, means.env)
    this.#proxyFor = proxies(means.env)
  }

  ask(attempt: Attempt): Promise<Answer> {
    const key = JSON.stringify(attempt)
    const known = this.#answers.get(key) ?? this.#ask(attempt)
    this.#answers.set(key, known)
    return known
  }

  async close(): Promise<void> {
    await Promise.all([...this.#registries.values()].map((registry) => registry.close()))
  }

  async #ask({ reference, insecure, ca }: Attempt): Promise<Answer> {
    const { name, tag, digest } = parseReference(reference) as Reference
    const [host, ...path] = name.split('/') as [string, ...string[]]
    const ask = this.#means.deep ? deep : shallow
    try {
      if (this.#means.stop.aborted) throw interrupted()
      const found = await ask(this.#registry(host, insecure, ca), path.join('/'), digest ?? tag ?? 'latest', this.#limits)
      return { reference, outcome: 'ok', class: null, status: 200, final: false, absent: false, ...found }
    } catch (error) {
      return this.#failed(reference, error)
    }
  }

  #failed(reference: string, error: unknown): Answer {
    if (!(error instanceof Failure)) throw error
    const { class: kind, status, message, final, absent, lacks } = error
    const halted = this.#means.stop.aborted && status === null
    return { reference, outcome: halted ? 'unknown' : 'failed', class: halted ? null : kind, status, digest: null, message: halted ? interrupted().message : message, final: final && !halted, absent, lacks: halted ? [] : lacks }
  }

  #registry(host: string, insecure: boolean, ca: string): Registry {
    const key = JSON.stringify([host, insecure, ca])
    const known = this.#registries.get(key) ?? new Registry({ host, insecure, secureContext: this.#trust(ca) }, this.#proxyFor, this.#credentials, this.#bounds)
    this.#registries.set(key, known)
    return known
  }
}
