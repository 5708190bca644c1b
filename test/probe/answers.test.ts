import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Class } from '../../src/log/class.ts'
import { Probe } from '../../src/probe/probe.ts'
import { folder } from '../command.ts'
import { Authority } from '../e2e/cluster/authority.ts'
import { type Answers, ask, type Asking, authority, digestOf, greeting, holding, image, index, MISSING, playing, proxy, QUICK, typeOf } from './registry.ts'

const APP = image()
const BASIC = Buffer.from('robot:s3cr3t').toString('base64')
const LOGIN = (host: string) => ({ [host]: { auth: BASIC } })
const OTHER = image('another').content['manifests/v1']!

/** Answers some paths (`METHOD path`, or a path) so, and the rest as a registry that holds the image. */
const but = (answers: Record<string, Answers>, content = APP.content): Answers => greeting((request, response) =>
  (answers[`${request.method} ${request.url}`] ?? answers[request.url!] ?? answers[request.method!] ?? holding(content))(request, response))
const status = (code: number, headers: Record<string, string> = {}): Answers => (_, response) => void response.writeHead(code, headers).end()
const TYPE = typeOf(OTHER)
/** As a registry that gives the manifest another type. */
const typed = (type: string | undefined) => but({ [`/v2/org/app/manifests/${APP.digest}`]: as(type), '/v2/org/app/manifests/v1': as(type) })
const as = (type: string | undefined): Answers => (request, response) =>
  void response.writeHead(200, { 'docker-content-digest': APP.digest, ...(type === undefined ? {} : { 'content-type': type }) }).end(request.method === 'HEAD' ? undefined : APP.content['manifests/v1'])
/** The first few times so, then as a registry that holds the image. */
const atFirst = (times: number, answer: Answers): Answers => {
  let left = times
  return greeting((request, response) => (left-- > 0 ? answer : holding(APP.content))(request, response))
}
const guarded = (challenge: string, header: string): Answers => (request, response) =>
  (request.headers.authorization === header ? holding(APP.content) : status(401, { 'www-authenticate': challenge }))(request, response)
const large = Buffer.alloc(1024 * 1024, ' ')
const without = (content: Record<string, string>, ...keys: string[]) => Object.fromEntries(Object.entries(content).filter(([key]) => !keys.includes(key)))
const MULTI = index('linux/amd64', 'linux/s390x')
const [, S390X] = MULTI.members as [ReturnType<typeof image>, ReturnType<typeof image>]

const indexOf = (...members: { digest: string; platform: object }[]) => {
  const body = JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: members })
  return { digest: digestOf(body), content: { [`manifests/${digestOf(body)}`]: body } }
}
const EMPTY = indexOf({ digest: APP.digest, platform: { os: 'unknown', architecture: 'unknown' } })
const NESTED_IN = indexOf({ digest: MULTI.digest, platform: { os: 'linux', architecture: 'amd64' } })
const NESTED = { ...NESTED_IN, content: { ...MULTI.content, ...NESTED_IN.content } }
const LOUD = indexOf({ digest: APP.digest, platform: { os: '\u001b[2Jlinux', architecture: 'a'.repeat(100) } })

