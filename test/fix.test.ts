import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, lstatSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Ajv } from 'ajv'
import draft04 from 'ajv-draft-04'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { defects } from '../src/openshift/shape.ts'
import type { CheckReport } from '../src/report/json.ts'
import { folder, mirrorproof, type Result, ROOT } from './command.ts'
import { validator } from './schema.ts'

const HEAD = `apiVersion: config.openshift.io/v1
kind: ImageDigestMirrorSet
metadata:
  name: org
`
const IDMS = `${HEAD}spec:
  imageDigestMirrors:
  - source: "https://quay.io/org"   # as the browser shows it
    mirrors:
    - 'mirror.example.net/org/'
`
const MENDED = IDMS.replace('https://', '').replace('org/\'', 'org\'')
const QUIET = ['--openshift', '4.16', '--quiet']

type Files = Record<string, string>

function run(files: Files, ...args: string[]): Result & { cwd: string } {
  const cwd = folder(files)
  return { cwd, ...mirrorproof(['check', '--fix', ...QUIET, ...args], { cwd }) }
}

function read(cwd: string, file: string): string {
  return readFileSync(join(cwd, file), 'utf8')
}

test('check --fix :: what has one right answer is mended, and the report is of what is left', () => {
  const { cwd, code, stdout, stderr } = run({ 'idms.yaml': IDMS })
  assert.is(read(cwd, 'idms.yaml'), MENDED)
  assert.equal({ code, stderr }, { code: 0, stderr: '' })
  assert.is(stdout, `idms.yaml:7: malformed-location: replaced \`https://quay.io/org\` by \`quay.io/org\`
idms.yaml:9: malformed-location: replaced \`mirror.example.net/org/\` by \`mirror.example.net/org\`
2 findings mended in 1 file

no findings; 1 mirror set in 1 cluster, of 1 file; taken as connected (--disconnected)
`)
  const again = mirrorproof(['check', '--fix', ...QUIET], { cwd })
  assert.is(again.stdout.split('\n')[0], 'nothing to mend')
  assert.is(read(cwd, 'idms.yaml'), MENDED)
})

test('check --fix --dry-run :: prints what git applies, changes nothing, and ends as --fix does', () => {
  const { cwd, code, stdout } = run({ 'a b/idms.yaml': IDMS }, '--dry-run')
  assert.is(code, 0)
  assert.is(read(cwd, 'a b/idms.yaml'), IDMS)
  assert.match(stdout, 'a b/idms.yaml:7: malformed-location: would replace `https://quay.io/org` by `quay.io/org`')
  const { status, stderr } = spawnSync('git', ['apply', '-'], { cwd, input: stdout, encoding: 'utf8', env: { PATH: process.env['PATH'] } })
  assert.equal({ status, stderr }, { status: 0, stderr: '' })
  assert.is(read(cwd, 'a b/idms.yaml'), MENDED)
})

