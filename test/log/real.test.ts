import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { createServer as createHttp, type Server } from 'node:http'
import { createServer, type AddressInfo, type Server as TcpServer } from 'node:net'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import fg from 'fast-glob'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { TraceReport } from '../../src/report/trace.ts'
import { folder, mirrorproof } from '../command.ts'

/**
 * Real logs: podman and skopeo pull through the mirrors that `render` writes, from Debian's registry with TLS of an own authority and a password, and from a server that
 * answers what a registry in trouble does. What the log tells is what was set up. Needs podman, skopeo, docker-registry, openssl, and root.
 */
const missing = ['podman', 'skopeo', 'docker-registry', 'openssl'].filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0)
if (process.getuid?.() !== 0) missing.push('root')

if (missing.length > 0) {
  test.skip(`real logs :: skipped, there is no ${missing.join(', no ')}`)
  console.log(`skipped: no log was made by podman and skopeo, there is no ${missing.join(', no ')}`)
} else {
  const work = mkdtempSync(join(tmpdir(), 'mirrorproof-log-'))
  const storage = join(work, 'store')
  const registries: ChildProcess[] = []
  const hosts: Record<string, string> = {}
  let server: Server
  let hole: TcpServer
  let digest: string
  let layer: string
  const ca = join(work, 'ca.crt')
  const certs = join(work, 'certs.d')

  test.before(async () => {
    certificates()
    for (const [name, more] of [['tls', {}], ['stranger', {}], ['login', { auth: { htpasswd: { realm: 'lab', path: join(work, 'htpasswd') } } }]] as const) {
      hosts[name] = `127.0.0.1:${await freePort()}`
      const config = join(work, `${name}.yml`)
      const root = join(storage, name)
      writeFileSync(config, JSON.stringify({ version: '0.1', storage: { filesystem: { rootdirectory: root } }, http: { addr: hosts[name], tls: { certificate: join(work, name === 'stranger' ? 'strange.crt' : 'tls.crt'), key: join(work, 'tls.key') } }, ...more }))
      registries.push(spawn('docker-registry', ['serve', config], { stdio: 'ignore' }))
    }
    mkdirSync(certs)
    writeFileSync(join(certs, 'ca.crt'), readFileSync(ca))
    for (let tries = 0; tries < 100 && (await ask('tls', 'GET', '/v2/')).status !== 200; tries++) await sleep(50)
    digest = await push('whole/app')
    await push('holey/app')
    for (const file of fg.sync(`${join(storage, 'tls')}/docker/registry/v2/repositories/holey/**/_layers/sha256/${layer.slice(7)}/link`)) unlinkSync(file)
    server = createHttp((incoming, answer) => {
      const path = incoming.url!
      const status = path === '/v2/' ? 200 : path.includes('/limited/') ? 429 : path.includes('/broken/') ? 502 : 404
      answer.writeHead(status, { 'content-type': 'text/html', ...(status === 429 ? { 'retry-after': '0' } : {}) }).end(status === 200 ? '{}' : `<html>${status}</html>`)
    }).listen(0, '127.0.0.1')
    hole = createServer(() => undefined).listen(0, '127.0.0.1')
    await sleep(50)
    hosts['server'] = `127.0.0.1:${(server.address() as AddressInfo).port}`
    hosts['hole'] = `127.0.0.1:${(hole.address() as AddressInfo).port}`
    hosts['nobody'] = `127.0.0.1:${await freePort()}`
  })
  test.after(() => {
    for (const registry of registries) registry.kill()
    server.closeAllConnections()
    server.close()
    hole.close()
    rmSync(work, { recursive: true, force: true })
  })

  /** Mirrors as HOST/PATH, and what becomes of each; then of the source, which nobody serves and which is blocked where it ends with `blocked`. */
  const TABLE: [why: string, mirrors: string[], told: string[], code: number][] = [
    ['an authority that is not known', ['stranger/whole'], ['unknown-ca', 'dns'], 1],
    ['no credentials', ['login/whole'], ['unauthorized', 'dns'], 1],
    ['no such image, no such repository', ['tls/nope', 'server/nope'], ['manifest-missing', 'manifest-missing', 'dns'], 1],
    ['nobody listens, then one that has it', ['nobody/x', 'tls/whole'], ['refused', 'ok'], 0],
    ['a layer is missing, and nothing else is tried', ['tls/holey', 'tls/whole'], ['blob-missing'], 1],
    ['a load balancer in trouble, and one that has had enough', ['server/broken', 'server/limited'], ['server-error', 'rate-limit', 'dns'], 1],
  ]
  for (const program of ['podman', 'skopeo'] as const) {
    for (const [why, mirrors, told, code] of TABLE) {
      test(`real logs :: ${program} :: ${why}`, async () => {
        const { cwd, image } = set(mirrors)
        const log = await run(program, cwd, image)
        writeFileSync(join(cwd, 'pull.log'), log)
        const result = mirrorproof(['trace', image, '--log', 'pull.log', '--in', 'set.json', '--openshift', '4.18', '--format', 'json'], { cwd })
        const [trace] = (JSON.parse(result.stdout) as TraceReport).traces
        assert.equal(trace!.observed!.map((one) => one.class ?? one.outcome), told, `${log}\n${result.stdout}`)
        assert.equal(trace!.observed!.map(({ reference }) => reference), trace!.attempts.map(({ reference }) => reference).slice(0, told.length), log)
        assert.ok(trace!.observed!.every(({ predicted }) => predicted), result.stdout)
        assert.is(result.code, code, result.stdout)
        assert.not.match(result.stdout, 'another configuration')
      })
    }
  }

  test('real logs :: a black hole', async () => {
    const { cwd, image } = set(['hole/x'])
    const log = await run('skopeo', cwd, image, ['--command-timeout', '2s'])
    writeFileSync(join(cwd, 'pull.log'), log)
    const { stdout } = mirrorproof(['trace', image, '--log', 'pull.log', '--in', 'set.json', '--openshift', '4.18', '--format', 'json'], { cwd })
    assert.is((JSON.parse(stdout) as TraceReport).traces[0]!.observed![0]!.class, 'timeout', log)
  })

  test('real logs :: a node with other mirrors than the manifests give', async () => {
    const { cwd, image } = set(['nobody/x', 'tls/whole'])
    const log = await run('podman', cwd, image)
    const other = set(['server/nope'])
    const { stdout } = mirrorproof(['trace', image, '--log', '-', '--in', 'set.json', '--openshift', '4.18'], { cwd: other.cwd, input: log })
    assert.match(stdout, `the node has another configuration than these manifests give: it tried ${hosts['nobody']}/x/app, ${hosts['tls']}/whole/app, which the manifests do not name`)
  })

  function set(mirrors: string[]): { cwd: string; image: string } {
    const where = (place: string) => place.replace(/^\w+/, (name) => hosts[name]!)
    const set = { apiVersion: 'config.openshift.io/v1', kind: 'ImageDigestMirrorSet', metadata: { name: 'set' }, spec: { imageDigestMirrors: [{ source: 'source.invalid/org', mirrors: mirrors.map(where) }] } }
    const image = { apiVersion: 'config.openshift.io/v1', kind: 'Image', metadata: { name: 'cluster' }, spec: { registrySources: { insecureRegistries: [hosts['server']] } } }
    return { cwd: folder({ 'set.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [set, image] }) }), image: `source.invalid/org/app@${digest}` }
  }

  function run(program: 'podman' | 'skopeo', cwd: string, image: string, more: string[] = []): Promise<string> {
    const { stdout: conf } = mirrorproof(['render', 'set.json', '--openshift', '4.18'], { cwd })
    writeFileSync(join(cwd, 'registries.conf'), conf)
    writeFileSync(join(cwd, 'policy.json'), '{"default":[{"type":"insecureAcceptAnything"}]}')
    const env = { PATH: process.env['PATH'], HOME: cwd, CONTAINERS_REGISTRIES_CONF: join(cwd, 'registries.conf') }
    const place = ['--storage-driver', 'vfs', '--root', join(cwd, 'root'), '--runroot', join(cwd, 'run'), '--log-level', 'debug']
    const args = program === 'podman' ? [...place, 'pull', '--cert-dir', certs, '--signature-policy', 'policy.json', image]
      : ['--debug', '--registries-conf', 'registries.conf', '--policy', 'policy.json', ...more, 'copy', '--src-cert-dir', certs, `docker://${image}`, `dir:${join(cwd, 'out')}`]
    // The servers are in this process: it has to go on.
    return new Promise((resolve) => {
      let log = ''
      const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'], timeout: 60_000 })
      child.stderr.setEncoding('utf8').on('data', (piece: string) => (log += piece))
      child.on('close', () => resolve(log))
    })
  }

  function certificates(): void {
    const openssl = (...args: string[]) => assert.is(spawnSync('openssl', args, { cwd: work, encoding: 'utf8' }).status, 0, args.join(' '))
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.crt', '-days', '2', '-subj', '/CN=lab')
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'tls.key', '-out', 'tls.csr', '-subj', '/CN=registry')
    writeFileSync(join(work, 'ext'), 'subjectAltName=IP:127.0.0.1\n')
    openssl('x509', '-req', '-in', 'tls.csr', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'ext', '-out', 'tls.crt')
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'strange.key', '-out', 'strange-ca.crt', '-days', '2', '-subj', '/CN=strange')
    openssl('x509', '-req', '-in', 'tls.csr', '-CA', 'strange-ca.crt', '-CAkey', 'strange.key', '-CAcreateserial', '-days', '2', '-extfile', 'ext', '-out', 'strange.crt')
    // Nobody is to log in, so nobody's password is good enough.
    writeFileSync(join(work, 'htpasswd'), 'nobody:$2y$05$ZAh4VBrXYVRSBbKm2hbqUuqFPS6RBzP1b4eDEDpDpRPZxPbJ5xXuS\n')
  }

  function ask(name: string, method: string, path: string, body?: Buffer, type = 'application/octet-stream'): Promise<{ status: number; location: string }> {
    return new Promise((resolve) => {
      const url = new URL(path, `https://${hosts[name]}`)
      const sent = request(url, { method, ca: readFileSync(ca), headers: { 'content-type': type, 'content-length': body?.length ?? 0 } }, (answer) => {
        answer.resume().on('end', () => resolve({ status: answer.statusCode!, location: answer.headers.location ?? '' }))
      })
      sent.on('error', () => resolve({ status: 0, location: '' })).end(body)
    })
  }

  /** The smallest image: a configuration and one empty layer. Returns the digest of its manifest. */
  async function push(repository: string): Promise<string> {
    const tar = Buffer.alloc(1024)
    const blob = gzipSync(tar)
    const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [hash(tar)] } }))
    for (const one of [blob, config]) {
      const { location } = await ask('tls', 'POST', `/v2/${repository}/blobs/uploads/`)
      const url = new URL(location, `https://${hosts['tls']}`)
      url.searchParams.set('digest', hash(one))
      assert.is((await ask('tls', 'PUT', `${url.pathname}${url.search}`, one)).status, 201)
    }
    layer = hash(blob)
    const descriptor = (mediaType: string, one: Buffer) => ({ mediaType, digest: hash(one), size: one.length })
    const type = 'application/vnd.oci.image.manifest.v1+json'
    const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: type, config: descriptor('application/vnd.oci.image.config.v1+json', config), layers: [descriptor('application/vnd.oci.image.layer.v1.tar+gzip', blob)] }))
    assert.is((await ask('tls', 'PUT', `/v2/${repository}/manifests/v1`, manifest, type)).status, 201)
    return hash(manifest)
  }
}

test.run()

function hash(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
