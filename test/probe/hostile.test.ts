import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CLI, folder } from '../command.ts'
import { type Answers, ask, authority, greeting, holding, image, MISSING, playing, running } from './registry.ts'

/** What keeps a probe from ending, and where it must not be led: the shipped program against servers that wish it no good. */
const APP = image()
const REFERENCE = `quay.io/org/app@${APP.digest}`
const conf = (...mirrors: string[]) => `[[registry]]\nprefix = "quay.io/org"\nlocation = "quay.io/org"\nblocked = true\n${mirrors.map((mirror) => `[[registry.mirror]]\nlocation = "${mirror}/org"\n`).join('')}`
const traced = ['trace', REFERENCE, '--registries-conf', 'registries.conf', '--probe']

/** A port whose queue of connections is full, so that whoever connects hears nothing at all. */
async function hole(): Promise<{ host: string; stop(): void }> {
  const listener = "const s = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => process.stdout.write(`${s.address().port}`, () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)))"
  const child = spawn(process.execPath, ['-e', listener], { stdio: ['ignore', 'pipe', 'ignore'] })
  const port = Number(await new Promise((heard) => child.stdout.once('data', heard)))
  const sockets = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => {}))
  await new Promise((later) => { setTimeout(later, 200) })
  return { host: `127.0.0.1:${port}`, stop: () => { for (const socket of sockets) socket.destroy(); child.kill('SIGKILL') } }
}