/** What a registry does, and what is said of it: a class or, where it serves, none. HOST stands for the registry. `tag` asks by v1, `deep` for all of it. */
const TABLE: [why: string, answers: Answers, by: 'tag' | 'digest', kind: Class | null, message: RegExp, more?: Asking & { digest?: string }][] = [
  ['it has it', holding(APP.content), 'digest', null, /^found$/],
  ['it has it by tag', holding(APP.content), 'tag', null, new RegExp(`^found: ${APP.digest}$`)],
  ['it does not', holding({}), 'digest', 'manifest-missing', /^not found$/],
  ['HEAD is not supported', but({ HEAD: status(405) }), 'digest', null, /^found$/],
  ['it tells no digest', but({ HEAD: (_, response) => void response.writeHead(200).end() }), 'tag', null, /^found: sha256:/],
  ['it has it, and says of HEAD that it does not', but({ HEAD: status(404) }), 'digest', null, /^found$/],
  ['403', greeting(status(403)), 'digest', 'forbidden', /^403: HOST does not hand it out$/],
  ['500', greeting(status(500)), 'digest', 'server-error', /answers 500/],
  ['502 for ever', greeting(status(502)), 'digest', 'server-error', /answers 502/],
  ['at /v2/, 403, as a gateway says it', (request, response) => (request.url === '/v2/' ? status(403) : holding(APP.content))(request, response), 'digest', 'forbidden', /^403: HOST does not hand it out$/],
  ['at /v2/, 404: nodes go no further', (request, response) => (request.url === '/v2/' ? status(404) : holding(APP.content))(request, response), 'digest', 'unknown', /^404: there is no registry at HOST/],
  ['at /v2/, 503', (request, response) => (request.url === '/v2/' ? status(503) : holding(APP.content))(request, response), 'digest', 'server-error', /answers 503/],
  ['at /v2/ nothing, for ever', (request, response) => (request.url === '/v2/' ? undefined : holding(APP.content)(request, response)), 'digest', 'timeout', /does not answer within/],
  ['502 twice', atFirst(2, status(502)), 'digest', null, /^found$/],
  ['429, and after the pause that it wants it answers', atFirst(1, status(429, { 'retry-after': '1' })), 'digest', null, /^found$/],
  ['429, and it wants more than there is', greeting(status(429, { 'retry-after': '9'.repeat(400) })), 'digest', 'rate-limit', /429/],
  ['429, and it wants nonsense', greeting(status(429, { 'retry-after': '-1, soon' })), 'digest', 'rate-limit', /429/],
  ['429, and it wants the day after tomorrow', greeting(status(429, { 'retry-after': new Date(Date.now() + 172_800_000).toUTCString() })), 'digest', 'rate-limit', /429/],
  ['429, and it wants an hour', status(429, { 'retry-after': '3600' }), 'digest', 'rate-limit', /429: too many requests/],
  ['429, and it wants a day that is long gone', status(429, { 'retry-after': 'Mon, 01 Jan 2001 00:00:00 GMT' }), 'digest', 'rate-limit', /429/],
  ['it breaks off, once', atFirst(1, (request) => void request.socket.destroy()), 'digest', null, /^found$/],
  ['it breaks off, always', (request) => void request.socket.destroy(), 'digest', 'unknown', /breaks the connection off, 4 times/],
  ['it never answers', greeting(() => {}), 'digest', 'timeout', /does not answer within/],
  ['it stops in the middle', but({ HEAD: status(405), GET: (_, response) => void response.writeHead(200).write('{') }), 'digest', 'timeout', /does not answer within/],
  ['it says 418', status(418), 'digest', 'unknown', /answers 418/],

  ['another manifest, and its own digest', (_, response) => void response.writeHead(200, { 'docker-content-digest': digestOf(OTHER) }).end(OTHER), 'digest', 'unknown', /hands out another manifest, sha256:.* which nodes refuse/],
  ['another manifest under the right digest, shallow', (_, response) => void response.writeHead(200, { 'docker-content-digest': APP.digest, 'content-type': typeOf(OTHER) }).end(OTHER), 'digest', null, /^found$/],
  ['another manifest under the right digest, deep', (_, response) => void response.writeHead(200, { 'docker-content-digest': APP.digest }).end(OTHER), 'digest', 'unknown', /hands out another manifest/, { deep: true }],
  ['the right manifest under a wrong digest', but({ HEAD: (_, response) => void response.writeHead(200, { 'docker-content-digest': digestOf('x') }).end() }), 'digest', null, /^found$/],
  ['a page for people', (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in!'), 'tag', 'unknown', /no manifest/],
  ['a page for people in place of everything', (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in!'), 'digest', 'unknown', /another manifest/],
  ['nothing at all', (_, response) => void response.writeHead(200, { 'content-type': TYPE }).end(), 'tag', 'unknown', /no manifest/],
  ['a manifest without a type', typed(undefined), 'digest', 'unknown', /hands it out with a Content-Type that is not of a manifest/],
  ['a manifest as a file', typed('application/octet-stream'), 'tag', 'unknown', /Content-Type that is not of a manifest/],
  ['a manifest as JSON, deep', typed('application/json'), 'digest', 'unknown', /Content-Type that is not of a manifest/, { deep: true }],
  ['a manifest with its type and more', typed(`${TYPE}; charset=utf-8`), 'digest', null, /^found$/],
  ['a type for HEAD that is not that for GET', but({ HEAD: (_, response) => void response.writeHead(200, { 'content-type': 'text/plain', 'docker-content-digest': APP.digest }).end() }), 'digest', null, /^found$/],
  ['a manifest of 100 MB, as it says', (_, response) => void response.writeHead(200, { 'content-length': 100_000_000, 'docker-content-digest': APP.digest }).end(), 'digest', 'unknown', /more than 4 MiB/],
  ['a manifest of 100 MB, as it goes', (request, response) => {
    response.writeHead(200)
    if (request.method === 'HEAD') return void response.end()
    const more = () => { while (!response.destroyed && response.write(large)); }
    response.on('drain', more)
    more()
  }, 'digest', 'unknown', /more than 4 MiB/],
  ['a compressed manifest', (request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(request.method === 'HEAD' ? undefined : 'x'), 'digest', 'unknown', /compressed/],

  ['a loop of redirects', (request, response) => void response.writeHead(302, { location: request.url! }).end(), 'digest', 'unknown', /redirects more than 5 times/],
  ['a redirect to itself elsewhere', but({ [`/v2/org/app/manifests/${APP.digest}`]: status(307, { location: '/v2/org/app/manifests/v1' }) }), 'digest', null, /^found$/],
  ['a redirect to the metadata of the cloud', status(302, { location: 'https://169.254.169.254/latest/meta-data/' }), 'digest', 'unknown', /sends to 169\.254\.169\.254, an address that none may send to/],
  ['a redirect to the metadata, by a number', status(302, { location: 'https://2852039166/' }), 'digest', 'unknown', /sends to 169\.254\.169\.254/],
  ['a redirect to the metadata, by IPv6', status(302, { location: 'https://[fd00:ec2::254]/' }), 'digest', 'unknown', /none may send to/],
  ['a redirect to the metadata, as IPv4 in IPv6', status(302, { location: 'https://[::ffff:169.254.169.254]/' }), 'digest', 'unknown', /none may send to/],
  ['a redirect to the metadata, by name', status(302, { location: 'https://metadata.google.internal/' }), 'digest', 'unknown', /none may send to/],
  ['a redirect to plain HTTP', status(302, { location: 'http://mirror.test/v2/' }), 'digest', 'unknown', /from https to plain http \(mirror\.test\)/],
  ['a redirect to a file', status(302, { location: 'file:///etc/passwd' }), 'digest', 'unknown', /another kind than https/],
  ['a redirect with no sense', status(302, { location: 'https://[' }), 'digest', 'unknown', /no URL/],

  ['it wants a login, and there is none', guarded('Basic realm="x"', 'never'), 'digest', 'unauthorized', /^401: no credentials for HOST in .*auth\.json$/],
  ['it wants a login', guarded('Basic realm="x"', `Basic ${BASIC}`), 'digest', null, /^found$/, { auths: 'HOST' }],
  ['it does not take the login', guarded('Basic realm="x"', 'never'), 'digest', 'unauthorized', /^401: HOST does not take the credentials for HOST in .*auth\.json$/, { auths: 'HOST' }],
  ['it wants a login of Kerberos', guarded('Negotiate', 'never'), 'digest', 'unauthorized', /at \/v2\/ it asks for none that nodes know/, { auths: 'HOST' }],
  ['it wants a login, and at /v2/, where nodes ask, it does not say so', greeting(guarded('Basic realm="x"', `Basic ${BASIC}`)), 'digest', 'unauthorized', /^401: HOST wants a login, but at \/v2\/ it asks for none/, { auths: 'HOST' }],
  ['it would hand it to anybody, but not with the login that is wrong', (request, response) => (request.url === '/v2/' || request.headers.authorization !== undefined ? status(401, { 'www-authenticate': 'Basic realm="x"' }) : holding(APP.content))(request, response), 'digest', 'unauthorized', /^401: HOST does not take the credentials/, { auths: 'HOST' }],
  ['of several logins nodes take the first that they know', guarded('Basic realm="x", Bearer realm="https://nowhere.invalid/"', `Basic ${BASIC}`), 'digest', null, /^found$/, { auths: 'HOST' }],
  ['a helper keeps the login', guarded('Basic realm="x"', 'never'), 'digest', 'unauthorized', /leaves HOST to the credential helper docker-credential-ecr-login, which mirrorproof does not run/, { auths: 'HELPER' }],

  ['deep: all of it is there', holding(APP.content), 'digest', null, /^found whole, 2 blobs$/, { deep: true }],
  ['deep: a layer is not', holding(without(APP.content, `blobs/${APP.layer}`)), 'digest', 'blob-missing', new RegExp(`^lacks layer 1 of 1 \\(${APP.layer}\\)$`), { deep: true }],
  ['deep: half of a layer is', but({ [`/v2/org/app/blobs/${APP.layer}`]: status(200, { 'content-length': '4' }) }), 'digest', 'unknown', new RegExp(`^does not hand out layer 1 of 1 \\(${APP.layer}\\): it is of 4 bytes there, and of 12 by the manifest$`), { deep: true }],
  ['deep: the config is not', holding(without(APP.content, `blobs/${APP.config}`)), 'digest', 'blob-missing', /^lacks the config/, { deep: true }],
  ['deep: neither is', holding(without(APP.content, `blobs/${APP.config}`, `blobs/${APP.layer}`)), 'digest', 'blob-missing', /^lacks the config and 1 more/, { deep: true }],
  ['deep: the storage behind a layer fails', but({ [`/v2/org/app/blobs/${APP.layer}`]: status(503) }), 'digest', 'server-error', /^does not hand out layer 1 of 1 \(sha256:.*\): the registry answers 503$/, { deep: true }],
  ['deep: the way to a layer is signed for GET alone', but({ [`/v2/org/app/blobs/${APP.layer}`]: status(307, { location: '/storage?signature=abc' }), 'HEAD /storage?signature=abc': status(403), 'GET /storage?signature=abc': status(206) }), 'digest', null, /^found whole/, { deep: true }],
  ['deep: an index', holding(MULTI.content), 'digest', null, /^found whole, 2 platforms, 4 blobs$/, { deep: true, digest: MULTI.digest }],
  ['deep: an index without a platform', holding(without(MULTI.content, `manifests/${S390X.digest}`)), 'digest', null, /^found, without linux\/s390x, 1 platform, 2 blobs$/, { deep: true, digest: MULTI.digest }],
  ['deep: an index without any', holding({ [`manifests/${MULTI.digest}`]: MULTI.content['manifests/v1']! }), 'digest', 'manifest-missing', /^lacks the manifests of all its platforms: linux\/amd64, linux\/s390x$/, { deep: true, digest: MULTI.digest }],
  ['deep: an index of nothing', holding(EMPTY.content), 'digest', 'unknown', /^names nothing in it that could be pulled$/, { deep: true, digest: EMPTY.digest }],
  ['deep: an index within an index, which nodes do not look into', holding(NESTED.content), 'digest', 'unknown', /^holds no manifest for linux\/amd64/, { deep: true, digest: NESTED.digest }],
  ['deep: platforms that want to be read', holding(LOUD.content), 'digest', 'manifest-missing', /^lacks the manifests of all its platforms: no platform$/, { deep: true, digest: LOUD.digest }],
  ['deep: a platform without a layer', holding(without(MULTI.content, `blobs/${S390X.layer}`)), 'digest', 'blob-missing', /^lacks layer 1 of 1 of linux\/s390x/, { deep: true, digest: MULTI.digest }],
]

if (MISSING) console.log(`skipped: no registry is asked: ${MISSING}`)
else {
  for (const [why, answers, by, kind, message, { digest = APP.digest, ...more } = {}] of TABLE) {
    test(`answers :: ${why}`, async () => {
      const { host, stop } = await playing(answers)
      const auths = more.auths === 'HOST' ? LOGIN(host) : more.auths === 'HELPER' ? { auths: {}, credHelpers: { [host]: 'ecr-login' } } : {}
      const answer = await ask(`${host}/org/app${by === 'tag' ? ':v1' : `@${digest}`}`, { ...more, auths })
      stop()
      assert.equal([answer.outcome, answer.class], [kind === null ? 'ok' : 'failed', kind], answer.message)
      assert.match(answer.message.replaceAll(host, 'HOST'), message)
      assert.not.match(JSON.stringify(answer), /s3cr3t|signature=abc/)
      assert.not.ok(JSON.stringify(answer).includes(BASIC))
    })
  }

  test('answers :: what nodes take for the manifest is final, and what they do not take is not', async () => {
    const page: Answers = (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in!')
    const cases: [Answers, string, boolean][] = [[page, ':v1', true], [page, `@${APP.digest}`, true], [typed('text/plain'), ':v1', true], [(_, response) => void response.writeHead(200, { 'content-length': 5_000_000 }).end(), ':v1', false], [status(404), ':v1', false]]
    for (const [answers, by, final] of cases) {
      const { host, stop } = await playing(answers)
      const answer = await ask(`${host}/org/app${by}`)
      stop()
      assert.equal([answer.outcome, answer.final], ['failed', final], answer.message)
    }
  })

  test('answers :: insecure, by plain HTTP, and what fails there', async () => {
    const { host, stop } = await playing((request, response) => (request.method === 'HEAD' ? response.writeHead(405).end() : response.writeHead(200, { 'content-length': 5_000_000 }).write('{')), { plain: true })
    const answer = await ask(`${host}/org/app:v1`, { insecure: true })
    stop()
    assert.equal([answer.class, answer.message], ['unknown', `${host} sends more than 4 MiB where nodes take no more`])
  })

  test('answers :: which platforms a part is of', async () => {
    for (const [lacking, kind, lacks] of [[`blobs/${S390X.layer}`, 'blob-missing', ['linux/s390x']], [`manifests/${S390X.digest}`, null, ['linux/s390x']], ['none', null, []]] as const) {
      const { host, stop } = await playing(holding(without(MULTI.content, lacking)))
      const answer = await ask(`${host}/org/app@${MULTI.digest}`, { deep: true })
      stop()
      assert.equal([answer.class, answer.lacks], [kind, lacks])
    }
  })

  test('answers :: whom is trusted', async () => {
    const { host, stop } = await playing(holding(APP.content))
    const of = async (more: Asking, name = host) => (await ask(`${name}/org/app@${APP.digest}`, more)).class
    const own = readFileSync(authority().ca, 'utf8')
    assert.is(await of({ ca: '' }), 'unknown-ca')
    assert.is(await of({ ca: '', own }), null, 'the authority of the manifests')
    assert.is(await of({ ca: '', own: `nonsense\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n${own}` }), null, 'nodes pass over what is none')
    assert.is(await of({ ca: '', insecure: true }), null, 'insecure')
    assert.is(await of({ ca: '', env: { SSL_CERT_FILE: authority().ca } }), null, 'the authority of the system')
    assert.is(await of({ ca: '', env: { NODE_EXTRA_CA_CERTS: authority().ca } }), null)
    stop()
  })

  test('answers :: certificates that are wrong', async () => {
    const other = new Authority(join(folder({}), 'authority'))
    const of = async (cert: { cert: string; key: string }) => {
      const { host, stop } = await playing(holding(APP.content), { cert })
      const answer = await ask(`${host}/org/app@${APP.digest}`)
      stop()
      return answer.class
    }
    assert.is(await of(authority().issue(['mirror.test'])), 'wrong-name')
    assert.is(await of(authority().issue(['127.0.0.1'], { from: -7200, until: -3600 })), 'expired')
    assert.is(await of(authority().issue(['127.0.0.1'], { from: 3600 })), 'expired')
    assert.is(await of(other.issue(['127.0.0.1'])), 'unknown-ca')
  })

  test('answers :: a registry without TLS is asked where it is insecure, and only there', async () => {
    const { host, stop } = await playing(holding(APP.content), { plain: true })
    assert.is((await ask(`${host}/org/app@${APP.digest}`)).class, 'plain-http')
    assert.is((await ask(`${host}/org/app@${APP.digest}`, { insecure: true })).outcome, 'ok')
    stop()
  })

  test('answers :: nobody there', async () => {
    const { host, stop } = await playing(holding({}))
    stop()
    assert.is((await ask(`${host}/org/app:v1`)).class, 'refused')
    assert.is((await ask(`${host}/org/app:v1`, { insecure: true })).class, 'refused')
    assert.is((await ask('mirror.invalid/org/app:v1')).class, 'dns')
  })

  /** A registry with a token server beside it; `grants` says what it answers to whom. */
  const tokens = async (grants: (authorization: string | undefined, body: string) => [status: number, body: object], token = 'a-token') => {
    const asked: string[] = []
    const server = await playing((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8')
        asked.push(`${request.url} ${body}`)
        const [code, answer] = grants(request.headers.authorization, body)
        response.writeHead(code).end(JSON.stringify(answer))
      })
    })
    const registry = await playing(guarded(`Bearer realm="https://${server.host}/token",service="the, registry",scope="repository:org/app:pull,push"`, `Bearer ${token}`))
    return { ...registry, asked, tokens: server.asked, stop: () => { server.stop(); registry.stop() } }
  }

  test('answers :: a token for the login, for pulls alone', async () => {
    const { host, asked, stop } = await tokens((authorization) => (authorization === `Basic ${BASIC}` ? [200, { token: 'a-token' }] : [401, {}]))
    assert.is((await ask(`${host}/org/app@${APP.digest}`, { auths: LOGIN(host) })).outcome, 'ok')
    assert.equal(asked, ['/token?account=robot&service=the%2C+registry&scope=repository%3Aorg%2Fapp%3Apull '])
    const none = await ask(`${host}/org/app@${APP.digest}`)
    assert.equal([none.class, none.message.replace(/ in \S+/, ' in FILE').replaceAll(/127\S+?(?=[ ,])/g, 'HOST')], ['unauthorized', '401: no credentials for HOST in FILE and the token server HOST gives no token without (401)'])
    stop()
  })

  test('answers :: a token for nobody, and what it is good for', async () => {
    const { host, stop } = await tokens(() => [200, { access_token: 'a-token' }])
    assert.is((await ask(`${host}/org/app@${APP.digest}`)).outcome, 'ok')
    stop()
    const useless = await tokens(() => [200, { token: 'another' }])
    const [anonymous, robot] = [await ask(`${useless.host}/org/app@${APP.digest}`), await ask(`${useless.host}/org/app@${APP.digest}`, { auths: LOGIN(useless.host) })]
    assert.match(anonymous.message, /^401: no credentials for /)
    assert.match(robot.message, /takes the credentials for .*, and they give no right to this repository, or there is none$/)
    assert.equal([anonymous.absent, robot.absent], [false, true])
    useless.stop()
  })

  test('answers :: an identity token is changed for a token', async () => {
    const { host, asked, stop } = await tokens((_, body) => (body.includes('refresh_token=id3nt1ty') ? [200, { access_token: 'a-token' }] : [401, {}]))
    assert.is((await ask(`${host}/org/app@${APP.digest}`, { auths: { [host]: { auth: Buffer.from('00000000-0000-0000-0000-000000000000:').toString('base64'), identitytoken: 'id3nt1ty' } } })).outcome, 'ok')
    assert.match(asked[0]!, /^\/token grant_type=refresh_token/)
    stop()
  })

  test('answers :: a token server that fails', async () => {
    for (const [grant, kind, message] of [
      [[500, {}], 'server-error', /token server .* answers 500/], [[200, {}], 'unknown', /without a token/], [[403, {}], 'unauthorized', /does not take the credentials/], [[200, { token: 'a\nb' }], 'unknown', /without a token/],
    ] as [[number, object], Class, RegExp][]) {
      const { host, stop } = await tokens(() => grant)
      const answer = await ask(`${host}/org/app@${APP.digest}`, { auths: LOGIN(host) })
      assert.is(answer.class, kind)
      assert.match(answer.message, message)
      stop()
    }
  })

  test('answers :: a token server at an address that none may send to, or without TLS', async () => {
    for (const realm of ['https://169.254.169.254/token', 'http://mirror.test/token', '', 'file:///etc/passwd']) {
      const { host, asked, stop } = await playing(guarded(`Bearer realm="${realm}"`, 'never'))
      const answer = await ask(`${host}/org/app@${APP.digest}`, { auths: LOGIN(host) })
      assert.is(answer.outcome, 'failed', realm)
      assert.ok(asked.every(({ authorization }) => authorization === undefined), 'the login is not told to the registry that did not ask for it')
      stop()
    }
  })

  test('answers :: the login goes to the registry alone, not where it sends', async () => {
    const storage = await playing(holding(APP.content))
    const location = `https://${storage.host.replace('127.0.0.1', 'localhost')}/v2/org/app/manifests/${APP.digest}`
    const { host, stop } = await playing((request, response) => (request.headers.authorization === `Basic ${BASIC}` ? status(307, { location }) : status(401, { 'www-authenticate': 'Basic' }))(request, response))
    assert.is((await ask(`${host}/org/app@${APP.digest}`, { auths: LOGIN(host) })).outcome, 'ok')
    assert.equal(storage.asked.map(({ authorization }) => authorization), [undefined])
    stop()
    storage.stop()
  })

  test('answers :: storage that is dead says nothing of the registry before it', async () => {
    const gone = await playing(holding({}))
    gone.stop()
    const { host, stop } = await playing(but({ [`/v2/org/app/blobs/${APP.layer}`]: status(307, { location: `https://${gone.host}/layer` }) }))
    const answer = await ask(`${host}/org/app@${APP.digest}`, { deep: true })
    assert.equal([answer.class, answer.final], ['refused', true])
    assert.match(answer.message, /^does not hand out layer 1 of 1 \(.*\): 127\S+ refuses the connection/)
    stop()
  })

  test('answers :: a registry that cannot be reached is not asked for each image', async () => {
    const { host, asked, stop } = await playing(() => {})
    const probe = new Probe({ deep: false, env: {}, ca: authority().ca, stop: new AbortController().signal, limits: { ...QUICK, answer: 300 } })
    const answers = await Promise.all(Array.from({ length: 40 }, (_, at) => probe.ask({ reference: `${host}/org/app:${at}`, insecure: false, ca: '' })))
    await probe.close()
    assert.ok(answers.every((answer) => answer.class === 'timeout'))
    assert.ok(asked.length < QUICK.host + QUICK.silences, `${asked.length} were asked`)
    stop()
  })

  test('answers :: through a proxy', async () => {
    const { host, stop } = await playing(holding(APP.content))
    const through = await proxy(host, 'user:pa55word')
    const reference = `mirror.test:5000/org/app@${APP.digest}`
    assert.is((await ask(reference, { env: { HTTPS_PROXY: through.url } })).outcome, 'ok')
    assert.equal([...new Set(through.asked)], ['CONNECT mirror.test:5000'])
    assert.is((await ask(reference, { env: { HTTPS_PROXY: through.url, NO_PROXY: '.test' } })).class, 'dns')
    const refused = await ask(reference, { env: { https_proxy: through.url.replace('pa55word', 'wr0ng') } })
    assert.equal([refused.class, refused.message], ['unauthorized', 'the proxy wants credentials, or does not take those of its variable, for mirror.test:5000 (407)'])
    assert.is((await ask(reference, { ca: '', env: { HTTPS_PROXY: through.url } })).class, 'unknown-ca', 'the registry behind it is verified')
    through.stop()
    const gone = await ask(reference, { env: { HTTPS_PROXY: through.url } })
    assert.equal([gone.class, gone.message.replace(/127\S+/, 'PROXY')], ['refused', 'PROXY (the proxy for mirror.test:5000) refuses the connection: nothing listens there'])
    stop()
  })

  test('answers :: so many requests at a time, and an attempt once', async () => {
    let [now, most] = [0, 0]
    const members = index(...Array.from({ length: 40 }, (_, at) => `linux/a${at}`))
    const { host, asked, stop } = await playing((request, response) => {
      most = Math.max(most, ++now)
      setTimeout(() => {
        now--
        holding(members.content)(request, response)
      }, 5)
    })
    assert.is((await ask(`${host}/org/app@${members.digest}`, { deep: true })).message, 'found whole, 40 platforms, 80 blobs')
    assert.is(most, QUICK.host)
    assert.is(asked.length, 1 + 1 + 40 + 80)
    stop()
  })
}

test.run()
