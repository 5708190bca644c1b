import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect } from 'node:tls'
import { loadAll } from 'js-yaml'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Cluster, MISSING } from './cluster.ts'
import { Balancer } from './cluster/balancer.ts'
import { crdFiles } from './cluster/crds.ts'
import { directly, reviewOf, type Tally, throughApiServer, wrong } from './cluster/load.ts'
import { Mount } from './cluster/mount.ts'
import { eventually } from './cluster/process.ts'
import { ACCOUNT, installed, mirrorSet, register, setVersion } from './cluster/registration.ts'
import { Service } from './cluster/service.ts'
import { tool } from './tools.ts'

/** What a real API server and a real `mirrorproof serve` make of each other's faults, and of their own. */
interface World {
  cluster: Cluster
  service: Service
}

interface Registration {
  webhooks: { clientConfig: object; rules: object[] }[]
}
const REGISTRATION = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/mirrorproof'

const NEVER = { mirrorSourcePolicy: 'NeverContactSource' } as const
const IDMS = 'imagedigestmirrorsets.config.openshift.io'
const PATHS = { ImageDigestMirrorSet: '/apis/config.openshift.io/v1/imagedigestmirrorsets', ImageTagMirrorSet: '/apis/config.openshift.io/v1/imagetagmirrorsets' }

/** Two objects that are wrong only together. */
function pair(name: string) {
  return [
    mirrorSet('ImageDigestMirrorSet', name, [{ source: `quay.io/${name}`, mirrors: [`mirror.example.net/${name}`] }]),
    mirrorSet('ImageTagMirrorSet', name, [{ source: `quay.io/${name}`, mirrors: [`mirror.example.net/${name}`], ...NEVER }]),
  ] as const
}

const table: string[][] = []
function row(fault: string, { sent, denied, unjudged, lost }: Tally, note = ''): void {
  const lostOnes = [...lost].map(([why, times]) => `${times} (${why})`).join(', ')
  table.push([fault, String(sent), String(denied), String(unjudged), lostOnes || '0', note])
}

let started: Promise<World> | undefined
function world(): Promise<World> {
  started ??= begin()
  return started
}

async function begin(): Promise<World> {
  const cluster = await Cluster.start()
  await cluster.crds(Object.keys(crdFiles()).filter((name) => name !== IDMS))
  await setVersion(cluster, '4.18.20')
  const own = (loadAll(installed()) as { kind: string }[]).filter(({ kind }) => kind !== 'ServiceMonitor' && kind !== 'ValidatingWebhookConfiguration')
  const { code, stderr } = await cluster.kubectl(['apply', '--filename', '-'], own.map((object) => JSON.stringify(object)).join('\n---\n'))
  assert.is(code, 0, stderr)
  return { cluster, service: await serve(cluster) }
}

async function serve(cluster: Cluster, options: Partial<Parameters<typeof Service.start>[0]> = {}): Promise<Service> {
  const service = await Service.start({ kubeconfig: await cluster.account(...ACCOUNT), pair: cluster.certificate(['127.0.0.1']), ca: cluster.ca, ...options, flags: ['--events', '--drain', '2', ...options.flags ?? []] })
  if (!options.env) await service.ready()
  return service
}

/** Whether a service knows the first of a pair: then it denies the second one. */
async function knows(service: Service, name: string): Promise<boolean> {
  return !(await service.review(reviewOf(pair(name)[1]))).allowed
}

function here(name: string, run: (world: World) => Promise<void>): void {
  if (MISSING !== undefined) test.skip(name)
  else test(name, async () => run(await world()))
}
if (MISSING !== undefined) console.log(`skipped: faults of API server and webhook were not tried: ${MISSING}`)

