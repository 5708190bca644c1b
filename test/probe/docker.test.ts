import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { folder } from '../command.ts'
import { tool } from '../e2e/tools.ts'
import { ask, authority, type Content, image, index, MISSING, running } from './registry.ts'

/** A real registry: Debian's docker-registry, with TLS by an authority of the test's own, and a login. */
const missing = MISSING ?? (tool('docker-registry') === undefined ? 'docker-registry is not installed' : undefined)

const LOGIN = Buffer.from('robot:s3cr3t').toString('base64')
/** `s3cr3t`, as htpasswd -B has it. */
const HASH = '$2y$05$abcdefghijklmnopqrstuu9Avu/WgbsK7g7xfCY1X3pdjsTgxqQLS'

interface Real {
  host: string
  /** Where it keeps what it has. */
  storage: string
  /** Pushes an image to a repository, by the tag v1. */
  push(repository: string, content: Content): Promise<void>
  stop(): void
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}

async function real(): Promise<Real> {
  const host = `127.0.0.1:${await freePort()}`
  const { cert, key } = authority().issue(['127.0.0.1'])
  const root = folder({ htpasswd: `robot:${HASH}\n`, 'storage/.keep': '' })
  const storage = join(root, 'storage')
  const config = folder({ 'config.yml': JSON.stringify({
    version: '0.1', log: { level: 'error' }, storage: { filesystem: { rootdirectory: storage } }, auth: { htpasswd: { realm: 'test', path: join(root, 'htpasswd') } }, http: { addr: host, tls: { certificate: cert, key } },
  }) })
  const child = spawn('docker-registry', ['serve', join(config, 'config.yml')], { stdio: 'ignore' })
  const dispatcher = new Agent({ connect: { ca: readFileSync(authority().ca, 'utf8') } })
  const send = async (method: 'GET' | 'POST' | 'PUT', path: string, body = '', type = 'application/octet-stream') => {
    const { statusCode, headers, body: answer } = await request(new URL(path, `https://${host}`), { dispatcher, method, headers: { authorization: `Basic ${LOGIN}`, ...(method === 'PUT' ? { 'content-type': type } : {}) }, ...(method === 'GET' ? {} : { body }) })
    await answer.dump()
    return { statusCode, location: String(headers['location'] ?? '') }
  }
  for (let tries = 0; tries < 100; tries++) {
    if ((await send('GET', '/v2/').catch(() => ({ statusCode: 0 }))).statusCode === 200) break
    await sleep(50)
  }
  const push = async (repository: string, content: Content) => {
    const put = async (path: string, body: string, type?: string) => assert.is((await send('PUT', path, body, type)).statusCode, 201, path)
    for (const [name, body] of Object.entries(content).filter(([name]) => name.startsWith('blobs/'))) {
      const { location } = await send('POST', `/v2/${repository}/blobs/uploads/`)
      const upload = new URL(location, `https://${host}`)
      upload.searchParams.set('digest', name.slice('blobs/'.length))
      await put(upload.href, body)
    }
    const manifests = Object.entries(content).filter(([name]) => name.startsWith('manifests/')).map(([name, body]) => ({ name, body, type: (JSON.parse(body) as { mediaType: string }).mediaType }))
    for (const { name, body, type } of manifests.sort((a, b) => Number(a.type.includes('index')) - Number(b.type.includes('index')))) await put(`/v2/${repository}/${name}`, body, type)
  }
  return { host, storage, push, stop: () => { child.kill(); void dispatcher.destroy() } }
}

if (missing !== undefined) console.log(`skipped: no real registry is asked: ${missing}`)
else {
  test('docker-registry :: with TLS and a login, an image that is there, whole', async () => {
    const { host, push, stop } = await real()
    const [app, multi] = [image(), index('linux/amd64', 'linux/s390x')]
    await push('org/app', app.content)
    await push('org/multi', multi.content)
    const auths = { [`${host}/org`]: { auth: LOGIN } }
    const said = async (reference: string, more: Parameters<typeof ask>[1] = {}) => {
      const { outcome, class: kind, message, digest } = await ask(`${host}/${reference}`, { auths, ...more })
      return [outcome, kind, message.replaceAll(host, 'HOST').replace(/ in \S+/, ' in FILE'), digest]
    }
    assert.equal(await said('org/app:v1'), ['ok', null, `found: ${app.digest}`, app.digest])
    assert.equal(await said(`org/app@${app.digest}`, { deep: true }), ['ok', null, 'found whole, 2 blobs', app.digest])
    assert.equal(await said(`org/multi@${multi.digest}`, { deep: true }), ['ok', null, 'found whole, 2 platforms, 4 blobs', multi.digest])
    assert.equal(await said('org/app:v2'), ['failed', 'manifest-missing', 'not found', null])
    assert.equal(await said(`org/nothing@${app.digest}`), ['failed', 'manifest-missing', 'not found', null])
    assert.equal(await said('org/app:v1', { auths: {} }), ['failed', 'unauthorized', '401: no credentials for HOST in FILE', null])
    assert.equal(await said('org/app:v1', { auths: { [host]: { auth: Buffer.from('robot:wrong').toString('base64') } } }), ['failed', 'unauthorized', '401: HOST does not take the credentials for HOST in FILE', null])
    assert.equal((await said('org/app:v1', { ca: '' })).slice(0, 2), ['failed', 'unknown-ca'])
    assert.equal((await said('org/app:v1', { ca: '', insecure: true })).slice(0, 2), ['ok', null])
    stop()
    assert.equal((await said('org/app:v1')).slice(0, 2), ['failed', 'refused'])
  })

  test('docker-registry :: a layer that is not there fails the pull, though the next mirror has it', async () => {
    const [first, second] = await Promise.all([real(), real()])
    const app = image()
    for (const one of [first, second]) await one.push('org/app', app.content)
    rmSync(join(first.storage, 'docker/registry/v2/blobs/sha256', app.layer.slice(7, 9), app.layer.slice(7)), { recursive: true })
    const cwd = folder({
      'registries.conf': `[[registry]]\nprefix = "quay.io/org"\nlocation = "quay.io/org"\nblocked = true\n${[first, second].map(({ host }) => `[[registry.mirror]]\nlocation = "${host}/org"\n`).join('')}`,
      'pull-secret.json': JSON.stringify({ auths: Object.fromEntries([first, second].map(({ host }) => [host, { auth: LOGIN }])) }),
    })
    const traced = (...more: string[]) => running(['trace', `quay.io/org/app@${app.digest}`, '--registries-conf', 'registries.conf', '--probe', '--authfile', 'pull-secret.json', '--ca', authority().ca, ...more], { cwd })
    const shallow = await traced()
    assert.is(shallow.code, 0, 'its manifest is there')
    assert.match(shallow.stdout, 'asked: is served by mirror 1')
    const { code, stdout, stderr } = await traced('--deep')
    for (const one of [first, second]) one.stop()
    assert.is(code, 1)
    assert.match(stdout, `lacks layer 1 of 1 (${app.layer}) [blob-missing]`)
    assert.match(stdout, 'found whole, 2 blobs')
    assert.match(stdout, `asked: cannot be pulled: mirror 1, ${first.host}/org/app, is the first to answer, so that nodes go nowhere else, and it lacks layer 1 of 1`)
    assert.not.match(stdout + stderr, new RegExp(`s3cr3t|${LOGIN}`))
  })
}

test.run()