if (MISSING) console.log(`skipped: no registry plays foul: ${MISSING}`)
else {
  test('hostile :: an address that swallows packets costs ten seconds, once for a thousand images', async () => {
    const { host, stop } = await hole()
    const pods = Array.from({ length: 1000 }, (_, at) => `apiVersion: v1\nkind: Pod\nmetadata: {name: p${at}}\nspec: {containers: [{name: a, image: 'quay.io/org/app-${at}@${APP.digest}'}]}\n`).join('---\n')
    const sets = `apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata: {name: org}\nspec: {imageDigestMirrors: [{source: quay.io/org, mirrors: ['${host}/org'], mirrorSourcePolicy: NeverContactSource}]}\n`
    const start = Date.now()
    const { code, stdout, stderr } = await running(['check', '--probe', '--openshift', '4.18', '--quiet'], { cwd: folder({ 'pods.yaml': pods, 'sets.yaml': sets }) })
    const seconds = (Date.now() - start) / 1000
    stop()
    assert.is(code, 1, stderr)
    assert.match(stdout, '.: asked for 1000 images: 1000 not served by a mirror')
    assert.ok(seconds > 9 && seconds < 25, `${seconds} seconds`)
  })

  test('hostile :: ^C ends a connection that nobody answers', async () => {
    const dead = await hole()
    const once = running(traced, { cwd: folder({ 'registries.conf': conf(dead.host) }), signal: new Promise((later) => { setTimeout(later, 2000) }) })
    const start = Date.now()
    const { code, stdout } = await once
    assert.is(code, 3)
    assert.match(stdout, 'asked: not known')
    assert.ok(Date.now() - start < 5000)
    dead.stop()
  })

  test('hostile :: a second ^C ends the program at once', async () => {
    let heard = () => {}
    const asked = new Promise<void>((resolve) => { heard = resolve })
    const { host, stop } = await playing(greeting(() => heard()))
    // The end of the program is held up, as by a name server that does not answer, so that there is something to end.
    const late = folder({ 'late.cjs': "process.once('SIGINT', () => setTimeout(() => {}, 30000))" })
    const child = spawn(process.execPath, ['--require', join(late, 'late.cjs'), CLI, ...traced, '--ca', authority().ca], { cwd: folder({ 'registries.conf': conf(host) }), env: { PATH: process.env['PATH'], HOME: folder({}) }, stdio: 'ignore' })
    const closed = new Promise<[number | null, string | null]>((end) => child.on('close', (code, signal) => end([code, signal])))
    const within = (seconds: number) => Promise.race([closed, new Promise<'runs'>((over) => { setTimeout(() => over('runs'), seconds * 1000).unref() })])
    await asked
    child.kill('SIGINT')
    assert.is(await within(1), 'runs')
    child.kill('SIGINT')
    const end = await within(3)
    child.kill('SIGKILL')
    stop()
    assert.equal(end, [null, 'SIGINT'])
  })

  /** The program with a name server of its own. */
  const resolving = (names: Record<string, string>) => join(folder({ 'names.cjs': `const dns = require('node:dns'); const real = dns.lookup; const names = ${JSON.stringify(names)}
dns.lookup = (name, options, answer) => names[name] ? setImmediate(() => answer(null, [{ address: names[name], family: names[name].includes(':') ? 6 : 4 }])) : real(name, options, answer)` }), 'names.cjs')
  const sendingTo = (location: string): Answers => greeting((_, response) => void response.writeHead(307, { location }).end())

  test('hostile :: a redirect, or a token server, by a name that leads to where none may send', async () => {
    for (const address of ['169.254.169.254', '::ffff:169.254.169.254', 'fd00:ec2::254', 'fe80::1', '0.0.0.0', '100.100.100.200']) {
      const env = { NODE_OPTIONS: `--require=${resolving({ 'storage.example': address })}` }
      const challenge: Answers = (_, response) => void response.writeHead(401, { 'www-authenticate': 'Bearer realm="https://storage.example/token",service="x"' }).end()
      for (const answers of [sendingTo('https://storage.example/latest/meta-data/?secret=abc'), challenge]) {
        const { host, stop } = await playing(answers)
        const { code, stdout, stderr } = await running([...traced, '--ca', authority().ca], { cwd: folder({ 'registries.conf': conf(host) }), env })
        stop()
        assert.is(code, 1, stderr)
        assert.match(stdout, 'the registry sends to storage.example, an address that none may send to; that is not followed [unknown]', address)
        assert.not.match(stdout, 'secret=abc')
      }
    }
  })

  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []).find(({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.'))?.address
  if (own === undefined) console.log('skipped: a registry that is not on this machine sends to it: this machine has no address but its own')
  const away = own === undefined ? test.skip : test
  away('hostile :: a registry elsewhere sends to this machine, by a name', async () => {
    const asked: string[] = []
    const { host, stop } = await playing((request, response) => {
      asked.push(request.url!)
      sendingTo(`https://storage.example:${host.split(':')[1]}/admin`)(request, response)
    }, { address: own!, cert: authority().issue([own!]) })
    for (const address of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1']) {
      const { code, stdout, stderr } = await running([...traced, '--ca', authority().ca], { cwd: folder({ 'registries.conf': conf(host) }), env: { NODE_OPTIONS: `--require=${resolving({ 'storage.example': address })}` } })
      assert.is(code, 1, stderr)
      assert.match(stdout, /the registry sends to storage\.example:\d+, an address that none may send to/, address)
    }
    stop()
    assert.not.ok(asked.includes('/admin'))
  })

  test('hostile :: a host that cannot be one, and one that is odd', async () => {
    for (const [host, said] of [
      ['mirror.corp:99999', 'mirror.corp:99999 is no host and port that anybody can connect to [unknown]'], ['256.256.256.256', '256.256.256.256 is no host and port that anybody can connect to [unknown]'],
      ['1.2.3.4.5', '1.2.3.4.5 is no host and port that anybody can connect to [unknown]'],
    ] as const) {
      const { code, stdout, stderr } = await running(traced, { cwd: folder({ 'registries.conf': conf(host) }) })
      assert.equal([code, stderr], [1, ''])
      assert.ok(stdout.includes(said), stdout)
    }
  })

  test('hostile :: an insecure registry gets its login by TLS alone where it has TLS, however late it answers', async () => {
    const auth = Buffer.from('robot:s3cr3t').toString('base64')
    let plain = 0
    let late = 1
    const { host, stop } = await playing((request, response) => {
      if (request.headers.authorization === undefined) return void response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()
      if (late-- <= 0) holding(APP.content)(request, response)
    }, { onPlain: () => plain++ })
    const attempts = await Promise.all(['v1', 'v1', 'v1'].map((tag) => ask(`${host}/org/app:${tag}`, { insecure: true, auths: { [host]: { auth } } })))
    stop()
    assert.ok(attempts.length === 3)
    assert.is(plain, 0)
  })
}

test.run()
