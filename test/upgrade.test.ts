import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseVersion } from '../src/openshift/version.ts'
import type { Level, Verdict } from '../src/policy/engine.ts'
import { outlook, reported } from '../src/policy/upgrade.ts'
import type { CheckReport } from '../src/report/json.ts'
import { folder, mirrorproof, ROOT } from './command.ts'
import { validator } from './schema.ts'

const icsp = (source: string, mirror: string) => `apiVersion: operator.openshift.io/v1alpha1\nkind: ImageContentSourcePolicy\nmetadata: {name: org}\nspec:\n  repositoryDigestMirrors:\n  - source: ${source}\n    mirrors: [${mirror}]\n`
/** Up to 4.15 the slash does no harm; from 4.16 on the operator refuses it. */
const SLASH = icsp('quay.io/org/', 'mirror.example.net/org')
/** Breaks pulls on every version. */
const UPPER = icsp('quay.io/org', 'mirror.example.net/Org')
const CLEAN = 'apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata: {name: org}\nspec:\n  imageDigestMirrors:\n  - {source: quay.io/org, mirrors: [mirror.example.net/org]}\n'
const published = (schema: string) => validator(JSON.parse(readFileSync(join(ROOT, 'schema', schema), 'utf8')) as object)

function check(files: Record<string, string>, ...args: string[]) {
  const cwd = folder(files)
  const { code, stdout, stderr } = mirrorproof(['check', '--format', 'json', ...args], { cwd })
  if (!stdout) return { code, stderr, found: [], findings: [], last: '' }
  const report = JSON.parse(stdout) as CheckReport
  published('check.schema.json')(report, args.join(' '))
  if (files['.mirrorproof.yaml']) published('config.schema.json')(load(files['.mirrorproof.yaml']), 'the configuration')
  const last = mirrorproof(['check', ...args], { cwd }).stdout.trim().split('\n').at(-1)!
  return { code, stderr, findings: report.findings, found: report.findings.map(({ rule, level, next }) => `${rule} ${level} ${next}`), last: last.split(';')[0]! }
}

const CASES: [name: string, manifest: string, args: string, found: string[], last: string, code: number][] = [
  ['without an upgrade', SLASH, '--openshift 4.15', ['deprecated-icsp error null', 'malformed-location warning null'], '1 error, 1 warning', 1],
  ['what the next version refuses', SLASH, '--openshift 4.15 --next 4.16', ['deprecated-icsp error null', 'malformed-location warning 4.16'], '1 error, 1 warning (upgrade to 4.16: 1 finding)', 1],
  ['what is as bad now', UPPER, '--openshift 4.15 --next 4.16', ['deprecated-icsp error null', 'malformed-location error null'], '2 errors (upgrade to 4.16: nothing new)', 1],
  ['what begins later yet', SLASH, '--openshift 4.14 --next 4.15', ['deprecated-icsp error null', 'malformed-location warning null'], '1 error, 1 warning (upgrade to 4.15: nothing new)', 1],
  ['two versions on', SLASH, '--openshift 4.12 --next 4.16', ['deprecated-icsp warning 4.16', 'malformed-location warning 4.16'], '2 warnings (upgrade to 4.16: 2 findings)', 0],
  ['a warning only', SLASH, '--openshift 4.12 --next 4.16 --fail-on warning', ['deprecated-icsp warning 4.16', 'malformed-location warning 4.16'], '2 warnings (upgrade to 4.16: 2 findings)', 1],
  ['from a version that is not known', SLASH, '--next 4.16', ['deprecated-icsp warning 4.16', 'malformed-location warning 4.16'], '2 warnings (upgrade to 4.16: 2 findings)', 0],
  ['the patch of the same minor version', UPPER, '--openshift 4.18.2 --next 4.18.3', ['deprecated-icsp error null', 'malformed-location error null'], '2 errors (upgrade to 4.18.3: nothing new)', 1],
  ['nothing new', CLEAN, '--openshift 4.18 --next 4.19 --fail-on info', [], 'no findings (upgrade to 4.19: nothing new)', 0],
  ['what is cured', CLEAN, '--openshift 4.12 --next 4.13', ['kind-needs-newer-openshift error null'], '1 error (upgrade to 4.13: nothing new)', 1],
]
for (const [name, manifest, args, found, last, code] of CASES) {
  test(`upgrade :: ${name} :: ${args}`, () => {
    const result = check({ 'a.yaml': manifest }, ...args.split(' '))
    assert.equal({ ...result, findings: [] }, { code, stderr: '', findings: [], found, last })
  })
}