/** What stands in a file, and what is to stand there. */
const FILES: [name: string, before: string, after: string][] = [
  ['line ends of Windows, and none at the end', IDMS.replaceAll('\n', '\r\n').trimEnd(), MENDED.replaceAll('\n', '\r\n').trimEnd()],
  ['a byte order mark', `\ufeff${IDMS}`, `\ufeff${MENDED}`],
  ['JSON', '{"apiVersion": "config.openshift.io/v1", "kind": "ImageDigestMirrorSet",\n\t"metadata": {"name": "org", "uid": "1", "annotations": {"a": "b"}},\n\t"spec": {"imageDigestMirrors": [{"source": "quay.io/org/", "mirrors": ["m.example.net/a", "m.example.net/a", "m.example.net/b"]}]}}\n',
    '{"apiVersion": "config.openshift.io/v1", "kind": "ImageDigestMirrorSet",\n\t"metadata": {"name": "org", "annotations": {"a": "b"}},\n\t"spec": {"imageDigestMirrors": [{"source": "quay.io/org", "mirrors": ["m.example.net/a", "m.example.net/b"]}]}}\n'],
  ['flow style', `${HEAD}spec: {imageDigestMirrors: [{source: quay.io/org, mirrors: [m.example.net/a, m.example.net/a/, "https://m.example.net/b"]}]}\n`,
    `${HEAD}spec: {imageDigestMirrors: [{source: quay.io/org, mirrors: [m.example.net/a, "m.example.net/b"]}]}\n`],
  ['an anchor that two lists share', `${HEAD}spec:\n  imageDigestMirrors:\n  - source: quay.io/a\n    mirrors: &all\n    - m.example.net/a/ # one\n  - source: quay.io/b\n    mirrors: *all\n`,
    `${HEAD}spec:\n  imageDigestMirrors:\n  - source: quay.io/a\n    mirrors: &all\n    - m.example.net/a # one\n  - source: quay.io/b\n    mirrors: *all\n`],
  ['a List', `apiVersion: v1\nkind: List\nitems:\n- ${IDMS.trimEnd().replaceAll('\n', '\n  ')}\n- kind: ConfigMap\n`, `apiVersion: v1\nkind: List\nitems:\n- ${MENDED.trimEnd().replaceAll('\n', '\n  ')}\n- kind: ConfigMap\n`],
  ['two documents', `# first\n---\n${IDMS}---\n${IDMS.replace('name: org', 'name: other')}...\n`, `# first\n---\n${MENDED}---\n${MENDED.replace('name: org', 'name: other')}...\n`],
  ['server fields between comments', `${HEAD}  # who made it\n  uid: 1d\n  resourceVersion: "7" # of etcd\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      {"a": "b"}\n\nspec:\n  imageDigestMirrors:\n  - source: quay.io/a\n    mirrors: [m.example.net/a]\nstatus: {}\n`,
    `${HEAD}  # who made it\n\nspec:\n  imageDigestMirrors:\n  - source: quay.io/a\n    mirrors: [m.example.net/a]\n`],
]
for (const [name, before, after] of FILES) {
  test(`check --fix :: ${name} :: stays as it is but for what is mended`, () => {
    const { cwd, stderr } = run({ 'idms.yaml': before })
    assert.is(read(cwd, 'idms.yaml'), after)
    assert.is(stderr, '')
    assert.is(mirrorproof(['check', '--fix', ...QUIET], { cwd }).stdout.split('\n')[0], 'nothing to mend')
  })
}

const POOL = (text: string) => `apiVersion: hypershift.openshift.io/v1beta1
kind: NodePool
metadata: {name: tenant-a, namespace: clusters}
spec:
  clusterName: tenant
  config:
  - name: tags
---
apiVersion: v1
kind: ConfigMap
metadata: {name: tags, namespace: clusters}
data:
  config: ${text}
`
const TAGS = (mirror: string) => `|-
    apiVersion: config.openshift.io/v1
    kind: ImageTagMirrorSet
    metadata: {name: tags}
    spec:
      imageTagMirrors:
      - source: quay.io/org # ours
        mirrors: [${mirror}]`

test('check --fix :: a manifest in a literal block of a ConfigMap is mended; in another string it is left', () => {
  const { cwd } = run({ 'pool.yaml': POOL(TAGS('mirror.example.net/org/')) })
  assert.is(read(cwd, 'pool.yaml'), POOL(TAGS('mirror.example.net/org')))
  const quoted = POOL('"apiVersion: config.openshift.io/v1\\nkind: ImageTagMirrorSet\\nmetadata: {name: tags}\\nspec: {imageTagMirrors: [{source: quay.io/org/, mirrors: [mirror.example.net/org]}]}\\n"')
  const left = run({ 'pool.yaml': quoted })
  assert.is(read(left.cwd, 'pool.yaml'), quoted)
  assert.match(left.stdout, /^nothing to mend\n[^]*\[malformed-location\]\n/)
})

