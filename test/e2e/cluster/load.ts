import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from '../cluster.ts'
import { mirrorSet } from './registration.ts'
import type { Service } from './service.ts'

/** What became of requests that are sent without a pause. */
export interface Tally {
  sent: number
  /** Judged: denied, as they have to be. */
  denied: number
  /** Accepted by the API server without a judgement, as its failure policy is. */
  unjudged: number
  /** Everything else, by what it was. */
  lost: Map<string, number>
}

let count = 0

/** Wrong by itself, under a name of its own. */
export function wrong() {
  const name = `wrong-${++count}`
  return mirrorSet('ImageTagMirrorSet', name, [{ source: `quay.io/${name}`, mirrors: ['a.example.net/x'] }, { source: `quay.io/${name}`, mirrors: ['b.example.net/x'], mirrorSourcePolicy: 'NeverContactSource' }])
}

/** What the API server asks of a webhook. */
export function reviewOf(object: { apiVersion: string; kind: string; metadata: { name: string } } | null, more: object = {}) {
  return {
    apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview',
    request: { uid: `uid-${++count}`, operation: 'CREATE', kind: { group: 'config.openshift.io', version: 'v1', kind: object?.kind ?? '' }, name: object?.metadata.name ?? '', userInfo: { username: 'admin' }, dryRun: true, object, oldObject: null, ...more },
  }
}

/** Enough that something is under way at any moment, and not so much that two cores do nothing else. */
const WORKERS = 6
const PAUSE = 10

/** Keeps sending until `during` is over. */
async function load(send: () => Promise<'denied' | 'unjudged' | string>, during: (tally: Tally) => Promise<unknown>): Promise<Tally> {
  const tally: Tally = { sent: 0, denied: 0, unjudged: 0, lost: new Map() }
  const over = { now: false }
  const work = async () => {
    while (!over.now) {
      tally.sent++
      const became = await send().catch((error: NodeJS.ErrnoException) => error.code ?? error.message)
      if (became === 'denied' || became === 'unjudged') tally[became]++
      else tally.lost.set(became, (tally.lost.get(became) ?? 0) + 1)
      await sleep(PAUSE)
    }
  }
  const working = Array.from({ length: WORKERS }, work)
  try {
    await during(tally)
  } finally {
    over.now = true
    await Promise.all(working)
  }
  return tally
}

/** Dry runs of objects that are wrong, through the API server. */
export function throughApiServer(cluster: Cluster, during: (tally: Tally) => Promise<unknown>): Promise<Tally> {
  return load(async () => {
    const { status, body } = await cluster.api('POST', '/apis/config.openshift.io/v1/imagetagmirrorsets?dryRun=All', wrong())
    return status === 403 ? 'denied' : status === 201 ? 'unjudged' : `HTTP ${status} ${(body as { message?: string }).message ?? ''}`
  }, during)
}

/** The same as reviews, where there is no API server to send them. */
export function directly(service: Service, during: (tally: Tally) => Promise<unknown>): Promise<Tally> {
  return load(async () => ((await service.review(reviewOf(wrong()))).allowed ? 'unjudged' : 'denied'), during)
}
