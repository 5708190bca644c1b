import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { hasGo, opaBinary } from '../build/go.ts'
import { check } from '../src/check.ts'
import type { Engine } from '../src/policy/engine.ts'
import { imprinted } from '../src/policy/imprint.ts'
import { ruleOf } from '../src/policy/metadata.ts'
import { RULES } from '../src/policy/rules.generated.ts'
import type { CheckReport } from '../src/report/json.ts'
import { engine } from '../src/rules/engine.ts'
import { compiled, regoOf, sumOf } from '../src/rules/folder.ts'
import { folder, mirrorproof, ROOT } from './command.ts'

const EXAMPLE = join(ROOT, 'test/own-rules/example')
const FAULTS = join(ROOT, 'test/own-rules/faults')
const NAME = 'mirror_outside_corp.rego'
const REGO = readFileSync(join(EXAMPLE, 'policies', NAME), 'utf8')
const WASM = readFileSync(join(EXAMPLE, 'policies/policy.wasm'))
const CONFIG = { '.mirrorproof.yaml': 'policies: [policies]\n' }
const BUILT = { ...CONFIG, [`policies/${NAME}`]: REGO, 'policies/policy.wasm': WASM }
const AGAIN = 'run mirrorproof rules build policies'

/** A mirror set without mirrors: a built-in rule fires on it, whatever others do. */
const bare = (...sources: string[]) => `apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata: {name: a}\nspec:\n  imageDigestMirrors:\n${sources.map((source) => `  - source: ${source}\n`).join('')}`
const reportOf = (stdout: string) => JSON.parse(stdout) as CheckReport

test('own rules :: the example fires where it should, like any other rule', () => {
  const { code, stdout, stderr } = mirrorproof(['check', '--format', 'json'], { cwd: EXAMPLE })
  assert.is(stderr, '')
  assert.is(code, 1)
  const { findings, skipped } = reportOf(stdout)
  assert.equal(skipped, [])
  assert.equal(findings.map(({ rule, level, file, line, column, docs, fix }) => ({ rule, level, file, line, column, docs, fix })), [{
    rule: 'mirror-outside-corp', level: 'error', file: 'mirrors/tools.yaml', line: 10, column: 7, docs: `policies/${NAME}`, fix: 'Have the image copied to mirror.corp.example, and name the copy.',
  }])
  assert.match(findings[0]!.fingerprint, /^[0-9a-f]{16}$/)
  assert.match(mirrorproof(['check'], { cwd: EXAMPLE }).stdout, 'mirrors/tools.yaml:10:7: error: mirror `quay.lab.example/tools` in ImageDigestMirrorSet/tools is not on mirror.corp.example [mirror-outside-corp]')
  assert.is(mirrorproof(['check', 'mirrors/ubi.yaml', '--openshift', '4.16'], { cwd: EXAMPLE }).code, 0)
})

test('own rules :: have their descriptor in SARIF', () => {
  const { runs: [run] } = JSON.parse(mirrorproof(['check', '--format', 'sarif'], { cwd: EXAMPLE }).stdout) as {
    runs: [{ tool: { driver: { rules: { id: string; help: { text: string } }[] } }; results: { ruleId: string; ruleIndex: number }[]; invocations: { executionSuccessful: boolean }[] }]
  }
  const [result] = run.results
  assert.is(result!.ruleId, 'mirror-outside-corp')
  assert.is(run.tool.driver.rules[result!.ruleIndex]!.id, 'mirror-outside-corp')
  assert.match(run.tool.driver.rules[result!.ruleIndex]!.help.text, 'the firewall drops')
  assert.is(run.invocations[0]!.executionSuccessful, true)
})

test('own rules :: are listed and explained where a configuration names them', () => {
  const list = mirrorproof(['rules'], { cwd: EXAMPLE }).stdout.trim().split('\n')
  assert.is(list.length, RULES.length + 1)
  assert.match(list.at(-1)!, /^mirror-outside-corp +error +Mirror outside/)
  assert.is(mirrorproof(['rules'], { cwd: folder({}) }).stdout.trim().split('\n').length, RULES.length)
  const one = mirrorproof(['rules', 'mirror-outside-corp'], { cwd: EXAMPLE })
  assert.match(one.stdout, `File\n  policies/${NAME}\n`)
  assert.is(mirrorproof(['rules', 'mirror-outside-corp', '--config', 'test/own-rules/example/.mirrorproof.yaml']).code, 0)
  const [json] = JSON.parse(mirrorproof(['rules', 'mirror-outside-corp', '--format', 'json'], { cwd: EXAMPLE }).stdout) as unknown[]
  assert.equal(json, { ...ruleOf(NAME, REGO), file: `policies/${NAME}` })
})