const TWO = '.mirrorproof.yaml'
const CLUSTERS = 'clusters:\n- {name: a, version: "4.16", disconnected: true, paths: [clusters/a]}\n- {name: b, version: "4.18", disconnected: true, paths: [clusters/b]}\nrules: {fallback-to-unreachable-source: off}\n'
const BASE: Files = {
  [TWO]: CLUSTERS, 'base/idms.yaml': IDMS, 'base/kustomization.yaml': 'resources: [idms.yaml]\n',
  'clusters/a/kustomization.yaml': 'resources: [../../base]\n', 'clusters/b/kustomization.yaml': 'resources: [../../base]\n',
}

test('check --fix :: a base that two clusters share is edited once; one that lies outside of what is checked is left', () => {
  const { cwd, stdout } = run(BASE)
  assert.is(read(cwd, 'base/idms.yaml'), MENDED)
  assert.match(stdout, '2 findings mended in 1 file')
  const part = run(BASE, 'clusters/a')
  assert.is(read(part.cwd, 'base/idms.yaml'), IDMS)
  assert.match(part.stdout, 'base/idms.yaml:7: malformed-location: not mended: base/idms.yaml lies outside of what is checked, so that others may build on it')
})

test('check --fix :: what is right for one cluster and breaks another one is left', () => {
  const icsp = (name: string, source: string) => `apiVersion: operator.openshift.io/v1alpha1\nkind: ImageContentSourcePolicy\nmetadata: {name: ${name}}\nspec:\n  repositoryDigestMirrors:\n  - source: ${source}\n    mirrors: [mirror.example.net/${name}]\n`
  const never = `${HEAD}spec:\n  imageDigestMirrors:\n  - source: quay.io/org\n    mirrors: [mirror.example.net/other]\n    mirrorSourcePolicy: NeverContactSource\n`
  const files = {
    [TWO]: CLUSTERS, 'base/icsp.yaml': icsp('shared', 'quay.io/org/'), 'base/kustomization.yaml': 'resources: [icsp.yaml]\n',
    'clusters/a/kustomization.yaml': 'resources: [../../base]\n', 'clusters/b/kustomization.yaml': 'resources: [../../base, idms.yaml]\n', 'clusters/b/idms.yaml': never,
  }
  const both = run({ ...files, [TWO]: CLUSTERS.replaceAll(/4\.1[68]/g, '4.15') })
  assert.is(read(both.cwd, 'base/icsp.yaml'), files['base/icsp.yaml'])
  assert.match(both.stdout, 'base/icsp.yaml:6: malformed-location: not mended: then there would be conflicting-source-policy at')
})

test('check --fix --cluster :: of what clusters share, the others have a say', () => {
  const icsp = `apiVersion: operator.openshift.io/v1alpha1\nkind: ImageContentSourcePolicy\nmetadata: {name: org}\nspec:\n  repositoryDigestMirrors:\n  - source: quay.io/org/\n    mirrors: [mirror.example.net/org]\n`
  const never = `${HEAD}spec:\n  imageDigestMirrors:\n  - source: quay.io/org\n    mirrors: [mirror.example.net/other]\n    mirrorSourcePolicy: NeverContactSource\n`
  const files = { [TWO]: CLUSTERS.replaceAll(/4\.1[68]/g, '4.15').replaceAll('clusters/', 'base, clusters/'), 'base/icsp.yaml': icsp, 'clusters/a/x.yaml': IDMS.replace('name: org', 'name: a').replaceAll('quay.io/org', 'quay.io/a'), 'clusters/b/idms.yaml': never }
  const { cwd, stdout } = run(files, '--cluster', 'a')
  assert.is(read(cwd, 'base/icsp.yaml'), icsp)
  assert.match(stdout, 'base/icsp.yaml:6: malformed-location: not mended: then there would be conflicting-source-policy at clusters/b/idms.yaml:7\n')
  assert.match(stdout, '2 findings mended in 1 file')
  assert.not.match(stdout, ' in b')
})

