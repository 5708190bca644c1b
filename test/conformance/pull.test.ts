import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { TraceReport } from '../../src/report/trace.ts'
import { folder, mirrorproof } from '../command.ts'

/**
 * Real pulls: the file that `render` prints is given to podman, which shares its resolver with CRI-O, and pulls a real image through a registry on the loopback. What
 * it tries, by its own log, is what `trace` said. Needs podman and docker-registry (Debian's packages), and root.
 */
const missing = ['podman', 'docker-registry'].filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0)
if (process.getuid?.() !== 0) missing.push('root')

if (missing.length > 0) {
  test.skip(`pull :: skipped, there is no ${missing.join(', no ')}`)
  console.log(`skipped: no image was pulled for real, there is no ${missing.join(', no ')}`)
} else {
  const work = mkdtempSync(join(tmpdir(), 'mirrorproof-pull-'))
  let registry: ChildProcess
  let host: string
  let nobody: string
  let digest: string
  /** Newer ones try a pull again. */
  const once = spawnSync('podman', ['pull', '--help'], { encoding: 'utf8' }).stdout.includes('--retry ') ? ['--retry', '0'] : []

  test.before(async () => {
    host = `127.0.0.1:${await freePort()}`
    nobody = `127.0.0.1:${await freePort()}`
    const config = join(work, 'registry.yml')
    writeFileSync(config, JSON.stringify({ version: '0.1', storage: { inmemory: {} }, http: { addr: host } }))
    registry = spawn('docker-registry', ['serve', config], { stdio: 'ignore' })
    for (let tries = 0; tries < 100 && !(await answers(host)); tries++) await sleep(50)
    digest = await push('good/app', 'v1')
    await push('tags/app', 'v1')
  })
  test.after(() => {
    registry.kill()
    rmSync(work, { recursive: true, force: true })
  })

  /** Places are paths in the registry; `!` is where nobody listens. Then what is asked, whether it can be had, and what is contacted at all. */
  const TABLE: [why: string, kind: 'digest' | 'tag', mirrors: string[], policy: string, by: 'digest' | 'tag', pulled: boolean, attempts: number][] = [
    ['a mirror that has the image', 'digest', ['good'], 'AllowContactingSource', 'digest', true, 1],
    ['a first mirror that answers 404', 'digest', ['empty', 'good'], 'AllowContactingSource', 'digest', true, 2],
    ['a mirror that nobody answers for', 'digest', ['!/none', 'good'], 'AllowContactingSource', 'digest', true, 2],
    ['a tag against mirrors for digests', 'digest', ['good'], 'AllowContactingSource', 'tag', false, 1],
    ['a tag against mirrors for tags', 'tag', ['empty', 'tags'], 'AllowContactingSource', 'tag', true, 2],
    ['a source that is blocked, and no mirror has it', 'digest', ['empty', '!/none'], 'NeverContactSource', 'digest', false, 3],
    ['a tag of a source that is blocked for digests', 'digest', ['good'], 'NeverContactSource', 'tag', false, 1],
  ]
  for (const [why, kind, mirrors, mirrorSourcePolicy, by, pulled, count] of TABLE) {
    test(`pull :: ${why}`, () => {
      const locate = (place: string) => (place.startsWith('!') ? `${nobody}${place.slice(1)}` : `${host}/${place}`)
      const [title, list] = kind === 'digest' ? ['ImageDigestMirrorSet', 'imageDigestMirrors'] : ['ImageTagMirrorSet', 'imageTagMirrors']
      const set = { apiVersion: 'config.openshift.io/v1', kind: title, metadata: { name: 'set' }, spec: { [list!]: [{ source: `${host}/source`, mirrors: mirrors.map(locate), mirrorSourcePolicy }] } }
      const image = { apiVersion: 'config.openshift.io/v1', kind: 'Image', metadata: { name: 'cluster' }, spec: { registrySources: { insecureRegistries: [host, nobody] } } }
      const cwd = folder({ 'set.json': JSON.stringify(set), 'image.json': JSON.stringify(image) })
      const reference = `${host}/source/app${by === 'digest' ? `@${digest}` : ':v1'}`
      const rendered = mirrorproof(['render', '--openshift', '4.18'], { cwd })
      assert.is(rendered.stderr, '')
      const conf = join(cwd, 'registries.conf')
      writeFileSync(conf, rendered.stdout)
      for (const args of [['--openshift', '4.18'], ['--registries-conf', conf]]) {
        const [trace] = (JSON.parse(mirrorproof(['trace', reference, '--format', 'json', ...args], { cwd }).stdout) as TraceReport).traces
        const { status, log } = podman(conf, reference)
        const tried = [...log.matchAll(/Trying to access \\"(.*?)\\"/g)].map((match) => match[1]!)
        assert.is(tried.length, count, log)
        assert.equal(tried, trace!.attempts.map((attempt) => attempt.reference).slice(0, pulled ? count : undefined), log)
        assert.is(status === 0, pulled, log)
        const blocked = trace!.attempts.filter((attempt) => attempt.blocked).map((attempt) => attempt.reference)
        const refused = tried.filter((one) => new RegExp(`Accessing \\\\"${one.replace(/[.+]/g, '\\$&')}\\\\" failed: registry .* is blocked in`).test(log))
        assert.equal(refused, blocked.filter((one) => tried.includes(one)), log)
      }
    })
  }

  function podman(conf: string, reference: string): { status: number | null; log: string } {
    const storage = mkdtempSync(join(work, 'storage-'))
    const policy = join(storage, 'policy.json')
    writeFileSync(policy, '{"default":[{"type":"insecureAcceptAnything"}]}')
    const place = ['--storage-driver', 'vfs', '--root', join(storage, 'root'), '--runroot', join(storage, 'run'), '--log-level', 'debug']
    const { status, stderr } = spawnSync('podman', [...place, 'pull', ...once, '--signature-policy', policy, reference],
      { encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: storage, CONTAINERS_REGISTRIES_CONF: conf }, timeout: 60_000 })
    return { status, log: stderr }
  }

  /** The smallest image: a configuration and one empty layer. Returns the digest of its manifest. */
  async function push(repository: string, tag: string): Promise<string> {
    const tar = Buffer.alloc(1024)
    const layer = gzipSync(tar)
    const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [hash(tar)] } }))
    for (const blob of [layer, config]) {
      const started = await fetch(`http://${host}/v2/${repository}/blobs/uploads/`, { method: 'POST' })
      const location = new URL(started.headers.get('location')!, `http://${host}`)
      location.searchParams.set('digest', hash(blob))
      assert.is((await fetch(location, { method: 'PUT', body: blob })).status, 201)
    }
    const descriptor = (mediaType: string, blob: Buffer) => ({ mediaType, digest: hash(blob), size: blob.length })
    const manifest = Buffer.from(JSON.stringify({
      schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json', config: descriptor('application/vnd.oci.image.config.v1+json', config),
      layers: [descriptor('application/vnd.oci.image.layer.v1.tar+gzip', layer)],
    }))
    const stored = await fetch(`http://${host}/v2/${repository}/manifests/${tag}`, { method: 'PUT', body: manifest, headers: { 'content-type': 'application/vnd.oci.image.manifest.v1+json' } })
    assert.is(stored.status, 201)
    return hash(manifest)
  }
}

test.run()

function hash(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

async function answers(at: string): Promise<boolean> {
  try {
    return (await fetch(`http://${at}/v2/`)).ok
  } catch {
    return false
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
