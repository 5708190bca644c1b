import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { comments } from '../src/manifests/comment.ts'
import { readWaiver } from '../src/policy/waiver.ts'
import type { CheckReport } from '../src/report/json.ts'
import { folder, mirrorproof } from './command.ts'

/** Its `kind` is a deprecated-icsp, its source `quay.io/NAME/` a malformed-location, its mirror on quay.io a public-mirror. */
const icsp = (name = 'a') => `apiVersion: operator.openshift.io/v1alpha1
kind: ImageContentSourcePolicy
metadata:
  name: ${name}
spec:
  repositoryDigestMirrors:
  - source: registry.redhat.io/${name}/
    mirrors:
    - mirror.example.net/${name}
  - source: registry.redhat.io/${name}-two/
    mirrors:
    - mirror.example.net/${name}-two
`
/** Without what the operator refuses. */
const sound = (name: string) => icsp(name).replaceAll(/\/$/gm, '')
const annotated = (name: string, lines: string) => icsp(name).replace(`name: ${name}\n`, `name: ${name}\n  annotations:\n    mirrorproof.io/ignore: ${lines}\n`)
/** With a comment above or beside the line that holds a text. */
const above = (text: string, comment: string, file = icsp()) => file.replace(new RegExp(`^( *)(.*${text})`, 'm'), `$1${comment}\n$1$2`)
const beside = (text: string, comment: string, file = icsp()) => file.replace(new RegExp(`${text}$`, 'm'), `$& ${comment}`)
const indented = (text: string) => text.replace(/^(?=.)/gm, '    ')

function run(files: Record<string, string>, ...args: string[]) {
  const { code, stdout, stderr } = mirrorproof(['check', '--format', 'json', '--openshift', '4.18', ...args], { cwd: folder(files) })
  assert.is(stderr, '')
  return { code, report: JSON.parse(stdout) as CheckReport }
}

/** Of findings, `rule line`; of several files, with the file in front. */
const told = (list: CheckReport['findings'], several = false) => list.map(({ rule, file, line }) => `${several ? `${file} ` : ''}${rule} ${line}`).sort()