test('upgrade :: a finding tells the version, what is there now, and keeps its fingerprint', () => {
  const [, now] = check({ 'a.yaml': SLASH }, '--openshift', '4.15').findings
  const [, next] = check({ 'a.yaml': SLASH }, '--openshift', '4.15', '--next', '4.16').findings
  assert.is(next!.message, 'on OpenShift 4.16: source `quay.io/org/` ends with a slash: the operator applies no mirror configuration at all')
  assert.equal(next!.related.map(({ message }) => message), [`now: ${now!.message}`])
  assert.is(next!.fingerprint, now!.fingerprint)
})

test('upgrade :: SARIF says the version', () => {
  const { stdout } = mirrorproof(['check', '-', '--openshift', '4.15', '--next', '4.16', '--format', 'sarif'], { input: SLASH })
  const { runs: [{ results }] } = JSON.parse(stdout) as { runs: [{ results: { level: string; properties: object }[] }] }
  assert.equal(results.map(({ level, properties }) => ({ level, ...properties })), [{ level: 'error', clusters: ['stdin'], next: null }, { level: 'warning', clusters: ['stdin'], next: '4.16' }])
})

/** A cluster that goes from 4.12 to 4.13 and one that goes from 4.15 to 4.16 share a file. */
const FLEET = 'clusters:\n- {name: east, version: "4.12", upgrade: "4.13", paths: [base, east]}\n- {name: west, version: "4.15", upgrade: "4.16", paths: [base]}\n'
const OFF = 'rules: {deprecated-icsp: off}\n'
const fleet = (config: string, ...args: string[]) => {
  const { findings, ...rest } = check({ '.mirrorproof.yaml': config, 'base/a.yaml': SLASH, 'east/b.yaml': 'kind: a' }, ...args)
  return { ...rest, found: findings.map(({ rule, level, next, clusters }) => `${rule} ${level} ${next} ${clusters.join('+')}`) }
}

const CONFIGS: [name: string, config: string, args: string[], found: string[], last: string, code: number][] = [
  ['each cluster its own', FLEET, [], [
    'deprecated-icsp error null west', 'deprecated-icsp warning 4.13 east', 'malformed-location warning 4.16 west', 'malformed-location warning null east',
  ], '1 error, 3 warnings (upgrade to 4.13: 1 finding, to 4.16: 1 finding)', 1],
  ['one cluster alone', FLEET, ['--cluster', 'east'], ['deprecated-icsp warning 4.13 east', 'malformed-location warning null east'], '2 warnings (upgrade to 4.13: 1 finding)', 0],
  ['the flag goes before both', FLEET, ['--next', '4.17'], [
    'deprecated-icsp error null west', 'deprecated-icsp warning 4.17 east', 'malformed-location warning 4.17 east+west',
  ], '1 error, 2 warnings (upgrade to 4.17: 2 findings)', 1],
  ['for all, and one of its own', `${OFF}upgrade: "4.17"\n${FLEET.replace(', upgrade: "4.13"', '')}`, [], [
    'malformed-location warning 4.16 west', 'malformed-location warning 4.17 east',
  ], '2 warnings (upgrade to 4.17: 1 finding, to 4.16: 1 finding)', 0],
  ['one cluster goes nowhere', `${OFF}${FLEET.replace(', upgrade: "4.13"', '')}`, [], [
    'malformed-location warning 4.16 west', 'malformed-location warning null east',
  ], '2 warnings (upgrade to 4.16: 1 finding)', 0],
  ['clusters are guessed', `${OFF}upgrade: "4.16"\n`, ['base', '--openshift', '4.15'], ['malformed-location warning 4.16 base'], '1 warning (upgrade to 4.16: 1 finding)', 0],
  ['a rule that is off stays off', `rules: {deprecated-icsp: off, malformed-location: off}\n${FLEET}`, [], [], 'no findings (upgrade to 4.13: nothing new, to 4.16: nothing new)', 0],
  ['a level milder than a warning', `rules: {deprecated-icsp: off, malformed-location: info}\n${FLEET}`, [], [
    'malformed-location info 4.16 west', 'malformed-location info null east',
  ], '2 infos (upgrade to 4.13: nothing new, to 4.16: 1 finding)', 0],
  ['a level worse than a warning is for what is there now', `rules: {deprecated-icsp: error, malformed-location: error}\n${FLEET}`, [], [
    'deprecated-icsp error null west', 'deprecated-icsp warning 4.13 east', 'malformed-location error 4.16 west', 'malformed-location error null east',
  ], '3 errors, 1 warning (upgrade to 4.13: 1 finding, to 4.16: 1 finding)', 1],
  ['off for a file', `${FLEET}overrides:\n- {paths: [base], rules: {malformed-location: off, deprecated-icsp: off}}\n`, [], [], 'no findings (upgrade to 4.13: nothing new, to 4.16: nothing new)', 0],
]
for (const [name, config, args, found, last, code] of CONFIGS) {
  test(`upgrade :: configuration :: ${name}`, () => {
    assert.equal(fleet(config, ...args), { code, stderr: '', found, last })
  })
}