here('faults :: what is missing or may not be read is said, and followed once it is there and may', async ({ cluster, service }) => {
  for (const args of [['namespace', 'limited'], ['serviceaccount', 'reader', '--namespace', 'limited'], ['clusterrolebinding', 'reader', '--clusterrole=mirrorproof', '--serviceaccount=limited:reader']]) await cluster.done('create', ...args)
  const limited = await serve(cluster, { kubeconfig: await cluster.account('limited', 'reader') })
  for (const [of, kind, said] of [[service, 'ImageDigestMirrorSet', /no such kind/], [limited, 'ImageDigestMirrorSet', /no such kind/], [limited, 'ConfigMap', /may not read/]] as const) {
    assert.ok(of.lines.some((line) => line['kind'] === kind && line['level'] === 'warning' && said.test(String(line['msg']))), of.process.log())
  }
  let seconds = 0
  const tally = await directly(service, async () => {
    await cluster.done('create', 'rolebinding', 'reader', '--namespace', 'openshift-config', '--role=mirrorproof', '--serviceaccount=limited:reader')
    await cluster.crds([IDMS])
    const began = Date.now()
    assert.is((await cluster.api('POST', PATHS.ImageDigestMirrorSet, pair('new-kind')[0])).status, 201)
    await eventually('the new kind is followed', async () => await knows(service, 'new-kind') && await knows(limited, 'new-kind'), 60)
    seconds = Math.round((Date.now() - began) / 1000)
    await eventually('the ConfigMaps are followed', () => limited.lines.some(({ kind, level }) => kind === 'ConfigMap' && level === 'info'), 60)
  })
  assert.equal([tally.unjudged, tally.lost.size], [0, 0])
  row('a kind is missing and its CRD comes, ConfigMaps may not be read and then they may', tally, `ready without, and says so; the new kind was followed after ${seconds} s`)
  await limited.stop()
})

here('faults :: the API server is killed and comes back', async ({ cluster, service }) => {
  const impatient = await serve(cluster, { flags: ['--stale-after', '2'] })
  const tally = await directly(service, async () => {
    await cluster.stopApiServer()
    await eventually('a judgement of the object alone', async () => (await impatient.review(reviewOf(pair('new-kind')[1]))).warnings?.some((warning) => warning.includes('alone')))
    assert.ok((await impatient.review(reviewOf(pair('new-kind')[1]))).allowed, 'a stale state was taken for the cluster')
    assert.not.ok((await impatient.review(reviewOf(wrong()))).allowed, 'what is wrong by itself was not denied')
    assert.ok(await impatient.metric('mirrorproof_state_age_seconds') > 2)
    assert.ok(await service.isReady(), 'the service is not ready though its state is not stale')
    assert.ok(await knows(service, 'new-kind'))
    await cluster.startApiServer()
  })
  assert.equal([tally.unjudged, tally.lost.size], [0, 0])
  assert.is((await cluster.api('POST', PATHS.ImageDigestMirrorSet, pair('after-kill')[0])).status, 201)
  await eventually('what came after is known', async () => await knows(service, 'after-kill'))
  row('API server killed (SIGKILL) and started again', tally, 'reviews sent to the service directly; --stale-after 2 judged objects alone meanwhile')
  await impatient.stop()
})

here('faults :: the watch has expired', async ({ cluster, service }) => {
  const version = String((service.lines.findLast(({ judgedBy }) => /^resourceVersion \d+/.test(String(judgedBy)))!['judgedBy'] as string).match(/\d+/)![0])
  const tally = await directly(service, async () => {
    process.kill(service.process.pid, 'SIGSTOP')
    try {
      assert.is((await cluster.api('DELETE', `${PATHS.ImageDigestMirrorSet}/after-kill`)).status, 200)
      assert.is((await cluster.api('POST', PATHS.ImageDigestMirrorSet, pair('unseen')[0])).status, 201)
      await cluster.stopApiServer()
      await cluster.compact()
      await cluster.startApiServer()
      const gone = await eventually('the API server has forgotten', async () => {
        const { body } = await cluster.api('GET', `${PATHS.ImageDigestMirrorSet}?watch=1&timeoutSeconds=1&resourceVersion=${version}`)
        return (body as { object?: { code?: number } }).object
      })
      assert.is(gone.code, 410)
    } finally {
      process.kill(service.process.pid, 'SIGCONT')
    }
    await eventually('a new list', async () => await knows(service, 'unseen') && !(await knows(service, 'after-kill')))
  })
  assert.equal([tally.unjudged, tally.lost.size], [0, 0])
  row('watch expired by compaction (410) while the service slept', tally, 'listed anew: what was made is known, what was deleted is not; reviews waited')
})

here('faults :: etcd goes and comes back', async ({ cluster, service }) => {
  const tally = await directly(service, async () => {
    await cluster.killEtcd()
    await eventually('the API server notices', async () => (await cluster.api('GET', '/readyz')).status !== 200)
    assert.ok(await service.isReady())
    cluster.startEtcd()
    await eventually('the API server writes again', async () => (await cluster.api('POST', PATHS.ImageDigestMirrorSet, pair('after-etcd')[0])).status === 201)
    await eventually('what came after is known', () => knows(service, 'after-etcd'))
  })
  assert.equal([tally.unjudged, tally.lost.size], [0, 0])
  row('etcd killed and started again', tally, 'reviews sent to the service directly')
})