/** What a rule of the fixture does for a source of its name, and what is said of it. */
const FAULTY: [rule: string, problem: string | RegExp][] = [
  ['not-object', 'a finding is "a text", which is no object'],
  ['unknown-level', 'the level of a finding is "fatal", which is none of error, warning, info'],
  ['message-number', 'the message of a finding is 1, which is no text'],
  ['verbose', 'the message of a finding has 19999 characters, of at most 10000'],
  ['at-missing', 'the at of a finding is missing, which is that of no fact'],
  ['at-nowhere', /^the at of a finding is \{.*\}, which is that of no fact$/],
  ['at-path', /^the at of a finding is \{.*\}, which is that of no fact$/],
  ['at-object', /^the at of a finding is \{.*\}, which is that of no fact$/],
  ['related-text', 'related is "y", which is no list'],
  ['related-at', /^the at in related is \{.*\}, which is that of no fact$/],
  ['edits-list', 'edits is {}, which is no list'],
  ['edits-op', /^edits holds \{.*, whose op is none of replace, rename, remove, add$/],
  ['edits-at', /^the at of an edit is \{.*\}, which is that of no fact$/],
  ['edits-value', /^edits holds \{.*, which has no value that is a text$/],
  ['edits-key', /^edits holds \{.*, which has no key that is a text$/],
  ['certain-text', 'certain is "yes", which is neither true nor false'],
  ['no-set', '`findings` is no set, or there is none'],
  ['conflict', /^conflict\.rego:\d+:1: var assignment conflict$/],
  ['greedy', 'it takes more than 1024 MiB of memory'],
  ['slow', 'it gives no answer within 10 s'],
]
for (const [rule, problem] of FAULTY) {
  test(`own rules :: ${rule} :: is said, and hides nothing else`, () => {
    const source = `faults.example/${rule.replaceAll('-', '_')}`
    const { code, stdout, stderr } = mirrorproof(['check', '-', '--format', 'json'], { cwd: FAULTS, input: bare(source) })
    const { findings, skipped } = reportOf(stdout)
    assert.is(code, 3)
    assert.equal(findings.map((finding) => `${finding.rule}: ${finding.line}`), ['source-without-mirror: 6', 'well: 6'])
    assert.equal(skipped.map(({ file, reason }) => ({ file, reason })), [{ file: `policies/${rule.replaceAll('-', '_')}.rego`, reason: 'rule' }])
    const [, said = ''] = /^the rule \S+ failed on cluster stdin: (.*)$/.exec(skipped[0]!.message) ?? []
    if (typeof problem === 'string') assert.is(said, problem)
    else assert.match(said, problem)
    assert.is(stderr, `mirrorproof: ${skipped[0]!.file}: ${skipped[0]!.message}\n`)
  })
}

test('own rules :: what is right of a rule that is half wrong counts; a path that leads nowhere is blamed on what is there', () => {
  const half = mirrorproof(['check', '-', '--format', 'json'], { cwd: FAULTS, input: bare('faults.example/half') })
  assert.is(half.code, 3)
  assert.ok(reportOf(half.stdout).findings.some(({ message }) => message === 'the right half'))
  const nowhere = mirrorproof(['check', '-', '--format', 'json'], { cwd: FAULTS, input: bare('faults.example/path_nowhere') })
  assert.is(nowhere.code, 0)
  assert.equal(reportOf(nowhere.stdout).findings.map(({ rule, line }) => `${rule}: ${line}`), ['path-nowhere: 4', 'source-without-mirror: 6', 'well: 6'])
})

test('own rules :: a failure is told in every format, and ends with 3 whatever --fail-on says', () => {
  const input = bare('faults.example/conflict')
  const told = (format: string) => mirrorproof(['check', '-', '--format', format, '--fail-on', 'never'], { cwd: FAULTS, input })
  assert.match(told('text').stdout, 'policies/conflict.rego: not checked: the rule conflict failed on cluster stdin')
  const { runs: [{ invocations: [invocation] }] } = JSON.parse(told('sarif').stdout) as { runs: [{ invocations: [{ executionSuccessful: boolean; toolExecutionNotifications: { level: string }[] }] }] }
  assert.is(invocation.executionSuccessful, false)
  assert.is(invocation.toolExecutionNotifications[0]!.level, 'error')
  assert.is(told('json').code, 3)
})

test('own rules :: of several clusters the first that a rule fails on is named, and one that is stuck is not tried again', () => {
  const text = (source: string) => bare(source)
  const clusters = { 'a/x.yaml': text('faults.example/conflict'), 'b/x.yaml': text('faults.example/conflict'), 'c/x.yaml': text('c.example') }
  const cwd = folder({ ...clusters, '.mirrorproof.yaml': `policies: ["${FAULTS}/policies"]\nclusters:\n${['a', 'b', 'c'].map((name) => `- {name: ${name}, paths: [${name}]}\n`).join('')}` })
  const { skipped, findings } = reportOf(mirrorproof(['check', '--format', 'json'], { cwd }).stdout)
  assert.is(skipped.length, 1)
  assert.match(skipped[0]!.message, 'failed on cluster a')
  assert.is(findings.filter(({ rule }) => rule === 'well').length, 3)

  const asked: string[] = []
  const own = engine(compiled(join(FAULTS, 'policies')), 4_000)
  const watched: Engine = { ...own, evaluate: (facts, places) => {
    asked.push(facts.cluster.name)
    return own.evaluate(facts, places)
  } }
  const files = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ path: `${name}/x.yaml`, place: `/${name}/x.yaml`, text: text('faults.example/slow'), named: true }))
  const start = performance.now()
  const report = check({ files, passed: new Set(), open: () => undefined, gunzip: (packed) => packed }, 6, { clusters: files.map(({ place }) => ({ name: place, paths: [place] })), name: '.', today: '2026-01-01' }, [watched])
  assert.is(asked.length, 6)
  assert.equal(report.skipped.map(({ message }) => message), ['the rule slow failed on cluster /a/x.yaml: it gives no answer within 4 s'])
  assert.is(report.findings.filter(({ rule }) => rule === 'well').length, 6)
  assert.ok(performance.now() - start < 20_000, 'it was tried again')
})