/** What is waived in a file that holds a comment, and what is found beside the rest. */
const COVERED: [name: string, file: string, waived: string[]][] = [
  ['above the top of a document: all of it', `# mirrorproof: ignore malformed-location\n${icsp()}`, ['malformed-location 11', 'malformed-location 8']],
  ['above the marker of a document', `# mirrorproof: ignore malformed-location\n---\n${icsp()}`, ['malformed-location 12', 'malformed-location 9']],
  ['beside the marker of a document', `--- # mirrorproof: ignore malformed-location\n${icsp()}`, ['malformed-location 11', 'malformed-location 8']],
  ['at the end of the document before', `a: b\n# mirrorproof: ignore malformed-location\n---\n${icsp()}`, ['malformed-location 10', 'malformed-location 13']],
  ['above a key: what is under it', above('spec:', '# mirrorproof: ignore malformed-location'), ['malformed-location 11', 'malformed-location 8']],
  ['beside a key', beside('repositoryDigestMirrors:', '# mirrorproof: ignore malformed-location'), ['malformed-location 10', 'malformed-location 7']],
  ['above another key: nothing', above('metadata:', '# mirrorproof: ignore malformed-location'), []],
  ['above the first entry of a list: that alone', above('- source: .*/a/', '# mirrorproof: ignore malformed-location'), ['malformed-location 8']],
  ['above the last entry', above('- source: .*two/', '# mirrorproof: ignore malformed-location'), ['malformed-location 11']],
  ['beside an entry: all in it', beside('source: registry.redhat.io/a/', '# mirrorproof: ignore malformed-location'), ['malformed-location 7']],
  ['beside a lone dash', icsp().replace('- source: registry.redhat.io/a/', '- # mirrorproof: ignore malformed-location\n    source: registry.redhat.io/a/'), ['malformed-location 8']],
  ['above a lone dash', icsp().replace('- source: registry.redhat.io/a/', '# mirrorproof: ignore malformed-location\n  -\n    source: registry.redhat.io/a/'), ['malformed-location 9']],
  ['beside the kind', beside('kind: .*', '# mirrorproof: ignore deprecated-icsp'), ['deprecated-icsp 2']],
  ['beside the first key: not the whole document', beside('apiVersion: .*', '# mirrorproof: ignore deprecated-icsp'), []],
  ['two rules', above('apiVersion', '# mirrorproof: ignore deprecated-icsp, malformed-location because'), ['deprecated-icsp 3', 'malformed-location 11', 'malformed-location 8']],
  ['several comments above one node, with others and blank lines between', above('apiVersion', '# mirrorproof: ignore deprecated-icsp\n\n# a word\n  # mirrorproof: ignore malformed-location\n#'), ['deprecated-icsp 7', 'malformed-location 12', 'malformed-location 15']],
  ['odd spacing', above('apiVersion', '##mirrorproof :ignore   deprecated-icsp ,malformed-location'), ['deprecated-icsp 3', 'malformed-location 11', 'malformed-location 8']],
  ['CRLF', above('spec:', '# mirrorproof: ignore malformed-location until=2999-12-31').replaceAll('\n', '\r\n'), ['malformed-location 11', 'malformed-location 8']],
  ['a byte order mark', `\ufeff# mirrorproof: ignore deprecated-icsp\n${icsp()}`, ['deprecated-icsp 3']],
  ['a byte order mark within', `a: b\n---\n\ufeff# mirrorproof: ignore deprecated-icsp\n${icsp()}`, ['deprecated-icsp 5']],
  ['in a document of several: that one', `${icsp('a')}---\n# mirrorproof: ignore deprecated-icsp\n${icsp('b')}---\n${icsp('c')}`, ['deprecated-icsp 16']],
  ['after the end of a document', `${icsp('a')}...\n# mirrorproof: ignore deprecated-icsp\n${icsp('b')}`, ['deprecated-icsp 16']],
  ['an object in a ConfigMap, by the key that holds it', `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  # mirrorproof: ignore deprecated-icsp\n  a.yaml: |\n${indented(icsp())}`, ['deprecated-icsp 7']],
  ['an entry of a flow list', above('- source: .*/a/', '').replace(/ {4}mirrors:\n {4}- mirror.example.net\/a\n/, '    mirrors: [\n      # mirrorproof: ignore malformed-location\n      mirror.example.net/a/, ]\n'), ['malformed-location 11']],
  ['a flow list whose lines are not indented', icsp().replace(/ {4}mirrors:\n {4}- mirror.example.net\/a\n/, '    mirrors: [\n# mirrorproof: ignore malformed-location\nmirror.example.net/a/\n]\n'), ['malformed-location 10']],
  ['a day that is over, however it is written', above('apiVersion', '# mirrorproof: ignore deprecated-icsp Until: 2020-01-31'), []],
  ['a day that is over', above('apiVersion', '# mirrorproof: ignore deprecated-icsp until=2020-01-31'), []],
  ['in text of a block scalar', icsp().replace('spec:', 'note: |\n  # mirrorproof: ignore malformed-location\nspec:'), []],
  ['in a quoted string', icsp().replace('spec:', 'note: "x\n  # mirrorproof: ignore malformed-location\n  y"\nspec:'), []],
  ['taken out itself', above('spec:', '# - x # mirrorproof: ignore malformed-location'), []],
  ['beside a string that holds one', icsp().replace('kind: Im', 'note: "# mirrorproof: ignore public-mirror" # mirrorproof: ignore deprecated-icsp\nkind: Im'), []],
  ['a document that cannot be read: the line itself', `a: b\n---\n${icsp()}  x: ]\n`.replace('x: ]', 'x: ] # mirrorproof: ignore unreadable-manifest'), ['unreadable-manifest 15']],
  ['a document that cannot be read: the line below', `${icsp()}  # mirrorproof: ignore unreadable-manifest\n  x: ]\n`, ['unreadable-manifest 14']],
  ['a document that cannot be read: not all of it', `# mirrorproof: ignore unreadable-manifest\n${icsp()}  x: ]\n`, []],
]
for (const [name, file, waived] of COVERED) {
  test(`comments :: ${name}`, () => {
    const { code, report } = run({ 'a.yaml': file })
    assert.equal(told(report.waived), waived.toSorted())
    const all = run({ 'a.yaml': file.replaceAll('mirrorproof', 'mirrorprooF') }).report.findings
    const left = report.findings.filter(({ rule }) => !rule.includes('waiver'))
    assert.equal(told([...left, ...report.waived]), told(all), 'nothing else changes')
    assert.is(code, left.some(({ level }) => level === 'error') ? 1 : 0, 'what is waived does not fail')
    for (const { waiver } of report.waived) assert.is(waiver.by, 'comment')
  })
}

