import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect as connectPlain } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type ConnectionOptions, connect } from 'node:tls'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { mirrorproof } from '../command.ts'
import { Authority } from '../e2e/cluster/authority.ts'
import { reviewOf, wrong } from '../e2e/cluster/load.ts'
import { freePorts } from '../e2e/cluster/process.ts'
import { mirrorSet } from '../e2e/cluster/registration.ts'
import { Service } from '../e2e/cluster/service.ts'
import { tool } from '../e2e/tools.ts'

/** What anybody can send to `mirrorproof serve`. There is no API server here: it answers from the object alone. */
interface World {
  authority: Authority
  kubeconfig: string
  service: Service
  /** Connections that do not get on, and when the service ended them. */
  slow: Record<string, Promise<{ seconds: number; heard: string }>>
}

const openssl = tool('openssl')
if (openssl === undefined) console.log('skipped: hostile requests to the webhook: openssl is not installed')
/** Begun with the file, so that connections that the service ends after some seconds are waited for while other tests run. */
const begun = openssl === undefined ? undefined : begin()
begun?.catch(() => undefined)

async function begin(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'mirrorproof-hostile-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const authority = new Authority(join(folder, 'authority'))
  const [nowhere] = await freePorts(1)
  const kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(kubeconfig, JSON.stringify({
    apiVersion: 'v1', kind: 'Config', 'current-context': 'nowhere', contexts: [{ name: 'nowhere', context: { cluster: 'nowhere', user: 'nobody' } }],
    clusters: [{ name: 'nowhere', cluster: { server: `https://127.0.0.1:${nowhere}` } }], users: [{ name: 'nobody', user: {} }],
  }))
  const service = await Service.start({ kubeconfig, pair: authority.issue(['127.0.0.1']), ca: authority.ca, flags: ['--workloads', '--openshift', '4.18'] })
  const began = Date.now()
  const ended = (socket: ReturnType<typeof connectPlain>) => new Promise<{ seconds: number; heard: string }>((done) => {
    let heard = ''
    socket.unref().setEncoding('utf8').on('data', (part: string) => { heard += part }).on('error', () => undefined).on('close', () => done({ seconds: (Date.now() - began) / 1000, heard }))
  })
  const dripping = (head: string) => {
    const socket = tls(service, authority)
    socket.write(head)
    setInterval(() => socket.write('a'), 1000).unref()
    return ended(socket)
  }
  const slow = {
    'no handshake': ended(connectPlain(service.port, '127.0.0.1')),
    'one byte of a header a second': dripping('POST /validate HTTP/1.1\r\nhost: x\r\nx-a: '),
    'one byte of a body a second': dripping('POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{'),
  }
  return { authority, kubeconfig, service, slow }
}

function tls({ port }: Service, authority: Authority, options: ConnectionOptions = {}) {
  return connect({ host: '127.0.0.1', port, ca: readFileSync(authority.ca), ...options })
}

function here(name: string, run: (world: World) => Promise<void>): void {
  if (!begun) test.skip(name)
  else test(name, async () => run(await begun))
}

const JSON_TYPE = { 'content-type': 'application/json' }
const review = (change: (request: Record<string, unknown>) => object = (request) => request) => {
  const whole = reviewOf(wrong())
  return JSON.stringify({ ...whole, request: change(whole.request) })
}
const MiB = 1 << 20