const { length } = WASM
const foreign = readFileSync(join(ROOT, 'policies/policy.wasm'))
const unbuilt: [name: string, files: Record<string, string | Uint8Array>, message: string][] = [
  ['the module is missing', { ...CONFIG, [`policies/${NAME}`]: REGO }, `policies/policy.wasm is missing; ${AGAIN}`],
  ['the module is stale', { ...BUILT, [`policies/${NAME}`]: `${REGO}\n` }, `policies/policy.wasm is stale: the .rego files beside it have changed; ${AGAIN}`],
  ['a rule was added', { ...BUILT, 'policies/deep/new.rego': REGO }, `policies/policy.wasm is stale: the .rego files beside it have changed; ${AGAIN}`],
  ['the module is empty', { ...BUILT, 'policies/policy.wasm': '' }, `policies/policy.wasm is no WebAssembly module; ${AGAIN}`],
  ['the module is a text', { ...BUILT, 'policies/policy.wasm': 'version https://git-lfs.github.com/spec/v1\n' }, `policies/policy.wasm is no WebAssembly module; ${AGAIN}`],
  ['the module is cut', { ...BUILT, 'policies/policy.wasm': WASM.subarray(0, length / 2) }, `policies/policy.wasm is no WebAssembly module; ${AGAIN}`],
  ['the module is not ours', { ...BUILT, 'policies/policy.wasm': foreign }, `policies/policy.wasm was not made by this version of mirrorproof; ${AGAIN}`],
  ['the module is of another version', { ...BUILT, 'policies/policy.wasm': imprinted(foreign, { version: 2 as 1, sum: '', rules: [] }) }, `policies/policy.wasm was not made by this version of mirrorproof; ${AGAIN}`],
  ['there is a module only', { ...CONFIG, 'policies/policy.wasm': WASM }, 'policies holds no .rego file with a rule'],
  ['there is a test only', { ...BUILT, [`policies/${NAME}`]: '', 'policies/a_test.rego': 'package a\n' }, `policies/policy.wasm is stale: the .rego files beside it have changed; ${AGAIN}`],
  ['the folder is empty of rules', { ...CONFIG, 'policies/README.md': '' }, 'policies holds no .rego file with a rule'],
  ['the folder is a file', { ...CONFIG, policies: '' }, 'policies is no folder'],
  ['the folder is not there', CONFIG, '.mirrorproof.yaml:1: there is no policies'],
  ['the configuration names no list', { '.mirrorproof.yaml': 'policies: policies\n' }, '.mirrorproof.yaml:1: `policies` is of type string where array is expected'],
  ['a rule is not UTF-8', { ...BUILT, 'policies/b.rego': new Uint8Array([0x23, 0xe9, 0x0a]) }, 'policies/b.rego is not UTF-8'],
  ['two folders have the same rule', { ...BUILT, '.mirrorproof.yaml': 'policies: [policies, more]\n', [`more/${NAME}`]: REGO, 'more/policy.wasm': WASM }, `more/${NAME}: policies/${NAME} is called mirror-outside-corp, too`],
]
for (const [name, files, message] of unbuilt) {
  test(`own rules :: ${name} :: is a mistake`, () => {
    assert.equal(mirrorproof(['check', '-'], { cwd: folder(files), input: bare('a.io') }), { code: 2, stdout: '', stderr: `mirrorproof: ${message}\n` })
  })
}