here('faults :: the certificate is swapped under load', async ({ cluster, service }) => {
  await register(cluster, service.port, [service])
  const shown = () => new Promise<string>((done, failed) => {
    const socket = connect({ host: '127.0.0.1', port: service.port, ca: readFileSync(cluster.ca) }, () => {
      done(socket.getPeerX509Certificate()!.serialNumber)
      socket.destroy()
    }).on('error', failed)
  })
  const before = await shown()
  const expiry = await service.metric('mirrorproof_certificate_expiry_timestamp_seconds')
  const tally = await throughApiServer(cluster, async (all) => {
    service.renew({ ...cluster.certificate(['127.0.0.1']), key: cluster.certificate(['127.0.0.1']).key })
    await eventually('a word on a key of another certificate', () => service.lines.some(({ level, msg }) => level !== 'info' && /certificate/.test(String(msg))))
    assert.is(await shown(), before)
    service.renew(cluster.certificate(['127.0.0.1'], { until: 7_000_000 }))
    await eventually('the new certificate', async () => await shown() !== before)
    const { sent } = all
    await eventually('some more were sent', () => all.sent > sent + 50)
  })
  assert.ok(await service.metric('mirrorproof_certificate_expiry_timestamp_seconds') > expiry)
  assert.equal([tally.unjudged, tally.lost.size], [0, 0])
  row('certificate swapped under load, a wrong key in between', tally, 'new connections see the new one, old ones go on')
})

here('faults :: SIGTERM under load, two replicas', async ({ cluster, service }) => {
  const replicas = [service, await serve(cluster)]
  const balancer = await Balancer.start(() => replicas)
  await register(cluster, balancer.port, replicas)
  const tally = await throughApiServer(cluster, async () => {
    for (let turn = 0; turn < 2; turn++) {
      const next = await serve(cluster)
      const [old] = replicas
      replicas.push(next)
      assert.is(await old!.stop('SIGTERM'), 0)
      replicas.shift()
    }
  })
  const [first, second] = await Promise.all(replicas.map((replica) => replica.metric('mirrorproof_reviews_total')))
  assert.equal([tally.unjudged, [...tally.lost]], [0, []])
  assert.ok(first! + second! > 0)
  row('two replicas replaced one after the other (SIGTERM) under load', tally, 'through a balancer that goes by /readyz; --drain 2')
  await Promise.all(replicas.map((replica) => replica.stop()))
  balancer.stop()
})

here('faults :: the only replica is told to end under load, and another one comes', async ({ cluster }) => {
  const replicas = [await serve(cluster)]
  const balancer = await Balancer.start(() => replicas)
  await register(cluster, balancer.port, replicas)
  const tally = await throughApiServer(cluster, async () => {
    assert.is(await replicas[0]!.stop('SIGTERM'), 0)
    replicas[0] = await serve(cluster)
    const before = await replicas[0].metric('mirrorproof_reviews_total', { outcome: 'denied' })
    await eventually('the new one is asked', async () => await replicas[0]!.metric('mirrorproof_reviews_total', { outcome: 'denied' }) > before)
  })
  assert.equal([...tally.lost], [])
  row('the only replica ended (SIGTERM) under load and replaced', tally, 'every request was answered; while there was none, by failurePolicy Ignore')
  await replicas[0]!.stop()
  balancer.stop()
})

