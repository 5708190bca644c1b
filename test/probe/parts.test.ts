import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isDelicateHost } from '../../src/probe/address.ts'
import { challenges } from '../../src/probe/challenge.ts'
import { credentials } from '../../src/probe/credentials.ts'
import { target } from '../../src/probe/exchange.ts'
import { failureOf } from '../../src/probe/failure.ts'
import { partsOf } from '../../src/probe/manifest.ts'
import { proxies } from '../../src/probe/proxy.ts'
import { folder } from '../command.ts'
import { digestOf } from './registry.ts'

const login = (user: string) => ({ auth: Buffer.from(`${user}:p:w`).toString('base64') })

/** Keys of auth.json, a repository, and whose login is taken. */
const KEYS: [keys: string[], repository: string, key: string | undefined][] = [
  [['quay.io'], 'quay.io/org/app', 'quay.io'],
  [['quay.io', 'quay.io/org'], 'quay.io/org/app', 'quay.io/org'],
  [['quay.io', 'quay.io/org', 'quay.io/org/app'], 'quay.io/org/app', 'quay.io/org/app'],
  [['quay.io/or'], 'quay.io/org/app', undefined],
  [['quay.io/org/app'], 'quay.io/org', undefined],
  [['mirror.lab'], 'mirror.lab:8443/org/app', undefined],
  [['mirror.lab:8443'], 'mirror.lab:8443/org/app', 'mirror.lab:8443'],
  [['https://mirror.lab:8443'], 'mirror.lab:8443/org/app', 'https://mirror.lab:8443'],
  [['https://mirror.lab/v2/'], 'mirror.lab/org/app', 'https://mirror.lab/v2/'],
  [['https://index.docker.io/v1/'], 'docker.io/library/nginx', 'https://index.docker.io/v1/'],
  [['docker.io'], 'docker.io/library/nginx', 'docker.io'],
  [['registry-1.docker.io'], 'docker.io/library/nginx', 'registry-1.docker.io'],
]
test('credentials :: the longest key around a repository counts', () => {
  for (const [keys, repository, key] of KEYS) {
    const file = join(folder({ 'auth.json': JSON.stringify({ auths: Object.fromEntries(keys.map((one) => [one, login(one)])) }) }), 'auth.json')
    const [host, ...path] = repository.split('/') as [string, ...string[]]
    const found = credentials(file, {}).find(host, path.join('/'))
    // A user name that is a URL is cut at its first colon, as `user:password` is.
    assert.is('user' in found ? found.user : undefined, key?.split(':')[0], `${keys.join(' ')} for ${repository}`)
  }
})

test('credentials :: the usual files, one after the other; what is named is taken alone', () => {
  const home = folder({
    'run/containers/auth.json': JSON.stringify({ auths: { 'one.lab': login('run'), 'empty.lab': {} } }),
    'home/.config/containers/auth.json': JSON.stringify({ auths: { 'one.lab': login('config'), 'two.lab': login('config'), 'empty.lab': login('config') } }),
    'home/.docker/config.json': JSON.stringify({ auths: { 'three.lab': login('docker') }, credHelpers: { 'four.lab': 'ecr-login' }, credsStore: 'desktop' }),
    'named.json': JSON.stringify({ auths: { 'five.lab': login('named') } }),
  })
  const env = { HOME: join(home, 'home'), XDG_RUNTIME_DIR: join(home, 'run') }
  const who = (host: string, given?: string, more: NodeJS.ProcessEnv = {}) => {
    const found = credentials(given, { ...env, ...more }).find(host, 'org/app')
    return 'none' in found ? found.none.replaceAll(home, '') : found.user
  }
  assert.equal(['one.lab', 'two.lab', 'three.lab', 'empty.lab'].map((host) => who(host)), ['run', 'config', 'docker', 'config'])
  assert.is(who('four.lab'), '/home/.docker/config.json leaves four.lab to the credential helper docker-credential-ecr-login, which mirrorproof does not run')
  assert.is(who('six.lab'), '/home/.docker/config.json leaves all hosts to the credential store docker-credential-desktop, which mirrorproof does not run')
  const named = join(home, 'named.json')
  assert.equal([who('five.lab', named), who('one.lab', named), who('five.lab', undefined, { REGISTRY_AUTH_FILE: named })], ['named', 'no credentials for one.lab in /named.json', 'named'])
  assert.match(who('one.lab', undefined, { HOME: '/nowhere', XDG_RUNTIME_DIR: '/nowhere' }), /^no credentials for one\.lab in any of \/nowhere\/containers\/auth\.json, /)
})

