import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { CheckReport } from '../src/report/json.ts'
import { CLI, folder, mirrorproof } from './command.ts'

const IDMS = `apiVersion: config.openshift.io/v1
kind: ImageDigestMirrorSet
metadata:
  name: org
spec:
  imageDigestMirrors:
  - source: quay.io/org
    mirrors: [mirror.example.net/org]
`
/** A set whose one source lacks a mirror: the finding shows that the document was read, and its column that it was read in the right place. */
const BARE = IDMS.replace('    mirrors: [mirror.example.net/org]\n', '')

interface Case {
  name: string
  file: string | Uint8Array
  /** The rules that fire, with line and column. */
  found: string[]
  skipped?: string[]
}

const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${[...'bcdefghi'].map((name, index) => `${name}: &${name} [${`*${'abcdefgh'[index]}, `.repeat(9)}]\n`).join('')}kind: ImageDigestMirrorSet\n`
const nested = (depth: number) => `${IDMS}  deep: ${'['.repeat(depth)}${']'.repeat(depth)}\n`
const utf16 = (text: string) => new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'))
const bytes = (...parts: (string | number[])[]) => Buffer.concat(parts.map((part) => Buffer.from(part as string)))

const CASES: Case[] = [
  { name: 'not YAML at all', file: `${IDMS}\t]`, found: ['unreadable-manifest 9:1'] },
  { name: 'an alias bomb', file: bomb, found: ['unreadable-manifest 1:1'] },
  { name: 'an alias inside its own node', file: `kind: ImageDigestMirrorSet\nspec: &a [*a]\n`, found: ['unreadable-manifest 2:11'] },
  { name: 'an alias of nothing', file: `${IDMS}x: *nothing\n`, found: ['unreadable-manifest 9:5'] },
  { name: 'an alias for a list of mirrors', file: IDMS.replace('[mirror', '&m [mirror') + '  - source: quay.io/two\n    mirrors: *m\n', found: [] },
  { name: 'nested 100 deep', file: nested(100), found: ['unknown-field 9:3'] },
  { name: 'nested 1,100 deep', file: nested(1_100), found: ['unreadable-manifest 9:1007'] },
  { name: 'CRLF', file: BARE.replaceAll('\n', '\r\n'), found: ['source-without-mirror 7:13'] },
  { name: 'a byte order mark', file: `\ufeff${BARE}`, found: ['source-without-mirror 7:13'] },
  { name: 'a byte order mark within', file: `a: b\n---\n\ufeff${BARE}`, found: ['source-without-mirror 9:13'] },
  { name: 'UTF-16', file: utf16(BARE), found: ['source-without-mirror 7:13'] },
  { name: 'tabs for indentation', file: BARE.replace('  name', '\tname'), found: ['unreadable-manifest 4:1'] },
  { name: 'a NUL byte', file: BARE.replace('org\n', 'o\u0000rg\n'), found: ['unreadable-manifest 4:10'] },
  { name: 'Latin-1', file: bytes(BARE, '# caf', [0xe9], '\n'), found: [], skipped: ['unreadable'] },
  { name: 'a key twice', file: BARE.replace('- source: quay.io/org', '- source: quay.io/first\n    source: quay.io/org'), found: ['unreadable-manifest 8:5', 'source-without-mirror 8:13'] },
  { name: 'mirrors is a string', file: BARE + '    mirrors: mirror.example.net\n', found: ['invalid-object 8:14'] },
  { name: 'mirrors is null', file: BARE + '    mirrors: null\n', found: ['source-without-mirror 7:13'] },
  { name: 'mirrors is a number', file: BARE + '    mirrors: 5000\n', found: ['invalid-object 8:14'] },
  { name: 'mirrors is an object', file: BARE + '    mirrors: {a: b}\n', found: ['invalid-object 8:5'] },
  { name: 'mirrors holds null', file: BARE + '    mirrors: [null]\n', found: ['invalid-object 8:15'] },
  { name: 'spec is a list', file: 'apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata: {name: a}\nspec: []\n', found: ['invalid-object 4:1'] },
  { name: 'metadata is a string', file: 'apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata: a\nspec: {}\n', found: ['invalid-object 3:11'] },
  { name: '__proto__ and constructor as keys', file: `${BARE}    __proto__: {mirrors: [a]}\n    constructor: b\n`, found: ['source-without-mirror 7:13', 'unknown-field 8:5', 'unknown-field 9:5'] },
  { name: '__proto__ as the kind', file: 'kind: __proto__ # ImageDigestMirrorSet\n', found: [] },
  { name: 'a block scalar', file: BARE.replace('quay.io/org', '|-\n      quay.io/org/'), found: ['malformed-location 8:7', 'source-without-mirror 8:7'] },
  { name: 'a merge key', file: BARE.replace('- source: quay.io/org', '- <<: {source: quay.io/org/}'), found: ['malformed-location 7:9', 'source-without-mirror 7:9'] },
  { name: 'a Kustomize patch', file: 'apiVersion: config.openshift.io/v1\nkind: ImageTagMirrorSet\nmetadata: {name: a}\n$patch: delete\n', found: [], skipped: ['carrier'] },
  { name: 'a name that is a number', file: BARE.replace('name: org', 'name: 12'), found: ['invalid-object 4:9', 'source-without-mirror 7:13'] },
  { name: 'line separators of Unicode', file: BARE + '\u2028'.repeat(300_000), found: ['unreadable-manifest 7:23'] },
  { name: 'a template', file: IDMS.replace('name: org', 'name: {{ .Values.name }}'), found: [], skipped: ['template'] },
  { name: 'a template in one document of two', file: `${IDMS.replace('name: org', 'name: {{ .Values.name }}')}---\n${BARE}`, found: ['source-without-mirror 16:13'], skipped: ['template'] },
  { name: 'a document after the end of another', file: `a: b\n...\n${BARE}`, found: ['source-without-mirror 9:13'] },
  { name: 'a directive', file: `%YAML 1.2\n---\n${BARE}`, found: ['source-without-mirror 9:13'] },
  { name: 'a typed list', file: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'config.openshift.io/v1', kind: 'ImageTagMirrorSet', metadata: { name: 'a' }, spec: { imageTagMirrors: [{ source: 'quay.io/a' }] } }] }, null, 1), found: ['source-without-mirror 14:17'] },
]

const list = (depth: number, inner: string): string => `${'{"apiVersion":"v1","kind":"List","items":['.repeat(depth)}${inner}${']}'.repeat(depth)}`
const inJson = JSON.stringify({ apiVersion: 'config.openshift.io/v1', kind: 'ImageTagMirrorSet', metadata: { name: 'a' }, spec: { imageTagMirrors: [{ source: 'quay.io/a' }] } })

const CRD = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'a' }, spec: { x: { image: 'q.io/a/b:1' } } }
const listOf = (indent: number | string) => JSON.stringify({ kind: 'List', apiVersion: 'v1', items: [CRD, JSON.parse(inJson)] }, null, indent)

/** Carriers that are hostile, or only broken. */
const CARRIERS: Case[] = [
  { name: 'a CRD before a mirror set, in a List of JSON indented by 1', file: listOf(1), found: ['source-without-mirror 26:17'] },
  { name: 'the same, by 2', file: listOf(2), found: ['source-without-mirror 26:23'] },
  { name: 'the same, by 4', file: listOf(4), found: ['source-without-mirror 26:35'] },
  { name: 'the same, by a tab', file: listOf('\t'), found: ['source-without-mirror 26:17'] },
  { name: 'a CRD before a mirror set, and only dots between', file: `kind: CustomResourceDefinition\nimage: a\n...\n${BARE}`, found: ['source-without-mirror 10:13'] },
  { name: 'a CRD after a mirror set', file: `${BARE}---\nkind: CustomResourceDefinition\nimage: a\n`, found: ['source-without-mirror 7:13'] },
  { name: 'a CRD before a mirror set, CRLF', file: `kind: CustomResourceDefinition\r\nimage: a\r\n---\r\n${BARE.replaceAll('\n', '\r\n')}`, found: ['source-without-mirror 10:13'] },
  { name: '300 nested Lists', file: list(300, inJson), found: ['source-without-mirror 1:12728'] },
  { name: '1,000 nested Lists', file: list(1_000, inJson), found: ['unreadable-manifest 1:20960'] },
  { name: 'Policies in Policies', file: `apiVersion: policy.open-cluster-management.io/v1\nkind: Policy\nspec: &a\n  policy-templates:\n  - objectDefinition: {apiVersion: policy.open-cluster-management.io/v1, kind: Policy, spec: *a}\n# ImageDigestMirrorSet`, found: ['unreadable-manifest 5:94'] },
  { name: 'a Template of 10,000 objects', file: `apiVersion: template.openshift.io/v1\nkind: Template\nobjects:\n${'- {apiVersion: config.openshift.io/v1, kind: ImageTagMirrorSet, metadata: {name: a}, spec: {}}\n'.repeat(9_999)}- ${inJson}\n`, found: ['duplicate-object 10003:49', 'source-without-mirror 10003:130'] },
  { name: 'a Template whose objects are no list', file: 'apiVersion: template.openshift.io/v1\nkind: Template\nobjects: ImageTagMirrorSet\nparameters: 5\n', found: [] },
  { name: 'JSON in a string that does not parse', file: `apiVersion: siteconfig.open-cluster-management.io/v1alpha1\nkind: ClusterInstance\nmetadata: {name: a}\nspec:\n  installConfigOverrides: '{"imageDigestSources": [{"source": "secret"'\n`, found: ['unreadable-manifest 5:27'] },
  { name: 'JSON in a string that is no object', file: `apiVersion: siteconfig.open-cluster-management.io/v1alpha1\nkind: ClusterInstance\nmetadata: {name: a}\nspec:\n  installConfigOverrides: '"imageDigestSources"'\n`, found: ['unreadable-manifest 5:27'] },
  { name: 'a bomb of aliases in a string', file: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: |\n${bomb.replaceAll(/^/gm, '    ')}`, found: ['unreadable-manifest 6:5'] },
  { name: 'a ConfigMap in a ConfigMap in a ConfigMap', file: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: |\n    apiVersion: v1\n    kind: ConfigMap\n    data:\n      x: |\n        ${inJson}\n`, found: [], skipped: ['carrier'] },
  { name: 'a ConfigMap whose data is a list', file: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ImageTagMirrorSet}\ndata: [a]\n', found: [] },
  { name: 'a MachineConfig with files of wrong types', file: 'apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfig\nmetadata: {name: a}\nspec: {config: {storage: {files: [5, {path: /etc/containers/registries.conf}, {path: /etc/containers/registries.conf, contents: {source: 5}}, null]}}}\n', found: [] },
  { name: 'a gzip that is none', file: 'apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfig\nmetadata: {name: a}\nspec: {config: {storage: {files: [{path: /etc/containers/registries.conf, contents: {compression: gzip, source: "data:;base64,aGVsbG8="}}]}}}\n', found: ['unreadable-manifest 4:113'] },
  { name: 'a registries.conf of wrong types', file: 'apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfig\nmetadata: {name: a}\nspec: {config: {storage: {files: [{path: /etc/containers/registries.conf, contents: {source: "data:,registry=5"}}]}}}\n', found: ['unreadable-manifest 4:94'] },
  { name: 'a HostedCluster with sources of wrong types', file: 'apiVersion: hypershift.openshift.io/v1beta1\nkind: HostedCluster\nmetadata: {name: a}\nspec:\n  imageContentSources: [5, {source: 5}, {mirrors: [a]}, null]\n', found: ['invalid-object 5:25', 'invalid-object 5:37', 'invalid-object 5:41', 'invalid-object 5:57'] },
  { name: 'an ApplicationSet of wrong types', file: 'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec: {generators: [5, {list: 5}, {list: {elements: [5]}}, {git: {directories: [5, {path: 5}]}}], template: 5}\n', found: [] },
  { name: 'a kustomization beside nothing', file: `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [5, {a: b}]\n`, found: [] },
]

