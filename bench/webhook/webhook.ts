import { mkdirSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { hasGo, opaBinary } from '../../build/go.ts'
import { Cluster, MISSING } from '../../test/e2e/cluster.ts'
import { eventually, freePorts, launch, type Process } from '../../test/e2e/cluster/process.ts'
import { type Figures, load } from './load.ts'

const CLI = resolve('dist/cli.cjs')
const HERE = resolve('bench/webhook')
const SETS = 200
const ENTRIES = 5
const DIGEST = `sha256:${'ab'.repeat(32)}`

type Say = (what: string, figure: string, budget?: string) => void

/** The webhook under load, beside what bare Node and OPA's server take for the same; `reviews` more tell whether memory grows. */
export async function webhook(say: Say, reviews: number): Promise<void> {
  if (MISSING) return say('webhook', `not measured: ${MISSING}`)
  const cluster = await Cluster.start()
  try {
    await cluster.crds()
    await Promise.all(Array.from({ length: 8 }, async (_, first) => {
      for (let set = first; set < SETS; set += 8) await created(cluster, set)
    }))
    const pair = cluster.certificate(['127.0.0.1'])
    const log = join(cluster.folder, 'serve.log')
    const service = launch(process.execPath, [CLI, 'serve', '--kubeconfig', cluster.kubeconfig, '--tls-cert', pair.cert, '--tls-key', pair.key, '--listen', '127.0.0.1:0', '--workloads', '--disconnected', '--openshift', '4.18'], log)
    const at = (port: number, path: string) => ({ port, path, ca: cluster.ca })
    const ours = at(await portOf(service), '/validate?timeout=10s')
    await eventually('the webhook is ready', async () => (await read(ours.port, '/readyz', cluster.ca)) === 'ok\n')
    const workloads = Array.from({ length: 1_000 }, (_, index) => review(index, workload(index)))
    await load(ours, workloads, 16, 2_000)
    const bare = launch(process.execPath, [join(HERE, 'bare.mjs'), pair.cert, pair.key, '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"00000000-0000-0000-0000-000000000000","allowed":true}}'], join(cluster.folder, 'bare.log'))
    const nothing = at(await portOf(bare), '/')
    for (const connections of [1, 16]) {
      const count = connections === 1 ? 5_000 : 20_000
      say(`workload, ${connections} connection${connections === 1 ? '' : 's'}: bare Node`, told(await load(nothing, workloads, connections, count)))
      say(`workload, ${connections} connection${connections === 1 ? '' : 's'}: mirrorproof`, told(await load(ours, workloads, connections, count)))
      if (hasGo()) for (const policy of ['indexed', 'plain']) say(`workload, ${connections} connection${connections === 1 ? '' : 's'}: opa, ${policy}`, told(await opa(policy, cluster, pair, workloads, connections, policy === 'plain' ? 500 * connections : count)))
    }
    const sets = Array.from({ length: 50 }, (_, index) => review(index, mirrorSet(10_000 + index)))
    await load(ours, sets, 1, 50)
    say(`mirror set among ${SETS} with ${SETS * ENTRIES} entries, 1 connection`, told(await load(ours, sets, 1, 200)), 'below 30 ms')
    say('mirror set, 16 connections', told(await load(ours, sets, 16, 400)))
    if (reviews > 0) await memory(say, ours, workloads, sets, reviews)
    await service.stop()
    await bare.stop()
  } finally {
    await cluster.stop()
  }
}

/** One mirror set for a thousand workloads, which is more than any cluster has. */
async function memory(say: Say, ours: { port: number; path: string; ca: string }, workloads: readonly string[], sets: readonly string[], reviews: number): Promise<void> {
  const mixed = [...workloads.slice(0, 999), sets[0]!]
  await load(ours, mixed, 16, reviews / 10)
  const before = await resident(ours)
  const { perSecond } = await load(ours, mixed, 16, reviews)
  const after = await resident(ours)
  say(`memory after ${reviews} reviews`, `${Math.round(after)} MB, ${Math.round(before)} MB after the first tenth: ${((after / before - 1) * 100).toFixed(1)} % (${Math.round(perSecond)} a second)`, 'at most 5 %')
}

async function resident({ port, ca }: { port: number; ca: string }): Promise<number> {
  const [, bytes] = /^process_resident_memory_bytes (\S+)/m.exec(await read(port, '/metrics', ca))!
  return Number(bytes) / 1e6
}

/** Starts an OPA for one measurement: what it holds does not disturb the next. */
async function opa(policy: string, cluster: Cluster, pair: { cert: string; key: string }, bodies: readonly string[], connections: number, count: number): Promise<Figures> {
  const folder = join(cluster.folder, policy)
  mkdirSync(folder, { recursive: true })
  const sources = Object.fromEntries(Array.from({ length: SETS }, (_, set) => Array.from({ length: ENTRIES }, (_, entry) => [`quay.io/org${set}/app${entry}`, [`mirror.corp:5000/org${set}/app${entry}`]])).flat())
  writeFileSync(join(folder, 'data.json'), JSON.stringify({ sources }))
  writeFileSync(join(folder, 'policy.rego'), readFileSync(join(HERE, `${policy}.rego`)))
  const [port] = await freePorts(1) as [number]
  const running = launch(opaBinary(), ['run', '--server', '--disable-telemetry', '--log-level', 'error', '--addr', `127.0.0.1:${port}`, '--tls-cert-file', pair.cert, '--tls-private-key-file', pair.key, folder], join(cluster.folder, 'opa.log'))
  try {
    await eventually('OPA is ready', async () => (await read(port, '/health', cluster.ca).catch(() => undefined)) !== undefined)
    await load({ port, path: '/', ca: cluster.ca }, bodies, connections, Math.min(500, count))
    return await load({ port, path: '/', ca: cluster.ca }, bodies, connections, count)
  } finally {
    await running.stop()
  }
}

function told({ p50, p99, perSecond }: Figures): string {
  return `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, ${Math.round(perSecond)} a second`
}

function portOf(service: Process): Promise<number> {
  return eventually('it listens', () => /"msg":"listening".*?"port":(\d+)/.exec(service.log())?.[1]).then(Number)
}

function read(port: number, path: string, ca: string): Promise<string> {
  return new Promise((done, failed) => {
    get({ host: '127.0.0.1', port, path, ca: readFileSync(ca), agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => { text += part }).on('end', () => done(text))
    }).on('error', failed)
  })
}