test('own rules :: one that a later version of mirrorproof has, too, is a mistake', () => {
  const cwd = folder(BUILT)
  const rule = { ...RULES[0]!, file: NAME }
  writeFileSync(join(cwd, 'policies/policy.wasm'), imprinted(foreign, { version: 1, sum: sumOf(regoOf(join(cwd, 'policies')).rules), rules: [rule] }))
  assert.equal(mirrorproof(['check', '-'], { cwd, input: '' }), { code: 2, stdout: '', stderr: `mirrorproof: policies/${NAME}: a built-in rule is called ${rule.id}, too\n` })
})

test('own rules :: a module that holds something else fails rule by rule', () => {
  const cwd = folder(BUILT)
  const other = (wasm: Uint8Array) => writeFileSync(join(cwd, 'policies/policy.wasm'), imprinted(wasm, { version: 1, sum: sumOf(regoOf(join(cwd, 'policies')).rules), rules: [{ ...ruleOf(NAME, REGO), file: NAME }] }))
  for (const [wasm, problem] of [[new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]), ''], [foreign, '`findings` is no set, or there is none']] as const) {
    other(wasm)
    const { code, stdout } = mirrorproof(['check', '-', '--format', 'json'], { cwd, input: bare('a.io') })
    assert.is(code, 3)
    const { findings, skipped } = reportOf(stdout)
    assert.equal(findings.map(({ rule }) => rule), ['source-without-mirror'])
    assert.match(skipped[0]!.message, `the rule mirror-outside-corp failed on cluster stdin: ${problem}`)
  }
})

test('own rules :: line breaks of Windows, tests and other files make no module stale', () => {
  const cwd = folder({ ...BUILT, [`policies/${NAME}`]: REGO.replaceAll('\n', '\r\n'), 'policies/x_test.rego': 'package x', 'policies/data.json': '{}', 'policies/node_modules/a.rego': '' })
  assert.is(mirrorproof(['check', '-', '--openshift', '4.16'], { cwd, input: bare('a.io') }).code, 0)
})

test('own rules :: a folder that is a link is read; links inside of it are refused', () => {
  const cwd = folder({ ...CONFIG, [`real/${NAME}`]: REGO, 'real/policy.wasm': WASM, 'else/b.rego': REGO })
  symlinkSync('real', join(cwd, 'policies'))
  const run = () => mirrorproof(['check', '-', '--openshift', '4.16'], { cwd, input: bare('a.io') })
  assert.is(run().code, 0)
  for (const [target, name] of [['../else/b.rego', 'b.rego'], ['../nowhere', 'c.rego'], ['../else', 'else']] as const) {
    symlinkSync(target, join(cwd, 'real', name))
    assert.equal(run(), { code: 2, stdout: '', stderr: `mirrorproof: policies/${name} is no file but a link or the like, and rules are not read through one\n` })
    rmSync(join(cwd, 'real', name))
  }
  symlinkSync('../else/b.rego', join(cwd, 'real/README.md'))
  assert.is(run().code, 0, 'other links are nobody\'s business')
})

