import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { CheckReport } from '../../src/report/json.ts'
import type { TraceReport } from '../../src/report/trace.ts'
import { folder, mirrorproof, ROOT } from '../command.ts'
import { tool } from '../e2e/tools.ts'
import { authority, holding, image, index, MISSING, type Playing, playing, running } from './registry.ts'

const APP = image()
const MULTI = index('linux/amd64', 'linux/s390x')
const [, S390X] = MULTI.members as [ReturnType<typeof image>, ReturnType<typeof image>]
const without = (content: Record<string, string>, key: string) => Object.fromEntries(Object.entries(content).filter(([one]) => one !== key))
const PASSWORD = 's3cr3t'
const BASIC = Buffer.from(`robot:${PASSWORD}`).toString('base64')

/** Mirrors of `source`, whose source is never contacted. */
const set = (name: string, source: string, ...mirrors: string[]) => `apiVersion: config.openshift.io/v1
kind: ImageDigestMirrorSet
metadata: {name: ${name}}
spec:
  imageDigestMirrors:
  - source: ${source}
    mirrorSourcePolicy: NeverContactSource
    mirrors: [${mirrors.map((mirror) => `'${mirror}/org'`).join(', ')}]
`
const pod = (image: string) => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${image.split('.')[0]!.replaceAll(/[^a-z0-9]/g, '-')}}\nspec: {containers: [{name: a, image: '${image}'}]}\n`
const trusting = (...all: Playing[]) => `apiVersion: config.openshift.io/v1
kind: Image
metadata: {name: cluster}
spec: {additionalTrustedCA: {name: cas}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: cas, namespace: openshift-config}
data:
${all.map(({ host }) => `  ${host.replace(':', '..')}: |\n${readFileSync(authority().ca, 'utf8').replace(/^(?=.)/gm, '    ')}`).join('')}`

async function registries() {
  const full = await playing(holding({ ...APP.content }))
  const empty = await playing(holding({}))
  const locked = await playing((request, response) => (request.headers.authorization === `Basic ${BASIC}` ? holding(APP.content)(request, response) : void response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()))
  const part = await playing(holding(without(APP.content, `blobs/${APP.layer}`)))
  const sparse = await playing(holding(without(MULTI.content, `manifests/${S390X.digest}`)))
  const all = { full, empty, locked, part, sparse }
  return { ...all, stop: () => { for (const one of Object.values(all)) one.stop() } }
}

const run = (args: string[], cwd: string, env: NodeJS.ProcessEnv = {}) => running([...args, '--openshift', '4.18'], { cwd, env })
const valid = (schema: string, value: unknown) => {
  const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(join(ROOT, schema), 'utf8')) as object)
  assert.ok(validate(value), JSON.stringify(validate.errors))
}

if (MISSING) console.log(`skipped: no registry is asked by the program: ${MISSING}`)
else {
  const REFERENCE = (host: string) => `${host}.example/org/app@${APP.digest}`

  test('trace :: each location with what its registry says, and what follows', async () => {
    const { full, empty, locked, stop } = await registries()
    const root = folder({ 'org.yaml': set('org', 'a.example/org', locked.host, empty.host, full.host), 'image.yaml': trusting(full, empty, locked), 'auth.json': '{"auths": {}}' })
    const { code, stdout } = await run(['trace', REFERENCE('a'), '--in', '.', '--probe', '--authfile', 'auth.json'], root)
    assert.is(code, 0)
    for (const [said, host] of [['401: no credentials for HOST in auth.json [unauthorized]', locked.host], ['not found [manifest-missing]', empty.host], ['found', full.host]] as const) {
      assert.match(stdout.replaceAll(host, 'HOST'), `\n       ${said}\n`)
    }
    assert.match(stdout, `  asked: is served by mirror 3, ${full.host}/org/app, after 2 locations before it failed\n`)
    const quiet = await run(['trace', REFERENCE('a'), '--in', '.', '--probe', '--authfile', 'auth.json', '--quiet'], root)
    assert.is(quiet.stdout.split('\n').length, 3)
    stop()
  })

  test('trace :: with a login, the first one serves; no secret is told', async () => {
    const { empty, locked, stop } = await registries()
    const root = folder({ 'org.yaml': set('org', 'a.example/org', locked.host, empty.host), 'image.yaml': trusting(empty, locked), 'auth.json': JSON.stringify({ auths: { [`${locked.host}/org`]: { auth: BASIC } } }) })
    for (const format of ['text', 'json']) {
      const { code, stdout, stderr } = await run(['trace', REFERENCE('a'), '--in', '.', '--probe', '--format', format], root, { REGISTRY_AUTH_FILE: 'auth.json' })
      assert.is(code, 0, stderr)
      assert.match(stdout, /is served by mirror 1, \S+, as predicted/)
      assert.not.match(stdout + stderr, new RegExp(`${PASSWORD}|${BASIC}`))
    }
    stop()
  })

  test('trace :: JSON is as its schema says', async () => {
    const { full, part, sparse, stop } = await registries()
    const root = folder({ 'org.yaml': `${set('a', 'a.example/org', part.host, full.host)}---\n${set('b', 'b.example/org', sparse.host)}`, 'image.yaml': trusting(full, part, sparse) })
    const { code, stdout } = await run(['trace', REFERENCE('a'), `b.example/org/app@${MULTI.digest}`, '--in', '.', '--probe', '--deep', '--format', 'json'], root)
    assert.is(code, 1, 'a layer is missing where nodes go first')
    const report = JSON.parse(stdout) as TraceReport
    valid('schema/trace.schema.json', report)
    const [a, b] = report.traces
    assert.equal(a!.probed!.map(({ outcome, class: kind, status, final }) => [outcome, kind, status, final]), [['failed', 'blob-missing', 404, true], ['ok', null, 200, false]])
    assert.match(a!.probedVerdict!, /^cannot be pulled: mirror 1, .* is the first to answer, so that nodes go nowhere else, and it lacks layer 1 of 1/)
    assert.equal(b!.probed!.map(({ outcome, digest, lacks }) => [outcome, digest, lacks]), [['ok', MULTI.digest, ['linux/s390x']]])
    assert.match(b!.probedVerdict!, /is served by mirror 1, .*, as predicted, but not to nodes of linux\/s390x$/)
    stop()
  })

  test('trace :: where no location has it, the exit code is 1, unless nothing fails', async () => {
    const { empty, stop } = await registries()
    const root = folder({ 'org.yaml': set('org', 'a.example/org', empty.host), 'image.yaml': trusting(empty) })
    const { code, stdout } = await run(['trace', REFERENCE('a'), '--in', '.', '--probe'], root)
    assert.is(code, 1)
    assert.match(stdout, 'asked: cannot be pulled: its only location does not hand it out')
    assert.is((await run(['trace', REFERENCE('a'), '--in', '.', '--probe', '--fail-on', 'never'], root)).code, 0)
    stop()
  })

  test('trace :: a node\'s own file, and an authority by --ca; what is insecure there is not verified', async () => {
    const { full, stop } = await registries()
    const conf = (more: string) => `[[registry]]\nprefix = "a.example/org"\nlocation = "a.example/org"\nblocked = true\n[[registry.mirror]]\nlocation = "${full.host}/org"\n${more}`
    const root = folder({ 'registries.conf': conf(''), 'insecure.conf': conf('insecure = true\n') })
    const traced = async (...more: string[]) => (await run(['trace', REFERENCE('a'), '--probe', ...more], root)).stdout
    assert.match(await traced('--registries-conf', 'registries.conf'), '[unknown-ca]')
    assert.match(await traced('--registries-conf', 'registries.conf', '--ca', authority().ca), /\n       found\n/)
    assert.match(await traced('--registries-conf', 'insecure.conf'), /\n       found\n/)
    stop()
  })

  const FLEET = async () => {
    const all = await registries()
    const { full, empty, locked, part, sparse } = all
    const sets = [set('a', 'a.example/org', empty.host, full.host), set('b', 'b.example/org', full.host), set('c', 'c.example/org', empty.host), set('d', 'd.example/org', part.host, full.host), set('e', 'e.example/org', locked.host), set('f', 'f.example/org', sparse.host)]
    const images = [...['a', 'b', 'c', 'd', 'e'].map(REFERENCE), `f.example/org/app@${MULTI.digest}`, `${full.host}/org/app@${APP.digest}`, 'image-registry.openshift-image-registry.svc:5000/app/app:1']
    return { ...all, root: folder({ 'sets.yaml': sets.join('---\n'), 'pods.yaml': images.map(pod).join('---\n'), 'image.yaml': trusting(full, empty, locked, part, sparse) }) }
  }

  test('check :: a summary below the findings: who serves what, and what is yet to be copied', async () => {
    const { root, stop } = await FLEET()
    const { code, stdout } = await run(['check', '--probe', '--deep'], root)
    assert.is(code, 1)
    assert.match(stdout, '.: asked for 7 images: 2 on their first mirror, 1 on another mirror, 1 on a mirror by its own name, 1 on no mirror, 2 not served by a mirror\n1 image yet to be copied (--format imageset writes the list)\n')
    for (const [host, verdict] of [
      ['a', 'is served by mirror 2'], ['c', 'cannot be pulled: its only location does not hand it out'], ['d', 'cannot be pulled: mirror 1'], ['e', 'cannot be pulled: its only location'],
    ]) assert.match(stdout, `\`${REFERENCE(host!)}\` ${verdict}`)
    assert.match(stdout, /`f\.example.*` is served by mirror 1, .* but not to nodes of linux\/s390x/)
    assert.not.match(stdout, REFERENCE('b'), 'what is on its first mirror is only counted')
    const without = await run(['check'], root)
    assert.is(without.code, 0)
    assert.ok(stdout.startsWith(without.stdout), 'findings stay as they are')
    stop()
  })

  test('check :: JSON, and an imageset that oc-mirror takes, are the same each time', async () => {
    const { root, stop } = await FLEET()
    const twice = [await run(['check', '--probe', '--format', 'json', '--format', 'imageset=list.yaml'], root), await run(['check', '--probe', '--format', 'imageset'], root)] as const
    const report = JSON.parse(twice[0].stdout) as CheckReport
    valid('schema/check.schema.json', report)
    assert.equal(report.probed!.map(({ servedBy, mirror, onNoMirror }) => [servedBy, mirror, onNoMirror]), [
      ['mirror', 2, false], ['mirror', 1, false], ['nothing', null, true], ['mirror', 1, false], ['nothing', null, false], ['mirror', 1, false], ['source', null, false],
    ])
    assert.is(twice[1].stdout, `apiVersion: mirror.openshift.io/v2alpha1\nkind: ImageSetConfiguration\nmirror:\n  additionalImages:\n  - name: ${REFERENCE('c')}\n`)
    assert.is(readFileSync(join(root, 'list.yaml'), 'utf8'), twice[1].stdout)
    stop()
  })

  test('check :: what would not be mended by copying is in no list: the policy rejects it, its mirrors are blocked, or nobody knows what is meant', async () => {
    const { empty, stop } = await registries()
    const open = (name: string, source: string, mirror: string) => set(name, source, mirror).replace('NeverContactSource', 'AllowContactingSource')
    const image = `apiVersion: config.openshift.io/v1\nkind: Image\nmetadata: {name: cluster}\nspec: {registrySources: {blockedRegistries: [blocked.example, mirror.example]}}\n`
    const images = [`quay.io/org/app:1`, `quay.io/blk/app@${APP.digest}`, 'blocked.example/app:1', 'app:1', `quay.io/none/app@${APP.digest}`]
    const root = folder({ 'a.yaml': [open('a', 'quay.io/org', empty.host), open('b', 'quay.io/blk', 'mirror.example'), image, ...images.map(pod)].join('---\n') })
    const { code, stdout, stderr } = await run(['check', '--probe', '--disconnected', '--format', 'imageset', '--format', 'text=text'], root)
    const text = readFileSync(join(root, 'text'), 'utf8')
    const source = 'and nodes of a disconnected cluster do not reach the source'
    for (const said of [
      `\`quay.io/org/app:1\` cannot be pulled: its mirrors do not serve pulls by tag, ${source}`, `\`${images[1]}\` cannot be pulled: its mirrors are blocked, ${source}`, '`blocked.example/app:1` cannot be pulled: Source image rejected',
      `\`app:1\`, as \`docker.io/library/app:1\` cannot be pulled: it has no mirror, ${source}`, `\`${images[4]}\` cannot be pulled: it has no mirror, ${source}`,
    ]) assert.ok(text.includes(said), `${said}\n${text}`)
    assert.equal(stdout.match(/(?<=name: ).*/g), ['quay.io/none/app@' + APP.digest, 'quay.io/org/app:1'])
    assert.equal([code, stderr], [1, 'mirrorproof: the imageset leaves out 3 images that no mirror serves, for it is not known that copying would help; --format text tells why\n'])
    stop()
  })

  test('check :: a format that knows nothing of registries does not fail in silence', async () => {
    const { empty, stop } = await registries()
    const root = folder({ 'a.yaml': `${set('a', 'a.example/org', empty.host)}---\n${pod(REFERENCE('a'))}`, 'image.yaml': trusting(empty) })
    for (const format of ['sarif', 'github', 'markdown', 'junit', 'codequality', 'imageset']) {
      const { code, stderr } = await run(['check', '--probe', '--format', format], root)
      assert.equal([format, code, stderr], [format, 1, 'mirrorproof: no location serves 1 image; --format text and json tell which, and why\n'])
    }
    for (const format of ['text', 'json']) assert.is((await run(['check', '--probe', '--format', format], root)).stderr, '')
    stop()
  })

  test('check :: nothing left to copy is an empty list', async () => {
    const { stdout, code } = await run(['check', '--probe', '--format', 'imageset'], folder({ 'a.yaml': set('a', 'a.example/org', 'mirror.invalid') }))
    assert.equal([code, stdout], [0, 'apiVersion: mirror.openshift.io/v2alpha1\nkind: ImageSetConfiguration\nmirror:\n  additionalImages: []\n'])
  })

  test('check :: where the operator refuses the objects, nobody is asked, and that is told', async () => {
    const { full, stop } = await registries()
    const root = folder({ 'a.yaml': `${set('a', 'a.example/org', full.host)}---\n${set('b', 'a.example/org', full.host).replace('NeverContactSource', 'AllowContactingSource')}---\n${pod(REFERENCE('a'))}` })
    const { stderr } = await run(['check', '--probe'], root)
    assert.match(stderr, 'mirrorproof: the images of . were not asked for: the operator refuses these objects and nodes keep the configuration that they have\n')
    assert.equal(full.asked, [])
    stop()
  })

  test('probe :: ^C tells what is known by then, and ends with 3', async () => {
    const { full, stop } = await registries()
    let heard = () => {}
    const asked = new Promise<void>((resolve) => { heard = resolve })
    const silent = await playing(() => heard())
    const root = folder({ 'sets.yaml': `${set('a', 'a.example/org', full.host)}---\n${set('b', 'b.example/org', silent.host)}`, 'image.yaml': trusting(full, silent), 'pods.yaml': `${pod(REFERENCE('a'))}---\n${pod(REFERENCE('b'))}` })
    const signal = asked.then(() => new Promise((later) => { setTimeout(later, 500) }))
    const { code, stdout, stderr } = await running(['trace', REFERENCE('a'), REFERENCE('b'), '--in', '.', '--probe', '--openshift', '4.18'], { cwd: root, signal })
    assert.equal([code, stderr], [3, 'mirrorproof: interrupted: what was not answered by then is not known\n'])
    assert.match(stdout, 'asked: is served by mirror 1')
    assert.match(stdout, `asked: not known: ${silent.host}/org/app was not asked to the end`)
    stop()
    silent.stop()
  })

  const script = tool('script') === undefined ? test.skip : test
  if (tool('script') === undefined) console.log('skipped: the progress bar on a terminal: script (util-linux) is not installed')
  script('probe :: on a terminal there is a bar, which goes away', async () => {
    const { full, stop } = await registries()
    const root = folder({ 'a.yaml': set('a', 'a.example/org', full.host), 'image.yaml': trusting(full) })
    const { spawn } = await import('node:child_process')
    const child = spawn('script', ['-qec', `${process.execPath} ${join(ROOT, 'dist/cli.cjs')} trace ${REFERENCE('a')} --in . --probe --openshift 4.18`, '/dev/null'], { cwd: root, env: { PATH: process.env['PATH'], HOME: root, TERM: 'xterm', NO_COLOR: '1' } })
    let screen = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => { screen += chunk })
    await new Promise((closed) => child.on('close', closed))
    assert.match(screen, `[${'#'.repeat(30)}] 1 of 1 asked; ^C ends it\r\u001b[K`)
    stop()
  })
}

