import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { CORE_SCHEMA, load } from 'js-yaml'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KUBERNETES_SCHEMA } from '../src/manifests/yaml.ts'
import type { CheckReport } from '../src/report/json.ts'
import { folder, mirrorproof, ROOT } from './command.ts'

/** On 4.18 both `deprecated-icsp` and `malformed-location` call it an error. */
const icsp = (name: string) => `apiVersion: operator.openshift.io/v1alpha1\nkind: ImageContentSourcePolicy\nmetadata: {name: ${name}}\nspec:\n  repositoryDigestMirrors:\n  - source: quay.io/${name}/\n    mirrors: [mirror.example.net/${name}]\n`
const FILES = { 'base/a.yaml': icsp('a'), 'lab/b.yaml': icsp('b'), 'lab/old/c.yaml': icsp('c'), 'prod/d.yaml': icsp('d') }
const CLUSTERS = 'clusters:\n- {name: lab, version: "4.18", paths: [base, lab]}\n- {name: prod, version: "4.18", paths: [base, prod]}\n'
const lab = (rules: string) => CLUSTERS.replace('[base, lab]', `[base, lab], rules: ${rules}`)
const published = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(join(ROOT, 'schema/config.schema.json'), 'utf8')) as object)

function check(config: string, ...args: string[]) {
  const { code, stdout, stderr } = mirrorproof(['check', '--format', 'json', ...args], { cwd: folder({ ...FILES, '.mirrorproof.yaml': config }) })
  return { code, stderr, findings: stdout ? (JSON.parse(stdout) as CheckReport).findings : [] }
}

/** The levels of `malformed-location` in a, b, c and d, and the clusters in which it stands in a. */
const LEVELS: [name: string, config: string, levels: string, shared: string, code: number][] = [
  ['nothing is said', CLUSTERS, 'error error error error', 'lab prod', 1],
  ['a level', `rules: {malformed-location: warning}\n${CLUSTERS}`, 'warning warning warning warning', 'lab prod', 1],
  ['info', `rules: {malformed-location: info, deprecated-icsp: info}\n${CLUSTERS}`, 'info info info info', 'lab prod', 0],
  ['off without quotes', `rules: {malformed-location: off, deprecated-icsp: warning}\n${CLUSTERS}`, 'off off off off', '', 0],
  ['off in quotes', `rules: {malformed-location: "off", deprecated-icsp: 'off'}\n${CLUSTERS}`, 'off off off off', '', 0],
  ['false', `rules: {malformed-location: false, deprecated-icsp: false}\n${CLUSTERS}`, 'off off off off', '', 0],
  ['off in one cluster leaves it to the other', lab('{malformed-location: off}'), 'error off off error', 'prod', 1],
  ['the worst of several clusters', lab('{malformed-location: info}'), 'error info info error', 'lab prod', 1],
  ['a cluster goes before all', `rules: {malformed-location: off, deprecated-icsp: off}\n${lab('{malformed-location: warning}')}`, 'warning warning warning off', 'lab', 0],
  ['a folder and a file', `${CLUSTERS}overrides:\n- {paths: [lab/old, prod/d.yaml], rules: {malformed-location: info}}\n`, 'error error info info', 'lab prod', 1],
  ['an override goes before a cluster', `${lab('{malformed-location: off}')}overrides:\n- {paths: [base], rules: {malformed-location: warning}}\n`, 'warning off off error', 'lab prod', 1],
  ['an override goes before a rule that is off', `rules: {malformed-location: off}\n${CLUSTERS}overrides:\n- {paths: [lab], rules: {malformed-location: info}}\n`, 'off info info off', '', 1],
  [
    'of several overrides the last that names the rule',
    `${CLUSTERS}overrides:\n- {paths: [lab], rules: {malformed-location: info}}\n- {paths: [lab/old], rules: {malformed-location: off}}\n- {paths: [.], rules: {deprecated-icsp: off}}\n`,
    'error info off error', 'lab prod', 1,
  ],
  ['a folder is no prefix of a name', `${CLUSTERS}overrides:\n- {paths: [lab/old], rules: {malformed-location: off}}\n- {paths: [./lab/../prod/], rules: {malformed-location: off}}\n`, 'error error off off', 'lab prod', 1],
]
for (const [name, config, levels, shared, code] of LEVELS) {
  test(`levels :: ${name}`, () => {
    const result = check(config)
    const found = result.findings.filter(({ rule }) => rule === 'malformed-location')
    const at = (file: string) => found.filter((finding) => finding.file === file)
    assert.is(result.stderr, '')
    assert.is(Object.keys(FILES).map((file) => at(file).map(({ level }) => level).join('+') || 'off').join(' '), levels)
    assert.is(at('base/a.yaml').flatMap(({ clusters }) => clusters).join(' '), shared)
    assert.is(result.code, code)
    for (const schema of [CORE_SCHEMA, KUBERNETES_SCHEMA]) assert.ok(published(load(config, { schema })), 'an editor takes it, whichever YAML it reads')
  })
}