test('own rules :: where there are none, nothing of theirs is loaded', () => {
  const home = folder({ 'a.yaml': bare('a.io') })
  cpSync(join(ROOT, 'policies/policy.wasm'), join(home, 'policies/policy.wasm'))
  copyFileSync(join(ROOT, 'package.json'), join(home, 'package.json'))
  mkdirSync(join(home, 'dist'))
  copyFileSync(join(ROOT, 'dist/cli.cjs'), join(home, 'dist/cli.cjs'))
  copyFileSync(join(ROOT, 'dist/glob.cjs'), join(home, 'dist/glob.cjs'))
  const { status, stderr } = spawnSync(process.execPath, ['dist/cli.cjs', 'check', 'a.yaml', '--openshift', '4.16'], { cwd: home, encoding: 'utf8', env: { PATH: process.env['PATH'] } })
  assert.equal({ status, stderr }, { status: 0, stderr: '' })
})

const head = (yaml: string) => `${yaml.split('\n').map((line) => `# ${line}`).join('\n')}\npackage mirrorproof.rules.a\n`
const GOOD = 'METADATA\ntitle: a\ndescription: b\ncustom: {level: error, fix: c, versions: all}'
const METADATA: [name: string, rego: string, problem: string][] = [
  ['no package', '# METADATA\n', 'there is no package'],
  ['another package', GOOD.replace(/^/gm, '# ') + '\npackage corp.rules.a\n', 'the package is corp.rules.a, where a rule\'s is mirrorproof.rules.NAME in lower case with _ between words'],
  ['a dash in the package', GOOD.replace(/^/gm, '# ') + '\npackage mirrorproof.rules["a-b"]\n', 'the package is mirrorproof.rules["a-b"], where a rule\'s is mirrorproof.rules.NAME in lower case with _ between words'],
  ['a package below', GOOD.replace(/^/gm, '# ') + '\npackage mirrorproof.rules.a.b\n', 'the package is mirrorproof.rules.a.b, where a rule\'s is mirrorproof.rules.NAME in lower case with _ between words'],
  ['no METADATA', 'package mirrorproof.rules.a\n', 'there is no METADATA right above the package'],
  ['METADATA of something else', `${head(GOOD).split('package')[0]}x := 1\n\npackage mirrorproof.rules.a\n`, 'there is no METADATA right above the package'],
  ['no YAML', head('METADATA\ntitle: [a'), 'METADATA is no YAML: unexpected end of the stream within a flow collection'],
  ['nothing in it', head('METADATA'), 'METADATA is no YAML: expected a document, but the input is empty'],
  ['a text', head('METADATA\na text'), 'METADATA: `this` is of type string where object is expected'],
  ['no title', head(GOOD.replace('title: a\n', '')), 'METADATA: `title` is missing or empty'],
  ['an empty title', head(GOOD.replace('title: a', 'title: ""')), 'METADATA: `title` is missing or empty'],
  ['a title that is a number', head(GOOD.replace('title: a', 'title: 1')), 'METADATA: `title` is of type number where string is expected'],
  ['no description', head(GOOD.replace('description: b\n', '')), 'METADATA: `description` is missing or empty'],
  ['no custom', head(GOOD.replace(/custom: .*/, '')), 'METADATA: `custom` is missing or empty'],
  ['an unknown level', head(GOOD.replace('error', 'fatal')), 'METADATA: `custom.level` is `fatal`, which is none of error, warning, info'],
  ['no fix', head(GOOD.replace('fix: c, ', '')), 'METADATA: `custom.fix` is missing or empty'],
  ['no versions', head(GOOD.replace(', versions: all', '')), 'METADATA: `custom.versions` is missing or empty'],
  ['an unknown field', head(GOOD.replace('fix: c', 'fix: c, severity: high')), 'METADATA: there is no field `custom.severity`'],
  ['a reference without its name', head(`${GOOD}\nrelated_resources: [{ref: https://a.io}]`), 'METADATA: `related_resources[0].description` is missing or empty'],
  ['situations that are no list', head(GOOD.replace('fix: c', 'fix: c, situations: x')), 'METADATA: `custom.situations` is of type string where array is expected'],
]
for (const [name, rego, problem] of METADATA) {
  test(`rules build :: ${name} :: is a mistake`, () => {
    const cwd = folder({ 'policies/sub/x.rego': rego })
    assert.equal(mirrorproof(['rules', 'build', 'policies'], { cwd }), { code: 2, stdout: '', stderr: `mirrorproof: policies/sub/x.rego: ${problem}\n` })
  })
}

