import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { mirrorproof } from '../command.ts'
import { git, repository } from '../repository.ts'
import { file, icsp, indented } from './objects.ts'

/**
 * A repository of three clusters as people have them: a base, patches, a list from `oc get`, a policy, files from Windows. What `git diff` shows of a migration is what had to
 * change, line by line.
 */
const windows = (text: string) => text.replaceAll('\n', '\r\n')
const entry = (name: string) => `  # the mirrors of ${name}\n  - mirrors:\n    - mirror.lab:8443/${name} # first\n    source: quay.io/${name}\n`
const FILES: Record<string, string> = {
  '.mirrorproof.yaml': 'clusters:\n- {name: prod, version: "4.16", paths: [clusters/prod, policies]}\n- {name: lab, version: "4.14.9", paths: [clusters/lab]}\n- {name: old, version: "4.12", paths: [clusters/old]}\n',
  'base/kustomization.yaml': windows('resources:\n- one.yaml\n- two.yaml\n'),
  'base/one.yaml': windows(icsp('one', entry('one'))),
  'base/two.yaml': icsp('two', entry('two')).trimEnd(),
  'clusters/prod/kustomization.yaml': windows(`resources:\n- ../../base\n- more.yaml\n- list.yaml\npatches:\n- path: patch.yaml\n- target:\n    kind: ImageContentSourcePolicy\n    name: two\n  patch: |-\n    - op: replace\n      path: /spec/repositoryDigestMirrors/0/source\n      value: quay.io/other\n`),
  'clusters/prod/patch.yaml': windows(`apiVersion: operator.openshift.io/v1alpha1\nkind: ImageContentSourcePolicy\nmetadata:\n  name: one\n  labels:\n    a: b\n`),
  'clusters/prod/more.yaml': windows(['three', 'four', 'five', 'six'].map((name) => icsp(name, entry(name))).join('---\n# next\n')),
  'clusters/prod/list.yaml': `apiVersion: v1\nkind: List\nitems:\n-${indented(2, icsp('seven', entry('seven'))).slice(1)}  status: {}\n-${indented(2, icsp('eight', `${entry('eight')}  - mirrors:\n    - mirror.lab:8443/b\n    - mirror.lab:8443/b\n    source: quay.io/b\n`)).slice(1)}`,
  'clusters/lab/nine.json': windows(`${JSON.stringify(file('nine'), null, 4)}\n`),
  'clusters/lab/ten.yaml': icsp('ten', entry('ten')).replace('  name: ten\n', '  name: ten\n  uid: 123\n'),
  'clusters/lab/install-config.yaml': windows(`apiVersion: v1\nbaseDomain: lab\nmetadata: {name: lab}\ncontrolPlane: {name: master}\nimageContentSources:\n- source: quay.io/org\n  mirrors: [mirror.lab/org]\n`),
  'clusters/old/eleven.yaml': windows(icsp('eleven', entry('eleven'))),
  'policies/policy.yaml': windows(`apiVersion: policy.open-cluster-management.io/v1\nkind: ConfigurationPolicy\nmetadata: {name: p}\nspec:\n  object-templates:\n  - complianceType: musthave\n    objectDefinition:\n${indented(6, icsp('twelve', entry('twelve')))}`),
}
const TYPE = ['apiVersion: operator.openshift.io/v1alpha1', 'kind: ImageContentSourcePolicy']
const WAS = [...TYPE, 'repositoryDigestMirrors:']
const NEW_TYPE = ['apiVersion: config.openshift.io/v1', 'kind: ImageDigestMirrorSet']
const IS = [...NEW_TYPE, 'imageDigestMirrors:']
const times = (number: number, lines: string[]) => Array.from({ length: number }, () => lines).flat()
/** What each file loses, and what it gets: lines without their indentation. */
const CHANGED: Record<string, [removed: string[], added: string[]]> = {
  'base/one.yaml': [WAS, IS],
  'base/two.yaml': [WAS, IS],
  'clusters/lab/install-config.yaml': [['imageContentSources:'], ['imageDigestSources:']],
  'clusters/lab/nine.json': [['"apiVersion": "operator.openshift.io/v1alpha1",', '"kind": "ImageContentSourcePolicy",', '"repositoryDigestMirrors": ['], ['"apiVersion": "config.openshift.io/v1",', '"kind": "ImageDigestMirrorSet",', '"imageDigestMirrors": [']],
  'clusters/lab/ten.yaml': [[TYPE[0]!, TYPE[1]!, 'uid: 123', WAS[2]!], IS],
  'clusters/prod/kustomization.yaml': [['kind: ImageContentSourcePolicy', 'path: /spec/repositoryDigestMirrors/0/source'], ['kind: ImageDigestMirrorSet', 'path: /spec/imageDigestMirrors/0/source']],
  'clusters/prod/list.yaml': [[`- ${TYPE[0]!}`, ...WAS.slice(1), 'status: {}', `- ${TYPE[0]!}`, ...WAS.slice(1), '- mirror.lab:8443/b'], [`- ${IS[0]!}`, ...IS.slice(1), `- ${IS[0]!}`, ...IS.slice(1)]],
  'clusters/prod/more.yaml': [times(4, WAS), times(4, IS)],
  'clusters/prod/patch.yaml': [TYPE, NEW_TYPE],
  'policies/policy.yaml': [WAS, IS],
}