/** Kustomizations that are hostile, or only broken: what is said of them. */
const KUSTOMIZATIONS: { name: string; files: Record<string, string>; said: RegExp[] }[] = [
  { name: 'a cycle of bases', files: { 'a/kustomization.yaml': 'resources: [../b, idms.yaml]', 'a/idms.yaml': BARE, 'b/kustomization.yaml': 'resources: [../a]' }, said: [/leads here/] },
  { name: 'a resource that is missing', files: { 'kustomization.yaml': 'resources: [idms.yaml, gone.yaml]', 'idms.yaml': BARE }, said: [/`gone\.yaml` is not there/] },
  { name: 'an alias for a resource', files: { 'kustomization.yaml': 'resources:\n- *.yaml\n', 'idms.yaml': BARE }, said: [/alias/] },
  { name: 'a patch with no target', files: { 'kustomization.yaml': 'resources: [idms.yaml]\npatches:\n- target: {kind: ImageDigestMirrorSet, name: other}\n  patch: "[{op: remove, path: /spec}]"\n', 'idms.yaml': BARE }, said: [/patch/] },
  { name: 'a remote base', files: { 'kustomization.yaml': 'resources: [idms.yaml, "https://github.com/x/y?ref=1"]', 'idms.yaml': BARE }, said: [/remote/] },
  { name: 'a file that is no YAML', files: { 'kustomization.yaml': 'resources: [', 'idms.yaml': BARE }, said: [/cannot be read/] },
]

