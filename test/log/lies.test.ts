import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { TraceReport } from '../../src/report/trace.ts'
import { folder, mirrorproof } from '../command.ts'
import { type Answers, digestOf, playing, running } from '../probe/registry.ts'

/**
 * Registries that hand out what they should not: podman and skopeo pull from one, with an honest one for the next mirror. Whether they go on to that, what the log is said
 * to tell, and what a probe concludes, is held against each other. Then names without a registry. Needs podman, skopeo, and root.
 */
const missing = ['podman', 'skopeo'].filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0)
if (process.getuid?.() !== 0) missing.push('root')

/** Bytes, and the Content-Type that they are handed out with. */
interface Thing { body: Buffer; type: string }
/** What a registry has of org/app, by `manifests/…` and `blobs/…`; the HEAD of them may tell other things. */
type Has = Record<string, Thing>

const POLICY = '{"default":[{"type":"insecureAcceptAnything"}]}'
const OCI = 'application/vnd.oci.image'
const TYPE = `${OCI}.manifest.v1+json`
const BYTES = 'application/octet-stream'
const PAGE: Thing = { body: Buffer.from('<html>Log in to the guest network'), type: 'text/html' }
const json = (value: unknown, type: string): Thing => ({ body: Buffer.from(JSON.stringify(value)), type })

const TAR = Buffer.alloc(1024)
const LAYER = gzipSync(TAR)
function image(author: string): { digest: string; has: Has; manifest: Thing; config: Buffer } {
  const config = Buffer.from(JSON.stringify({ author, architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [digestOf(TAR)] } }))
  const of = (mediaType: string, body: Buffer) => ({ mediaType: `${OCI}.${mediaType}`, digest: digestOf(body), size: body.length })
  const manifest = json({ schemaVersion: 2, mediaType: TYPE, config: of('config.v1+json', config), layers: [of('layer.v1.tar+gzip', LAYER)] }, TYPE)
  const digest = digestOf(manifest.body)
  const blobs = Object.fromEntries([config, LAYER].map((body) => [`blobs/${digestOf(body)}`, { body, type: BYTES }]))
  return { digest, manifest, config, has: { ...blobs, 'manifests/v1': manifest, [`manifests/${digest}`]: manifest } }
}

const APP = image('app')
const OTHER = image('other')
const index = (architecture: string) => json({ schemaVersion: 2, mediaType: `${OCI}.index.v1+json`, manifests: [{ mediaType: TYPE, digest: APP.digest, size: APP.manifest.body.length, platform: { os: 'linux', architecture } }] }, `${OCI}.index.v1+json`)
const own = index({ x64: 'amd64', arm64: 'arm64' }[process.arch as string] ?? process.arch)
const foreign = index('z80')
const at = (thing: Thing): Has => ({ 'manifests/v1': thing, [`manifests/${APP.digest}`]: thing })
const indexed = (thing: Thing): Has => ({ [`manifests/${digestOf(thing.body)}`]: thing, ...APP.has })
const large = { body: Buffer.alloc(4 * 1024 * 1024 + 1, ' '), type: TYPE }

/** As a registry that has this; `head` is what it tells by HEAD. Blobs are there for HEAD whatever is in them. */
function having(has: Has, head: Has = has): Answers {
  return (request, response) => {
    if (request.url === '/v2/') return void response.writeHead(200).end('{}')
    const found = (request.method === 'HEAD' ? head : has)[decodeURIComponent(request.url!).replace('/v2/org/app/', '')]
    if (!found) return void response.writeHead(404, { 'content-type': 'application/json' }).end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}')
    response.writeHead(200, { 'content-type': found.type, 'content-length': found.body.length, ...(found.type.includes('vnd.') ? { 'docker-content-digest': digestOf(found.body) } : {}) })
    response.end(request.method === 'HEAD' ? undefined : found.body)
  }
}

const without = (has: Has, key: string): Has => Object.fromEntries(Object.entries(has).filter(([one]) => one !== key))
const LAYER_AT = `blobs/${digestOf(LAYER)}`
const SERVED = /is served by mirror 1/
const OTHER_MANIFEST = /(?:is the first to answer|has the manifest), so that nodes go nowhere else, and it (?:does not hand out .*)?hands out another manifest/