test('check --fix :: an image of another cluster keeps its mirrors, also where nothing would be found', () => {
  const pod = (image: string) => `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: ${image}@sha256:${'a'.repeat(64)}}]}\n`
  const { stdout } = run({
    '.mirrorproof.yaml': 'clusters:\n- {name: a, paths: [base, a]}\n- {name: b, paths: [base, b]}\n',
    'base/hub.yaml': `${HEAD}spec: {imageDigestMirrors: [{source: docker.io/nginx, mirrors: [mirror.example.net/nginx]}]}\n`,
    'a/pod.yaml': pod('nginx'), 'b/pod.yaml': pod('docker.io/nginx/nginx-ingress'),
  })
  assert.match(stdout, /source-matches-nothing: not mended: then cluster b would pull docker.io\/nginx\/nginx-ingress@sha256:a+ by no mirror any more\nnothing to mend/)
})

test('check --fix :: the status that a policy compares stays', () => {
  const image = 'apiVersion: config.openshift.io/v1\nkind: Image\nmetadata:\n  name: cluster\n  uid: abc\nspec: {registrySources: {}}\nstatus:\n  internalRegistryHostname: a.example.net\n'
  const policy = `apiVersion: policy.open-cluster-management.io/v1\nkind: ConfigurationPolicy\nmetadata: {name: p}\nspec:\n  object-templates:\n  - complianceType: musthave\n    objectDefinition:\n${image.replace(/^/gm, '      ').trimEnd()}\n`
  const { cwd } = run({ 'policy.yaml': policy })
  assert.is(read(cwd, 'policy.yaml'), policy.replace('        uid: abc\n', ''))
})

test('check --fix :: of four letters, two are too many to be misspelt', () => {
  const value = (metadata: object) => ({ apiVersion: 'config.openshift.io/v1', kind: 'Image', metadata, spec: {} })
  assert.equal(defects('Image', value({ date: 'x' })).map(({ near }) => near?.certain).filter(Boolean), [])
  assert.equal(defects('Image', value({ nam: 'x' })).flatMap(({ near }) => near ?? []), [{ name: 'name', certain: true }])
})

test('check --fix :: a patch is mended where its text stands', () => {
  const patch = (field: string) => `${HEAD}spec:\n  imageDigestMirrors:\n  - source: quay.io/org\n    ${field}: [mirror.example.net/org]\n`
  const { cwd } = run({ 'idms.yaml': `${HEAD}spec: {}\n`, 'patch.yaml': patch('mirrors').replace('quay.io/org', 'quay.io/org/'), 'kustomization.yaml': 'resources: [idms.yaml]\npatches: [{path: patch.yaml}]\n' })
  assert.is(read(cwd, 'patch.yaml'), patch('mirrors'))
  assert.is(read(cwd, 'idms.yaml'), `${HEAD}spec: {}\n`)
})

test('check --fix :: a read-only file is told, and nothing is written', () => {
  const cwd = folder({ 'a.yaml': IDMS, 'b.yaml': IDMS.replace('name: org', 'name: other') })
  chmodSync(join(cwd, 'a.yaml'), 0o444)
  const { code, stdout, stderr } = mirrorproof(['check', '--fix', ...QUIET], { cwd })
  assert.is(code, 3)
  assert.is(stderr, 'mirrorproof: a.yaml is not mended: it is read-only\nmirrorproof: b.yaml is not mended: left as it is, for another file cannot be written\n')
  assert.match(stdout, '[malformed-location]')
  assert.is(read(cwd, 'b.yaml'), IDMS.replace('name: org', 'name: other'))
})

test('check --fix :: a link stays one, and permissions stay; a file with two names is written once', () => {
  const cwd = folder({ 'real/idms.yaml': IDMS })
  symlinkSync('real/idms.yaml', join(cwd, 'link.yaml'))
  chmodSync(join(cwd, 'real/idms.yaml'), 0o640)
  const { code, stderr } = mirrorproof(['check', '--fix', ...QUIET, 'link.yaml', 'real/idms.yaml'], { cwd })
  assert.equal({ code, stderr }, { code: 0, stderr: '' })
  assert.ok(lstatSync(join(cwd, 'link.yaml')).isSymbolicLink())
  assert.is(read(cwd, 'real/idms.yaml'), MENDED)
  assert.is(statSync(join(cwd, 'real/idms.yaml')).mode & 0o777, 0o640)
})