test('rules build :: METADATA may stand below a licence, above a blank line, and hold what OPA allows', () => {
  const text = `# Copyright\n\n# About\n${head(`${GOOD.replace('fix: c', 'fix: c, situations: [x, y]')}\nscope: package\nauthors: [Jane]`).replace('\npackage', '\n\npackage')}`
  assert.equal(ruleOf('x.rego', text), { id: 'a', title: 'a', level: 'error', why: 'b', fix: 'c', versions: 'all', references: [], situations: ['x', 'y'], logs: [] })
})

const NO_OPA = 'rules are compiled by Open Policy Agent; https://www.openpolicyagent.org/docs#1-download-opa has it, and --opa FILE names it'
const REFUSED: [name: string, args: string, files: Record<string, string>, code: number, message: string][] = [
  ['no folder', 'rules build', {}, 2, 'rules build takes one DIR'],
  ['two folders', 'rules build a b', {}, 2, 'rules build takes one DIR'],
  ['a folder that is not there', 'rules build a', {}, 2, 'a is no folder'],
  ['an empty folder', 'rules build a', { 'a/x.md': '' }, 2, 'a holds no .rego file with a rule'],
  ['the id of a built-in rule', 'rules build a', { 'a/x.rego': REGO.replaceAll('mirror_outside_corp', 'deprecated_icsp') }, 2, 'a/x.rego: a built-in rule is called deprecated-icsp, too'],
  ['an id twice', 'rules build a', { 'a/x.rego': REGO, 'a/y.rego': REGO }, 2, 'a/y.rego: a/x.rego is called mirror-outside-corp, too'],
  ['no OPA', 'rules build a', { 'a/x.rego': REGO }, 3, `cannot run opa (ENOENT): ${NO_OPA}`],
  ['no OPA where it is said to be', 'rules build a --opa ./opa', { 'a/x.rego': REGO }, 3, `cannot run ./opa (ENOENT): ${NO_OPA}`],
  ['something else', 'rules build a --opa echo', { 'a/x.rego': REGO }, 3, 'echo is no Open Policy Agent; https://www.openpolicyagent.org/docs#1-download-opa has it, and --opa FILE names it'],
  ['--opa elsewhere', 'check --opa opa', {}, 2, "Unknown option '--opa'; mirrorproof check --help lists the flags"],
]
for (const [name, args, files, code, message] of REFUSED) {
  test(`rules build :: ${name} :: is told`, () => {
    const cwd = folder(files)
    assert.equal(mirrorproof(args.split(' '), { cwd, env: { PATH: '/usr/bin:/bin' } }), { code, stdout: '', stderr: `mirrorproof: ${message}\n` })
    if (files['a/x.rego']) assert.not.ok(readdirSync(join(cwd, 'a')).includes('policy.wasm'))
  })
}

test('rules build :: an OPA that is too old is told', () => {
  const cwd = folder({ 'a/x.rego': REGO })
  writeFileSync(join(cwd, 'opa'), '#!/bin/sh\necho "Version: 1.11.0"\n', { mode: 0o755 })
  const { code, stderr } = mirrorproof(['rules', 'build', 'a', '--opa', './opa'], { cwd })
  assert.is(code, 3)
  assert.match(stderr, './opa is Open Policy Agent 1.11, and 1.12 is needed')
})

if (hasGo()) withOpa(opaBinary())
else {
  test.skip('rules build :: what OPA makes of rules: skipped, it needs Go')
  console.log('skipped: own rules were not compiled, which needs Go')
}

test.run()