for (const { name, files, said } of KUSTOMIZATIONS) {
  test(`hostile :: kustomization :: ${name}`, () => {
    const { stdout, stderr } = mirrorproof(['check', '.', '--openshift', '4.16', '--format', 'json'], { cwd: folder(files) })
    assert.is(stderr, '')
    const report = JSON.parse(stdout) as CheckReport
    assert.equal(report.findings.map(({ rule, line, column }) => `${rule} ${line}:${column}`), ['source-without-mirror 7:13'], 'the mirror set is judged all the same')
    assert.is(report.skipped.length, said.length, JSON.stringify(report.skipped))
    said.forEach((pattern, index) => assert.match(report.skipped[index]!.message, pattern))
  })
}

const secretive = (value: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  ic.yaml: |\n    bmcPassword: ${value}\n    baseDomain: a\n    controlPlane: {}\n    imageDigestSources: [{source: quay.io/a/}]\n`

test('hostile :: no excerpt, message or note shows a password', () => {
  const cwd = folder({
    'string.yaml': secretive('hunter2'),
    'binary.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\nbinaryData:\n  ic.yaml: ${Buffer.from(secretive('hunter2').split('|\n')[1]!.replaceAll('    ', '')).toString('base64')}\n`,
    'url.yaml': IDMS.replace('mirror.example.net/org', 'user:hunter2@mirror.example.net/org').replace('name: org', 'name: url'),
    'open.yaml': IDMS.replace('mirror.example.net/org', '"https://user:hunter2@$HOST/org"').replace('name: org', 'name: open'),
    'pod.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: "https://user:hunter2@quay.io/a"}, {name: b, image: "user:hunter2@quay.io/a"}]}\n',
    'broken.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  x: |\n    token: hunter2\n    kind: ImageDigestMirrorSet\n    spec: [\n',
  })
  const base64 = Buffer.from('hunter2').toString('base64').slice(0, 6)
  for (const args of [['check'], ['check', '--format', 'json'], ['check', '--format', 'sarif'], ['clusters', '--format', 'json'], ['clusters'], ['trace', 'quay.io/org/a:1'], ['render']]) {
    const { stdout, stderr } = mirrorproof([...args, '--openshift', '4.16'], { cwd })
    assert.not.match(stdout + stderr, 'hunter2', args.join(' '))
    assert.not.match(stdout + stderr, base64, args.join(' '))
    assert.not.match(stderr, 'defect of mirrorproof')
  }
})