test('levels :: hold where clusters are guessed, and of what lies in no cluster', () => {
  const cwd = folder({ 'a.yaml': icsp('a'), '.mirrorproof.yaml': 'rules: {malformed-location: warning, deprecated-icsp: off}\n' })
  assert.match(mirrorproof(['check', '--openshift', '4.18'], { cwd }).stdout, '1 warning; 1 mirror set')
  const broken = (rules: string) => folder({ 'a/a.yaml': icsp('a'), 'b.yaml': `${icsp('b')}  ]`, '.mirrorproof.yaml': `clusters:\n- {name: a, paths: [a], rules: {deprecated-icsp: off, malformed-location: off}}\n${rules}` })
  assert.match(mirrorproof(['check'], { cwd: broken('') }).stdout, /^b\.yaml:\d+:\d+: error: .*\[unreadable-manifest\]/)
  assert.match(mirrorproof(['check'], { cwd: broken('rules: {unreadable-manifest: off}') }).stdout, /^no findings;/)
  assert.match(mirrorproof(['check'], { cwd: broken('overrides: [{paths: [b.yaml], rules: {unreadable-manifest: info}}]') }).stdout, '1 info; 1 mirror set')
})

test('levels :: the paths of an override are relative to the file that names them', () => {
  const cwd = folder({ ...FILES, 'ci/conf.yaml': 'overrides:\n- {paths: [../lab, ../base], rules: {malformed-location: off, deprecated-icsp: off}}\n' })
  const { stdout } = mirrorproof(['check', '.', '--config', 'ci/conf.yaml', '--openshift', '4.18', '--quiet'], { cwd })
  assert.equal(stdout.split('\n').map((line) => line.split(':')[0]!).filter((file) => file.endsWith('.yaml')), ['prod/d.yaml', 'prod/d.yaml'])
})

test('levels :: a finding keeps its fingerprint', () => {
  const prints = (config: string) => check(config).findings.map(({ fingerprint }) => fingerprint)
  assert.equal(prints(`rules: {malformed-location: info}\n${CLUSTERS}`), prints(CLUSTERS))
})

test('levels :: --fail-on goes by them', () => {
  const config = `rules: {malformed-location: warning, deprecated-icsp: info}\n${CLUSTERS}`
  assert.equal(['error', 'warning', 'info'].map((level) => check(config, '--fail-on', level).code), [0, 1, 1])
})