test('check --fix :: what is waived or in the baseline is nobody\'s to mend', () => {
  const waived = IDMS.replace('- source', '# mirrorproof: ignore malformed-location they want it so\n  - source')
  const { cwd, stdout } = run({ 'idms.yaml': waived })
  assert.is(read(cwd, 'idms.yaml'), waived)
  assert.match(stdout, /^nothing to mend\n[^]*2 waived/)
  const old = folder({ 'idms.yaml': IDMS })
  mirrorproof(['check', '--write-baseline', 'old.json', '--openshift', '4.16'], { cwd: old })
  assert.match(mirrorproof(['check', '--fix', '--baseline', 'old.json', ...QUIET], { cwd: old }).stdout, /^nothing to mend/)
  assert.is(read(old, 'idms.yaml'), IDMS)
})

test('check --fix :: standard input is printed, and the report goes to standard error', () => {
  const { code, stdout, stderr } = mirrorproof(['check', '--fix', '-', ...QUIET], { input: IDMS })
  assert.is(code, 0)
  assert.is(stdout, MENDED)
  assert.match(stderr, 'mirrorproof: stdin:7: malformed-location: replaced `https://quay.io/org` by `quay.io/org`\n')
  assert.is(mirrorproof(['check', '--fix', '-', ...QUIET], { input: MENDED }).stdout, MENDED)
  assert.match(mirrorproof(['check', '--fix', '--dry-run', '-', ...QUIET], { input: IDMS }).stdout, /^--- a\/stdin\n/)
})

test('check --fix :: a report for programs stays one; what was mended is told beside it', () => {
  const { stdout, stderr, cwd } = run({ 'idms.yaml': IDMS }, '--format', 'json')
  assert.equal((JSON.parse(stdout) as CheckReport).findings, [])
  assert.is(stderr.split('\n').length, 4)
  assert.is(read(cwd, 'idms.yaml'), MENDED)
})

const REFUSED: [args: string, message: string][] = [
  ['--dry-run', '--dry-run shows what --fix would do, so it goes with --fix'],
  ['--fix --write-baseline a.json', '--fix mends findings and --write-baseline sets them aside; mend first, then write what is left'],
  ['--fix - .', 'standard input is mended by itself, without other paths'],
  ['--fix - --format json', '--fix prints standard input as it is then; write the report to a file: --format json=FILE'],
]
for (const [args, message] of REFUSED) {
  test(`check ${args} :: is a mistake`, () => {
    assert.equal(mirrorproof(['check', ...args.split(' ')], { cwd: folder({}) }), { code: 2, stdout: '', stderr: `mirrorproof: ${message}\n` })
  })
}

test('check --fix :: a diff shows nothing of the pull secret beside it', () => {
  const config = (name: string) => `baseDomain: example.com\nmetadata: {name: prod}\ncontrolPlane: {name: master}\npullSecret: '{"auths":{"quay.io":{"auth":"c2VjcmV0"}}}'\n${name}:\n- source: quay.io/org\n  mirrors: [mirror.example.net/org]\nadditionalTrustBundle: x\n`
  const { stdout } = run({ 'install-config.yaml': config('imageContentSources') }, '--dry-run')
  assert.match(stdout, '-imageContentSources:\n+imageDigestSources:\n')
  assert.not.match(stdout, /c2VjcmV0|auths/)
})

const OWN = join(ROOT, 'test/own-rules/edits/policies')
const old = (name: string) => `${HEAD}spec:\n  imageDigestMirrors:\n  - source: quay.io/org\n    mirrors:\n    - ${name}\n`

test('check --fix :: rules of your own mend, too; what is not certain is suggested', () => {
  const cwd = folder({ '.mirrorproof.yaml': 'policies: [policies]\n', 'a.yaml': old('old.corp.example/org'), 'b.yaml': old('old.corp.example/team-org').replace('name: org', 'name: b').replace('quay.io/org', 'quay.io/b') })
  cpSync(OWN, join(cwd, 'policies'), { recursive: true })
  const { code, stdout } = mirrorproof(['check', '--fix', '--openshift', '4.16'], { cwd })
  assert.is(code, 1)
  assert.is(read(cwd, 'a.yaml'), old('new.corp.example/org'))
  assert.match(stdout, 'a.yaml:9: old-registry: replaced `old.corp.example/org` by `new.corp.example/org`')
  assert.match(stdout, '= suggestion: replace `old.corp.example/team-org` by `new.corp.example/team-org`\n')
  assert.match(read(cwd, 'b.yaml'), 'old.corp.example')
})

