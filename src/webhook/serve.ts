import { once, setMaxListeners } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../error.ts'
import { decide } from './admission.ts'
import { Audit, events } from './audit.ts'
import { type Certificate, certificate, type Files } from './certificate.ts'
import { follow } from './follow.ts'
import { type Log, logTo } from './log.ts'
import { Metrics } from './metrics.ts'
import { server, type Service } from './server.ts'
import { optionsOf, type Settings, withText } from './settings.ts'
import { State } from './state.ts'
import { Thread, Unjudged } from './thread.ts'
import { WATCHED } from './watched.ts'
import { Pulls } from './workload.ts'

/** How the service runs. */
export interface Plan {
  files: Files
  listen: { host: string; port: number }
  kubeconfig: string | undefined
  context: string | undefined
  settings: Settings
  workloads: boolean
  /** Events are written. */
  events: boolean
  /** In seconds. */
  staleAfter: number
  /** In seconds: how long requests are answered after the order to end, while it becomes known. */
  drain: number
}

/** In milliseconds: how long changes are gathered before the cluster is judged anew. */
const GATHER = 200
/** How often the pair and the configuration are read again. */
const REREAD = 5_000
/** How often the cluster is judged though nothing changed: waivers end. */
const AGAIN = 600_000
/** How long one judgement may take. */
const JUDGING = 6_000
/** How long requests that are being answered may take when the service ends. */
const LAST = 10_000

/** Serves until it is told to end. @throws UserError for what is wrong with flags, files or the kubeconfig. */
export async function serve(plan: Plan): Promise<void> {
  const log = logTo((text) => process.stdout.write(text))
  const pair = certificate(plan.files)
  const { Connection } = await import('../live/live.ts')
  const connection = new Connection(plan)
  const state = new State(WATCHED)
  const metrics = new Metrics(state)
  const thread = new Thread(() => ({ put: state.files, gone: [], seen: state.seen }))
  const settings = withText(plan.settings)
  await settled(thread, settings)
  const pulls = new Pulls(optionsOf(settings).options, () => state.files)
  let draining = false
  let audited = false
  const court = { ...plan, mode: plan.settings.mode, state, thread, pulls, metrics, log }
  const service: Service = {
    review: (review, limit) => decide(review, court, Math.min(limit, JUDGING)),
    ready: () => (draining ? 'ending' : !state.complete ? `${state.unknown.join(', ')} not yet listed` : audited ? undefined : 'the cluster is yet to be judged'),
    draining: () => draining,
    metrics: () => metrics.text(),
    failed: (error) => { if (!(error instanceof Unjudged)) log('error', 'a request could not be answered: a defect', { error: (error as Error).stack }) },
  }
  const audit = auditing({ thread, state, metrics, log, tell: plan.events ? events(connection, (place) => state.uid(place), log) : () => undefined, done: () => { audited = true } })
  thread.replaced = (why) => {
    metrics.replaced()
    log('error', 'the judging thread was replaced', { why })
  }
  state.changed = (change) => {
    thread.change(change)
    pulls.changed()
    audit()
  }
  state.omitted = (place, why) => log('warning', 'an object is left out, for it cannot be read', { object: place, why })
  const https = server(pair, service)
  const ending = ended()
  const following = new AbortController()
  setMaxListeners(0, following.signal) // each kind has a few
  await listening(https, plan.listen)
  const { address, port } = https.address() as AddressInfo
  log('info', 'listening', { address, port, mode: plan.settings.mode, workloads: plan.workloads, cluster: connection.name })
  for (const watched of WATCHED) void follow(watched, connection, state, log, following.signal)
  state.completed = audit
  const timers = [setInterval(audit, AGAIN), setInterval(rereading(plan, pair, https, { thread, pulls, metrics, log, audit }), REREAD)]
  const signal = await ending
  draining = true
  log('info', 'ending', { signal, drain: plan.drain })
  await sleep(plan.drain * 1000)
  https.close()
  https.closeIdleConnections()
  await Promise.race([once(https, 'close'), sleep(LAST, undefined, { ref: false })])
  https.closeAllConnections()
  for (const timer of timers) clearInterval(timer)
  following.abort()
  await thread.stop()
  log('info', 'ended')
  await sleep(0) // lines are written at the end of a turn
}