test('proxy :: as Go reads the variables', () => {
  const env = { HTTPS_PROXY: 'http://proxy:3128', http_proxy: 'plain:3128', NO_PROXY: 'mirror.lab, .corp,*.wild.lab,10.0.0.0/16,fd00::/8,192.0.2.7,quay.io:8443' }
  const of = (url: string) => proxies(env)(new URL(url))?.host
  for (const url of ['https://mirror.lab', 'https://a.mirror.lab:8443', 'https://a.corp', 'https://a.wild.lab', 'https://10.0.3.4:5000', 'https://[fd00::1]', 'https://192.0.2.7', 'https://quay.io:8443', 'http://127.0.0.1:5000', 'https://localhost:5000', 'https://[::1]']) assert.is(of(url), undefined, url)
  for (const url of ['https://quay.io', 'https://corp', 'https://notmirror.lab', 'https://10.1.0.1', 'https://wild.lab']) assert.is(of(url), 'proxy:3128', url)
  assert.is(of('http://quay.io'), 'plain:3128')
  assert.is(proxies({ HTTPS_PROXY: 'http://proxy', NO_PROXY: '*' })(new URL('https://quay.io')), undefined)
  assert.is(proxies({})(new URL('https://quay.io')), undefined)
  assert.is(proxies({ HTTPS_PROXY: 'http://proxy', NO_PROXY: '', no_proxy: 'quay.io' })(new URL('https://quay.io')), undefined)
})

test('challenges :: as they are written', () => {
  assert.equal(challenges('Bearer realm="https://auth/token",service="a, \\"b\\"", scope="repository:x:pull"'), [{ scheme: 'bearer', parameters: { realm: 'https://auth/token', service: 'a, "b"', scope: 'repository:x:pull' } }])
  assert.equal(challenges(['Negotiate', 'Basic realm=x, Bearer realm="y"']).map(({ scheme, parameters }) => [scheme, parameters['realm']]), [['negotiate', undefined], ['basic', 'x'], ['bearer', 'y']])
  for (const odd of [undefined, '', '=', '"', 'Bearer realm="', ',,,', 'realm=x', 'Bearer '.repeat(1000)]) assert.ok(Array.isArray(challenges(odd)))
})

/** Where a registry sends, from where, and whether that is followed. */
const SENT: [from: string, location: string, onLoopback: boolean, followed: boolean][] = [
  ['https://mirror.lab', 'https://s3.lab/x?signature=abc', false, true],
  ['https://mirror.lab', '/elsewhere', false, true],
  ['https://mirror.lab', 'https://10.0.0.5:9000/x', false, true],
  ['https://mirror.lab', 'http://mirror.lab/x', false, false],
  ['http://mirror.lab', 'http://s3.lab/x', false, true],
  ['https://mirror.lab', 'https://localhost:6443/', false, false],
  ['https://mirror.lab', 'https://127.1/', false, false],
  ['https://mirror.lab', 'https://[::1]/', false, false],
  ['https://mirror.lab', 'https://0.0.0.0/', false, false],
  ['https://mirror.lab', 'https://0x7f000001/', false, false],
  ['https://127.0.0.1:5000', 'https://localhost:9000/x', true, true],
  ['https://127.0.0.1:5000', 'https://169.254.169.254/', true, false],
  ['https://mirror.lab', 'https://100.100.100.200/', false, false],
  ['https://mirror.lab', 'https://[fe80::1]/', false, false],
  ['https://mirror.lab', 'https://[fe80::1%25eth0]/', false, false],
  ['https://mirror.lab', 'https://[fe80::1%eth0]/', false, false],
  ['https://mirror.lab', 'https://[::ffff:169.254.169.254]/', false, false],
  ['https://mirror.lab', 'https://[::ffff:7f00:1]/', false, false],
  ['https://mirror.lab', 'https://[2002:a9fe:a9fe::1]/', false, false],
  ['https://mirror.lab', 'https://[fd20:ce::254]/', false, false],
  ['https://mirror.lab', 'https://[::]/', false, false],
  ['https://mirror.lab', 'https://[fd00::5]:9000/', false, true],
  ['https://mirror.lab', 'https://2852039166/', false, false],
  ['https://mirror.lab', 'https://0xa9fea9fe/', false, false],
  ['https://mirror.lab', 'https://0251.0376.0251.0376/', false, false],
  ['https://mirror.lab', 'https://169.16689662/', false, false],
  ['https://mirror.lab', 'https://017700000001/', false, false],
  ['https://mirror.lab', 'https://168.63.129.16/', false, false],
  ['https://mirror.lab', '//169.254.169.254/', false, false],
  ['https://mirror.lab', 'https:\\\\169.254.169.254\\', false, false],
  ['https://mirror.lab', 'https://[64:ff9b::a9fe:a9fe]/', false, false],
  ['https://mirror.lab', 'https://Metadata.Google.Internal./', false, false],
  ['https://mirror.lab', 'ftp://s3.lab/', false, false],
]
test('redirects :: where they may lead', () => {
  for (const [from, location, onLoopback, followed] of SENT) {
    try {
      target(location, new URL(from), { onLoopback })
      assert.ok(followed, `${from} sends to ${location}`)
    } catch (error) {
      assert.is((error as Error).name, 'Failure', `${from} sends to ${location}: ${String(error)}`)
      assert.not.ok(followed, `${from} sends to ${location}`)
      assert.not.match((error as Error).message, 'signature')
    }
  }
  assert.is(target('https://user:pw@s3.lab/', new URL('https://mirror.lab'), { onLoopback: false }).href, 'https://s3.lab/')
  assert.ok(isDelicateHost('a.localhost', false))
})