test('check --fix :: where a rule of your own fails, nothing is mended', () => {
  const cwd = folder({ '.mirrorproof.yaml': `policies: ["${join(ROOT, 'test/own-rules/faults/policies')}"]\n`, 'a.yaml': IDMS.replace('org/\'', 'org\'\n  - source: faults.example/conflict\n    mirrors: [m.example.net/x/]') })
  const { code, stderr } = mirrorproof(['check', '--fix', ...QUIET], { cwd })
  assert.is(code, 3)
  assert.match(stderr, 'mirrorproof: nothing is mended, for a rule of your own failed\n')
  assert.match(read(cwd, 'a.yaml'), 'm.example.net/x/')
})

/** A text with the changes that a report tells of, by line and column in UTF-16. */
function applied(text: string, changes: { line: number; column: number; endLine: number; endColumn: number; text: string }[]): string {
  const starts = [0, ...[...text.matchAll(/\r\n|\n/g)].map((match) => match.index + match[0].length)]
  const offset = (line: number, column: number) => starts[line - 1]! + column - 1
  return changes.toSorted((a, b) => offset(b.line, b.column) - offset(a.line, a.column)).reduce((sum, one) => sum.slice(0, offset(one.line, one.column)) + one.text + sum.slice(offset(one.endLine, one.endColumn)), text)
}

const WIDE = `# 😀 wide\r\n${HEAD.replaceAll('\n', '\r\n')}  uid: 1d\r\nspec: {imageDigestMirrors: [{source: "quay.io/org", mirrors: [/* 😀 */]}]}\r\n`.replace('[/* 😀 */]', '["m.example.net/a", "m.example.net/a/", "docker://m.example.net/b"]')

test('check --fix :: JSON and SARIF say where what is to stand, and that is what is done', () => {
  const cwd = folder({ 'idms.yaml': WIDE })
  const { findings } = JSON.parse(mirrorproof(['check', '--format', 'json', '--openshift', '4.16'], { cwd }).stdout) as CheckReport
  const certain = findings.flatMap(({ edits }) => (edits?.certain ? edits.changes : []))
  assert.is(certain.length, 3)
  const { runs: [{ results }] } = JSON.parse(mirrorproof(['check', '--format', 'sarif', '--openshift', '4.16'], { cwd }).stdout) as Sarif
  const replaced = results.flatMap(({ fixes = [] }) => fixes.flatMap(({ artifactChanges }) => artifactChanges.flatMap(({ replacements }) => replacements)))
  const fromSarif = replaced.map(({ deletedRegion: { startLine, startColumn, endLine, endColumn }, insertedContent }) => ({ line: startLine, column: startColumn, endLine, endColumn, text: insertedContent?.text ?? '' }))
  const wanted = WIDE.replace('  uid: 1d\r\n', '').replace('a/"', 'a"').replace('docker://', '')
  assert.is(applied(WIDE, certain), wanted)
  assert.is(applied(WIDE, fromSarif), wanted)
})

interface Sarif {
  runs: [{ results: { fixes?: { artifactChanges: { replacements: { deletedRegion: { startLine: number; startColumn: number; endLine: number; endColumn: number }; insertedContent?: { text: string } }[] }[] }[] }[] }]
}

test('check --fix :: SARIF with fixes holds against the official schema', () => {
  const require = createRequire(import.meta.url)
  const valid = validator(JSON.parse(readFileSync(require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8')) as object, draft04.default as unknown as typeof Ajv)
  const cwd = folder({ 'idms.yaml': WIDE })
  valid(JSON.parse(mirrorproof(['check', '--format', 'sarif'], { cwd }).stdout), 'fixes')
})

test.run()