/** @throws UserError for what is wrong with the configuration. */
async function settled(thread: Thread, settings: Settings): Promise<void> {
  optionsOf(settings) // which says best what is wrong with them
  await thread.settle(settings, 60_000).catch((error: Error) => { throw new UserError(error.message) })
}

function ended(): Promise<string> {
  return new Promise((end) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => end(signal))
  })
}

async function listening(https: Server, { host, port }: Plan['listen']): Promise<void> {
  https.listen(port, host === '' ? undefined : host)
  await once(https, 'listening').catch((error: NodeJS.ErrnoException) => { throw new UserError(`cannot listen on ${host}:${port} (${error.code})`, 3) })
}

interface Auditing {
  thread: Thread
  state: State
  metrics: Metrics
  log: Log
  tell: ConstructorParameters<typeof Audit>[1]
  done(): void
}

/** Judges the cluster as it is, a moment after whatever changed, and again where something changed meanwhile or it could not be judged. */
function auditing({ thread, state, metrics, log, tell, done }: Auditing): () => void {
  const audit = new Audit(log, tell)
  let waiting = false
  const judge = async () => {
    waiting = false
    if (!state.complete) return
    try {
      const version = state.resourceVersion
      const findings = await thread.audit(JUDGING)
      metrics.audited(findings)
      audit.heard(findings, version)
      done()
    } catch (error) {
      log('error', 'the cluster could not be judged', { why: (error as Error).message })
      soon(REREAD)
    }
  }
  const soon = (milliseconds: number) => {
    if (!waiting) setTimeout(judge, milliseconds).unref()
    waiting = true
  }
  return () => soon(GATHER)
}

const UNUSABLE_PAIR = 'the certificate cannot be used; the one before it is shown on'
const UNUSABLE_CONFIGURATION = 'the configuration cannot be used; requests are judged by the one before it'

/** Reads the pair and the configuration again, and goes by them where they are others and can be used. */
function rereading({ files, settings }: Plan, pair: Certificate, https: Server, { thread, pulls, metrics, log, audit }: { thread: Thread; pulls: Pulls; metrics: Metrics; log: Log; audit: () => void }): () => void {
  let { fingerprint } = pair
  let config = textOf(settings.flags.config)
  const said = new Map<string, string>()
  const trouble = (what: string, error: unknown) => {
    const { message } = error as Error
    if (message !== said.get(what)) log('error', what, { why: message })
    said.set(what, message)
  }
  const shown = ({ begins, expires }: Certificate) => {
    metrics.certified(expires)
    const now = new Date()
    if (now < begins || now > expires) log('error', 'the certificate does not hold now: the API server will not ask', { begins: begins.toISOString(), expires: expires.toISOString(), now: now.toISOString() })
  }
  shown(pair)
  return () => {
    try {
      const found = certificate(files)
      said.delete(UNUSABLE_PAIR)
      if (found.fingerprint !== fingerprint) {
        https.setSecureContext(found.context)
        ;({ fingerprint } = found)
        log('info', 'the certificate is another one now', { expires: found.expires.toISOString() })
        shown(found)
      }
    } catch (error) {
      trouble(UNUSABLE_PAIR, error)
    }
    const text = textOf(settings.flags.config)
    if (text === config) return
    config = text
    void (async () => {
      try {
        const read = withText(settings)
        const { options } = optionsOf(read)
        await thread.settle(read, JUDGING)
        pulls.use(options)
        said.delete(UNUSABLE_CONFIGURATION)
        log('info', 'the configuration is another one now')
        audit()
      } catch (error) {
        if (error instanceof Unjudged && error.why !== 'failed') config = '' // it is no fault of the configuration: the next turn tries again
        trouble(UNUSABLE_CONFIGURATION, error)
      }
    })()
  }
}

function textOf(path: string | undefined): string {
  try {
    return path === undefined ? '' : readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