/** Small files that ask for much: each ends in seconds, and says what it leaves out. */
const GREEDY: Record<string, string> = {
  'a string that is there 200,000 times': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: &a |\n    ${inJson}\n${Array.from({ length: 200_000 }, (_, index) => `  k${index}: *a\n`).join('')}`,
  'overrides that are there 3,000 times': `apiVersion: ran.openshift.io/v1\nkind: SiteConfig\nmetadata: {name: a}\nspec:\n  x: &s '{"imageDigestSources": [${Array.from({ length: 2_000 }, () => '{"source": "quay.io/a"}').join(',')}]}'\n  clusters:\n${Array.from({ length: 3_000 }, (_, index) => `  - {clusterName: c${index}, installConfigOverrides: *s}\n`).join('')}`,
  '3,000 objects for each of 3,000 clusters': `apiVersion: hive.openshift.io/v1\nkind: SyncSet\nmetadata: {name: a}\nspec:\n  clusterDeploymentRefs:\n${Array.from({ length: 3_000 }, (_, index) => `  - {name: c${index}}\n`).join('')}  resources:\n${'  - {apiVersion: config.openshift.io/v1, kind: ImageTagMirrorSet, metadata: {name: a}, spec: {}}\n'.repeat(3_000)}`,
  'a generator with 8,000 patches': `apiVersion: policy.open-cluster-management.io/v1\nkind: PolicyGenerator\npolicies:\n- manifests:\n  - path: idms.yaml\n    patches:\n${'    - {spec: {imageDigestMirrors: [{source: quay.io/a, mirrors: [b.io/a]}]}}\n'.repeat(8_000)}`,
  'JSON that nests 200,000 deep': `apiVersion: template.openshift.io/v1\nkind: Template\nparameters:\n- {name: X, value: "${'['.repeat(200_000)}${']'.repeat(200_000)}"}\nobjects:\n- {apiVersion: foo.example.com/v1, kind: Foo, spec: {image: "\${{X}}"}, x: ImageTagMirrorSet}\n`,
}

for (const [name, text] of Object.entries(GREEDY)) {
  test(`hostile :: ${name}`, () => {
    const { stderr, code } = mirrorproof(['clusters', '--quiet'], { cwd: folder({ 'a.yaml': text, 'idms.yaml': IDMS }) })
    assert.is(stderr, '')
    assert.is(code, 0)
  })
}

test('hostile :: kustomization :: thirty levels that each build the next one twice', () => {
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`l${index}/kustomization.yaml`, `resources: [../l${index + 1}, ../l${index + 1}]\n`]))
  const { stderr, stdout } = mirrorproof(['check', '.', '--format', 'json'], { cwd: folder({ ...files, 'l30/kustomization.yaml': 'resources: [idms.yaml]', 'l30/idms.yaml': BARE }) })
  assert.is(stderr, '')
  assert.ok((JSON.parse(stdout) as CheckReport).skipped.length > 0)
})

for (const { name, file, found, skipped = [] } of [...CASES, ...CARRIERS]) {
  test(`hostile :: ${name}`, () => {
    const { code, stdout, stderr } = mirrorproof(['check', '.', '--openshift', '4.16', '--format', 'json'], { cwd: folder({ 'a.yaml': file }) })
    assert.is(stderr, '')
    const report = JSON.parse(stdout) as CheckReport
    assert.equal(report.findings.map(({ rule, line, column }) => `${rule} ${line}:${column}`), found)
    assert.equal(report.skipped.map(({ reason }) => reason), skipped)
    assert.is(code, report.findings.some(({ level }) => level === 'error') ? 1 : 0)
    const text = mirrorproof(['check', '.', '--openshift', '4.16'], { cwd: folder({ 'a.yaml': file }) })
    assert.is(text.stderr, '')
    assert.match(text.stdout, /mirror sets? in \d clusters?, of 1 file/)
  })
}

test('hostile :: 5 MB, read like any other', () => {
  const entries = Array.from({ length: 60_000 }, (_, index) => `  - {source: quay.io/org/${index}, mirrors: [mirror.example.net/org/${index}]}\n`).join('')
  const { code, stdout } = mirrorproof(['check', '--openshift', '4.16', '.'], { cwd: folder({ 'a.yaml': `${BARE}${entries}` }) })
  assert.is(code, 1)
  for (const rule of ['source-without-mirror', 'mirror-set-too-large', 'registries-conf-too-large']) assert.match(stdout, `[${rule}]`)
  assert.match(stdout, '1 error, 2 warnings; 1 mirror set in 1 cluster, of 1 file')
})

test('hostile :: near the cap on size, and in one line', () => {
  const items = Array.from({ length: 150_000 }, (_, index) => ({ source: `quay.io/org/${index}`, mirrors: ['a.example.net', `mirror.example.net/org/${index}`] }))
  const set = { apiVersion: 'config.openshift.io/v1', kind: 'ImageDigestMirrorSet', metadata: { name: 'a' }, spec: { imageDigestMirrors: [{ source: 'quay.io/bare' }, ...items] } }
  const { code, stdout, stderr } = mirrorproof(['check', '.', '--quiet', '--fail-on', 'never'], { cwd: folder({ 'a.json': JSON.stringify(set) }) })
  assert.is(stderr, '')
  assert.is(code, 0)
  assert.match(stdout, /^a\.json:1:\d+: warning: source `quay\.io\/bare` has no mirror/m)
})

test('hostile :: 400 mirrors hidden by 8,000 narrower sources', () => {
  const mirrors = Array.from({ length: 400 }, (_, index) => `m${index}.example.net`).join(', ')
  const narrower = Array.from({ length: 8_000 }, (_, index) => `  - {source: quay.io/x${index}, mirrors: [n.example.net]}\n`).join('')
  const { code, stdout } = mirrorproof(['check', '.', '--fail-on', 'never'], { cwd: folder({ 'a.yaml': `${IDMS.replace('quay.io/org', 'quay.io').replace('[mirror.example.net/org]', `[${mirrors}]`)}${narrower}` }) })
  assert.is(code, 0)
  assert.match(stdout, 'and 396 more')
})

test('hostile :: paths that are none', () => {
  const cwd = folder({ 'a.yaml': IDMS })
  symlinkSync('loop', join(cwd, 'loop'))
  for (const path of ['a.yaml/b', 'loop', 'a'.repeat(300), '']) {
    const { code, stderr } = mirrorproof(['check', path], { cwd })
    assert.is(code, 2, path)
    assert.match(stderr, /^mirrorproof: (?:cannot read|a path is empty|there is no)[^\n]*\n$/)
  }
  assert.match(mirrorproof(['check', 'nope\n::error::x'], { cwd }).stderr, /^mirrorproof: there is no file, folder or match for nope\\u000a::error::x\n$/)
})

test('hostile :: a device that is full', () => {
  const { status, stderr } = spawnSync('sh', ['-c', `${process.execPath} ${CLI} rules > /dev/full`], { encoding: 'utf8', env: { PATH: process.env['PATH'] } })
  assert.is(status, 3)
  assert.is(stderr, 'mirrorproof: cannot write the report (ENOSPC)\n')
})

test('hostile :: a list whose items do not say what they are', () => {
  const item = { metadata: { name: 'a' }, spec: { imageTagMirrors: [{ source: 'quay.io/a' }] } }
  const { stdout } = mirrorproof(['check', '-', '--quiet'], { input: JSON.stringify({ apiVersion: 'config.openshift.io/v1', kind: 'ImageTagMirrorSetList', items: [item] }) })
  assert.match(stdout, '[source-without-mirror]')
})

test('hostile :: a file larger than any object is not read, and that is said', () => {
  const { stdout } = mirrorproof(['check', '.'], { cwd: folder({ 'a.yaml': `${IDMS}# ${'x'.repeat(17 << 20)}\n` }) })
  assert.match(stdout, 'a.yaml: not checked: larger than 16 MiB')
})

