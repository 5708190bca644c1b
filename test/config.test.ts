import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ConfigReport } from '../src/report/config.ts'
import { folder, mirrorproof, ROOT } from './command.ts'
import { validator } from './schema.ts'

const schema = (name: string) => validator(JSON.parse(readFileSync(join(ROOT, 'schema', name), 'utf8')) as object)
const [isReport, isConfig] = [schema('config-report.schema.json'), schema('config.schema.json')]

const FULL = `# What the manifests do not say.
upgrade: "4.20"
rules: {deprecated-icsp: off}
clusters:
- name: lab
  version: "4.18"
  disconnected: true
  paths:
  - base
  - clusters/lab
  rules:
    malformed-location: info
- {name: "no", upgrade: "4.19", paths: [base, clusters/prod]}
overrides:
- paths: [base]
  rules: {deprecated-icsp: warning}
policies: []
`
const FILES = { '.mirrorproof.yaml': FULL, 'base/a.yaml': '', 'clusters/lab/a.yaml': '', 'clusters/prod/a.yaml': '' }

function config(files: Record<string, string>, ...args: string[]): ConfigReport {
  const { code, stdout, stderr } = mirrorproof(['config', '--format', 'json', ...args], { cwd: folder(files) })
  assert.is(stderr, '')
  assert.is(code, 0)
  const report = JSON.parse(stdout) as ConfigReport
  isReport(report, args.join(' '))
  isConfig(report.config, args.join(' '))
  return report
}

const from = ({ origins, unset }: ConfigReport, path: string) =>
  origins.find((one) => one.path.join('.') === path)?.from ?? `not set: ${unset.find((one) => one.path.join('.') === path)?.default}`

/** A value by its path, and what says it. */
const ORIGINS: [path: string, args: string[], value: unknown, from: string][] = [
  ['upgrade', [], '4.20', '.mirrorproof.yaml:2'],
  ['upgrade', ['--next', '4.21'], '4.21', '--next 4.21'],
  ['rules.deprecated-icsp', [], 'off', '.mirrorproof.yaml:3'],
  ['clusters.0.name', [], 'lab', '.mirrorproof.yaml:5'],
  ['clusters.0.version', [], '4.18', '.mirrorproof.yaml:6'],
  ['clusters.0.version', ['--openshift', '4.18.1'], '4.18.1', '--openshift 4.18.1'],
  ['clusters.0.disconnected', [], true, '.mirrorproof.yaml:7'],
  ['clusters.0.paths.1', [], 'clusters/lab', '.mirrorproof.yaml:10'],
  ['clusters.0.rules.malformed-location', [], 'info', '.mirrorproof.yaml:12'],
  ['clusters.0.upgrade', [], undefined, 'not set: as for all clusters'],
  ['clusters.1.name', [], 'no', '.mirrorproof.yaml:13'],
  ['clusters.1.version', [], undefined, 'not set: read from its manifests'],
  ['clusters.1.version', ['--openshift', '4.18'], '4.18', '--openshift 4.18'],
  ['clusters.1.disconnected', [], undefined, 'not set: taken as connected'],
  ['clusters.1.disconnected', ['--disconnected'], true, '--disconnected'],
  ['clusters.1.upgrade', [], '4.19', '.mirrorproof.yaml:13'],
  ['clusters.1.upgrade', ['--next', '4.21'], undefined, 'not set: as for all clusters'],
  ['overrides.0.rules.deprecated-icsp', [], 'warning', '.mirrorproof.yaml:16'],
]
for (const [path, args, value, said] of ORIGINS) {
  test(`config :: ${[path, ...args].join(' ')} :: ${said}`, () => {
    const report = config(FILES, ...args)
    const found = path.split('.').reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], report.config)
    assert.equal(found, value)
    assert.is(from(report, path), said)
  })
}

/** Which file it is, and why. */
const FOUND: [name: string, args: string[], file: string | null, why: string][] = [
  ['of the current folder', [], '.mirrorproof.yaml', 'the nearest one in or above .'],
  ['above a folder', ['clusters/lab'], '.mirrorproof.yaml', 'the nearest one in or above clusters/lab'],
  ['above a file', ['base/a.yaml', 'nowhere'], '.mirrorproof.yaml', 'the nearest one in or above base/a.yaml'],
  ['for standard input', ['-'], '.mirrorproof.yaml', 'the nearest one in or above .'],
  ['nearer', ['near/deep'], 'near/.mirrorproof.yaml', 'the nearest one in or above near/deep'],
  ['named', ['--config', 'near/.mirrorproof.yaml'], 'near/.mirrorproof.yaml', '--config names it'],
  ['none in another repository', ['other'], null, 'there is no .mirrorproof.yaml in or above other, up to the git repository'],
]
for (const [name, args, file, why] of FOUND) {
  test(`config :: the file ${name}`, () => {
    const report = config({ ...FILES, 'near/.mirrorproof.yaml': 'rules: {}\n', 'near/deep/a.yaml': '', 'other/.git/HEAD': '' }, ...args)
    assert.equal([report.file, report.why], [file, why])
  })
}