/** What is sent, and the status and words that come back. */
const REQUESTS: [what: string, method: string, path: string, headers: Record<string, string>, body: string | undefined, status: number, said: RegExp][] = [
  ['no body', 'POST', '/validate', JSON_TYPE, '', 400, /no JSON/],
  ['half a review', 'POST', '/validate', JSON_TYPE, review().slice(0, 200), 400, /no JSON/],
  ['bytes that are no UTF-8', 'POST', '/validate', JSON_TYPE, '\u0000\ufffe', 400, /no JSON/],
  ['null', 'POST', '/validate', JSON_TYPE, 'null', 400, /no AdmissionReview/],
  ['a list', 'POST', '/validate', JSON_TYPE, '[]', 400, /no AdmissionReview/],
  ['another kind', 'POST', '/validate', JSON_TYPE, '{"apiVersion": "admission.k8s.io/v1", "kind": "ConversionReview"}', 400, /no AdmissionReview/],
  ['an unknown version', 'POST', '/validate', JSON_TYPE, review().replace('admission.k8s.io/v1', 'admission.k8s.io/v1beta1'), 400, /admission\.k8s\.io\/v1 only/],
  ['no request', 'POST', '/validate', JSON_TYPE, '{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview"}', 400, /no request/],
  ['a request that is a list', 'POST', '/validate', JSON_TYPE, '{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": []}', 400, /no request|no uid/],
  ['no uid', 'POST', '/validate', JSON_TYPE, review((request) => ({ ...request, uid: undefined })), 400, /no uid/],
  ['a uid that is a number', 'POST', '/validate', JSON_TYPE, review((request) => ({ ...request, uid: 7 })), 400, /no uid/],
  ['an unknown operation', 'POST', '/validate', JSON_TYPE, review((request) => ({ ...request, operation: 'create' })), 400, /operation/],
  ['a null object', 'POST', '/validate', JSON_TYPE, review((request) => ({ ...request, object: null })), 400, /holds no object/],
  ['an object that is a list', 'POST', '/validate', JSON_TYPE, review((request) => ({ ...request, object: [] })), 400, /object/],
  ['an object without kind', 'POST', '/validate', JSON_TYPE, review((request) => ({ ...request, object: { metadata: { name: 'a' } } })), 400, /kind/],
  ['an object without name', 'POST', '/validate', JSON_TYPE, review((request) => ({ ...request, name: '', object: { apiVersion: 'v1', kind: 'Pod', metadata: null } })), 400, /name/],
  ['text', 'POST', '/validate', { 'content-type': 'text/plain' }, review(), 415, /application\/json/],
  ['no type', 'POST', '/validate', { 'content-type': '' }, review(), 415, /application\/json/],
  ['what is packed', 'POST', '/validate', { ...JSON_TYPE, 'content-encoding': 'gzip' }, '\u001f\u008b\b', 400, /no JSON/],
  ['10 MiB', 'POST', '/validate', JSON_TYPE, `"${'a'.repeat(10 * MiB)}"`, 413, /larger than/],
  ['GET', 'GET', '/validate', {}, undefined, 405, /posted/],
  ['PUT', 'PUT', '/validate', JSON_TYPE, review(), 405, /posted/],
  ['a POST to what is read', 'POST', '/metrics', JSON_TYPE, '{}', 405, /only read/],
  ['a DELETE', 'DELETE', '/healthz', {}, undefined, 405, /only read/],
  ['another path', 'POST', '/validate/', JSON_TYPE, review(), 404, /nothing here/],
  ['a path that leads out', 'GET', '/../../etc/passwd', {}, undefined, 404, /nothing here/],
  ['a path that is none', 'GET', '//', {}, undefined, 404, /nothing here/],
  ['a path that is no URL', 'GET', '//[', {}, undefined, 404, /nothing here/],
  ['long headers', 'GET', '/healthz', { 'x-long': 'a'.repeat(20_000) }, undefined, 431, /^/], // 16 KiB are taken; of many more, a client that still sends may miss the answer
]
for (const [what, method, path, headers, body, status, said] of REQUESTS) {
  here(`hostile :: ${what}: ${status}`, async ({ service }) => {
    const reply = await service.ask(method, path, body, { headers, agent: false })
    assert.is(reply.status, status, reply.text)
    assert.match(reply.text, said)
    assert.not.match(reply.text, /at .*\.c?js:|node:/)
  })
}

const object = (spec: unknown, more: object = {}) => ({ apiVersion: 'config.openshift.io/v1', kind: 'ImageDigestMirrorSet', metadata: { name: 'odd' }, spec, ...more })
const nested = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) as object
/** Depths that JSON.stringify itself cannot write. */
const deep = (kind: string, apiVersion: string) => review((request) => ({ ...request, object: { apiVersion, kind, metadata: { name: 'deep' }, spec: 'DEEP' } })).replace('"DEEP"', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)