async function created(cluster: Cluster, index: number): Promise<void> {
  const object = mirrorSet(index)
  const { status } = await cluster.api('POST', `/apis/config.openshift.io/v1/${object.kind.toLowerCase()}s`, object)
  if (status !== 201) throw new Error(`a mirror set could not be created: ${status}`)
}

function mirrorSet(index: number) {
  const [kind, list] = index % 2 === 0 ? ['ImageDigestMirrorSet', 'imageDigestMirrors'] as const : ['ImageTagMirrorSet', 'imageTagMirrors'] as const
  const entries = Array.from({ length: ENTRIES }, (_, entry) => ({ source: `quay.io/org${index}/app${entry}`, mirrors: [`mirror.corp:5000/org${index}/app${entry}`] }))
  return { apiVersion: 'config.openshift.io/v1', kind, metadata: { name: `set-${index}` }, spec: { [list]: entries } }
}

/** What a Deployment looks like to a webhook: 3 kB. */
function workload(index: number) {
  const set = (index * 2) % SETS
  const container = (entry: number) => ({
    name: `app${entry}`, image: `quay.io/org${set}/app${entry}@${DIGEST}`, ports: [{ containerPort: 8080, protocol: 'TCP' }], resources: { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
    env: Array.from({ length: 8 }, (_, number) => ({ name: `SETTING_${number}`, value: `value-${number}-${'x'.repeat(20)}` })),
    livenessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 10 }, securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  })
  const labels = { app: `web-${index}`, 'app.kubernetes.io/managed-by': 'argocd' }
  return {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: `web-${index}`, namespace: 'shop', labels },
    spec: { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container(0), container(1)], serviceAccountName: 'web' } } },
  }
}

function review(index: number, object: { kind: string; metadata: { name: string } }): string {
  const uid = `00000000-0000-0000-0000-${String(index).padStart(12, '0')}`
  return JSON.stringify({
    apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview',
    request: { uid, kind: { group: '', version: 'v1', kind: object.kind }, operation: 'CREATE', name: object.metadata.name, namespace: 'shop', dryRun: true, userInfo: { username: 'system:serviceaccount:openshift-gitops:argocd' }, object, oldObject: null },
  })
}
