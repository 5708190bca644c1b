import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { HOME } from '../home.ts'
import type { Finding } from '../policy/finding.ts'
import type { Request, Verdict } from './judge.ts'
import type { Message, Reply } from './message.ts'
import type { Settings } from './settings.ts'
import type { Change } from './state.ts'

/** More requests than this do not wait for one another. */
const MOST = 64

/** Why there is no verdict. */
export class Unjudged extends Error {
  /** It is no fault of the request. */
  readonly why: 'busy' | 'slow' | 'failed'

  constructor(why: Unjudged['why'], message: string) {
    super(message)
    this.why = why
  }
}

interface Asked {
  message: Message
  /** In milliseconds, from when it is this question's turn. */
  limit: number
  done(reply: Reply): void
  failed(error: Unjudged): void
}

type Question = { do: 'review'; request: Request } | { do: 'audit' } | { do: 'settings'; settings: Settings }

/** The judging thread, as the rest of the service sees it. One that takes too long is ended, and a new one takes its place. */
export class Thread {
  readonly #known: () => Change
  #settings: Settings | undefined
  #worker: Worker
  readonly #asked = new Map<number, Asked>()
  #timer: NodeJS.Timeout | undefined
  #count = 0
  #stopped = false
  /** Told when a thread had to be replaced, and why. */
  replaced: (why: string) => void = () => undefined

  /** It has to be settled first. `known` is what a thread that takes another one's place has to know. */
  constructor(known: () => Change) {
    this.#known = known
    this.#worker = this.#start()
  }

  change(change: Change): void {
    this.#worker.postMessage({ do: 'change', change } satisfies Message)
  }

  /** @throws Unjudged */
  async review(request: Request, limit: number): Promise<Verdict> {
    if (this.#asked.size >= MOST) throw new Unjudged('busy', `${MOST} requests are waiting to be judged`)
    return (await this.#ask({ do: 'review', request }, limit) as { verdict: Verdict }).verdict
  }

  /** What is wrong with the cluster as it is. @throws Unjudged */
  async audit(limit: number): Promise<Finding[]> {
    return (await this.#ask({ do: 'audit' }, limit) as { findings: Finding[] }).findings
  }

  /** Judges by other settings from now on; where they cannot be used, by those that it has. @throws Unjudged */
  async settle(settings: Settings, limit: number): Promise<void> {
    await this.#ask({ do: 'settings', settings }, limit)
    this.#settings = settings
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#worker.terminate()
  }

  #ask(question: Question, limit: number): Promise<Reply> {
    const id = this.#count++
    return new Promise((done, failed) => {
      const message: Message = { ...question, id }
      try {
        this.#worker.postMessage(message)
      } catch {
        return failed(new Unjudged('failed', 'it nests deeper than can be judged'))
      }
      this.#asked.set(id, { message, limit, done, failed })
      if (this.#asked.size === 1) this.#time()
      return undefined
    })
  }

  /** The oldest question is the one that is being answered. */
  #time(): void {
    clearTimeout(this.#timer)
    const [first] = this.#asked.values()
    if (first) this.#timer = setTimeout(() => this.#replace('slow', `it was not judged within ${first.limit / 1000} s`), first.limit)
  }

  #answered(reply: Reply): void {
    const asked = this.#asked.get(reply.id)
    this.#asked.delete(reply.id)
    this.#time()
    if (!asked) return
    if ('problem' in reply) asked.failed(new Unjudged('failed', reply.problem))
    else asked.done(reply)
  }

  #start(): Worker {
    const worker = new Worker(join(HOME, 'dist/judge.cjs'), { env: {}, resourceLimits: { maxOldGenerationSizeMb: 512 } })
    worker.on('message', (reply: Reply) => this.#answered(reply))
    worker.on('error', (error) => this.#replace('failed', `the judging thread failed: ${error.message}`))
    worker.unref()
    return worker
  }

  /** Whoever waits behind the one that took too long is judged by the new thread. */
  #replace(why: Unjudged['why'], message: string): void {
    if (this.#stopped) return
    const [first, ...others] = this.#asked
    void this.#worker.removeAllListeners().terminate()
    this.#worker = this.#start()
    if (this.#settings) {
      this.#worker.postMessage({ do: 'settings', id: this.#count++, settings: this.#settings } satisfies Message)
      this.#worker.postMessage({ do: 'change', change: this.#known() } satisfies Message)
    }
    for (const [, other] of others) this.#worker.postMessage(other.message)
    this.#asked.delete(first?.[0] ?? -1)
    this.#time()
    first?.[1].failed(new Unjudged(why, message))
    this.replaced(message)
  }
}