/** Codes of connections that fail, and their class. */
const CODES: [code: string, kind: string][] = [
  ['ENOTFOUND', 'dns'], ['EAI_AGAIN', 'dns'], ['ECONNREFUSED', 'refused'], ['UND_ERR_CONNECT_TIMEOUT', 'timeout'], ['ETIMEDOUT', 'timeout'], ['EHOSTUNREACH', 'timeout'], ['ENETUNREACH', 'timeout'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'unknown-ca'], ['DEPTH_ZERO_SELF_SIGNED_CERT', 'unknown-ca'], ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unknown-ca'], ['CERT_HAS_EXPIRED', 'expired'], ['ERR_TLS_CERT_ALTNAME_INVALID', 'wrong-name'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'plain-http'], ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'unknown'], ['SOMETHING', 'unknown'],
]
test('failures :: by the code of the connection, and in words of our own', () => {
  for (const [code, kind] of CODES) {
    const error = Object.assign(new Error('Authorization: Basic c2VjcmV0'), { code })
    for (const wrapped of [error, new AggregateError([error]), Object.assign(new TypeError('failed'), { cause: error })]) {
      const failure = failureOf(wrapped, 'mirror.lab')
      assert.ok(failure !== 'broken')
      assert.is(failure.class, kind, code)
      assert.not.match(failure.message, 'Basic')
    }
  }
  assert.is(failureOf(Object.assign(new Error(), { code: 'ECONNRESET' }), 'mirror.lab'), 'broken')
})

test('manifests :: what they are made of', () => {
  const [a, b] = [digestOf('a'), digestOf('b')]
  const parts = (manifest: unknown) => partsOf(Buffer.from(typeof manifest === 'string' ? manifest : JSON.stringify(manifest)))
  assert.equal(parts({ config: { digest: a }, layers: [{ digest: b, size: 7 }, { digest: a, mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip', urls: ['https://storage.lab/layer'] }] })!.blobs, [{ digest: a, called: 'the config', size: undefined }, { digest: b, called: 'layer 1 of 2', size: 7 }])
  const platform = (architecture: string, os = 'linux', variant?: string) => ({ os, architecture, variant })
  assert.equal(parts({ manifests: [{ digest: a, platform: platform('arm', 'linux', 'v7') }, { digest: b, platform: platform('unknown', 'unknown') }, { digest: b }, { digest: '../..' }] })!.manifests, [{ digest: a, platform: 'linux/arm/v7' }, { digest: b, platform: 'no platform' }])
  assert.equal(parts({ schemaVersion: 1, fsLayers: [{ blobSum: a }] })!.blobs, [{ digest: a, called: 'layer 1 of 1', size: undefined }])
  for (const none of ['', '<html>', '[]', 'null', '{}', '{"layers": 1}', '{"manifests": {}}']) assert.is(parts(none), undefined, none)
  assert.equal(parts({ layers: [null, 1, 'x', { digest: 'sha256:../../etc' }] })!.blobs, [])
})

test.run()
