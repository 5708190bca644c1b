import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { folder, ROOT } from '../command.ts'
import { rendered } from '../report/readers.ts'
import { validator } from '../schema.ts'
import { bad, BASE, HEAD, HUB, pull, set } from './fleet.ts'
import { checkout, type Files, hub, write } from './hub.ts'
import { type Done, NODES, step } from './runner.ts'

const schema = (name: string) => validator(JSON.parse(readFileSync(join(ROOT, `schema/${name}.schema.json`), 'utf8')) as object)
const [validReport, validDiff] = [schema('action'), schema('diff')]
const merge = () => checkout(HUB, 'refs/pull/1/merge')
const words = ({ commands }: Done) => commands.filter(({ properties: { file } }) => file === undefined).map(({ name, message }) => `${name}: ${message}`)
const places = ({ commands }: Done) => commands.flatMap(({ name, properties: { file, line } }) => (file === undefined ? [] : [`${name} ${file}:${line}`]))
const read = (root: string, file: string) => JSON.parse(readFileSync(join(root, file), 'utf8')) as { runs: { results: unknown[] }[]; findings: unknown[]; diff: null | { findings: { new: unknown[] } } }

/** The merge of a pull request that does this to a repository. */
function change(before: Files, after: Files): { workspace: string; on: [name: string, payload: unknown] } {
  const origin = hub()
  const base = origin.commit(before)
  const head = origin.commit(after, base)
  origin.ref('refs/pull/1/merge', origin.commit(after, base, head))
  return { workspace: checkout(origin, 'refs/pull/1/merge'), on: pull(base, head) }
}

const OUTSIDE = /\/(?:tmp|home|root)\//