test('config :: where nothing is said, all that could be', () => {
  const report = config({ '.git/HEAD': '' }, '--disconnected')
  assert.equal(report.config, {})
  assert.equal(report.flags, ['--disconnected'])
  const known = JSON.parse(readFileSync(join(ROOT, 'schema/config.schema.json'), 'utf8')) as { properties: object }
  assert.equal(report.unset.map(({ path }) => path.join('.')).sort(), Object.keys(known.properties).sort())
  assert.match(mirrorproof(['config'], { cwd: folder({ '.git/HEAD': '', '.mirrorproof.yaml': '# nothing yet\n' }) }).stdout, /^# \.mirrorproof\.yaml: the nearest one in or above \.\n\n# clusters is not set: /)
})

test('config :: the text says each value and its line', () => {
  const { code, stdout, stderr } = mirrorproof(['config', 'base', '--openshift', '4.18.3'], { cwd: folder(FILES) })
  assert.equal([code, stderr], [0, ''])
  assert.is(stdout, `# .mirrorproof.yaml: the nearest one in or above base
# flags, for all clusters and over what is declared: --openshift 4.18.3

clusters:
- name: lab                   # .mirrorproof.yaml:5
  version: "4.18.3"           # --openshift 4.18.3
  # upgrade is not set: as for all clusters
  disconnected: true          # .mirrorproof.yaml:7
  rules:
    malformed-location: info  # .mirrorproof.yaml:12
  paths:
  - base                      # .mirrorproof.yaml:9
  - clusters/lab              # .mirrorproof.yaml:10
- name: "no"                  # .mirrorproof.yaml:13
  version: "4.18.3"           # --openshift 4.18.3
  upgrade: "4.19"             # .mirrorproof.yaml:13
  # disconnected is not set: taken as connected
  # rules is not set: as for all clusters
  paths:
  - base                      # .mirrorproof.yaml:13
  - clusters/prod             # .mirrorproof.yaml:13
upgrade: "4.20"               # .mirrorproof.yaml:2
rules:
  deprecated-icsp: "off"      # .mirrorproof.yaml:3
overrides:
- paths:
  - base                      # .mirrorproof.yaml:15
  rules:
    deprecated-icsp: warning  # .mirrorproof.yaml:16
policies: []                  # .mirrorproof.yaml:17
# waivers is not set: none beside those in manifests
# requireReasons is not set: waivers need give no reason
# baseline is not set: none
`)
})

/** Names that have to be quoted, escaped, or found through an alias. */
const SAVED: [name: string, config: string][] = [
  ['everything', FULL],
  ['nothing', '# nothing\n'],
  ['empty lists', 'clusters: []\nrules: {}\noverrides: []\n'],
  ['names that mean something else', ['"1.20"', 'on', '"null"', '".5"', '".inf"', '"..."', '"1e3"', '"~"', '"a: b"', '"# a"', '"ä\\n::error::"', "'- x'", '"##[group]"', '"\\u202e"'].map((name, index) => `${index === 0 ? 'clusters:\n' : ''}- {name: ${name === 'on' ? '"on"' : name}, paths: [base]}\n`).join('')],
  ['aliases and merges', 'clusters:\n- &lab\n  name: lab\n  version: &v "4.18"\n  paths: &p [base]\n- {<<: *lab, name: other, version: *v}\n'],
]
for (const [name, text] of SAVED) {
  test(`config :: what it prints can be saved :: ${name}`, () => {
    const before = config({ ...FILES, '.mirrorproof.yaml': text })
    const printed = mirrorproof(['config'], { cwd: folder({ ...FILES, '.mirrorproof.yaml': text }) }).stdout
    assert.equal(config({ ...FILES, '.mirrorproof.yaml': printed }).config, before.config)
    assert.not.match(printed, /^\s*::|##\[|\u202e/m)
  })
}

/** As every other command has it. */
const MISTAKES: [name: string, config: string, args: string[], message: string][] = [
  ['not YAML', 'clusters: [', [], '.mirrorproof.yaml:1: unexpected end of the stream within a flow collection'],
  ['an unknown field', 'cluster: []\n', [], '.mirrorproof.yaml:1: there is no field `cluster`'],
  ['an unknown rule', 'rules: {deprecated-isp: off}\n', [], '.mirrorproof.yaml:1: there is no rule deprecated-isp; is deprecated-icsp meant?'],
  ['an unknown rule beside own rules', 'policies: [base]\n', [], 'base holds no .rego file with a rule'],
  ['a path that is not there', 'clusters: [{name: a, paths: [nowhere]}]\n', [], '.mirrorproof.yaml:1: there is no nowhere'],
  ['no later version', 'upgrade: "4.18"\nclusters: [{name: a, version: "4.18", paths: [base]}]\n', [], '.mirrorproof.yaml:1: upgrade 4.18 is not later than 4.18 of cluster a'],
  ['no later version by a flag', 'clusters: [{name: a, version: "4.18", paths: [base]}]\n', ['--next', '4.17'], '--next 4.17 is not later than 4.18 of cluster a'],
  ['no version', '', ['--openshift', 'four'], '--openshift takes a version such as 4.16 or 4.16.3, not four'],
  ['a file that is not there', '', ['--config', 'nowhere.yaml'], 'cannot read the configuration nowhere.yaml (ENOENT)'],
  ['a format', '', ['--format', 'yaml'], '--format takes text, json, not yaml'],
]
for (const [name, text, args, message] of MISTAKES) {
  test(`config :: ${name} :: is a mistake`, () => {
    assert.equal(mirrorproof(['config', ...args], { cwd: folder({ ...FILES, '.mirrorproof.yaml': text }) }), { code: 2, stdout: '', stderr: `mirrorproof: ${message}\n` })
  })
}

test.run()