/** Objects of whatever shape, all of which are answered: the API server's schemas are not relied on. */
const OBJECTS: [what: string, body: string][] = [
  ...[
    ['a spec that is a string', object('x')], ['a spec that is null', object(null)], ['no list', object({ imageDigestMirrors: 5 })], ['entries that are none', object({ imageDigestMirrors: [null, 1, 'a', [], {}] })],
    ['a source that is an object', object({ imageDigestMirrors: [{ source: {}, mirrors: 'x' }] })], ['mirrors of all types', object({ imageDigestMirrors: [{ source: 'quay.io/a', mirrors: [null, 1, {}, [], ''] }] })],
    ['names of control characters', { ...object({}), metadata: { name: 'a\n\u001b[31mred\u0000\ud800', labels: { '\n': '\r' } } }], ['metadata of wrong types', { ...object({}), metadata: { name: 'a', namespace: 5, resourceVersion: {}, uid: [], annotations: 'x' } }],
    ['what nests 400 deep', object(nested(400))], ['another kind than the request says', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'pull' }, data: { '.dockerconfigjson': 'c2VjcmV0LXZhbHVl' } }],
    ['a number that no double holds', object({ imageDigestMirrors: [{ source: 'quay.io/a', mirrors: [123456789012345678901234567890n.toString()] }] })],
  ].map(([what, value]): [string, string] => [what as string, review((request) => ({ ...request, object: value }))]),
  ['__proto__', review((request) => ({ ...request, object: 'PROTO' })).replace('"PROTO"', '{"apiVersion": "config.openshift.io/v1", "kind": "ImageDigestMirrorSet", "metadata": {"name": "a", "__proto__": {"polluted": true}}, "__proto__": {"polluted": true}, "spec": {"__proto__": null, "constructor": {"prototype": 1}, "imageDigestMirrors": [{"__proto__": [], "source": "__proto__", "mirrors": ["constructor"]}]}}')],
  ['1e400', review((request) => ({ ...request, object: object({ imageDigestMirrors: 'NUMBER' }) })).replace('"NUMBER"', '1e400')],
  ['a DELETE of nothing', review((request) => ({ ...request, operation: 'DELETE', object: null }))],
  ['CONNECT', review((request) => ({ ...request, operation: 'CONNECT', object: { apiVersion: 'v1', kind: 'PodExecOptions', metadata: { name: 'a' } } }))],
]
for (const [what, body] of OBJECTS) {
  here(`hostile :: ${what} is answered`, async ({ service }) => {
    const { status, text } = await service.ask('POST', '/validate', body)
    assert.is(status, 200, text)
    const { response } = JSON.parse(text) as { response: { uid: string; allowed: boolean } }
    assert.is(response.uid, (JSON.parse(body) as { request: { uid: string } }).request.uid)
    assert.type(response.allowed, 'boolean')
  })
}

for (const [kind, apiVersion] of [['ImageDigestMirrorSet', 'config.openshift.io/v1'], ['MachineConfig', 'machineconfiguration.openshift.io/v1'], ['Pod', 'v1'], ['Deployment', 'apps/v1']] as const) {
  here(`hostile :: a ${kind} that nests 100,000 deep is answered, or left to the failure policy in plain words`, async ({ service }) => {
    const { status, text } = await service.ask('POST', '/validate', deep(kind, apiVersion))
    assert.ok([200, 400, 500].includes(status), text)
    assert.not.match(text, /defect|at .*\.c?js:/)
  })
}

here('hostile :: what takes long to judge holds up neither probes nor smaller requests for long', async ({ service }) => {
  const entries = Array.from({ length: 60_000 }, (_, index) => ({ source: `quay.io/a/b${index}`, mirrors: [`m.io/a/b${index}`] }))
  const body = JSON.stringify(reviewOf(mirrorSet('ImageDigestMirrorSet', 'huge', entries)))
  assert.ok(body.length < 7 * MiB)
  const began = Date.now()
  const huge = service.ask('POST', '/validate', body)
  const small = service.review(reviewOf(wrong()))
  let slowest = 0
  for (let count = 0; count < 20; count++) {
    const asked = Date.now()
    assert.is((await service.ask('GET', '/healthz')).status, 200)
    slowest = Math.max(slowest, Date.now() - asked)
  }
  assert.not.ok((await small).allowed)
  const { status, text } = await huge
  assert.ok(status === 200 || /s$|judged/.test(text), text)
  assert.ok(Date.now() - began < 10_000, `${Date.now() - began} ms`)
  assert.ok(slowest < 1_000, `/healthz took ${slowest} ms`)
})

