import { setTimeout as sleep } from 'node:timers/promises'
import { isDelicateHost } from './address.ts'
import { Failure, failureOf } from './failure.ts'
import type { Gate } from './gate.ts'
import type { Limits } from './limits.ts'
import type { Reply, Request, Transport } from './transport.ts'

/** What a server answered in the end, and whether it was another one than was asked. */
export interface Answered extends Reply {
  moved: boolean
}

/** What all requests of a probe share. */
export interface Bounds {
  gate: Gate
  limits: Limits
  /** The user ends the probe. */
  stop: AbortSignal
  guard?: Guard
}

/** Keeps what waits for its turn from asking a registry that turns out to be dead. */
export interface Guard {
  host: string
  /** @throws Failure where nothing is to be asked any more. */
  check(): void
  note(failure: Failure): void
}

const REDIRECTS = new Set([301, 302, 303, 307, 308])
const BUSY = new Set([429, 502, 503, 504])

/** Sends a request, follows where the registry sends, with credentials for itself alone, and tries again what may fare better. @throws Failure */
export async function exchange(transport: Transport, start: URL, request: Request, bounds: Bounds): Promise<Answered> {
  const { limits } = bounds
  let url = start
  for (let hops = 0; ; hops++) {
    const { authorization, ...open } = request.headers
    const own = url.origin === start.origin && authorization !== undefined
    const reply = await patiently(transport, url, { ...request, headers: own ? { ...open, authorization } : open }, bounds).catch((error: unknown) => {
      throw url.host === start.host ? error : alive(error)
    })
    const location = REDIRECTS.has(reply.status) && request.body === undefined ? reply.headers['location'] : undefined // a body may hold a token
    if (typeof location !== 'string') return { ...reply, moved: hops > 0 }
    if (hops === limits.redirects) throw new Failure('unknown', `${start.host} redirects more than ${limits.redirects} times`, { status: reply.status })
    url = target(location, url, transport)
  }
}

/** That storage elsewhere is dead says nothing of the registry. */
function alive(error: unknown): unknown {
  return error instanceof Failure ? new Failure(error.class, error.message, { status: error.status }) : error
}

/** Where a registry may send. Its URLs hold signatures, so that only the host is told. @throws Failure */
export function target(location: string, from: URL, transport: Pick<Transport, 'onLoopback'>): URL {
  const refused = (why: string) => new Failure('unknown', `${from.host} sends ${why}; that is not followed`)
  if (!URL.canParse(location, from)) throw refused('to what is no URL')
  const url = new URL(location, from)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refused('to a URL of another kind than https')
  if (from.protocol === 'https:' && url.protocol === 'http:') throw refused(`from https to plain http (${url.host})`)
  if (url.origin !== from.origin && isDelicateHost(url.hostname, transport.onLoopback)) throw refused(`to ${url.hostname}, an address that none may send to`)
  url.username = ''
  url.password = ''
  return url
}

/** @throws Failure */
async function patiently(transport: Transport, url: URL, request: Request, bounds: Bounds): Promise<Reply> {
  const { gate, limits, stop } = bounds
  for (let tries = 0; ; tries++) {
    const outcome = await gate.run(url.host, () => once(transport, url, request, bounds))
    const busy = outcome !== 'broken' && BUSY.has(outcome.status)
    if (outcome !== 'broken' && !busy) return outcome
    const pause = Math.max(limits.pause * 2 ** tries, busy ? wish(outcome) : 0)
    if (tries === limits.retries || pause > limits.patience) {
      if (busy) return outcome
      throw new Failure('unknown', `${url.host} breaks the connection off, ${tries + 1} times`)
    }
    await sleep(pause, undefined, { signal: stop }).catch(() => {})
  }
}

async function once(transport: Transport, url: URL, request: Request, { stop, guard }: Bounds): Promise<Reply | 'broken'> {
  const own = guard?.host === url.host ? guard : undefined
  if (stop.aborted) throw interrupted()
  own?.check()
  try {
    return await transport.send(url, request, stop)
  } catch (error) {
    if (stop.aborted) throw interrupted()
    const failure = failureOf(error, url.host, transport.proxy(url))
    if (failure === 'broken') return failure
    own?.note(failure)
    throw failure
  }
}

/** What is thrown where the user ended the probe. */
export function interrupted(): Failure {
  return new Failure('unknown', 'not asked to the end: interrupted')
}

/** How long a server wants to be left alone, in milliseconds. */
function wish({ headers }: Reply): number {
  const text = headers['retry-after']
  if (typeof text !== 'string') return 0
  if (/^\d+$/.test(text)) return Number(text) * 1000
  const date = Date.parse(text)
  return Number.isNaN(date) ? 0 : Math.max(date - Date.now(), 0)
}