test('comments :: a reason shows no password', () => {
  const [one] = run({ 'a.yaml': above('kind', '# mirrorproof: ignore deprecated-icsp see https://user:hunter2@example.net/x') }).report.waived
  assert.not.match(one!.waiver.reason, 'hunter2')
})

test('comments :: what is waived says why, until when and where', () => {
  const [one] = run({ 'a.yaml': above('kind', '# mirrorproof: ignore deprecated-icsp until=2999-12-31  goes with  4.12 ') }).report.waived
  assert.equal(one!.waiver, { by: 'comment', reason: 'goes with  4.12', until: '2999-12-31', file: 'a.yaml', line: 2, column: 1 })
  assert.is(one!.level, 'error')
})

test('comments :: what stands beside one is not shown, as it may be a secret', () => {
  const secret = `kind: Secret\napiVersion: v1\nmetadata: {name: pull-secret}\nstringData:\n  hidden: correct-horse # mirrorproof: ignore no-such-rule\n`
  const { stdout } = mirrorproof(['check'], { cwd: folder({ 'a.yaml': secret }) })
  assert.match(stdout, 'a.yaml:5:25: warning: there is no rule `no-such-rule`')
  assert.not.match(stdout, 'correct-horse')
})

/** Two of each; what is waived, by file and line. */
const ANNOTATED: [name: string, files: Record<string, string>, waived: string[]][] = [
  ['one of two objects', { 'a.yaml': `${annotated('a', 'deprecated-icsp')}---\n${icsp('b')}` }, ['a.yaml deprecated-icsp 2']],
  ['several lines', { 'a.yaml': annotated('a', '|\n      deprecated-icsp until=2999-12-31 planned\n\n      malformed-location') }, ['a.yaml deprecated-icsp 2', 'a.yaml malformed-location 12', 'a.yaml malformed-location 15']],
  ['over', { 'a.yaml': annotated('a', 'deprecated-icsp until=2020-01-31') }, []],
  ['an object in a ConfigMap', { 'a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a.yaml: |\n${indented(annotated('a', 'deprecated-icsp'))}` }, ['a.yaml deprecated-icsp 6']],
  ['an object in a List', { 'a.yaml': `kind: List\napiVersion: v1\nitems:\n-${indented(annotated('a', 'deprecated-icsp')).slice(1)}` }, ['a.yaml deprecated-icsp 5']],
  ['by Kustomize, on all that it builds', { 'k/kustomization.yaml': 'resources: [a.yaml, b.yaml]\ncommonAnnotations:\n  mirrorproof.io/ignore: deprecated-icsp\n', 'k/a.yaml': icsp('a'), 'k/b.yaml': icsp('b') }, ['k/a.yaml deprecated-icsp 2', 'k/b.yaml deprecated-icsp 2']],
  ['by one of two overlays of one file: the other is not asked', {
    'base/kustomization.yaml': 'resources: [a.yaml]\n', 'base/a.yaml': icsp('a'),
    'lab/kustomization.yaml': 'resources: [../base]\ncommonAnnotations: {mirrorproof.io/ignore: deprecated-icsp}\n', 'prod/kustomization.yaml': 'resources: [../base]\n',
  }, []],
  ['by both overlays of one file', {
    'base/kustomization.yaml': 'resources: [a.yaml]\n', 'base/a.yaml': icsp('a'),
    'lab/kustomization.yaml': 'resources: [../base]\ncommonAnnotations: {mirrorproof.io/ignore: deprecated-icsp}\n', 'prod/kustomization.yaml': 'resources: [../base]\ncommonAnnotations: {mirrorproof.io/ignore: deprecated-icsp}\n',
  }, ['base/a.yaml deprecated-icsp 2']],
]
for (const [name, files, waived] of ANNOTATED) {
  test(`annotations :: ${name}`, () => {
    const { report } = run(files)
    assert.equal(told(report.waived, true), waived)
    for (const { waiver } of report.waived) assert.is(waiver.by, 'annotation')
  })
}

const FILES = { 'base/a.yaml': icsp('a'), 'lab/b.yaml': icsp('b') }
const CLUSTERS = 'clusters:\n- {name: lab, version: "4.18", paths: [base, lab]}\n- {name: prod, version: "4.18", paths: [base]}\n'
const CONFIGURED: [name: string, config: string, waived: string[]][] = [
  ['a rule, wherever', 'waivers: [{rule: deprecated-icsp}]', ['base/a.yaml deprecated-icsp 2', 'lab/b.yaml deprecated-icsp 2']],
  ['in a folder', 'waivers: [{rule: deprecated-icsp, paths: [lab]}]', ['lab/b.yaml deprecated-icsp 2']],
  ['in a file', 'waivers: [{rule: deprecated-icsp, paths: [./base/../base/a.yaml]}]', ['base/a.yaml deprecated-icsp 2']],
  ['of an object', 'waivers: [{rule: malformed-location, object: ImageContentSourcePolicy/b}]', ['lab/b.yaml malformed-location 10', 'lab/b.yaml malformed-location 7']],
  ['of an object of a namespace that it has not', 'waivers: [{rule: deprecated-icsp, object: ImageContentSourcePolicy/default/b}]', []],
  ['of an object in another folder', 'waivers: [{rule: deprecated-icsp, object: ImageContentSourcePolicy/b, paths: [base]}]', []],
  ['over', 'waivers: [{rule: deprecated-icsp, until: 2020-01-31}]', []],
  ['the first that holds', 'waivers:\n- {rule: deprecated-icsp, until: 2020-01-31}\n- {rule: deprecated-icsp, until: 2999-12-31, reason: planned}', ['base/a.yaml deprecated-icsp 2', 'lab/b.yaml deprecated-icsp 2']],
]
for (const [name, config, waived] of CONFIGURED) {
  test(`configuration :: ${name}`, () => {
    const { report } = run({ ...FILES, '.mirrorproof.yaml': `${CLUSTERS}${config}\n` })
    assert.equal(told(report.waived, true), waived)
    for (const { waiver } of report.waived) assert.is(waiver.by, 'configuration')
  })
}

const MISTAKES: [config: string, message: string][] = [
  ['waivers: [{rule: deprecated-isp}]', ':1: there is no rule deprecated-isp; is deprecated-icsp meant?'],
  ['waivers:\n- rule: constructor', ':2: there is no rule constructor; mirrorproof rules lists them'],
  ['waivers:\n- paths: [a.yaml]', ':2: `waivers[0].rule` is missing or empty'],
  ['waivers:\n- rule: deprecated-icsp\n  until: tomorrow', ':3: `tomorrow` is no date; write it as 2027-01-31'],
  ['waivers:\n- rule: deprecated-icsp\n  until: 2027-02-30', ':3: `2027-02-30` is no date; write it as 2027-01-31'],
  ['waivers:\n- rule: deprecated-icsp\n  until: 2027', ':3: `waivers[0].until` is of type number where string is expected'],
  ['waivers:\n- rule: deprecated-icsp\n  object: org', ':3: `org` is no object; write it as Kind/name or Kind/namespace/name'],
  ['waivers:\n- rule: deprecated-icsp\n  paths: [nowhere]', ':3: there is no nowhere'],
  ['waivers:\n- rule: deprecated-icsp\n  paths: []', ':3: `waivers[0].paths` is missing or empty'],
  ['waivers:\n- rule: deprecated-icsp\n  expires: 2027-01-31', ':3: there is no field `waivers[0].expires`'],
  ['waivers: {rule: deprecated-icsp}', ':1: `waivers` is of type object where array is expected'],
  ['requireReasons: sometimes', ':1: `requireReasons` is of type string where boolean is expected'],
]
for (const [config, message] of MISTAKES) {
  test(`configuration :: refused: ${config.replaceAll('\n', ' ')}`, () => {
    const { code, stdout, stderr } = mirrorproof(['check'], { cwd: folder({ 'a.yaml': icsp(), '.mirrorproof.yaml': `${config}\n` }) })
    assert.equal([code, stdout, stderr], [2, '', `mirrorproof: .mirrorproof.yaml${message}\n`])
  })
}

/** Whether a waiver that covers nothing is said to, by what the run looks at: in lab/ `public-mirror` is waived and not found. */
const UNUSED = { 'lab/b.yaml': above('spec', '# mirrorproof: ignore public-mirror', sound('b')), 'base/a.yaml': sound('a'), '.git/HEAD': '' }
const PARTS: [name: string, files: Record<string, string>, args: string[], said: boolean][] = [
  ['a whole repository', {}, [], true],
  ['a folder of it', {}, ['lab'], false],
  ['a folder of it that holds the configuration', { 'lab/.mirrorproof.yaml': 'requireReasons: false\n' }, ['lab'], true],
  ['all folders of the declared clusters', { '.mirrorproof.yaml': 'clusters: [{name: a, paths: [base, lab]}]\n' }, ['base', 'lab'], true],
  ['some folders of the declared clusters', { '.mirrorproof.yaml': 'clusters: [{name: a, paths: [base, lab]}]\n' }, ['lab'], false],
  ['a cluster', { '.mirrorproof.yaml': 'clusters: [{name: a, paths: [base, lab]}]\n' }, ['--cluster', 'a'], false],
  ['the rule is off', { '.mirrorproof.yaml': 'rules: {public-mirror: off}\n' }, [], false],
  ['the rule is off where it stands', { '.mirrorproof.yaml': 'overrides: [{paths: [lab], rules: {public-mirror: off}}]\n' }, [], false],
  ['unused-waiver is off', { '.mirrorproof.yaml': 'rules: {unused-waiver: off}\n' }, [], false],
  ['some object cannot be read', { 'base/a.yaml': `${icsp('a')}  x: ]\n` }, [], false],
  ['the operator refuses it all', { 'base/c.yaml': 'apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata: {name: c}\nspec:\n  imageDigestMirrors:\n  - {source: a.example.com/x, mirrors: [b.example.com/x], mirrorSourcePolicy: NeverContactSource}\n  - {source: a.example.com/x, mirrors: [b.example.com/y]}\n' }, [], false],
]
for (const [name, files, args, said] of PARTS) {
  test(`unused :: ${name}`, () => {
    const { report } = run({ ...UNUSED, ...files }, ...args)
    assert.equal(report.findings.filter(({ rule }) => rule === 'unused-waiver').map(({ file }) => file), said ? ['lab/b.yaml'] : [])
  })
}

test('unused :: an entry of the configuration, an annotation, and one of two rules', () => {
  const { report } = run({ 'a.yaml': annotated('a', '|\n      deprecated-icsp, mirror-chain\n      paused-pool until=2020-01-31').replaceAll(/\/$/gm, ''), '.mirrorproof.yaml': 'waivers:\n- {rule: public-mirror}\n- {rule: deprecated-icsp}\n' })
  const about = report.findings.map(({ rule, file, line, message }) => `${rule} ${file}:${line} ${message.match(/`[^`]*`/g)!.join(' ')}`)
  assert.equal(about, ['unused-waiver .mirrorproof.yaml:2 `public-mirror`', 'unused-waiver a.yaml:7 `mirror-chain`', 'waiver-expired a.yaml:7 `paused-pool`'])
})

test('findings about waivers have the levels of the configuration and cannot be waived', () => {
  const file = `# mirrorproof: ignore waiver-unknown-rule,no-such-rule\n${icsp()}`
  const levels = (config: string) => run({ 'a.yaml': file, '.mirrorproof.yaml': config }).report.findings.filter(({ rule }) => rule.includes('waiver')).map(({ rule, level }) => `${rule} ${level}`).sort()
  assert.equal(levels('waivers: []\n'), ['malformed-waiver warning', 'waiver-unknown-rule warning'])
  assert.equal(levels('rules: {waiver-unknown-rule: error, malformed-waiver: off}\n'), ['waiver-unknown-rule error'])
})

/** What follows `ignore`; `rules | until | reason`, or what is wrong. */
const GRAMMAR: [text: string, said: string][] = [
  [' mirror-chain', 'mirror-chain | null |'],
  [' mirror-chain,paused-pool', 'mirror-chain paused-pool | null |'],
  ['\tmirror-chain ,\tpaused-pool  until=2027-01-31  it is planned  ', 'mirror-chain paused-pool | 2027-01-31 | it is planned'],
  [' mirror-chain it is planned until=2027-01-31', 'mirror-chain | 2027-01-31 | it is planned'],
  [' mirror-chain, until=2027-01-31', 'mirror-chain | 2027-01-31 |'],
  [' mirror-chain,until=2027-01-31', 'mirror-chain | 2027-01-31 |'],
  [' mirror-chain wait until spring', 'mirror-chain | null | wait until spring'],
  [' mirror-chain,mirror-chain', 'mirror-chain | null |'],
  [' mirror-chain until=2024-02-29', 'mirror-chain | 2024-02-29 |'],
  [' mirror-chain until=2027-02-29', 'no-date 2027-02-29'],
  [' mirror-chain until=27-01-31', 'no-date 27-01-31'],
  [' mirror-chain until=2027-01-31.', 'no-date 2027-01-31.'],
  [' mirror-chain until =', 'no-date '],
  [' mirror-chain until: 2027-01-31 it is planned', 'mirror-chain | 2027-01-31 | it is planned'],
  [' mirror-chain Until=2027-01-31', 'mirror-chain | 2027-01-31 |'],
  [' mirror-chain (until=2027-01-31)', 'mirror-chain | 2027-01-31 | ()'],
  [' mirror-chain until 2027-01-31', 'mirror-chain | 2027-01-31 |'],
  [' mirror-chain until 2027-1-31', 'no-date 2027-1-31'],
  [' mirror-chain stays until 4.16', 'mirror-chain | null | stays until 4.16'],
  [' mirror-chain until=2027-01-31 until=2028-01-31', 'two-dates'],
  ['', 'no-rule'],
  [' until=2027-01-31', 'no-rule'],
  [' ,', 'no-rule'],
  [` ${'a,'.repeat(5_000)}b`, 'too-long'],
]
for (const [text, said] of GRAMMAR) {
  test(`grammar :: ${JSON.stringify(text.slice(0, 60))}`, () => {
    const { rules, until, reason, malformation } = readWaiver(text)
    assert.is(malformation ? [malformation.problem, malformation.found].filter((part) => part !== undefined).join(' ') : `${rules.join(' ')} | ${until} | ${reason}`.trimEnd(), said)
  })
}

/** Files of hostile size take time in proportion: four times the text, at most ten times the time (a square would take sixteen). */
const HOSTILE: [name: string, file: (count: number) => string][] = [
  ['comments above one node', (count) => `${'# mirrorproof: ignore deprecated-icsp\n'.repeat(count)}${icsp()}`],
  ['comments beside entries', (count) => `kind: x\nlist:\n${'- a # mirrorproof: ignore no-such-rule\n'.repeat(count)}`],
  ['comments in one string', (count) => `a: |\n${'  # mirrorproof: ignore no-such-rule\n'.repeat(count)}`],
  ['strings of one line', (count) => `a: [${'"# mirrorproof: ignore x", '.repeat(count)}]\n`],
  ['documents', (count) => '# mirrorproof: ignore x\n---\na: b\n'.repeat(count)],
  ['markers', (count) => '--- # mirrorproof: ignore x\n'.repeat(count)],
  ['hashes', (count) => `a: b ${'# '.repeat(count)}# mirrorproof: ignore x\n`],
  ['spaces', (count) => `#${' '.repeat(count * 20)}\n# mirrorproof${' '.repeat(count * 20)}\n# mirrorproof: ignore x\na: b\n`],
]
for (const [name, file] of HOSTILE) {
  test(`hostile :: thousands of ${name}`, () => {
    const time = (count: number) => Math.min(...[1, 2, 3].map(() => {
      const text = file(count)
      const start = performance.now()
      comments({ path: 'a.yaml', place: '/a.yaml', named: true, text })
      return performance.now() - start
    }))
    time(1_000)
    const [few, many] = [time(5_000), time(20_000)]
    assert.ok(many < few * 10 + 20, `${few.toFixed(1)} ms for 5,000, ${many.toFixed(1)} ms for 20,000`)
  })
}

test('hostile :: ten thousand waivers of ten thousand findings', () => {
  const entries = Array.from({ length: 10_000 }, (_, index) => `  - source: registry.redhat.io/a${index}/ # mirrorproof: ignore malformed-location\n    mirrors: [mirror.example.net/a${index}]\n`).join('')
  const start = performance.now()
  const { report } = run({ 'a.yaml': `apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata: {name: a}\nspec:\n  imageDigestMirrors:\n${entries}` })
  assert.is(report.waived.length, 10_000)
  assert.ok(performance.now() - start < 20_000)
})

test('hostile :: names of JavaScript are names of no rule', () => {
  const names = '__proto__, constructor, toString, hasOwnProperty'
  const { report } = run({ 'a.yaml': `# mirrorproof: ignore ${names}\n${annotated('a', names)}` })
  assert.equal(told(report.findings.filter(({ rule }) => rule.includes('waiver'))), ['waiver-unknown-rule 1', 'waiver-unknown-rule 7'])
  assert.equal(report.waived, [])
})

test.run()