test('hostile :: lists in lists, as deep as YAML is read', () => {
  const depth = 45
  const item = JSON.stringify({ apiVersion: 'config.openshift.io/v1', kind: 'ImageDigestMirrorSet', metadata: { name: 'a' }, spec: { imageDigestMirrors: [{ source: 'quay.io/a' }] } })
  const { stdout } = mirrorproof(['check', '-', '--format', 'json'], { input: '{"kind":"List","items":['.repeat(depth) + item + ']}'.repeat(depth) })
  const report = JSON.parse(stdout) as CheckReport
  assert.equal(report.findings.map(({ rule, path }) => [rule, path.length]), [['source-without-mirror', depth * 2 + 4]])
})

test('hostile :: half of a character that needs two', () => {
  const cwd = folder({ 'set.json': '{"apiVersion": "config.openshift.io/v1", "kind": "ImageDigestMirrorSet", "metadata": {"name": "a\\ud800", "labels": {"a": "\\\\ud800"}}, "spec": {"imageDigestMirrors": [{"source": "quay.io/a", "mirrors": []}]}}' })
  const { code, stdout, stderr } = mirrorproof(['check'], { cwd })
  assert.equal([code, stderr], [0, ''])
  assert.match(stdout, '[source-without-mirror]')
})

test('hostile :: control characters and workflow commands cannot leave their line', () => {
  const root = folder({ ' ::error::b.yaml': BARE.replace('name: org', 'name: b'), '::error::a.yaml': BARE.replace('quay.io/org', '"::error::quay.io\\r\\n::warning:: ##[error]x ##vso[task] \\u001b[31m\\u202e"') })
  const { stdout } = mirrorproof(['check', '.', '--openshift', '4.16'], { cwd: root })
  for (const line of stdout.split('\n')) assert.not.ok(/^\s*::|##\[|##vso\[/.test(line) || /[\u0000-\u0008\u000b-\u001f\u007f\u202e]/.test(line), JSON.stringify(line))
})

test('hostile :: nothing of a secret is shown', () => {
  const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: pull}\ndata:\n  password: c2VjcmV0\n'
  const auth = '{"kind": "ImageDigestMirrorSet", "auths": {"a": "c2VjcmV0"}, "x": [}'
  const twice = `${secret}  password: c2VjcmV0\n# ImageDigestMirrorSet\n`
  const spelt = [`'kind': 'Secret'`, 'kind : Secret', 'kind: !!str Secret'].map((kind) => `apiVersion: v1\n${kind} # ImageDigestMirrorSet\npassword: c2VjcmV0: bad\n`)
  const names = ['*c2VjcmV0', '!c2VjcmV0%zz x'].map((value) => `kind: Secret # ImageDigestMirrorSet\npassword: ${value}\n`)
  const url = BARE.replace('quay.io/org', 'https://user:c2VjcmV0@quay.io/org')
  assert.not.match(mirrorproof(['check', '-'], { input: url }).stdout, 'c2VjcmV0')
  for (const file of [...spelt, ...names, twice, `${secret}${BARE}  ]c2VjcmV0`, auth, `# pullSecret\n${BARE}    x: [ # pullSecret: c2VjcmV0`]) {
    const { stdout } = mirrorproof(['check', '.'], { cwd: folder({ 'a.yaml': file }) })
    assert.match(stdout, '[unreadable-manifest]')
    assert.not.match(stdout, 'c2VjcmV0')
  }
})

