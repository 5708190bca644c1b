import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { CheckReport } from '../src/report/json.ts'
import { CLI, folder, mirrorproof, ROOT } from './command.ts'

const set = (name: string, entry: string) => `apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata: {name: ${name}}\nspec:\n  imageDigestMirrors:\n  - ${entry}\n`
const WARNS = set('warns', '{source: quay.io/org}')
const FAILS = set('fails', '{source: https://quay.io/org, mirrors: [mirror.example.net/org]}')
const CLEAN = set('clean', '{source: quay.io/org, mirrors: [mirror.example.net/org]}')
const root = folder({ 'warns/a.yaml': WARNS, 'fails/a.yaml': FAILS, 'clean/a.yaml': CLEAN, 'clean/.hidden/b.yml': 'a: b', 'clean/node_modules/c.yaml': FAILS, 'clean/.git/d.yaml': FAILS, 'clean/e.txt': FAILS })

const EXITS: [args: string, code: number][] = [
  ['check clean', 0],
  ['check warns', 0],
  ['check warns --fail-on warning', 1],
  ['check warns --fail-on info', 1],
  ['check warns --disconnected', 1],
  ['check fails', 1],
  ['check fails --fail-on never', 0],
  ['check fails --format json', 1],
  ['check fails --format sarif', 1],
  ['check fails --format json --fail-on never', 0],
  ['check fails --quiet', 1],
  ['check clean fails', 1],
  ['check fails/a.yaml', 1],
  ['check clean/*.yaml', 0],
  ['check clean/e.txt', 1],
  ['trace quay.io/org/app:1 --in clean --openshift 4.18', 0],
  ['render clean --openshift 4.18', 0],
  ['trace --help', 0],
  ['render --help', 0],
  ['rules', 0],
  ['rules deprecated-icsp', 0],
  ['rules --color never --quiet', 0],
  ['--help', 0],
  ['--version', 0],
  ['check --help', 0],
  ['rules --help', 0],
]
for (const [args, code] of EXITS) {
  test(`cli :: ${args} :: ends with ${code}`, () => {
    const result = mirrorproof(args.split(' '), { cwd: root })
    assert.is(result.stderr, '')
    assert.is(result.code, code)
    assert.ok(result.stdout)
  })
}

const MISTAKES: [args: string, message: string][] = [
  ['chek', 'there is no command chek; mirrorproof --help lists them'],
  ['constructor', 'there is no command constructor; mirrorproof --help lists them'],
  ['check nowhere', 'there is no file, folder or match for nowhere'],
  ['check nowhere/*.yaml', 'there is no file, folder or match for nowhere/*.yaml'],
  ['check --openshift latest', '--openshift takes a version such as 4.16 or 4.16.3, not latest'],
  ['check --format xml', '--format takes text, json, sarif, github, markdown, junit, codequality, imageset, not xml'],
  ['check --fail-on fatal', '--fail-on takes error, warning, info, never, not fatal'],
  ['check --color blue', '--color takes auto, always, never, not blue'],
  ['check --cluster prod', 'there is no cluster prod; there is clean, fails, warns'],
  ['check --config nowhere.yaml', 'cannot read the configuration nowhere.yaml (ENOENT)'],
  ['check --in clean', "Unknown option '--in'; mirrorproof check --help lists the flags"],
  ['render fails clean', 'one cluster can be rendered, and there are 2 (clean, fails); pick one by --cluster'],
  ['check --frobnicate', "Unknown option '--frobnicate'; mirrorproof check --help lists the flags"],
  ['check --openshift', "Option '--openshift <value>' argument missing; mirrorproof check --help lists the flags"],
  ['rules no-such-rule', 'there is no rule no-such-rule; mirrorproof rules lists them'],
  ['rules a b', 'rules takes one ID'],
  ['rules --format sarif', '--format takes text, json, not sarif'],
]
for (const [args, message] of MISTAKES) {
  test(`cli :: ${args || 'no command'} :: is a mistake`, () => {
    const own = folder({ 'warns/a.yaml': set('a', '{source: a}'), 'fails/a.yaml': set('a', '{source: b}'), 'clean/a.yaml': set('a', '{source: c}') })
    const result = mirrorproof(args.split(' ').filter(Boolean), { cwd: own })
    assert.is(result.stderr, message && `mirrorproof: ${message}\n`)
    assert.is(result.code, 2)
  })
}

