import type { ServerResponse } from 'node:http'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ApiError } from '../../src/live/apierror.ts'
import { Connection, type WatchEvent } from '../../src/live/connection.ts'
import { folder } from '../command.ts'
import { type Answers, MISSING, server, status, TOKEN } from './server.ts'

const SETS = '/apis/config.openshift.io/v1/imagedigestmirrorsets'
const item = (name: string) => ({ metadata: { name } })
const list = (names: string[], more: object = {}) => ({ kind: 'ImageDigestMirrorSetList', apiVersion: 'config.openshift.io/v1', metadata: { resourceVersion: '7', ...more }, items: names.map(item) })
const event = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`
const set = (name: string) => ({ apiVersion: 'config.openshift.io/v1', kind: 'ImageDigestMirrorSet', ...item(name) })

async function asking<T>(answers: Answers, ask: (connection: Connection, asked: string[]) => Promise<T>, context?: string): Promise<T> {
  const { kubeconfig, asked, stop } = await server(answers)
  try {
    return await ask(new Connection({ kubeconfig, context }), asked)
  } finally {
    stop()
  }
}

/** The status and the words of the error that asking ends with. */
async function failure(answers: Answers, ask: (connection: Connection) => Promise<unknown>, context?: string): Promise<string> {
  try {
    await asking(answers, ask, context)
  } catch (error) {
    if (error instanceof ApiError) return `${error.status} ${error.message.replace(/127\.0\.0\.1:\d+/, 'HOST')}`
    throw error
  }
  return 'no error'
}

/** Half of what it said there would be. */
function cut(response: ServerResponse): void {
  response.writeHead(200, { 'content-length': '100' }).write('{')
  setTimeout(() => response.destroy(), 20)
}

const watched = (answers: Answers): Promise<{ heard: string[]; ended: string }> => asking(answers, async (connection) => {
  const heard: string[] = []
  const ended = await connection.watch(SETS, '7', ({ type, object }: WatchEvent) => heard.push(`${type} ${object.metadata.name ?? ''}`), new AbortController().signal)
    .then(() => 'by the API server', (error: unknown) => `${(error as ApiError).status} ${(error as ApiError).message}`)
  return { heard, ended }
})

if (MISSING) console.log(`skipped: ${MISSING}, so that nothing can be asked over TLS`)
else {
  test('a list goes on from page to page, and its items say what they are', async () => {
    const pages: Answers = { [SETS]: ({ query }) => (query.get('continue') === 'more' ? list(['c']) : list(['a', 'b'], { continue: 'more' })) }
    const { items, resourceVersion, asked } = await asking(pages, async (connection, urls) => ({ ...(await connection.list(SETS, { labelSelector: 'a=b' })), asked: urls }))
    assert.equal(items, [set('a'), set('b'), set('c')])
    assert.is(resourceVersion, '7')
    assert.equal(asked, [`${SETS}?labelSelector=a%3Db&limit=500`, `${SETS}?labelSelector=a%3Db&limit=500&continue=more`])
  })

  test('of large objects few are asked for at a time, and what is not wanted is not kept', async () => {
    const pages: Answers = { [SETS]: ({ query }) => (query.get('continue') === 'more' ? list(['c']) : list(['a', 'b'], { continue: 'more' })) }
    const { items, asked } = await asking(pages, async (connection, urls) => ({ ...(await connection.list(SETS, {}, 'objects', { page: 2, keep: ({ metadata }) => metadata.name !== 'a' })), asked: urls }))
    assert.equal([items, asked], [[set('b'), set('c')], [`${SETS}?limit=2`, `${SETS}?limit=2&continue=more`]])
  })

  test('a list whose rest is forgotten is asked for once more, as a whole', async () => {
    const pages: Answers = { [SETS]: ({ query, response }) => (query.has('continue') ? status(response, 410, 'too old') : query.has('limit') ? list(['a'], { continue: 'more' }) : list(['b', 'c'])) }
    const { items } = await asking(pages, (connection) => connection.list(SETS))
    assert.equal(items, [set('b'), set('c')])
  })

  test('of names, nothing but the metadata is asked for, and none is a list that is null', async () => {
    const names: Answers = { [SETS]: ({ headers }) => (/as=PartialObjectMetadataList/.test(headers.accept!) ? { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata: {}, items: null } : list(['a'])) }
    assert.equal((await asking(names, (connection) => connection.list(SETS, {}, 'names'))).items, [])
    assert.is((await asking(names, (connection) => connection.list(SETS))).items.length, 1)
  })

  test('an error is told by status and in the words of the API server', async () => {
    const get = (connection: Connection) => connection.get(SETS)
    const answers = (code: number, message: string): Answers => ({ [SETS]: ({ response }) => status(response, code, message) })
    assert.is(await failure(answers(403, 'imagedigestmirrorsets is forbidden:\n User "a" cannot list'), get), '403 imagedigestmirrorsets is forbidden: User "a" cannot list')
    assert.is(await failure({}, get), '404 the server could not find the requested resource')
    assert.is(await failure(answers(500, 'x'.repeat(5000)), get), `500 ${'x'.repeat(300)}`)
    assert.is(await failure({}, get, 'stranger'), '401 Unauthorized')
    assert.match(await failure({}, get, 'distrusting'), /^0 HOST cannot be reached \((?:SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)\)$/)
    assert.is(await failure({ [SETS]: ({ response }) => void response.writeHead(503).end('<html>') }, get), '503 HTTP status 503')
    assert.is(await failure({ [SETS]: () => '{"items": [' }, get), '0 the answer is no JSON')
    assert.is(await failure({ [SETS]: () => ({ kind: 'Status' }) }, (connection) => connection.list(SETS)), `0 the answer to ${SETS} is no list`)
    assert.is(await failure({ [SETS]: ({ response }) => cut(response) }, get), '0 the answer was cut (ECONNRESET)')
  })

  test('a watch hears event after event, wherever the network cuts them', async () => {
    const text = event('ADDED', set('a')) + event('MODIFIED', set('b')) + event('BOOKMARK', { metadata: { resourceVersion: '9' } })
    const answers: Answers = { [SETS]: ({ query, response }) => {
      assert.is(query.get('resourceVersion'), '7')
      response.writeHead(200)
      const parts = text.match(/[^]{1,50}/g)!
      const send = () => void (parts.length > 0 ? response.write(parts.shift()) && setTimeout(send, 2) : response.end())
      send()
    } }
    assert.equal(await watched(answers), { heard: ['ADDED a', 'MODIFIED b', 'BOOKMARK '], ended: 'by the API server' })
  })

  test('a watch ends with an error where it is cut, too old, or no watch', async () => {
    const saying = (text: string, end: 'end' | 'destroy' = 'end'): Answers => ({ [SETS]: ({ response }) => {
      response.writeHead(200)
      response.write(text)
      setTimeout(() => (end === 'end' ? response.end() : response.destroy()), 20)
    } })
    assert.equal(await watched(saying(event('ADDED', set('a')) + event('ERROR', { kind: 'Status', code: 410, message: 'too old resource version' }))), { heard: ['ADDED a'], ended: '410 too old resource version' })
    assert.equal(await watched(saying('<html>\n')), { heard: [], ended: '0 an event of the watch is no JSON' })
    assert.equal(await watched(saying('{"type": "ADDED"}\n')), { heard: [], ended: '0 an event of the watch holds no object' })
    const { heard, ended } = await watched(saying(event('ADDED', set('a')), 'destroy'))
    assert.equal([heard, ended.slice(0, 2)], [['ADDED a'], '0 '])
    assert.equal(await watched({ [SETS]: ({ response }) => status(response, 410, 'too old') }), { heard: [], ended: '410 too old' })
  })

  test('what is sent is JSON with the credentials of the kubeconfig', async () => {
    const seen: unknown[] = []
    await asking({ '/api/v1/events': ({ headers }) => seen.push(headers.authorization, headers['content-type']) && {} }, (connection) => connection.send('POST', '/api/v1/events', { a: 1 }))
    assert.equal(seen, [`Bearer ${TOKEN}`, 'application/json'])
  })
}

test('a kubeconfig that is none, or has no such context, is told in one line', () => {
  const file = (text: string) => `${folder({ config: text })}/config`
  const told = (options: { kubeconfig?: string; context?: string }) => {
    try {
      return new Connection(options).name
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`
    }
  }
  const config = (cluster: object) => file(JSON.stringify({ apiVersion: 'v1', kind: 'Config', 'current-context': 'a', contexts: [{ name: 'a', context: { cluster: 'c', user: 'u' } }], clusters: [{ name: 'c', cluster }], users: [{ name: 'u', user: {} }] }))
  assert.match(told({ kubeconfig: '/nowhere' }), /^UserError: the kubeconfig \/nowhere cannot be read \(ENOENT\)$/)
  assert.match(told({ kubeconfig: file('a: [') }), /^UserError: the kubeconfig \S+ cannot be read \(it is none\)$/)
  assert.is(told({ kubeconfig: config({ server: 'https://a:6443' }) }), 'a')
  assert.is(told({ kubeconfig: config({ server: 'https://a:6443' }), context: 'b' }), 'UserError: the kubeconfig has no context b with a server')
  assert.match(told({ kubeconfig: config({ server: 'ftp://a' }) }), /^UserError: the kubeconfig has no current context with a server/)
})

test.run()