function withOpa(opa: string): void {
  const build = (cwd: string, dir = 'policies') => mirrorproof(['rules', 'build', dir, '--opa', opa], { cwd })

  test('rules build :: the same bytes wherever and however the files lie, and what the page shows', () => {
    for (const text of [REGO, REGO.replaceAll('\n', '\r\n'), `\ufeff${REGO}`]) {
      const cwd = folder({ ...CONFIG, [`policies/${NAME}`]: text, 'policies/policy.wasm': 'stale' })
      assert.equal(build(cwd), { code: 0, stdout: 'wrote policies/policy.wasm\nmirror-outside-corp  error    Mirror outside of mirror.corp.example\n', stderr: '' })
      assert.ok(readFileSync(join(cwd, 'policies/policy.wasm')).equals(WASM))
      assert.equal(readdirSync(join(cwd, 'policies')).sort(), [NAME, 'policy.wasm'])
    }
    const page = readFileSync(join(ROOT, 'docs/own-rules.md'), 'utf8')
    const console = /```console\n\$ (mirrorproof rules build \S+)\n([\s\S]*?)```/.exec(page)!
    const shown = folder({})
    cpSync(EXAMPLE, join(shown, 'test/own-rules/example'), { recursive: true })
    assert.is(build(shown, console[1]!.split(' ').at(-1)).stdout, console[2])
  })

  const rego = (body: string) => `${head(GOOD)}\n${body}\n`
  const AGAINST: [name: string, body: string, message: RegExp][] = [
    ['a field that no fact has', 'findings contains {"level": "error", "message": "x", "at": entry.source.place} if some entry in input.entries', /x\.rego:7: rego_type_error: undefined ref/],
    ['what the JavaScript SDK does not run', 'findings contains {"level": "error", "message": "x", "at": {}} if http.send({}).status_code == 200', /x\.rego:7: rego_type_error: undefined function http\.send/],
    ['an unused variable', 'findings contains 1 if {\n\tx := 1\n}', /x\.rego:8: rego_compile_error: assigned var x unused/],
    ['no Rego', 'findings contains', /x\.rego:8: rego_parse_error/],
  ]
  for (const [name, body, message] of AGAINST) {
    test(`rules build :: ${name} :: is shown as OPA says it`, () => {
      const cwd = folder({ 'policies/x.rego': rego(body) })
      const { code, stdout, stderr } = build(cwd)
      assert.is(code, 2)
      assert.is(stdout, '')
      assert.match(stderr, /^mirrorproof: opa refuses the rules in policies:\nmirrorproof: /)
      assert.match(stderr, message)
      assert.equal(readdirSync(join(cwd, 'policies')), ['x.rego'])
    })
  }

  test('rules build :: tests are checked, and not compiled', () => {
    const cwd = folder({ [`policies/${NAME}`]: REGO, 'policies/x_test.rego': 'package x_test\n\ntest_a if data.mirrorproof.rules.mirror_outside_corp.findings == set() with input as {}\n' })
    assert.is(build(cwd).code, 0)
    assert.ok(readFileSync(join(cwd, 'policies/policy.wasm')).equals(WASM))
    writeFileSync(join(cwd, 'policies/x_test.rego'), 'package x_test\n\ntest_a if\n')
    assert.match(build(cwd).stderr, 'x_test.rego:4: rego_parse_error')
  })

  test('rules build :: a rule of 5 MB', () => {
    const cwd = folder({ ...CONFIG, 'policies/x.rego': `${REGO}${'# and so on\n'.repeat(430_000)}` })
    assert.is(build(cwd).code, 0)
    assert.is(mirrorproof(['check', '-', '--openshift', '4.16'], { cwd, input: bare('a.io') }).code, 0)
  })

  test('rules build :: a rule that forgets its findings is found out', () => {
    const cwd = folder({ ...CONFIG, 'policies/x.rego': rego('finding contains {"level": "error", "message": "x", "at": entry.source.at} if some entry in input.entries') })
    assert.is(build(cwd).code, 0)
    const { code, stderr } = mirrorproof(['check', '-'], { cwd, input: bare('a.io') })
    assert.is(code, 3)
    assert.match(stderr, 'the rule a failed on cluster stdin: `findings` is no set, or there is none')
  })

  test('rules build :: leaves nothing behind', () => {
    const [cwd, temporary] = [folder({ [`policies/${NAME}`]: REGO }), folder({})]
    assert.is(mirrorproof(['rules', 'build', 'policies', '--opa', opa], { cwd, env: { TMPDIR: temporary } }).code, 0)
    assert.equal(readdirSync(temporary), [])
  })
}