/** What stands for a pull secret's content, `c2VjcmV0` in it being what nobody may see, and whether its registries can be told. */
const PULL_SECRETS: [why: string, content: string, told: boolean][] = [
  ['credentials for other registries', '{"auths": {"quay.io": {"auth": "c2VjcmV0", "email": "c2VjcmV0@example.net"}}}', true],
  ['a password in the name of a registry', '{"auths": {"https://user:c2VjcmV0@registry.example.net:5000": {"auth": "c2VjcmV0"}}}', true],
  ['a token for a name', '{"auths": {"quay.io": {}, "c2VjcmV0": {"auth": ""}}}', true],
  ['a registry that is a string', '{"auths": {"quay.io": "c2VjcmV0"}}', true],
  ['JSON that is no object', '"c2VjcmV0"', false],
  ['JSON that is null', 'null', false],
  ['auths as a list', '{"auths": ["quay.io", "c2VjcmV0"]}', false],
  ['auths as a string', '{"auths": "quay.io c2VjcmV0"}', false],
  ['JSON that is cut off', '{"auths": {"quay.io": {"auth": "c2VjcmV0', false],
  ['a placeholder', '<c2VjcmV0>', false],
  ['a placeholder for a registry', '{"auths": {"quay.io": {}, "${c2VjcmV0}": {}}}', false],
  ['__proto__ for auths', '{"__proto__": {"auths": {"quay.io": {"auth": "c2VjcmV0"}}}}', false],
  ['nothing', '', false],
]
const PULL_SECRET = 'apiVersion: v1\nkind: Secret\nmetadata: {name: pull-secret, namespace: openshift-config}\n'
const INSTALL_CONFIG = 'baseDomain: example.net\ncontrolPlane: {name: master}\nmetadata: {name: berlin}\n'