const MISTAKES: [name: string, config: string, message: string][] = [
  ['on without quotes', 'rules:\n  deprecated-icsp: on\n', ':2: `rules.deprecated-icsp` is `true`; a level is error, warning, info or off'],
  ['no level', 'rules: {deprecated-icsp: warn}\n', ':1: `rules.deprecated-icsp` is `warn`; a level is error, warning, info or off'],
  ['upper case', 'rules: {deprecated-icsp: "OFF"}\n', ':1: `rules.deprecated-icsp` is `OFF`; a level is error, warning, info or off'],
  ['a number', 'rules:\n\n  deprecated-icsp: 0\n', ':3: `rules.deprecated-icsp` is `0`; a level is error, warning, info or off'],
  ['nothing', 'rules:\n  deprecated-icsp:\n', ':2: `rules.deprecated-icsp` is `null`; a level is error, warning, info or off'],
  ['a mapping', 'rules:\n  deprecated-icsp: {level: off}\n', ':2: `rules.deprecated-icsp` is a mapping; a level is error, warning, info or off'],
  ['a list of levels', 'rules:\n  deprecated-icsp: [off]\n', ':2: `rules.deprecated-icsp` is a list; a level is error, warning, info or off'],
  ['no level in a cluster', 'clusters:\n- name: a\n  paths: [lab]\n  rules: {deprecated-icsp: yes}\n', ':4: `clusters[0].rules.deprecated-icsp` is `true`; a level is error, warning, info or off'],
  ['no level in an override', 'overrides:\n- paths: [lab]\n  rules: {deprecated-icsp: fatal}\n', ':3: `overrides[0].rules.deprecated-icsp` is `fatal`; a level is error, warning, info or off'],
  ['rules as a list', 'rules:\n- deprecated-icsp\n', ':1: `rules` is of type array where object is expected'],
  ['rules as a word', 'rules: off\n', ':1: `rules` is of type boolean where object is expected'],
  ['a rule given twice', 'rules:\n  deprecated-icsp: off\n  deprecated-icsp: error\n', ':3: a key stands twice in one mapping, and only the last one counts'],
  ['an unknown rule', 'rules:\n  deprecated-icsp: off\n  my-rule: off\n', ':3: there is no rule my-rule; mirrorproof rules lists them'],
  ['a misspelt rule', 'rules:\n  deprecated-isp: off\n', ':2: there is no rule deprecated-isp; is deprecated-icsp meant?'],
  ['a rule as its package is called', 'rules:\n  malformed_location: off\n', ':2: there is no rule malformed_location; is malformed-location meant?'],
  ['a rule of JavaScript', 'rules:\n  __proto__: off\n', ':2: there is no rule __proto__; mirrorproof rules lists them'],
  ['an unknown rule in a cluster', 'clusters:\n- name: a\n  paths: [lab]\n  rules:\n    my-rule: off\n', ':5: there is no rule my-rule; mirrorproof rules lists them'],
  ['an unknown rule in an override', 'overrides:\n- paths: [lab]\n  rules:\n    my-rule:\n      off\n', ':4: there is no rule my-rule; mirrorproof rules lists them'],
  ['a path that is not there', 'overrides:\n- paths: [lab, nowhere]\n  rules: {}\n', ':2: there is no nowhere'],
  ['no paths', 'overrides:\n- rules: {deprecated-icsp: off}\n', ':2: `overrides[0].paths` is missing or empty'],
  ['no rules', 'overrides:\n- paths: [lab]\n', ':2: `overrides[0].rules` is missing or empty'],
  ['overrides as a mapping', 'overrides:\n  lab: {deprecated-icsp: off}\n', ':1: `overrides` is of type object where array is expected'],
]
for (const [name, config, message] of MISTAKES) {
  test(`levels :: ${name} :: is a mistake with its line`, () => {
    assert.equal(check(config), { code: 2, stderr: `mirrorproof: .mirrorproof.yaml${message}\n`, findings: [] })
  })
}

test('levels :: a mistake is one for every command', () => {
  const cwd = folder({ ...FILES, '.mirrorproof.yaml': 'rules: {my-rule: off}\n' })
  for (const args of [['clusters'], ['render'], ['trace', 'quay.io/a/b']]) assert.is(mirrorproof(args, { cwd }).code, 2, args[0])
})

test('levels :: the published schema takes what the program takes, and no more', () => {
  const everywhere = (level: unknown) => ({ rules: { a: level }, clusters: [{ name: 'a', paths: ['a'], rules: { a: level } }], overrides: [{ paths: ['a'], rules: { a: level } }] })
  for (const level of ['error', 'warning', 'info', 'off', false]) assert.ok(published(everywhere(level)), String(level))
  for (const level of [true, null, 0, 'on', [], {}]) assert.not.ok(published({ rules: { a: level } }), String(level))
})

test.run()