const MISTAKES: [name: string, config: string, args: string, message: string][] = [
  ['an earlier version', '', '--openshift 4.16 --next 4.14', '--next 4.14 is not later than 4.16 of cluster base'],
  ['the same version', '', '--openshift 4.16 --next v4.16', '--next v4.16 is not later than 4.16 of cluster base'],
  ['the same minor version, its patch not said', '', '--openshift 4.16.3 --next 4.16', '--next 4.16 is not later than 4.16.3 of cluster base'],
  ['later for one of two clusters', FLEET, '--next 4.14', '--next 4.14 is not later than 4.15 of cluster west'],
  ['an earlier version for all', 'upgrade: "4.14"\n', '--openshift 4.16', '.mirrorproof.yaml:1: upgrade 4.14 is not later than 4.16 of cluster base'],
  ['an earlier version for a cluster', FLEET.replace('"4.16"', '"4.9"'), '', '.mirrorproof.yaml:3: upgrade 4.9 is not later than 4.15 of cluster west'],
  ['no version', '', '--next latest', '--next takes a version such as 4.16 or 4.16.3, not latest'],
  ['a version without quotes', 'upgrade: 4.20\n', '', '.mirrorproof.yaml:1: `upgrade` is a number; write it in quotes, as "4.16" or "4.16.3"'],
  ['a version without quotes for a cluster', FLEET.replace('"4.16"', '4.16'), '', '.mirrorproof.yaml:3: `clusters[1].upgrade` is a number; write it in quotes, as "4.16" or "4.16.3"'],
  ['a channel', 'clusters: []\nupgrade: stable-4.16\n', '', '.mirrorproof.yaml:2: `stable-4.16` is no OpenShift version; write it in quotes, as "4.16" or "4.16.3"'],
]
for (const [name, config, args, message] of MISTAKES) {
  test(`upgrade :: ${name} :: is a mistake`, () => {
    const result = mirrorproof(['check', 'base', ...args.split(' ').filter(Boolean)], { cwd: folder({ '.mirrorproof.yaml': config, 'base/a.yaml': SLASH, 'east/b.yaml': 'kind: a' }) })
    assert.equal(result, { code: 2, stdout: '', stderr: `mirrorproof: ${message}\n` })
  })
}

test('upgrade :: every command takes the flag, so that scripts may pass the same ones', () => {
  const cwd = folder({ 'a.yaml': CLEAN })
  for (const command of ['check', 'clusters', 'render', 'trace quay.io/org/a:1', 'rules']) {
    const args = [...command.split(' '), '--openshift', '4.18']
    const { code, stdout } = mirrorproof([...args, '--next', '4.14'], { cwd })
    assert.is(code, command === 'check' ? 2 : 0, command)
    if (command !== 'check') assert.is(stdout, mirrorproof(args, { cwd }).stdout, command)
  }
})

const LEVEL: Record<string, Level> = { e: 'error', w: 'warning', i: 'info' }
/** `w:text` is a warning with that text, all of one rule at one place. */
const verdicts = (text: string): Verdict[] => text.split(' ').filter(Boolean).map((one) => ({ rule: 'a', level: LEVEL[one[0]!]!, message: one.slice(2), at: { doc: 0, path: [] } }))

const OUTLOOKS: [now: string, next: string, outlook: string][] = [
  ['', '', ''],
  ['e:a', '', 'e:a'],
  ['', 'e:a', '>w:a'],
  ['', 'i:a', '>i:a'],
  ['i:a', 'w:a', '>w:a'],
  ['w:a', 'e:b', '>w:b(a)'],
  ['w:a', 'i:b', 'w:a'],
  ['w:a', 'w:b', 'w:a'],
  ['w:a w:b', 'w:b w:a', 'w:a w:b'],
  ['w:a', 'w:b w:a', 'w:a >w:b'],
  ['w:a i:b', 'i:b e:c w:a', 'w:a i:b >w:c'],
  ['i:a w:b', 'w:c e:d', 'w:b >w:d(a)'],
  ['i:a i:b', 'e:c', 'i:b >w:c(a)'],
]
for (const [now, next, expected] of OUTLOOKS) {
  test(`upgrade :: at one place :: ${now || 'nothing'} then ${next || 'nothing'}`, () => {
    const version = parseVersion('4.16')!
    const shown = outlook(verdicts(now), verdicts(next), version).map((one) => {
      const { level, message, related = [] } = reported(one, undefined)!
      const before = related.map((note) => `(${note.message.replace('now: ', '')})`).join('')
      return `${one.next ? '>' : ''}${level[0]}:${message.replace('on OpenShift 4.16: ', '')}${before}`
    })
    assert.is(shown.join(' '), expected)
  })
}

test.run()