/** What the first mirror has, what is pulled, whether the next mirror is tried, what a log is said to tell, and what is concluded by a probe and by a deep one. */
const TABLE: [why: string, first: Answers, by: 'tag' | 'digest' | Thing, next: boolean, told: RegExp | null, probe: RegExp, deep: RegExp][] = [
  ['another manifest', having({ ...APP.has, ...at(OTHER.manifest) }), 'digest', false, /not the manifest of the digest that was asked for, and no other location is tried/, OTHER_MANIFEST, OTHER_MANIFEST],
  ['another manifest, and HEAD knows nothing of it', having({ ...APP.has, ...at(OTHER.manifest) }, APP.has), 'digest', false, /not the manifest of the digest/, SERVED, OTHER_MANIFEST],
  ['the right manifest, and HEAD tells of another', having(APP.has, { ...APP.has, ...at(OTHER.manifest) }), 'digest', false, null, SERVED, SERVED],
  ['another manifest by tag', having({ ...APP.has, ...OTHER.has, ...at(OTHER.manifest) }), 'tag', false, null, SERVED, SERVED],
  ['a page for people', having({ ...APP.has, ...at(PAGE) }), 'digest', false, /not the manifest of the digest/, OTHER_MANIFEST, OTHER_MANIFEST],
  ['a page for people by tag', having({ ...APP.has, ...at(PAGE) }), 'tag', false, /is no manifest, or its Content-Type is not that of one, and no other/, /cannot be pulled: mirror 1.*no manifest/, /no manifest/],
  ['nothing by tag', having({ ...APP.has, ...at({ body: Buffer.alloc(0), type: BYTES }) }), 'tag', false, /is no manifest/, /cannot be pulled: mirror 1.*no manifest/, /no manifest/],
  ['a manifest as a file', having({ ...APP.has, ...at({ ...APP.manifest, type: BYTES }) }), 'digest', false, /is no manifest, or its Content-Type/, /cannot be pulled: mirror 1.*Content-Type that is not of a manifest/, /Content-Type/],
  ['a manifest as JSON', having({ ...APP.has, ...at({ ...APP.manifest, type: 'application/json' }) }), 'tag', false, /is no manifest, or its Content-Type/, /cannot be pulled: mirror 1.*Content-Type/, /Content-Type/],
  ['too large a manifest', having({ ...APP.has, ...at(large) }), 'digest', true, /sends more than nodes take for a manifest, 4 MiB$/, /is served by mirror 2/, /is served by mirror 2/],
  ['another layer', having({ ...APP.has, [LAYER_AT]: { body: Buffer.alloc(LAYER.length), type: BYTES } }), 'digest', false, /cut off or damaged, and no other location/, SERVED, SERVED],
  ['half a layer', having({ ...APP.has, [LAYER_AT]: { body: LAYER.subarray(0, 10), type: BYTES } }), 'digest', false, /cut off or damaged/, SERVED, /cannot be pulled: mirror 1.*does not hand out layer 1 of 1 .*: it is of 10 bytes there, and of \d+ by the manifest/],
  ['another config', having({ ...APP.has, [`blobs/${digestOf(APP.config)}`]: { body: OTHER.config, type: BYTES } }), 'digest', false, /cut off or damaged/, SERVED, /cannot be pulled: mirror 1.*does not hand out the config .*: it is of \d+ bytes there/],
  ['an index for others', having(indexed(foreign)), foreign, false, /for other platforms than the node's, and no other/, SERVED, SERVED],
  ['an index without its manifest', having(without(indexed(own), `manifests/${APP.digest}`)), own, false, /has the index of the image, and lacks the manifest of the node's platform, and no other/, SERVED, /cannot be pulled: mirror 1.*lacks the manifests of all its platforms/],
  ['an index with another manifest', having({ ...indexed(own), [`manifests/${APP.digest}`]: OTHER.manifest }), own, false, /not the manifest of the digest/, SERVED, OTHER_MANIFEST],
]

if (missing.length > 0) {
  test.skip(`lies :: skipped, there is no ${missing.join(', no ')}`)
  console.log(`skipped: no registry lied to podman and skopeo, there is no ${missing.join(', no ')}`)
} else {
  for (const [why, first, by, next, told, shallow, deep] of TABLE) {
    test(`lies :: ${why}`, async () => {
      const honest = having({ ...APP.has, ...OTHER.has, ...(typeof by === 'object' ? indexed(by) : {}) })
      const [one, two] = [await playing(first, { plain: true }), await playing(honest, { plain: true })]
      const { cwd, image: name } = set([one.host, two.host], typeof by === 'object' ? `@${digestOf(by.body)}` : by === 'tag' ? ':v1' : `@${APP.digest}`)
      const args = [name, '--in', 'set.json', '--openshift', '4.18']
      for (const program of ['podman', 'skopeo'] as const) {
        two.asked.length = 0
        const log = await pull(program, cwd, name)
        assert.is(two.asked.length > 0, next, `${program}: ${log}`)
        const { stdout } = mirrorproof(['trace', ...args, '--log', '-', '--format', 'json'], { cwd, input: log })
        const { observed, diagnosis } = (JSON.parse(stdout) as TraceReport).traces[0]!
        assert.is(diagnosis!.outcome, told && !next ? 'failed' : 'ok', `${program}: ${log}`)
        assert.equal(observed!.map(({ reference, outcome }) => [reference!.split('/', 1)[0], outcome]), [[one.host, told ? 'failed' : 'ok'], ...(next ? [[two.host, 'ok']] : [])], `${program}: ${log}`)
        if (told) assert.match(observed![0]!.means!, told)
        assert.not.match(stdout, 'another configuration')
      }
      assert.match((await running(['trace', ...args, '--probe'], { cwd })).stdout, shallow)
      assert.match((await running(['trace', ...args, '--probe', '--deep'], { cwd })).stdout, deep)
      one.stop()
      two.stop()
    })
  }

  /** What registries.conf says beside the two registries, ONE that lacks the image and TWO that wants a login; what is told of which image. */
  const SHORT: [why: string, conf: string, log: [image: string, kind: string, means: RegExp][]][] = [
    ['no registry to search', 'unqualified-search-registries = []', [['app:1', 'short-name', /names no registry, and the program does not know which one/]]],
    ['two, and nobody to ask', 'unqualified-search-registries = ["ONE", "TWO"]\nshort-name-mode = "enforcing"', [['app:1', 'short-name', /several may be meant, and the program must not try one after the other/]]],
    ['two that fail', 'unqualified-search-registries = ["ONE", "TWO"]\nshort-name-mode = "permissive"', [['ONE/app:1', 'manifest-missing', /`ONE\/app` has no such image/], ['TWO/app:1', 'unauthorized', /`TWO` answered 401/]]],
    ['one', 'unqualified-search-registries = ["ONE"]\nshort-name-mode = "enforcing"', [['ONE/app:1', 'manifest-missing', /`ONE\/app` has no such image/]]],
    ['an alias', 'unqualified-search-registries = ["TWO"]\n[aliases]\n"app" = "ONE/org/app"', [['ONE/org/app:1', 'manifest-missing', /`ONE\/org\/app` has no such image/]]],
  ]
  for (const [why, conf, log] of SHORT) {
    test(`short names :: ${why}`, async () => {
      const refusing: Answers = (request, response) => void response.writeHead(request.url === '/v2/' ? 200 : 401, { 'content-type': 'application/json' }).end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}')
      const [one, two] = [await playing(having({}), { plain: true }), await playing(refusing, { plain: true })]
      const named = (text: string) => text.replaceAll('ONE', one.host).replaceAll('TWO', two.host)
      const insecure = [one, two].map(({ host }) => `[[registry]]\nlocation = "${host}"\ninsecure = true\n`).join('')
      const [top, ...more] = conf.split('\n[') as [string, ...string[]]
      const cwd = folder({ 'registries.conf': `${named(top)}\n${insecure}${more.map((one) => `[${named(one)}\n`).join('')}`, 'policy.json': POLICY })
      const { stdout } = mirrorproof(['trace', '--log', '-', '--in', '.', '--openshift', '4.18', '--format', 'json'], { cwd, input: await pull('podman', cwd, 'app:1') })
      const said = (JSON.parse(stdout) as TraceReport).traces.map(({ image: reference, observed }) => [reference, observed![0]!.class, observed![0]!.means!.replaceAll(one.host, 'ONE').replaceAll(two.host, 'TWO')] as const)
      assert.equal(said.map(([reference, kind]) => [reference.replace(one.host, 'ONE').replace(two.host, 'TWO'), kind]), log.map(([reference, kind]) => [reference, kind]), stdout)
      for (const [index, [, , means]] of log.entries()) assert.match(said[index]![2], means)
      one.stop()
      two.stop()
    })
  }
}

test.run()

function set(hosts: string[], last: string): { cwd: string; image: string } {
  const [kind, list] = last.startsWith('@') ? ['ImageDigestMirrorSet', 'imageDigestMirrors'] : ['ImageTagMirrorSet', 'imageTagMirrors']
  const mirrors = { apiVersion: 'config.openshift.io/v1', kind, metadata: { name: 'set' }, spec: { [list!]: [{ source: 'source.invalid/org', mirrors: hosts.map((host) => `${host}/org`), mirrorSourcePolicy: 'NeverContactSource' }] } }
  const insecure = { apiVersion: 'config.openshift.io/v1', kind: 'Image', metadata: { name: 'cluster' }, spec: { registrySources: { insecureRegistries: hosts } } }
  const cwd = folder({ 'set.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [mirrors, insecure] }), 'policy.json': POLICY })
  writeFileSync(join(cwd, 'registries.conf'), mirrorproof(['render', 'set.json', '--openshift', '4.18'], { cwd }).stdout)
  return { cwd, image: `source.invalid/org/app${last}` }
}

/** What the program says of a pull, by its registries.conf and policy.json in the folder. The servers are in this process: it has to go on. */
function pull(program: 'podman' | 'skopeo', cwd: string, name: string): Promise<string> {
  const args = program === 'podman' ? ['--storage-driver', 'vfs', '--root', join(cwd, 'root'), '--runroot', join(cwd, 'run'), '--log-level', 'debug', 'pull', '--signature-policy', 'policy.json', name]
    : ['--debug', '--registries-conf', 'registries.conf', '--policy', 'policy.json', 'copy', `docker://${name}`, `dir:${join(cwd, 'out')}`]
  return new Promise((resolve) => {
    let log = ''
    const child = spawn(program, args, { cwd, env: { PATH: process.env['PATH'], HOME: cwd, CONTAINERS_REGISTRIES_CONF: join(cwd, 'registries.conf') }, stdio: ['ignore', 'ignore', 'pipe'], timeout: 60_000 })
    child.stderr.setEncoding('utf8').on('data', (piece: string) => (log += piece))
    child.on('close', () => resolve(log))
  })
}