for (const [why, content, told] of PULL_SECRETS) {
  const packed = Buffer.from(content).toString('base64')
  const forms: [name: string, manifest: string, told: boolean][] = [
    ['stringData', `${PULL_SECRET}stringData:\n  .dockerconfigjson: ${JSON.stringify(content)}\n`, told],
    ['stringData in a block', `${PULL_SECRET}stringData:\n  .dockerconfigjson: |\n    ${content}\n`, told],
    ['data', `${PULL_SECRET}data:\n  .dockerconfigjson: ${packed}\n`, told],
    ['broken base64', `${PULL_SECRET}data:\n  .dockerconfigjson: "%c2VjcmV0%${packed}"\n`, false],
    ['no base64 at all', `${PULL_SECRET}data:\n  .dockerconfigjson: ${JSON.stringify(content)}\n`, false],
    ['a mapping', `${PULL_SECRET}stringData:\n  .dockerconfigjson: {c2VjcmV0: ${JSON.stringify(content)}}\n`, false],
    ['an install-config', `${INSTALL_CONFIG}pullSecret: ${JSON.stringify(content)}\n`, told],
    ['an install-config, in a block', `${INSTALL_CONFIG}pullSecret: |\n  ${content}\n`, told],
    ['an install-config on one line', `{baseDomain: a, controlPlane: {}, pullSecret: ${JSON.stringify(content)}}\n`, told],
  ]
  test(`hostile :: of a pull secret, nothing is shown: ${why}`, () => {
    // Folders that hold the same mirror set are clusters.
    const files = forms.map(([name, manifest]) => [[`${name}/idms.yaml`, IDMS], [`${name}/secret.yaml`, manifest]] as const)
    const cwd = folder(Object.fromEntries(files.flat()))
    const runs = ['text', 'json', 'sarif'].map((format) => mirrorproof(['check', '.', '--format', format], { cwd })).concat(mirrorproof(['clusters'], { cwd }))
    for (const { stdout, stderr, code } of runs) {
      assert.is(code, 0)
      for (const part of ['c2VjcmV0', 'secret@', ...(packed.length > 8 ? [packed] : [])]) assert.not.ok(`${stdout}${stderr}`.includes(part), `${stdout}${stderr}`)
    }
    const { findings } = JSON.parse(runs[1]!.stdout) as CheckReport
    assert.equal(findings.map(({ file, rule }) => `${file} ${rule}`).sort(), forms.flatMap(([name, , fires]) => (fires ? [`${name}/secret.yaml pull-secret-lacks-mirror`] : [])).sort())
  })
}

