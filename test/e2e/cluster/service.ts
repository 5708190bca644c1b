import { readFileSync, rmSync } from 'node:fs'
import { Agent, request, type RequestOptions } from 'node:https'
import { CLI } from '../../command.ts'
import type { Pair } from './authority.ts'
import { Mount } from './mount.ts'
import { eventually, launch, type Process } from './process.ts'

export interface Reply {
  status: number
  text: string
  headers: Record<string, string | string[] | undefined>
}

/** What a review is answered, as far as tests look at it. */
export interface Judged {
  uid: string
  allowed: boolean
  status?: { code: number; message: string }
  warnings?: string[]
}

export interface Setting {
  /** That of the service's user. */
  kubeconfig: string
  /** What it serves with, and the file of the authority that callers trust. */
  pair: Pair
  ca: string
  flags?: string[]
  env?: NodeJS.ProcessEnv
}

/** `mirrorproof serve` on a free port of the loopback. */
export class Service {
  readonly process: Process
  readonly port: number
  readonly tls: Mount
  readonly #ca: Buffer
  readonly #agent = new Agent({ keepAlive: true })

  private constructor(process: Process, port: number, tls: Mount, ca: string) {
    this.process = process
    this.port = port
    this.tls = tls
    this.#ca = readFileSync(ca)
  }

  /** Starts one; it listens, which does not mean that it is ready. */
  static async start({ kubeconfig, pair, ca, flags = [], env = {} }: Setting): Promise<Service> {
    const tls = new Mount(filesOf(pair))
    const args = [CLI, 'serve', '--listen', '127.0.0.1:0', '--kubeconfig', kubeconfig, '--tls-cert', tls.path('tls.crt'), '--tls-key', tls.path('tls.key'), ...flags]
    const log = `${tls.folder}.log`
    process.on('exit', () => rmSync(log, { force: true }))
    const started = launch(process.execPath, args, log, env)
    const port = await eventually('mirrorproof serve listens', () => {
      const line = linesOf(started.log()).find(({ msg }) => msg === 'listening')
      if (!line && started.ended()) throw new Error(`mirrorproof serve ended: ${started.log()}`)
      return line && Number(line['port'])
    })
    return new Service(started, port, tls, ca)
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`
  }

  /** The lines of the log. */
  get lines(): Record<string, unknown>[] {
    return linesOf(this.process.log())
  }

  /** Serves with another certificate from some moment on. */
  renew(pair: Pair): void {
    this.tls.write(filesOf(pair))
  }

  /** A request of its own making; over a connection that is kept unless the options say otherwise. */
  ask(method: string, path: string, body?: string | Uint8Array, options: RequestOptions = {}): Promise<Reply> {
    return new Promise((done, failed) => {
      const sent = request(`${this.url}${path}`, {
        method, agent: this.#agent, ca: this.#ca, ...options, headers: { ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }), ...options.headers },
      }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => { text += part }).on('error', failed).on('end', () => done({ status: response.statusCode!, text, headers: response.headers }))
      })
      sent.on('error', failed).end(body)
    })
  }

  /** The answer to a review. */
  async review(review: unknown): Promise<Judged> {
    const { status, text } = await this.ask('POST', '/validate', JSON.stringify(review))
    if (status !== 200) throw new Error(`the review was answered with ${status}: ${text}`)
    return (JSON.parse(text) as { response: Judged }).response
  }

  async isReady(): Promise<boolean> {
    return (await this.ask('GET', '/readyz').catch(() => undefined))?.status === 200
  }

  async ready(seconds = 30): Promise<void> {
    await eventually('mirrorproof serve is ready', () => {
      if (this.process.ended()) throw new Error(`mirrorproof serve ended: ${this.process.log()}`)
      return this.isReady()
    }, seconds)
  }

  /** The sum of all samples of a metric whose labels hold all these. */
  async metric(name: string, labels: Record<string, string> = {}): Promise<number> {
    const { text } = await this.ask('GET', '/metrics')
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
    return text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .filter((line) => wanted.every((label) => line.includes(label))).reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
  }

  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    this.#agent.destroy()
    return this.process.stop(signal)
  }
}

function filesOf({ cert, key }: Pair): Record<string, Uint8Array> {
  return { 'tls.crt': readFileSync(cert), 'tls.key': readFileSync(key) }
}

/** What is no JSON is a line of its own kind: tests look at it as `raw`. */
function linesOf(log: string): Record<string, unknown>[] {
  return log.split('\n').filter((line) => line !== '').map((line) => {
    try {
      return JSON.parse(line) as Record<string, unknown>
    } catch {
      return { raw: line }
    }
  })
}