test('cli :: a report that cannot be written is a job that could not be done', () => {
  const result = mirrorproof(['check', 'clean', '--output', 'nowhere/report.json'], { cwd: root })
  assert.equal(result, { code: 3, stdout: '', stderr: 'mirrorproof: cannot write nowhere/report.json (ENOENT)\n' })
})

test('cli :: --output takes the report, and nothing is printed', () => {
  const result = mirrorproof(['check', 'fails', '--output', 'report.txt'], { cwd: root })
  assert.equal(result, { code: 1, stdout: '', stderr: '' })
  assert.match(readFileSync(join(root, 'report.txt'), 'utf8'), '[malformed-location]')
})

test('cli :: standard input', () => {
  const { code, stdout } = mirrorproof(['check', '-', '--openshift', '4.16'], { input: FAILS })
  assert.is(code, 1)
  assert.match(stdout, /^stdin:6:14: error: source/)
})

test('cli :: standard input is for the one cluster that is named', () => {
  const cwd = folder({ '.mirrorproof.yaml': 'clusters:\n- {name: east, version: "4.16", paths: [a]}\n- {name: west, version: "4.18", paths: [a]}\n', 'a/a.yaml': CLEAN })
  const { code, stdout } = mirrorproof(['check', '-', '--cluster', 'west', '--format', 'json'], { cwd, input: FAILS })
  assert.is(code, 1)
  assert.equal((JSON.parse(stdout) as CheckReport).clusters, [{ name: 'west', openshift: '4.18', next: null, disconnected: false, connectionAssumed: true, mirrorSets: 1, images: 0 }])
  assert.equal(mirrorproof(['check', '-'], { cwd, input: FAILS }), { code: 2, stdout: '', stderr: 'mirrorproof: standard input is for one cluster; name it by --cluster (east, west)\n' })
})

test('cli :: a file that is named and cannot be read is a job that could not be done', () => {
  const cwd = folder({ 'a.yaml': new Uint8Array([0x61, 0xe9]) })
  assert.equal(mirrorproof(['check', 'a.yaml'], { cwd }), { code: 3, stdout: '', stderr: 'mirrorproof: a.yaml: neither UTF-8 nor UTF-16, which is what the API server reads\n' })
  assert.is(mirrorproof(['check', '.'], { cwd }).code, 0)
})

test('cli :: no command is a mistake, and shows what there is', () => {
  const { code, stdout, stderr } = mirrorproof([])
  assert.is(code, 2)
  assert.is(stdout, '')
  assert.match(stderr, /^mirrorproof - proves[^]*rules +list the rules/)
})

test('cli :: a pipe in place of a file', () => {
  const { status, stdout } = spawnSync('bash', ['-c', `${process.execPath} ${CLI} check --openshift 4.16 <(cat fails/a.yaml)`], { cwd: root, encoding: 'utf8', env: { PATH: process.env['PATH'] } })
  assert.is(status, 1)
  assert.match(stdout, '[malformed-location]')
})

test('cli :: the last line says what was read', () => {
  const last = (args: string[]) => mirrorproof(['check', ...args], { cwd: root }).stdout.trim().split('\n').at(-1)
  assert.is(last(['clean', '--openshift', '4.16']), 'no findings; 1 mirror set in 1 cluster, of 2 files; taken as connected (--disconnected)')
  assert.is(last(['clean']), 'no findings; 1 mirror set in 1 cluster, of 2 files; OpenShift version not known (--openshift); taken as connected (--disconnected)')
  assert.is(last(['warns', '--openshift', '4.16']), '1 warning; 1 mirror set in 1 cluster, of 1 file; taken as connected (--disconnected)')
  assert.is(last(['clean/.hidden']), 'no findings; 0 mirror sets in 0 clusters, of 1 file')
})