test('hostile :: a finding about a pull secret is the same one whatever the secret is', () => {
  const prints = ['one', 'two'].map((auth) => {
    const cwd = folder({ 'idms.yaml': IDMS, 'secret.yaml': `${PULL_SECRET}stringData:\n  .dockerconfigjson: '{"auths": {"quay.io": {"auth": "${auth}"}}}'\n` })
    return (JSON.parse(mirrorproof(['check', '.', '--format', 'json'], { cwd }).stdout) as CheckReport).findings.map(({ rule, fingerprint }) => [rule, fingerprint])
  })
  assert.is(prints[0]![0]![0], 'pull-secret-lacks-mirror')
  assert.equal(prints[0], prints[1])
})

test('hostile :: links are not followed out of the folder or around it', () => {
  const outside = folder({ 'b.yaml': BARE, 'c.txt': '' })
  const root = folder({ 'real/a.yaml': BARE })
  symlinkSync(join(root, 'real'), join(root, 'again'))
  symlinkSync('..', join(root, 'real/around'))
  symlinkSync(join(root, 'real/a.yaml'), join(root, 'same.yaml'))
  symlinkSync(outside, join(root, 'out'))
  symlinkSync(join(outside, 'b.yaml'), join(root, 'b.yaml'))
  symlinkSync(join(outside, 'c.txt'), join(root, 'c.txt'))
  symlinkSync('nowhere', join(root, 'dangling.yaml'))
  const report = JSON.parse(mirrorproof(['check', '.', '--format', 'json'], { cwd: root }).stdout) as CheckReport
  assert.equal(report.findings.map(({ file }) => file), ['real/a.yaml'])
  assert.equal(report.skipped.map(({ file, reason }) => `${file} ${reason}`).sort(), ['b.yaml symlink', 'out symlink'])
})

test('hostile :: a file and a folder that may not be read', () => {
  const root = folder({ 'a.yaml': IDMS, 'b/c.yaml': IDMS })
  chmodSync(join(root, 'a.yaml'), 0)
  chmodSync(join(root, 'b'), 0)
  chmodSync(root, 0o755)
  // Root reads everything, so the program is run as nobody then.
  const { code, stdout, stderr } = mirrorproof(['check', '.', '--format', 'json'], { cwd: root, ...(process.getuid?.() === 0 ? { uid: 65534 } : {}) })
  assert.is(stderr, '')
  assert.is(code, 0)
  assert.equal((JSON.parse(stdout) as CheckReport).skipped.map(({ file, reason }) => `${file} ${reason}`).sort(), ['a.yaml unreadable', 'b unreadable'])
})

test('hostile :: a folder that is named like a file', () => {
  const root = folder({ 'a.yaml': BARE })
  mkdirSync(join(root, 'folder.yaml'))
  assert.match(mirrorproof(['check', '.'], { cwd: root }).stdout, 'of 1 file')
})

test('hostile :: the reader closes the pipe', async () => {
  const root = folder({ 'a.yaml': BARE + Array.from({ length: 20_000 }, (_, index) => `  - source: quay.io/${index}\n`).join('') })
  const child = spawn(process.execPath, [CLI, 'check', '.'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'] } })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
  child.stdout.once('data', () => child.stdout.destroy())
  const code = await new Promise((resolve) => child.on('close', resolve))
  assert.is(stderr, '')
  assert.is(code, 0)
})

test.run()