here('faults :: the webhook hangs, and then it is gone', async ({ cluster }) => {
  const service = await serve(cluster)
  await register(cluster, service.port, [service])
  const { webhooks, ...registration } = (await cluster.api('GET', REGISTRATION)).body as Registration
  assert.is((await cluster.api('PUT', REGISTRATION, { ...registration, webhooks: webhooks.map((webhook) => ({ ...webhook, timeoutSeconds: 1 })) })).status, 200)
  process.kill(service.process.pid, 'SIGSTOP')
  const apply = async () => {
    const began = Date.now()
    const { code, stderr } = await cluster.kubectl(['apply', '--dry-run=server', '--filename', '-'], JSON.stringify(wrong()))
    return { code, stderr, seconds: (Date.now() - began) / 1000 }
  }
  const hanging = await eventually('the time limit is in force', async () => {
    const answer = await apply()
    return answer.seconds < 5 && answer
  })
  assert.is(hanging.code, 0, hanging.stderr)
  table.push(['webhook hangs (SIGSTOP), timeoutSeconds 1', '1', '', '1', '0', `failurePolicy Ignore: kubectl apply took ${hanging.seconds.toFixed(1)} s`])
  await service.stop()
  let gone = hanging
  const tally = await throughApiServer(cluster, async () => { gone = await apply() })
  assert.equal([gone.code, tally.denied, [...tally.lost]], [0, 0, []])
  row('webhook gone (SIGKILL)', tally, `failurePolicy Ignore: kubectl apply took ${gone.seconds.toFixed(1)} s`)
})

here('faults :: the webhook is gone, and was to be asked without fail', async ({ cluster }) => {
  const service = await serve(cluster)
  await register(cluster, service.port, [service], ['--failure-policy', 'Fail'])
  await service.stop()
  const apply = () => cluster.kubectl(['apply', '--dry-run=server', '--filename', '-'], JSON.stringify(wrong()))
  const { code, stderr } = await apply()
  assert.is(code, 1)
  assert.match(stderr, 'failed calling webhook')
  await cluster.done('delete', 'validatingwebhookconfiguration', 'mirrorproof')
  await eventually('nobody refuses', async () => (await apply()).code === 0)
  table.push(['webhook gone, --failure-policy Fail', '1', '', '', '0', 'refused in plain words; after `kubectl delete validatingwebhookconfiguration mirrorproof` accepted'])
})

here('faults :: two replicas are asked about a conflicting pair in the same moment', async ({ cluster }) => {
  const [one, other] = [await serve(cluster), await serve(cluster)]
  await register(cluster, other.port, [other])
  await register(cluster, one.port, [one])
  const registration = (await cluster.api('GET', REGISTRATION)).body as Registration
  const [all] = registration.webhooks
  const only = (kind: string, { port }: Service) => ({ ...all, name: `${kind}.mirrorproof.io`, clientConfig: { ...all!.clientConfig, url: `https://127.0.0.1:${port}/validate` }, rules: [{ ...all!.rules[0], resources: [kind] }] })
  const split = { ...registration, webhooks: [only('imagedigestmirrorsets', one), only('imagetagmirrorsets', other)] }
  assert.is((await cluster.api('PUT', REGISTRATION, split)).status, 200)
  await eventually('each is asked about its kind', async () => {
    const before = await other.metric('mirrorproof_reviews_total', { outcome: 'denied' })
    await cluster.api('POST', `${PATHS.ImageTagMirrorSet}?dryRun=All`, wrong())
    return await other.metric('mirrorproof_reviews_total', { outcome: 'denied' }) > before
  })
  let tries = 0
  const name = await eventually('both were accepted', async () => {
    const tried = `race-${++tries}`
    const answers = await Promise.all(pair(tried).map((object) => cluster.api('POST', PATHS[object.kind as keyof typeof PATHS], object)))
    return answers.every(({ status }) => status === 201) && tried
  })
  for (const replica of [one, other]) {
    await eventually('a metric', async () => await replica.metric('mirrorproof_findings', { rule: 'conflicting-source-policy', level: 'error' }) > 0)
    await eventually('a line of the log', () => replica.lines.some(({ level, rule, object }) => level === 'error' && rule === 'conflicting-source-policy' && String(object).endsWith(name)))
  }
  const events = await eventually('an Event', async () => {
    const answer = await cluster.api('GET', `/api/v1/namespaces/default/events?fieldSelector=involvedObject.name=${name}`)
    const { items } = answer.body as { items: { reason: string; message: string }[] }
    return items.length > 0 && items
  })
  assert.match(events[0]!.message, `quay.io/${name}`)
  table.push(['two replicas, a conflicting pair in the same moment', String(2 * tries), '', '2', '0', `both accepted at try ${tries}; told by Event ${events[0]!.reason}, metric and log of both replicas`])
  for (const object of pair(name)) await cluster.api('DELETE', `${PATHS[object.kind as keyof typeof PATHS]}/${name}`)
  for (const replica of [one, other]) {
    await eventually('the metric is back', async () => await replica.metric('mirrorproof_findings', { level: 'error' }) === 0)
    await replica.stop()
  }
})