for (const [name, node] of NODES) {
  test(`reports :: ${name} :: SARIF holds all findings, JSON what the change does as well`, async () => {
    const workspace = merge()
    const done = await step({ node, workspace, on: pull(BASE, HEAD), with: { 'sarif-file': 'out/of/here/a.sarif', 'json-file': 'a.json' } })
    assert.equal([done.code, words(done), done.outputs['sarif-file']], [0, [], 'out/of/here/a.sarif'])
    const report = read(workspace, 'a.json')
    validReport(report, 'json-file')
    validDiff(report.diff, 'diff in json-file')
    assert.equal([report.findings.length, report.diff?.findings.new.length, read(workspace, 'out/of/here/a.sarif').runs[0]!.results.length], [2, 1, 2])
    for (const file of ['out/of/here/a.sarif', 'a.json']) assert.not.match(readFileSync(join(workspace, file), 'utf8'), OUTSIDE)
    const alone = await step({ node, workspace: merge(), with: { 'json-file': join(workspace, 'alone.json') } })
    assert.is(alone.outputs['sarif-file'], '')
    validReport(read(workspace, 'alone.json'), 'json-file where nothing was compared')
    assert.is(read(workspace, 'alone.json').diff, null)
  })

  test(`reports :: ${name} :: a file that cannot be written fails the step, and the others are written`, async () => {
    const workspace = merge()
    write(workspace, { taken: '' })
    mkdirSync(join(workspace, 'folder/inner'), { recursive: true })
    for (const file of ['folder', 'taken/a.sarif', '/proc/a.sarif', `${'a'.repeat(300)}.sarif`]) {
      const done = await step({ node, workspace, on: pull(BASE, HEAD), with: { 'sarif-file': file, 'json-file': 'a.json' } })
      assert.equal([done.code, done.outputs['sarif-file'], done.outputs['new'], places(done)], [3, '', '1', ['warning mirrors/new.yaml:6']])
      assert.match(words(done)[1] ?? words(done)[0]!, /^error: cannot write .* \(E[A-Z]+\)$/)
      validReport(read(workspace, 'a.json'), 'json-file')
    }
    assert.equal(readdirSync(workspace).filter((file) => file.endsWith('.tmp')), [])
  })

  test(`reports :: ${name} :: a device is written to, and a link to elsewhere replaced`, async () => {
    const [workspace, elsewhere] = [merge(), folder({ secret: 'as it was' })]
    symlinkSync(join(elsewhere, 'secret'), join(workspace, 'a.json'))
    const done = await step({ node, workspace, on: pull(BASE, HEAD), with: { 'sarif-file': '/dev/null', 'json-file': 'a.json' } })
    assert.equal([done.code, words(done)], [0, ['warning: a.json was there before this step, and is replaced']])
    assert.is(readFileSync('/dev/null', 'utf8'), '')
    assert.is(readFileSync(join(elsewhere, 'secret'), 'utf8'), 'as it was')
    validReport(read(workspace, 'a.json'), 'json-file')
  })

  test(`reports :: ${name} :: a report of an earlier step is replaced, and a warning says so`, async () => {
    const workspace = merge()
    const run = (paths: string) => step({ node, workspace, with: { paths, 'sarif-file': 'a.sarif' } })
    assert.equal(words(await run('mirrors/old.yaml\nmirrors/new.yaml')), [])
    assert.equal(words(await run('mirrors/old.yaml')), ['warning: a.sarif was there before this step, and is replaced'])
    assert.is(read(workspace, 'a.sarif').runs[0]!.results.length, 1)
  })

  test(`reports :: ${name} :: of steps that write a report at the same time, one has it as a whole`, async () => {
    const workspace = folder(Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`s${index}.yaml`, bad(`s${index}`)])))
    const sizes = [200, 100, 50, 20, 1].map((size) => Array.from({ length: size }, (_, index) => `s${index}.yaml`).join('\n'))
    await Promise.all(sizes.map((paths) => step({ node, workspace, with: { paths, 'sarif-file': 'a.sarif', 'json-file': 'a.json' } })))
    assert.ok([200, 100, 50, 20, 1].includes(read(workspace, 'a.sarif').runs[0]!.results.length))
    validReport(read(workspace, 'a.json'), 'json-file')
    assert.equal(readdirSync(workspace).filter((file) => file.endsWith('.tmp')), [])
  })

  test(`reports :: ${name} :: outputs or a summary that cannot be written fail the step`, async () => {
    for (const variable of ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY']) {
      const done = await step({ node, workspace: merge(), on: pull(BASE, HEAD), env: { [variable]: folder({}) } })
      assert.equal([done.code, words(done), places(done)], [3, [`error: cannot write ${variable} (EISDIR)`], ['warning mirrors/new.yaml:6']])
      assert.is((await step({ node, workspace: merge(), on: pull(BASE, HEAD), env: { [variable]: '' } })).code, 0, 'a runner that has none')
    }
  })

  test(`reports :: ${name} :: of thirty findings the ten that GitHub shows of each level are those in changed files, then the worst`, async () => {
    const many = (prefix: string, count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}.yaml`, bad(`${prefix}${index}`)]))
    // What is no longer waived is new in files that did not change.
    const config = (waived: string) => `clusters: [{name: a, paths: [.], version: "4.18"}]\noverrides: [{paths: [strict], rules: {source-without-mirror: error}}]\n${waived}`
    const waivers = 'waivers: [{rule: source-without-mirror, paths: [z-old, a-old]}]\n'
    const { workspace, on } = change(
      { '.mirrorproof.yaml': config(waivers), ...many('a-old/f', 12), ...many('z-old/g', 3), 'strict/a.yaml': set('a', 'quay.io/a', 'mirror.lab/a') },
      { '.mirrorproof.yaml': config(''), ...many('m-new/h', 12), ...many('strict/i', 3) },
    )
    const done = await step({ node, workspace, on })
    const [errors, warnings] = ['error', 'warning'].map((level) => places(done).filter((place) => place.startsWith(level)).map((place) => place.replace(/^\w+ ([\w-]+)\/.*/, '$1')))
    assert.equal(errors, ['strict', 'strict', 'strict'])
    assert.equal(warnings!.length, 27)
    assert.equal([...new Set(warnings!.slice(0, 12))], ['m-new'])
    assert.equal([...new Set(warnings!.slice(12))], ['a-old', 'z-old'])
  })

  test(`reports :: ${name} :: annotations stand at the line of the value, however the file is called`, async () => {
    const names = ['a\nb.yaml', 'a "b" \'c\'.yaml', '::error file=x::y.yaml', '100%25.yaml', 'a,line=7.yaml', '##[group]a.yaml', 'ä…\u202e.yaml', 'a\r::warning::b.yaml', ' ::stop-commands::x.yaml', '-.yaml', '*.yaml']
    const { workspace, on } = change({ 'a.yaml': set('a', 'quay.io/a', 'mirror.lab/a') }, Object.fromEntries(names.map((file, index) => [`d/${file}`, `# one\n# two\n${bad(`n${index}`)}`])))
    const done = await step({ node, workspace, on, with: { 'sarif-file': 'a.sarif', 'json-file': 'a.json', 'fail-on': 'warning' } })
    assert.equal([done.code, done.outputs['new'], done.commands.length], [1, String(names.length), names.length], done.log)
    assert.equal([...new Set(done.commands.map(({ properties: { line, col } }) => `${line}:${col}`))], ['8:13'])
    assert.equal((read(workspace, 'a.json').findings as { file: string }[]).map(({ file }) => file).sort(), names.map((file) => `d/${file}`).sort())
    assert.not.match(rendered(done.summary), /<script|<img|<a /)
  })

  test(`reports :: ${name} :: a summary of thousands of findings stays below what GitHub takes, and readable`, async () => {
    const many = (count: number, mirrors: string[]) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${String(index).padStart(4, '0')}.yaml`, set(`f${index}`, `quay.io/${'very/long/path/'.repeat(16)}f${index}`, ...mirrors)]))
    const { workspace, on } = change({ 'a.yaml': set('a', 'quay.io/a', 'mirror.lab/a') }, many(2500, []))
    const done = await step({ node, workspace, on, with: { openshift: '4.18' } })
    assert.is(done.outputs['new'], '2500', done.log.slice(-500))
    assert.ok(Buffer.byteLength(done.summary) < 1024 * 1024, `${Buffer.byteLength(done.summary)} bytes`)
    assert.match(done.summary, '2500 new warnings')
    assert.match(done.summary, /and \d{4} more/)
    const alone = await step({ node, workspace, with: { openshift: '4.18' } })
    assert.ok(Buffer.byteLength(alone.summary) < 1024 * 1024)
  })

  test(`reports :: ${name} :: no secret is told, in no way`, async () => {
    const secrets = { user: 'hunter2', auth: Buffer.from('admin:correcthorse').toString('base64') }
    const auths = JSON.stringify({ auths: { 'mirror.lab': { auth: secrets.auth }, 'MIRROR.lab/x': { auth: secrets.auth } } })
    const { workspace, on } = change({ 'a.yaml': set('a', 'quay.io/a', 'mirror.lab/a') }, {
      'install-config.yaml': `apiVersion: v1\nkind: InstallConfig\nmetadata: {name: east}\npullSecret: '${auths}'\nimageDigestSources:\n- source: quay.io/b\n  mirrors: ['admin:${secrets.user}@mirror.lab/b']\n`,
      'secret.yaml': `apiVersion: v1\nkind: Secret\nmetadata: {name: pull-secret, namespace: openshift-config}\ntype: kubernetes.io/dockerconfigjson\ndata: {.dockerconfigjson: ${Buffer.from(auths).toString('base64')}}\n`,
      'm.yaml': set('m', `https://admin:${secrets.user}@quay.io/m`, `'admin:${secrets.user}@mirror.lab/m'`, `'https://admin:${secrets.user}@mirror.lab/n/'`),
      'pod.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: 'admin:${secrets.user}@quay.io/a/b:1'}]}\n`,
    })
    for (const event of [on, ['schedule', {}] as [string, unknown]]) {
      const done = await step({ node, workspace, on: event, with: { 'sarif-file': 'a.sarif', 'json-file': 'a.json', openshift: '4.18', disconnected: 'true' } })
      assert.ok(Number(done.outputs['findings']) > 0)
      const all = [done.log, done.summary, JSON.stringify(done.outputs), readFileSync(join(workspace, 'a.sarif'), 'utf8'), readFileSync(join(workspace, 'a.json'), 'utf8')]
      for (const secret of [...Object.values(secrets), 'correcthorse', Buffer.from(auths).toString('base64').slice(0, 40)]) {
        for (const [index, text] of all.entries()) assert.not.ok(text.includes(secret), `${['log', 'summary', 'outputs', 'SARIF', 'JSON'][index]} holds ${secret}: …${text.slice(Math.max(0, text.indexOf(secret) - 200), text.indexOf(secret) + 40)}`)
      }
    }
  })

  test(`reports :: ${name} :: the password of a remote is not told where it cannot be reached`, async () => {
    const workspace = merge()
    writeFileSync(join(workspace, '.git/config'), readFileSync(join(workspace, '.git/config'), 'utf8').replace(HUB.url, 'http://admin:hunter2@127.0.0.1:9/fleet.git'))
    const done = await step({ node, workspace, on: pull(BASE, HEAD) })
    assert.match(words(done).join(), /is not in this clone and cannot be fetched \(/)
    assert.not.match(done.log + done.summary, 'hunter2')
    assert.not(existsSync(join(workspace, '.git/FETCH_HEAD')) && readFileSync(join(workspace, '.git/FETCH_HEAD'), 'utf8').includes('hunter2'))
  })
}

test.run()