test('cli :: what is piped in may come from the cluster, a file that holds as much is a dump', () => {
  const live = 'apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata: {name: a, uid: x}\nspec:\n  imageDigestMirrors:\n  - {source: quay.io/org, mirrors: [m.example.net/org]}\n'
  assert.match(mirrorproof(['check', '-', '--openshift', '4.16'], { input: live }).stdout, /^no findings/)
  assert.match(mirrorproof(['check', '.', '--openshift', '4.16'], { cwd: folder({ 'a.yaml': live }) }).stdout, '[live-object-metadata]')
})

test('cli :: --quiet prints one line a finding', () => {
  const { stdout } = mirrorproof(['check', 'fails', '--quiet'], { cwd: root })
  assert.is(stdout.split('\n')[0], 'fails/a.yaml:6:14: error: source `https://quay.io/org` has a URL scheme: the API server refuses the object [malformed-location]')
  assert.is(stdout.split('\n').length, 4)
  assert.match(mirrorproof(['check', 'clean', '--quiet'], { cwd: root }).stdout, /^no findings/)
})

test('cli :: colours only where they are wanted', () => {
  const coloured = (args: string[], env = {}) => mirrorproof(['check', 'fails', ...args], { cwd: root, env }).stdout.includes('\u001b[')
  assert.not.ok(coloured([]))
  assert.not.ok(coloured([], { FORCE_COLOR: '1' }))
  assert.ok(coloured(['--color', 'always']))
  assert.not.ok(coloured(['--color', 'never']))
})

test('cli :: the same folder gives the same bytes, named once or twice', () => {
  const once = mirrorproof(['check', '.'], { cwd: root }).stdout
  assert.is(mirrorproof(['check', '.'], { cwd: root }).stdout, once)
  assert.is(mirrorproof(['check', '.', './fails', 'fails/../clean', join(root, 'warns')], { cwd: root }).stdout, once)
})

test('cli :: a finding tells which object and which clusters', () => {
  const { stdout } = mirrorproof(['check', 'fails', '--format', 'json'], { cwd: root })
  const { findings: [finding], clusters } = JSON.parse(stdout) as CheckReport
  assert.equal(finding!.object, { apiVersion: 'config.openshift.io/v1', kind: 'ImageDigestMirrorSet', name: 'fails' })
  assert.equal(finding!.path, ['spec', 'imageDigestMirrors', 0, 'source'])
  assert.is(finding!.cluster, 'fails')
  assert.equal(clusters, [{ name: 'fails', openshift: null, next: null, disconnected: false, connectionAssumed: true, mirrorSets: 1, images: 0 }])
})

const CONFIGS: [name: string, config: string, message: string][] = [
  ['not YAML', 'clusters: [', ':1: unexpected end of the stream within a flow collection'],
  ['a key twice', 'clusters: []\nclusters: []\n', ':2: a key stands twice in one mapping, and only the last one counts'],
  ['a misspelt field', 'clusters:\n- name: a\n  path: [a]\n', ':2: `clusters[0].paths` is missing or empty'],
  ['a field too many', 'clusters:\n- name: a\n  paths: [a]\n  openshift: "4.16"\n', ':4: there is no field `clusters[0].openshift`'],
  ['a version without quotes', 'clusters:\n- name: a\n  version: 4.20\n  paths: [a]\n', ':3: `clusters[0].version` is a number; write it in quotes, as "4.16" or "4.16.3"'],
  ['no version at all', 'clusters:\n- name: a\n  version: stable-4.16\n  paths: [sub]\n', ':3: `stable-4.16` is no OpenShift version; write it in quotes, as "4.16" or "4.16.3"'],
  ['two clusters of one name', 'clusters:\n- {name: a, paths: [sub]}\n- {name: a, paths: [sub]}\n', ':3: a second cluster is called a'],
  ['a list', '- a\n', ':1: `this` is of type array where object is expected'],
  ['no paths', 'clusters:\n- name: a\n  paths: []\n', ':3: `clusters[0].paths` is missing or empty'],
  ['a template', 'clusters: [{{ x', ':1: a template is no configuration'],
  ['a cluster without a name', 'clusters:\n- name: ""\n  paths: [a]\n', ':2: `clusters[0].name` is missing or empty'],
  ['a path that is not there', 'clusters:\n- name: a\n  paths: [sub, nowhere]\n', ':3: there is no nowhere'],
  ['two documents', 'clusters: []\n---\nclusters: []\n', ':3: a configuration is one document'],
]
for (const [name, config, message] of CONFIGS) {
  test(`config :: ${name} :: is a mistake with its line`, () => {
    const result = mirrorproof(['check', 'sub'], { cwd: folder({ '.mirrorproof.yaml': config, 'sub/a.yaml': CLEAN }) })
    assert.equal(result, { code: 2, stdout: '', stderr: `mirrorproof: .mirrorproof.yaml${message}\n` })
  })
}