here('faults :: a certificate that is not valid yet', async ({ cluster }) => {
  const service = await serve(cluster)
  await register(cluster, service.port, [service])
  await service.stop()
  const late = await Service.start({ kubeconfig: await cluster.account(...ACCOUNT), pair: cluster.certificate(['127.0.0.1'], { from: 7200 }), ca: cluster.ca })
  const probe = { rejectUnauthorized: false, agent: false } as const
  await eventually('it is ready', async () => (await late.ask('GET', '/readyz', undefined, probe)).status === 200)
  assert.ok(late.lines.some(({ level, msg }) => level === 'error' && /does not hold now/.test(String(msg))), 'nothing was said of the certificate')
  const registration = (await cluster.api('GET', REGISTRATION)).body as Registration
  const url = `https://127.0.0.1:${late.port}/validate`
  assert.is((await cluster.api('PUT', REGISTRATION, { ...registration, webhooks: registration.webhooks.map((webhook) => ({ ...webhook, clientConfig: { ...webhook.clientConfig, url } })) })).status, 200)
  const tally = await throughApiServer(cluster, (all) => eventually('some were sent', () => all.sent > 50))
  assert.equal([tally.denied, [...tally.lost]], [0, []])
  row('certificate of the webhook begins in two hours', tally, 'the API server refuses the connection; failurePolicy Ignore: accepted')
  late.renew(cluster.certificate(['127.0.0.1']))
  const later = await throughApiServer(cluster, async () => eventually('judged again', async () => await late.metric('mirrorproof_reviews_total', { outcome: 'denied' }).catch(() => 0) > 0))
  assert.ok(later.denied > 0)
  await late.stop()
})

/** What makes a program's clock run ahead; without the program faketime itself, which would outlive a kill. */
function ahead(days: number): Record<string, string> {
  const [LD_PRELOAD = '', FAKETIME = ''] = execFileSync('faketime', ['-f', `+${days}d`, 'sh', '-c', 'echo "$LD_PRELOAD"; echo "$FAKETIME"'], { encoding: 'utf8' }).split('\n')
  return { LD_PRELOAD, FAKETIME }
}

if (MISSING === undefined && tool('faketime') === undefined) console.log('skipped: clocks that differ were not tried: faketime is not installed')
if (tool('faketime') !== undefined) {
  here('faults :: the clock of the service runs ahead', async ({ cluster }) => {
    const skewed = (days: number, flags: string[] = []) => serve(cluster, { env: ahead(days), flags })
    const config = new Mount({ 'config.yaml': `waivers:\n- rule: conflicting-source-policy\n  reason: for a week\n  until: ${new Date(Date.now() + 6 * 86_400_000).toISOString().slice(0, 10)}\n` })
    const [inTime, late, lost] = await Promise.all([skewed(1, ['--config', config.path('config.yaml')]), skewed(8, ['--config', config.path('config.yaml')]), skewed(40)])
    await inTime.ready()
    assert.ok((await inTime.review(reviewOf(wrong()))).allowed, 'a waiver that still holds does not')
    await late.ready()
    assert.not.ok((await late.review(reviewOf(wrong()))).allowed, 'a waiver that has ended holds')
    await eventually('a word on the certificate of the API server', () => lost.lines.some(({ level, msg }) => level !== 'info' && /CERT_HAS_EXPIRED|expired/i.test(String(msg))))
    assert.not.ok(await lost.isReady())
    assert.is((await lost.ask('GET', '/healthz')).status, 200)
    assert.not.ok((await lost.review(reviewOf(wrong()))).allowed)
    assert.match((await lost.review(reviewOf(pair('after-etcd')[1]))).warnings?.join('\n') ?? '', /alone/)
    table.push(['clock of the service runs 1, 8, 40 days ahead', '4', '4', '', '0', 'waivers end by its clock; once the API server\'s certificate has expired for it, it is not ready and judges objects alone'])
    for (const service of [inTime, late, lost]) await service.stop()
  })
}

if (MISSING === undefined) {
  test('faults :: the table', async () => {
    await (await world()).cluster.stop()
    for (const line of [['fault', 'sent', 'judged', 'accepted unjudged', 'lost', ''], ['---', '---:', '---:', '---:', '---:', '---'], ...table]) console.log(`| ${line.join(' | ')} |`)
  })
}

test.run()