here('hostile :: many connections at once', async ({ service, authority }) => {
  const sockets = Array.from({ length: 300 }, () => tls(service, authority))
  await Promise.all(sockets.map((socket) => new Promise((done, failed) => socket.on('secureConnect', done).on('error', failed))))
  assert.is((await service.ask('GET', '/healthz', undefined, { agent: false })).status, 200)
  const answers = await Promise.all(Array.from({ length: 200 }, async () => (await service.ask('POST', '/validate', review(), { agent: false })).status))
  assert.ok(answers.every((status) => status === 200 || status === 500 || status === 503), [...new Set(answers)].join(' '))
  for (const socket of sockets) socket.destroy()
})

/** Bytes on a TLS connection, and the status lines that come back. */
const RAW: [what: string, bytes: string, answer: RegExp][] = [
  ['no HTTP', 'GARBAGE\r\n\r\n', /^HTTP\/1\.1 400 /],
  ['two requests at once', 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\nGET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', /^HTTP\/1\.1 200 [^]*HTTP\/1\.1 200 /],
  ['two lengths', 'POST /validate HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef', /^HTTP\/1\.1 400 /],
  ['a length and chunks', 'POST /validate HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n', /^HTTP\/1\.1 400 /],
  ['a body that is cut', 'POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"kind":', /^$|^HTTP\/1\.1 400 /],
  ['HTTP/1.0', 'GET /healthz HTTP/1.0\r\n\r\n', /^HTTP\/1\.1 200 /],
  ['a URL in place of a path', 'GET http://elsewhere.example.com/healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', /^HTTP\/1\.1 200 /],
]
for (const [what, bytes, answer] of RAW) {
  here(`hostile :: ${what}`, async ({ service, authority }) => {
    const socket = tls(service, authority)
    let text = ''
    socket.setEncoding('utf8').on('data', (part: string) => { text += part }).on('error', () => undefined)
    await new Promise((done) => socket.on('secureConnect', done))
    if (what === 'a body that is cut') socket.end(bytes)
    else socket.write(bytes)
    await new Promise((done) => socket.on('close', done))
    assert.match(text, answer)
  })
}

here('hostile :: no TLS, and TLS that is too old', async ({ service, authority }) => {
  const plain = connectPlain(service.port, '127.0.0.1')
  plain.on('error', () => undefined).write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n')
  await new Promise((done) => plain.on('close', done))
  const refused = (options: ConnectionOptions) => new Promise<boolean>((done) => {
    const socket = tls(service, authority, options)
    socket.on('secureConnect', () => done(false)).on('error', () => done(true))
  })
  assert.ok(await refused({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }))
  assert.ok(await refused({ maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' }))
  assert.not.ok(await refused({ maxVersion: 'TLSv1.2' }))
})

here('hostile :: odd time limits', async ({ service }) => {
  for (const limit of ['abc', '0s', '-1s', '1e9s', '99999999999s', '1s&timeout=2s']) assert.is((await service.ask('POST', `/validate?timeout=${limit}`, review())).status, 200, limit)
})

here('hostile :: without a cluster it is alive, not ready, and judges objects by themselves', async ({ service }) => {
  assert.is((await service.ask('GET', '/healthz')).status, 200)
  const readiness = await service.ask('GET', '/readyz')
  assert.is(readiness.status, 503)
  assert.match(readiness.text, /ImageDigestMirrorSet/)
  assert.is(await service.metric('mirrorproof_state_complete'), 0)
  const denied = await service.review(reviewOf(wrong()))
  assert.not.ok(denied.allowed)
  assert.match(denied.status!.message, /conflicting-source-policy/)
  assert.match(denied.warnings!.join('\n'), /alone/)
})

here('hostile :: --client-ca keeps reviews to those with a certificate of it, probes and metrics open', async ({ authority, kubeconfig }) => {
  const service = await Service.start({ kubeconfig, pair: authority.issue(['127.0.0.1']), ca: authority.ca, flags: ['--client-ca', authority.ca] })
  const stranger = new Authority(join(dirname(authority.ca), 'stranger'))
  const shown = ({ cert, key }: { cert: string; key: string }) => ({ cert: readFileSync(cert), key: readFileSync(key), agent: false as const })
  try {
    for (const path of ['/healthz', '/metrics']) assert.is((await service.ask('GET', path)).status, 200, path)
    assert.is((await service.ask('POST', '/validate', review(), { agent: false })).status, 401)
    assert.is((await service.ask('POST', '/validate', review(), shown(stranger.issue(['kube-apiserver'])))).status, 401)
    assert.is((await service.ask('POST', '/validate', review(), shown(authority.issue(['kube-apiserver'], { until: -60 })))).status, 401)
    assert.is((await service.ask('POST', '/validate', review(), shown(authority.issue(['kube-apiserver'])))).status, 200)
  } finally {
    await service.stop()
  }
})

here('hostile :: it does not start with what it cannot use, and says so in one line', async ({ authority, kubeconfig, service }) => {
  const { cert, key } = authority.issue(['127.0.0.1'])
  const other = authority.issue(['127.0.0.1']).key
  const usual = ['--tls-cert', cert, '--tls-key', key, '--kubeconfig', kubeconfig, '--listen', '127.0.0.1:0']
  const instead = (flag: string, value: string) => usual.map((one, index) => (usual[index - 1] === flag ? value : one))
  for (const [args, code, said] of [
    [usual.slice(2), 2, /--tls-cert/], [instead('--tls-cert', '/nowhere'), 2, /\/nowhere \(ENOENT\)/], [instead('--tls-key', other), 2, /no certificate and its key/], [instead('--tls-cert', kubeconfig), 2, /no certificate/],
    [instead('--kubeconfig', '/nowhere'), 2, /kubeconfig \/nowhere/], [instead('--listen', '127.0.0.1:x'), 2, /--listen/], [instead('--listen', `127.0.0.1:${service.port}`), 3, /EADDRINUSE/],
    [[...usual, '--mode', 'deny'], 2, /--mode/], [[...usual, '--drain', 'soon'], 2, /--drain/], [[...usual, '--client-ca', '/nowhere'], 2, /\/nowhere/], [[...usual, '--config', '/nowhere'], 2, /\/nowhere/], [[...usual, 'here'], 2, /PATH/],
  ] as const) {
    const result = mirrorproof(['serve', ...args])
    assert.is(result.code, code, `${args.join(' ')}\n${result.stderr}`)
    assert.match(result.stderr, said)
    assert.is(result.stderr.trimEnd().split('\n').length, 1, result.stderr)
    assert.not.match(result.stderr, /PRIVATE/)
  }
})

here('hostile :: connections that do not get on are ended', async ({ slow }) => {
  for (const [what, end] of Object.entries(slow)) {
    const { seconds, heard } = await end
    assert.ok(seconds < 60, `${what}: ${seconds} s`) // the limits are 10 and 15 s, on a machine that has nothing else to do
    assert.match(heard, what === 'no handshake' ? /^$/ : /^HTTP\/1\.1 408 |^$/, what)
  }
})

here('hostile :: it lives on, logged no defect and no secret, and wrote nothing but JSON', async ({ service }) => {
  assert.not.ok((await service.review(reviewOf(wrong()))).allowed)
  assert.not.ok(service.process.ended())
  assert.equal(service.lines.filter((line) => 'raw' in line), [])
  assert.equal(service.lines.filter(({ msg }) => /defect/.test(String(msg))), [])
  assert.not.match(service.process.log(), 'c2VjcmV0LXZhbHVl')
  await service.stop()
})

test.run()