test('git shows of a migration the lines that had to change, and nothing else', () => {
  const cwd = repository([FILES])
  const { code, stdout } = mirrorproof(['migrate', '--write'], { cwd })
  assert.is(code, 0, stdout)
  assert.ok(stdout.startsWith('Converted 12 objects in 10 files.\n'), stdout)
  assert.equal(git(cwd, ['diff', '--numstat']).split('\n'), Object.entries(CHANGED).map(([path, [removed, added]]) => `${added.length}\t${removed.length}\t${path}`))
  for (const [path, [removed, added]] of Object.entries(CHANGED)) {
    const lines = git(cwd, ['diff', '--unified=0', '--', path]).split('\n').slice(4)
    const bare = (sign: string) => lines.filter((line) => line.startsWith(sign)).map((line) => line.slice(1))
    assert.equal(bare('-').map((line) => line.trim()), removed, path)
    assert.equal(bare('+').map((line) => line.trim()), added, path)
    const ends = FILES[path]!.includes('\r\n')
    assert.ok(bare('+').every((line) => line.endsWith('\r') === ends), `line breaks of ${path}`)
  }
  const after = git(cwd, ['diff'])
  assert.is(mirrorproof(['migrate', '--write', '--quiet'], { cwd }).code, 0)
  assert.is(git(cwd, ['diff']), after)
  assert.is(mirrorproof(['migrate', '--check'], { cwd }).code, 0)
})

test('what is printed is what git applies', () => {
  const [written, applied] = [repository([FILES]), repository([FILES])]
  mirrorproof(['migrate', '--write'], { cwd: written })
  git(applied, ['apply', '-'], mirrorproof(['migrate', '--quiet'], { cwd: applied }).stdout)
  assert.is(git(applied, ['diff']), git(written, ['diff']))
})

/** `oc adm migrate icsp` reads one object a file, copies its metadata but for creationTimestamp, renames the list, and keeps nothing else (openshift/oc pkg/cli/admin/migrate/icsp/icsp.go). */
function platform(text: string): unknown {
  const { metadata: { creationTimestamp: _, ...metadata }, spec } = load(text) as { metadata: Record<string, unknown>; spec?: { repositoryDigestMirrors?: { source: string; mirrors?: string[] }[] } }
  const entries = (spec?.repositoryDigestMirrors ?? []).map(({ source, mirrors = [] }) => ({ source, ...(mirrors.length > 0 ? { mirrors } : {}) }))
  return { apiVersion: 'config.openshift.io/v1', kind: 'ImageDigestMirrorSet', metadata, spec: entries.length > 0 ? { imageDigestMirrors: entries } : {} }
}

const OBJECTS: [name: string, text: string][] = [
  ['an entry', icsp('org')],
  ['several entries', icsp('org', entry('a') + entry('b') + entry('c'))],
  ['several mirrors in an order', icsp('org', '  - source: quay.io/a\n    mirrors: [z.lab/a, m.lab/a, b.lab/a]\n')],
  ['an entry without a mirror', icsp('org', '  - source: quay.io/a\n')],
  ['labels and annotations', icsp('org').replace('  name: org\n', '  name: org\n  labels: {operators.openshift.org/catalog: "true"}\n  annotations: {a: b}\n')],
  ['a time that the server set', icsp('org').replace('  name: org\n', '  name: org\n  creationTimestamp: "2023-01-01T00:00:00Z"\n')],
  ['a status', `${icsp('org')}status: {}\n`],
]
for (const [name, text] of OBJECTS) {
  test(`the platform's converter makes the same object of ${name}`, () => {
    assert.equal(load(mirrorproof(['migrate', '-', '--openshift', '4.16'], { input: text }).stdout), platform(text))
  })
}

test('what else the server set is copied by the platform\'s converter, and taken away here', () => {
  const text = icsp('org').replace('  name: org\n', '  name: org\n  uid: "1"\n  resourceVersion: "2"\n  generation: 3\n')
  const ours = load(mirrorproof(['migrate', '-', '--openshift', '4.16'], { input: text }).stdout)
  assert.equal({ ...(ours as object), metadata: { name: 'org', uid: '1', resourceVersion: '2', generation: 3 } }, platform(text))
  assert.equal((ours as { metadata: unknown }).metadata, { name: 'org' })
})

test('a list, which it refuses, is converted, and so is each of several documents; other kinds stay', () => {
  const cwd = repository([{ 'a.yaml': `apiVersion: v1\nkind: List\nitems:\n-${indented(2, icsp('a')).slice(1)}`, 'b.yaml': `${icsp('b')}---\n${icsp('c')}`, 'd.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: d}\n' }])
  assert.is(mirrorproof(['migrate', '--write', '--openshift', '4.16'], { cwd }).code, 0)
  assert.equal(['a.yaml', 'b.yaml', 'd.yaml'].map((path) => readFileSync(join(cwd, path), 'utf8').match(/kind: \w+/g)), [['kind: List', 'kind: ImageDigestMirrorSet'], ['kind: ImageDigestMirrorSet', 'kind: ImageDigestMirrorSet'], ['kind: ConfigMap']])
})

test.run()