const WRONG: [why: string, files: Record<string, string>, args: string[], env: NodeJS.ProcessEnv, message: RegExp][] = [
  ['--authfile that is not there', {}, ['--authfile', 'auth.json'], {}, /the credentials in auth\.json cannot be read \(ENOENT\)/],
  ['REGISTRY_AUTH_FILE that is not there', {}, [], { REGISTRY_AUTH_FILE: 'auth.json' }, /the credentials in auth\.json cannot be read \(ENOENT\)/],
  ['an authfile that is no JSON', { 'auth.json': `{"auths": {"h": {"auth": "${BASIC}"` }, ['--authfile', 'auth.json'], {}, /auth\.json holds no credentials: it is no JSON\n$/],
  ['a Secret in YAML', { 'auth.json': `apiVersion: v1\nkind: Secret\ndata: {.dockerconfigjson: ${BASIC}}\n` }, ['--authfile', 'auth.json'], {}, /auth\.json is a manifest; what its Secret holds is wanted: oc extract/],
  ['a Secret in JSON', { 'auth.json': '{"kind": "Secret", "data": {}}' }, ['--authfile', 'auth.json'], {}, /auth\.json is a Secret/],
  ['JSON of another kind', { 'auth.json': '[]' }, ['--authfile', 'auth.json'], {}, /auth\.json holds no credentials: it has no `auths`/],
  ['--ca that is not there', {}, ['--ca', 'ca.crt'], {}, /--ca ca\.crt cannot be read \(ENOENT\)/],
  ['--ca without a certificate', { 'ca.crt': 'nonsense' }, ['--ca', 'ca.crt'], {}, /--ca ca\.crt holds no certificate in PEM/],
  ['a proxy of another kind', {}, [], { HTTPS_PROXY: `socks5://user:${PASSWORD}@proxy` }, /HTTPS_PROXY names a proxy of a kind that is not supported \(socks5\)/],
  ['a proxy that is none', {}, [], { HTTPS_PROXY: `http://user:${PASSWORD}@:` }, /HTTPS_PROXY is no URL of a proxy/],
]
for (const [why, files, args, env, message] of WRONG) {
  test(`wrong :: ${why}`, () => {
    const { code, stdout, stderr } = mirrorproof(['trace', 'a.example/org/app:1', '--in', 'a.yaml', '--probe', ...args], { cwd: folder({ 'a.yaml': set('a', 'a.example/org', 'mirror.invalid'), ...files }), env: { HOME: folder({}), ...env } })
    assert.equal([code, stdout], [2, ''])
    assert.match(stderr, message)
    assert.match(stderr, /^mirrorproof: .+\n$/, 'one line')
    assert.not.match(stderr, new RegExp(`${PASSWORD}|${BASIC}`))
  })
}