test('config :: is found above the path, up to the repository, and its paths are relative to it', () => {
  const files = {
    '.mirrorproof.yaml': 'clusters: broken',
    'repo/.git/HEAD': '',
    'repo/.mirrorproof.yaml': '# yaml-language-server: $schema=x\nclusters:\n- {name: prod, version: "4.18.2", disconnected: true, paths: [clusters/prod, base/a.yaml]}\n',
    'repo/clusters/prod/a.yaml': WARNS, 'repo/base/a.yaml': CLEAN, 'repo/base/b.yaml': FAILS,
  }
  const cwd = folder(files)
  const report = JSON.parse(mirrorproof(['check', 'repo/clusters', 'repo/base', '--format', 'json'], { cwd }).stdout) as CheckReport
  assert.equal(report.clusters, [{ name: 'prod', openshift: '4.18.2', next: null, disconnected: true, connectionAssumed: false, mirrorSets: 2, images: 0 }])
  assert.equal(report.skipped, [{ file: 'repo/base/b.yaml', reason: 'no-cluster', message: 'in none of the clusters that the configuration declares' }])
  const other = JSON.parse(mirrorproof(['check', '.', '--format', 'json', '--openshift', '4.16'], { cwd: join(cwd, 'repo') }).stdout) as CheckReport
  assert.is(other.clusters[0]!.openshift, '4.16', 'a flag goes before the configuration')
})

test('config :: an empty one declares nothing, nor does one of empty documents', () => {
  const cwd = folder({ '.mirrorproof.yaml': '# nothing yet\n---\n---\n', 'a.yaml': CLEAN })
  assert.is(mirrorproof(['check'], { cwd }).code, 0)
})

test('config :: an unreadable manifest outside of all clusters is said all the same', () => {
  const cwd = folder({ '.mirrorproof.yaml': 'clusters:\n- {name: a, paths: [a]}\n', 'a/a.yaml': CLEAN, 'b.yaml': `${CLEAN}  ]` })
  const report = JSON.parse(mirrorproof(['check', '--format', 'json'], { cwd }).stdout) as CheckReport
  assert.equal(report.findings.map(({ rule, cluster, clusters }) => ({ rule, cluster, clusters })), [{ rule: 'unreadable-manifest', cluster: null, clusters: [] }])
  assert.is(report.clusters.length, 1)
})

test('cli :: --cluster picks', () => {
  const cwd = folder({ 'east/a.yaml': WARNS, 'west/a.yaml': WARNS })
  const report = JSON.parse(mirrorproof(['check', '--cluster', 'west', '--format', 'json'], { cwd }).stdout) as CheckReport
  assert.equal(report.findings.map(({ file }) => file), ['west/a.yaml'])
})

test('cli :: what several clusters share is one finding', () => {
  const cwd = folder({ 'east/a.yaml': CLEAN, 'west/a.yaml': CLEAN, 'base/b.yaml': set('b', '{source: quay.io/other}') })
  const { findings } = JSON.parse(mirrorproof(['check', '--format', 'json'], { cwd }).stdout) as CheckReport
  assert.equal(findings.map(({ file, cluster, clusters }) => [file, cluster, clusters]), [['base/b.yaml', null, ['east', 'west']]])
})

test('rules :: every rule is explained in full', () => {
  for (const line of mirrorproof(['rules']).stdout.trim().split('\n')) {
    const [id] = line.split(' ', 1)
    const { stdout } = mirrorproof(['rules', id!])
    for (const part of ['\nWhy\n', '\nFix\n', '\nVersions\n']) assert.match(stdout, part)
    assert.match(readFileSync(join(ROOT, `docs/rules/${id}.md`), 'utf8'), `[${id}]`, 'the page shows it in real output')
  }
})

test.run()