test('wrong :: flags that go with --probe alone', () => {
  for (const args of [['check', '--deep'], ['check', '--ca', 'x'], ['trace', 'a/b', '--authfile', 'x'], ['check', '--format', 'imageset']]) {
    const { code, stderr } = mirrorproof(args, { cwd: folder({}) })
    assert.is(code, 2)
    assert.match(stderr, /^mirrorproof: .*goes with --probe.*\n$/)
  }
})

test('wrong :: flags that do not go with --probe', () => {
  for (const [args, message] of [
    [['check', '--fix', '--probe'], '--fix changes files and --probe asks registries; do one after the other'],
    [['check', '--fix', '--dry-run', '--probe'], '--fix changes files and --probe asks registries; do one after the other'],
    [['trace', '--log', 'log', '--probe'], '--log tells of a pull that was, and --probe asks what is now; one at a time'],
    [['trace', 'a.example/org/app:1', '--log', '-', '--probe'], '--log tells of a pull that was, and --probe asks what is now; one at a time'],
  ] as [string[], string][]) {
    const root = folder({ log: '', 'a.yaml': set('a', 'a.example/org', 'mirror.invalid') })
    const { code, stdout, stderr } = mirrorproof(args, { cwd: root })
    assert.equal([code, stdout, stderr], [2, '', `mirrorproof: ${message}\n`])
    assert.is(readFileSync(join(root, 'a.yaml'), 'utf8'), set('a', 'a.example/org', 'mirror.invalid'))
  }
})

test.run()
