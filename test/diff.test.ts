import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { DiffReport } from '../src/report/diff.ts'
import { mirrorproof, ROOT } from './command.ts'
import { diff, type Files, put, repository } from './repository.ts'
import { validator } from './schema.ts'

const valid = validator(JSON.parse(readFileSync(join(ROOT, 'schema/diff.schema.json'), 'utf8')) as object)
const DIGEST = `@sha256:${'a'.repeat(64)}`

const set = (kind: string, field: string, name: string, entries: Record<string, string>): string => `apiVersion: config.openshift.io/v1
kind: ${kind}
metadata:
  name: ${name}
spec:
  ${field}:
${Object.entries(entries).map(([source, mirror]) => `  - source: ${source}\n${mirror === '' ? '' : `    mirrors: [${mirror}]\n`}`).join('')}`
const idms = (name: string, entries: Record<string, string>) => set('ImageDigestMirrorSet', 'imageDigestMirrors', name, entries)
const itms = (name: string, entries: Record<string, string>) => set('ImageTagMirrorSet', 'imageTagMirrors', name, entries)
const icsp = (name: string, entries: Record<string, string>) => set('ImageContentSourcePolicy', 'repositoryDigestMirrors', name, entries).replace('config.openshift.io/v1', 'operator.openshift.io/v1alpha1')
const pod = (image: string) => `apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec:\n  containers:\n  - name: web\n    image: ${image}\n`
const machineConfig = (path: string, text: string) => `apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata: {name: own, labels: {machineconfiguration.openshift.io/role: worker}}
spec:
  config:
    ignition: {version: 3.2.0}
    storage:
      files:
      - {path: ${path}, mode: 420, overwrite: true, contents: {source: "data:;base64,${Buffer.from(text).toString('base64')}"}}
`
const config = (version: string, more = '') => `clusters:\n- {name: berlin, version: "${version}", disconnected: true, paths: [.]}\n${more}`
const ORG = idms('org', { 'quay.io/org': 'mirror.example.net/org' })
/** `quay.io/bare` lacks a mirror, which is a warning. */
const BARE = idms('org', { 'quay.io/org': 'mirror.example.net/org', 'quay.io/bare': '' })

interface Seen {
  code: number
  new?: string[]
  gone?: string[]
  kept?: number
  /** From where to where, by image. */
  routes?: string[]
  /** By cluster. */
  nodes?: Record<string, string>
  says?: string
}

/** What `diff` says of the step from one state of all files to the next, in few words; clusters that stay the same are left out. */
function step(before: Files, after: Files, ...args: string[]): Seen {
  const { code, stdout, stderr } = diff(repository([before, after]), ['--base', 'HEAD~1', '--format', 'json', ...args])
  const says = stderr.replaceAll('mirrorproof: ', '').trim()
  if (stdout === '') return { code: code!, says }
  const report = JSON.parse(stdout) as DiffReport
  valid(report, 'diff')
  const { findings, routes, clusters } = report
  const short = (one: string[]) => one.map((reference) => reference.replace(DIGEST, '')).join(' ')
  const told = clusters.filter(({ state, effect, upgrade, refused }) => state === 'new' || state === 'gone' || effect !== 'none' || upgrade || refused)
  return {
    code: code!,
    ...(findings.new.length > 0 ? { new: findings.new.map(({ rule, level, was }) => `${level} ${rule}${was ? `, was ${was}` : ''}`) } : {}),
    ...(findings.gone.length > 0 ? { gone: findings.gone.map(({ rule, level }) => `${level} ${rule}`) } : {}),
    ...(findings.unchanged > 0 ? { kept: findings.unchanged } : {}),
    ...(routes.length > 0 ? { routes: routes.map(({ image, before: from, after: to, afterError }) => `${short([image])}: ${short(from)} -> ${afterError ?? short(to)}`) } : {}),
    ...(told.length > 0 ? { nodes: Object.fromEntries(told.map(({ name, state, effect, upgrade, refused }) => [name, [...(state === 'changed' ? [] : [state]), effect, ...(refused ? ['refused'] : []), ...(upgrade ? [`upgrade ${upgrade.becomes}`] : [])].join(', ')])) } : {}),
    ...(says === '' ? {} : { says }),
  }
}

const BERLIN: Files = { '.mirrorproof.yaml': config('4.16', 'rules: {fallback-to-unreachable-source: off}\n'), 'org.yaml': ORG, 'web.yaml': pod(`quay.io/org/web${DIGEST}`) }

test('diff :: a repository whose second commit adds an ITMS: nodes drain', () => {
  assert.equal(step(BERLIN, { ...BERLIN, 'tools.yaml': itms('tools', { 'quay.io/tools': 'mirror.example.net/tools' }) }), { code: 0, nodes: { berlin: 'drain' } })
})

test('diff :: an IDMS: nodes do not drain', () => {
  assert.equal(step(BERLIN, { ...BERLIN, 'tools.yaml': idms('tools', { 'quay.io/tools': 'mirror.example.net/tools' }) }), { code: 0, nodes: { berlin: 'reload' } })
})

test('diff :: a narrower source: a pull goes elsewhere', () => {
  assert.equal(step(BERLIN, { ...BERLIN, 'web-only.yaml': idms('web', { 'quay.io/org/web': 'other.example.net/web' }) }), {
    code: 1, new: ['error ambiguous-namespace'], nodes: { berlin: 'reload' },
    routes: ['quay.io/org/web: mirror.example.net/org/web quay.io/org/web -> other.example.net/web quay.io/org/web'],
  })
})

test('diff :: a mended finding', () => {
  assert.equal(step({ ...BERLIN, 'org.yaml': BARE }, BERLIN), { code: 0, gone: ['error source-without-mirror'] })
})

const TAGGED: Files = { ...BERLIN, 'org.yaml': ORG, 'web.yaml': pod('quay.io/org/web:v1') }
const ROUTES: [name: string, before: Files, after: Files, expected: Partial<Seen>][] = [
  ['a source that is never contacted', BERLIN, { ...BERLIN, 'org.yaml': `${ORG}    mirrorSourcePolicy: NeverContactSource\n` }, { code: 0, routes: ['quay.io/org/web: mirror.example.net/org/web quay.io/org/web -> mirror.example.net/org/web'], nodes: { berlin: 'drain' } }],
  ['nothing is left', TAGGED, { ...TAGGED, 'org.yaml': `${ORG}    mirrorSourcePolicy: NeverContactSource\n` }, { routes: ['quay.io/org/web:v1: quay.io/org/web:v1 -> every location is blocked'] }],
  ['an image that is new has no route before', BERLIN, { ...BERLIN, 'two.yaml': pod(`quay.io/org/two${DIGEST}`) }, { code: 0 }],
  ['an entry that no image uses', BERLIN, { ...BERLIN, 'b.yaml': idms('b', { 'quay.io/b': 'mirror.example.net/b' }) }, { code: 0, nodes: { berlin: 'reload' } }],
]
for (const [name, before, after, expected] of ROUTES) {
  test(`diff :: routes :: ${name}`, () => {
    const seen = step(before, after)
    for (const key of ['code', 'routes', 'nodes'] as const) if (key in expected || key === 'routes') assert.equal(seen[key], expected[key], key)
  })
}

const install = (mirror: string) => `apiVersion: v1\nbaseDomain: example.net\nmetadata: {name: berlin}\ncontrolPlane: {replicas: 3}\nimageDigestSources:\n- source: quay.io/org\n  mirrors: [${mirror}]\n`
test('diff :: an install-config, which a cluster that is installed does not notice', () => {
  const files = (mirror: string): Files => ({ 'install-config.yaml': install(mirror), 'web.yaml': pod(`quay.io/org/web${DIGEST}`) })
  const [before, after] = [files('mirror.example.net/org'), files('other.example.net/org')]
  const routes = ['quay.io/org/web: mirror.example.net/org/web quay.io/org/web -> other.example.net/org/web quay.io/org/web']
  assert.equal(step(before, after), { code: 0, routes })
  assert.match(diff(repository([before, after]), ['--base', 'HEAD~1']).stdout, 'nodes stay as they are: no file changes; what changes for an installer, a cluster that is installed does not notice')
  const more = { 'more.yaml': idms('more', { 'quay.io/more': 'mirror.example.net/more' }) }
  assert.equal(step(before, { ...after, ...more }), { code: 0, routes, nodes: { '.': 'reload' } })
  assert.equal(step(before, { ...before, ...more }), { code: 0, nodes: { '.': 'reload' } })
})

const PARIS = idms('org', { 'quay.io/org': 'paris.example.net/org' })
const BROKEN = 'kind: ImageDigestMirrorSet\n a: [\n'
const UNTOUCHED: [name: string, before: Files, after: Files, expected: Seen][] = [
  ['a file in another folder', { 'a/org.yaml': BARE }, { 'b/c/other.yml': BARE }, { code: 0, kept: 1 }],
  ['two files become one', { 'a.yaml': BARE, 'b.yaml': PARIS.replace('org', 'two') }, { 'c.yaml': `${PARIS.replace('org', 'two')}---\n${BARE}` }, { code: 0, kept: 1 }],
  ['a document that cannot be parsed, in another folder', { 'a/x.yaml': BROKEN, 'org.yaml': ORG }, { 'b/c/x.yaml': BROKEN, 'org.yaml': ORG }, { code: 0, kept: 1 }],
  ['CRLF', { 'org.yaml': BARE }, { 'org.yaml': BARE.replaceAll('\n', '\r\n') }, { code: 0, kept: 1 }],
  ['comments, the order of keys, another style', { 'org.yaml': BARE }, {
    'org.yaml': '# all of it\nspec: {imageDigestMirrors: [{mirrors: ["mirror.example.net/org"], source: quay.io/org}, {source: quay.io/bare}]}\nmetadata: {name: org}\nkind: ImageDigestMirrorSet\napiVersion: config.openshift.io/v1\n',
  }, { code: 0, kept: 1 }],
  ['the renamed folder of a guessed cluster', { 'berlin/org.yaml': BARE, 'paris/org.yaml': PARIS }, { 'hamburg/org.yaml': BARE, 'paris/org.yaml': PARIS }, { code: 0, kept: 1 }],
  ['the renamed folder around guessed clusters', { 'a/berlin/org.yaml': BARE, 'a/paris/org.yaml': PARIS }, { 'b/berlin/org.yaml': BARE, 'b/paris/org.yaml': PARIS }, { code: 0, kept: 1 }],
  ['a declared cluster of another name', { 'b/org.yaml': BARE, '.mirrorproof.yaml': 'clusters: [{name: berlin, paths: [b]}]\n' }, { 'b/org.yaml': BARE, '.mirrorproof.yaml': 'clusters: [{name: hamburg, paths: [b]}]\n' }, { code: 0, kept: 1 }],
  ['a second cluster beside a lone one', { 'berlin/org.yaml': BARE }, { 'berlin/org.yaml': BARE, 'paris/org.yaml': PARIS }, { code: 0, kept: 1, nodes: { paris: 'new, reload' } }],
  ['and its end', { 'berlin/org.yaml': BARE, 'paris/org.yaml': PARIS }, { 'berlin/org.yaml': BARE }, { code: 0, kept: 1, nodes: { paris: 'gone, unknown' } }],
  ['clusters that change places do change', { 'berlin/org.yaml': ORG, 'paris/org.yaml': PARIS }, { 'berlin/org.yaml': PARIS, 'paris/org.yaml': ORG }, { code: 0, nodes: { berlin: 'drain', paris: 'drain' } }],
  ['a cluster that goes while a quite different one comes', { 'berlin/org.yaml': ORG, 'paris/org.yaml': PARIS }, { 'tokyo/org.yaml': idms('org', { 'quay.io/x': 'm.example.net/x' }), 'paris/org.yaml': PARIS }, { code: 0, nodes: { tokyo: 'new, reload', berlin: 'gone, unknown' } }],
  ['the last object of a declared cluster goes', { 'b/org.yaml': ORG, '.mirrorproof.yaml': 'clusters: [{name: berlin, paths: [b]}]\n' }, { 'b/x.yaml': '', '.mirrorproof.yaml': 'clusters: [{name: berlin, paths: [b]}]\n' }, { code: 0, nodes: { berlin: 'drain' } }],
  ['everything goes', { 'org.yaml': ORG }, { 'a.txt': '' }, { code: 0, nodes: { '.': 'gone, unknown' } }],
]
for (const [name, before, after, expected] of UNTOUCHED) test(`diff :: what moves and what stays :: ${name}`, () => assert.equal(step(before, after), expected))

const ICSP = icsp('a', { 'quay.io/a': 'mirror.example.net/a' })
const QUIET = 'rules: {deprecated-icsp: off, mirror-kinds-mixed: off, kind-needs-newer-openshift: off, fallback-to-unreachable-source: off}\n'
const both: Files = { 'a.yaml': ICSP, 'b.yaml': ORG }
const at = (version: string, files: Files, more = ''): Files => ({ ...files, '.mirrorproof.yaml': config(version, QUIET + more) })
const NEXT = 'upgrade: "4.13.5"\n'
const REFUSALS: [name: string, before: Files, after: Files, expected: Seen][] = [
  ['begins', at('4.13.5', { 'b.yaml': ORG }), at('4.13.5', both), { code: 1, nodes: { berlin: 'none, refused, upgrade blocked' } }],
  ['ends', at('4.13.5', both), at('4.13.5', { 'b.yaml': ORG }), { code: 0, nodes: { berlin: 'unknown, upgrade unblocked' } }],
  ['goes on, and keeps a change from nodes', at('4.13.5', both), at('4.13.5', { ...both, 'c.yaml': idms('c', { 'quay.io/c': 'mirror.example.net/c' }) }), { code: 0, nodes: { berlin: 'none, refused' } }],
  ['comes with the next version', at('4.12', { 'a.yaml': ICSP }, NEXT), at('4.12', both, NEXT), { code: 0, nodes: { berlin: 'none, upgrade blocked' } }],
  ['would have come', at('4.12', both, NEXT), at('4.12', { 'a.yaml': ICSP }, NEXT), { code: 0, nodes: { berlin: 'none, upgrade unblocked' } }],
  ['has come', at('4.12', both, NEXT), at('4.13.5', both), { code: 1, nodes: { berlin: 'none, refused, upgrade blocked' } }],
  ['of a new cluster', { 'x.txt': '' }, at('4.13.5', both), { code: 1, nodes: { berlin: 'new, none, refused, upgrade blocked' } }],
]
for (const [name, before, after, expected] of REFUSALS) test(`diff :: the operator's refusal ${name}`, () => assert.equal(step(before, after), expected))

test('diff :: a refusal is worse, in words', () => {
  const { stdout } = diff(repository([at('4.13.5', { 'b.yaml': ORG }), at('4.13.5', both)]), ['--base', 'HEAD~1'])
  assert.is(stdout, `nodes stay as they are: the operator refuses the objects, so that no mirror change reaches a node
  the operator refuses the objects: error: both imagecontentsourcepolicy and imagedigestmirrorset exist
  upgrades stall from now on: error: both imagecontentsourcepolicy and imagedigestmirrorset exist

the operator refuses the objects; what is here compared with HEAD~1
`)
})

const TOML = 'unqualified-search-registries = ["registry.access.redhat.com", "docker.io"]\n[[registry]]\nlocation = "quay.io/org"\n[[registry.mirror]]\nlocation = "own.example.net/org"\n'
const INSTALL = 'apiVersion: v1\nmetadata: {name: sno}\nbaseDomain: example.com\ncontrolPlane: {replicas: 1}\ncompute: [{name: worker, replicas: 0}]\n'
const hosted = (source: string) => `apiVersion: hypershift.openshift.io/v1beta1\nkind: HostedCluster\nmetadata: {name: h, namespace: clusters}\nspec:\n  release: {image: "quay.io/openshift-release-dev/ocp-release:4.16.3-x86_64"}\n  imageContentSources:\n  - source: ${source}\n    mirrors: [mirror.example.net/x]\n`
const TAG_SET = itms('tools', { 'quay.io/tools': 'mirror.example.net/tools' })
const IMAGE = 'apiVersion: config.openshift.io/v1\nkind: Image\nmetadata: {name: cluster}\nspec:\n  registrySources:\n    allowedRegistries: [quay.io, registry.redhat.io]\n'
const NODES: [name: string, before: Files, after: Files, nodes: Record<string, string> | undefined, reason: string | RegExp][] = [
  ['a file of /etc/containers/registries.conf', BERLIN, { ...BERLIN, 'own.yaml': machineConfig('/etc/containers/registries.conf', TOML) }, { berlin: 'drain' }, /mirror for tags|no longer|loses/],
  ['a drop-in', BERLIN, { ...BERLIN, 'own.yaml': machineConfig('/etc/containers/registries.conf.d/99-own.conf', TOML) }, { berlin: 'reboot' }, '/etc/containers/registries.conf.d/99-own.conf changes'],
  ['a drop-in that changes', { ...BERLIN, 'own.yaml': machineConfig('/etc/containers/registries.conf.d/99-own.conf', TOML) }, { ...BERLIN, 'own.yaml': machineConfig('/etc/containers/registries.conf.d/99-own.conf', `${TOML}# end\n`) }, { berlin: 'reboot' }, '99-own.conf changes'],
  ['policy.json', BERLIN, { ...BERLIN, 'image.yaml': IMAGE }, { berlin: 'reload' }, '/etc/containers/policy.json'],
  ['a cluster of one node', { 'i.yaml': INSTALL, 'a.yaml': ORG }, { 'i.yaml': INSTALL, 'a.yaml': ORG, 'b.yaml': TAG_SET }, { '.': 'reload' }, 'but a cluster of one node is not drained'],
  ['a hosted cluster', { 'h.yaml': hosted('quay.io/a') }, { 'h.yaml': hosted('quay.io/b') }, { h: 'reboot' }, 'HyperShift rolls out all NodePools'],
  ['a new cluster', { 'x.txt': '' }, { 'a.yaml': TAG_SET }, { '.': 'new, drain' }, 'if the cluster is there already'],
  ['an object that makes no difference', BERLIN, { ...BERLIN, 'again.yaml': idms('again', { 'quay.io/org': 'mirror.example.net/org' }) }, undefined, 'no file changes'],
  ['another version alone', BERLIN, { ...BERLIN, '.mirrorproof.yaml': config('4.18') }, undefined, 'no file changes'],
]
for (const [name, before, after, nodes, reason] of NODES) {
  test(`diff :: nodes :: ${name}`, () => {
    assert.equal(step(before, after).nodes, nodes)
    const { clusters } = JSON.parse(diff(repository([before, after]), ['--base', 'HEAD~1', '--format', 'json']).stdout) as DiffReport
    assert.match(clusters[0]!.reason, reason)
  })
}

const level = (one: string) => `rules: {source-without-mirror: ${one}}\n`
const waived = BARE.replace('  - source: quay.io/bare', '  # mirrorproof: ignore source-without-mirror comes in May\n  - source: quay.io/bare')
const CONFIGURED: [name: string, before: Files, after: Files, args: string[], expected: Seen][] = [
  ['a level that gets worse is new', { '.mirrorproof.yaml': level('warning'), 'a.yaml': BARE }, { '.mirrorproof.yaml': level('error'), 'a.yaml': BARE }, [], { code: 1, new: ['error source-without-mirror, was warning'] }],
  ['an info that becomes a warning', { '.mirrorproof.yaml': level('info'), 'a.yaml': BARE }, { '.mirrorproof.yaml': level('warning'), 'a.yaml': BARE }, ['--fail-on', 'warning'], { code: 1, new: ['warning source-without-mirror, was info'] }],
  ['a milder level is as before', { '.mirrorproof.yaml': level('error'), 'a.yaml': BARE }, { '.mirrorproof.yaml': level('warning'), 'a.yaml': BARE }, [], { code: 0, kept: 1 }],
  ['a newer version makes a warning an error', { '.mirrorproof.yaml': config('4.12', 'upgrade: "4.13.5"\nrules: {fallback-to-unreachable-source: off, kind-needs-newer-openshift: off}\n'), ...both }, { '.mirrorproof.yaml': config('4.13.5', 'rules: {fallback-to-unreachable-source: off}\n'), ...both }, [], {
    code: 1, new: ['error mirror-kinds-mixed, was warning'], kept: 1, nodes: { berlin: 'none, refused, upgrade blocked' },
  }],
  ['the base is judged by its own configuration', { '.mirrorproof.yaml': level('off'), 'a.yaml': BARE }, { 'a.yaml': BARE }, [], { code: 0, new: ['warning source-without-mirror'] }],
  ['a base without one, by today\'s', { 'a.yaml': BARE }, { '.mirrorproof.yaml': level('error'), 'a.yaml': BARE }, [], { code: 0, kept: 1 }],
  ['a base whose own is broken, by today\'s', { '.mirrorproof.yaml': 'nonsense: 1\n', 'a.yaml': BARE }, { '.mirrorproof.yaml': level('error'), 'a.yaml': BARE }, [], { code: 0, kept: 1, says: "the configuration at HEAD~1 cannot be used (.mirrorproof.yaml:1: there is no field `nonsense`), so that both sides are judged by today's" }],
  ['today\'s must not be broken', { 'a.yaml': BARE }, { '.mirrorproof.yaml': 'nonsense: 1\n', 'a.yaml': BARE }, [], { code: 2, says: '.mirrorproof.yaml:1: there is no field `nonsense`' }],
  ['--config names one of each side', { 'c.yml': level('off'), 'a.yaml': BARE }, { 'c.yml': level('error'), 'a.yaml': BARE }, ['--config', 'c.yml'], { code: 1, new: ['error source-without-mirror'] }],
  ['a waiver that comes', { 'a.yaml': BARE }, { 'a.yaml': waived }, [], { code: 0 }],
  ['a waiver that stays', { 'a.yaml': waived }, { 'a.yaml': `# moved\n${waived}` }, [], { code: 0 }],
  ['a waiver that goes', { 'a.yaml': waived }, { 'a.yaml': BARE }, [], { code: 0, new: ['warning source-without-mirror'] }],
  ['an upgrade that lies behind the base', { '.mirrorproof.yaml': config('4.18'), 'a.yaml': TAG_SET }, { '.mirrorproof.yaml': config('4.16'), 'a.yaml': TAG_SET }, ['--next', '4.17'], { code: 0, kept: 1 }],
  ['a new cluster that is picked', { 'b/a.yaml': ORG, '.mirrorproof.yaml': 'clusters: [{name: berlin, paths: [b]}]\n' }, { 'b/a.yaml': ORG, 'p/a.yaml': BARE, '.mirrorproof.yaml': 'clusters: [{name: berlin, paths: [b]}, {name: paris, paths: [p]}]\n' }, ['--cluster', 'paris'], {
    code: 0, new: ['warning source-without-mirror'], nodes: { paris: 'new, reload' },
  }],
  ['a cluster that is not there', { 'a.yaml': ORG }, { 'a.yaml': BARE }, ['--cluster', 'paris'], { code: 2, says: 'there is no cluster paris; there is .' }],
  ['rules of the user\'s own that were never built', { 'a.yaml': ORG }, { 'a.yaml': ORG, '.mirrorproof.yaml': 'policies: [rules]\n', 'rules/a.rego': 'package a\n' }, [], { code: 2, says: 'rules/policy.wasm is missing; run mirrorproof rules build rules' }],
]
for (const [name, before, after, args, expected] of CONFIGURED) test(`diff :: configuration :: ${name}`, () => assert.equal(step(before, after, ...args), expected))

test('diff :: a baseline is that of the head', () => {
  const cwd = repository([{ 'a.yaml': BARE }])
  mirrorproof(['check', '--write-baseline', 'baseline.json'], { cwd })
  const baseline = readFileSync(join(cwd, 'baseline.json'), 'utf8')
  const after = { 'a.yaml': BARE, '.mirrorproof.yaml': 'baseline: baseline.json\n', 'baseline.json': baseline }
  assert.equal(step({ 'a.yaml': ORG }, after), { code: 0 })
  const later = repository([{ 'a.yaml': ORG }, after, { 'a.yaml': ORG }])
  assert.match(diff(later, ['--base', 'HEAD~2', '--head', 'HEAD~1']).stdout, /^nothing is worse; HEAD~1/m, 'though there is none in what is checked out')
})

test('diff :: the exit code is the same in every format, and goes by what got worse', () => {
  const levels = ['error', 'warning', 'info']
  for (const [index, one] of levels.entries()) {
    const cwd = repository([{ '.mirrorproof.yaml': level(one), 'a.yaml': ORG, 'old.yaml': idms('old', { 'quay.io/old': '' }) }, { '.mirrorproof.yaml': level(one), 'a.yaml': BARE, 'old.yaml': idms('old', { 'quay.io/old': '' }) }])
    const code = (...args: string[]) => diff(cwd, ['--base', 'HEAD~1', ...args]).code
    assert.equal([...levels, 'never'].map((failOn) => code('--fail-on', failOn)), [...levels.map((_, at) => (index <= at ? 1 : 0)), 0], one)
    assert.is(code(), one === 'error' ? 1 : 0)
    for (const format of ['text', 'json', 'markdown']) assert.is(code('--fail-on', 'info', '--format', format), 1, format)
    assert.is(diff(cwd, ['--base', 'HEAD', '--fail-on', 'info']).code, 0, 'what was there before never fails')
  }
})

test('diff :: text', () => {
  const after = { ...BERLIN, 'web-only.yaml': idms('web', { 'quay.io/org/web': 'other.example.net/web' }) }
  const cwd = repository([{ ...BERLIN, 'org.yaml': BARE }, after])
  assert.is(diff(cwd, ['--base', 'HEAD~1']).stdout, `org.yaml:7:13: error: the mirrors of \`quay.io/org\` are not used for \`quay.io/org/web\` when pulling by digest: a narrower source hides the broader one entirely [ambiguous-namespace]
  |
7 |   - source: quay.io/org
  |             ^^^^^^^^^^^
  = web-only.yaml:7:13: \`quay.io/org/web\` in ImageDigestMirrorSet/web lacks \`mirror.example.net/org/web\`
  = fix: Give the narrower source the broader one's mirrors too (each with the rest of the path appended), after its own. If the images are on the broader one's mirrors, remove the narrower entry.

mended: org.yaml: error: source \`quay.io/bare\` has no mirror, so the entry is ignored [source-without-mirror]

nodes are not drained, CRI-O reads its configuration again: /etc/containers/registries.conf changes in no way that drains
  --- /etc/containers/registries.conf before
  +++ /etc/containers/registries.conf after
  @@ -8,3 +8,11 @@
     [[registry.mirror]]
       location = "mirror.example.net/org"
       pull-from-mirror = "digest-only"
  +
  +[[registry]]
  +  prefix = ""
  +  location = "quay.io/org/web"
  +
  +  [[registry.mirror]]
  +    location = "other.example.net/web"
  +    pull-from-mirror = "digest-only"

quay.io/org/web${DIGEST} web.yaml:7:12
  before: mirror.example.net/org/web${DIGEST}, then quay.io/org/web${DIGEST}
  now:    other.example.net/web${DIGEST}, then quay.io/org/web${DIGEST}

1 new error; 1 mended; 1 pull goes elsewhere; what is here compared with HEAD~1
`)
  assert.is(diff(cwd, ['--base', 'HEAD~1', '--quiet']).stdout.split('\n')[0], 'org.yaml:7:13: error: the mirrors of `quay.io/org` are not used for `quay.io/org/web` when pulling by digest: a narrower source hides the broader one entirely [ambiguous-namespace]')
})

test('diff :: no format shows a password', () => {
  const own = (password: string) => machineConfig('/etc/containers/registries.conf.d/99-own.conf', TOML.replace('own.example', `user:${password}@own.example`))
  const cwd = repository([{ ...BERLIN, 'own.yaml': own('hunter2') }, { ...BERLIN, 'own.yaml': own('hunter3'), 'p.yaml': pod('user:hunter4@quay.io/org/a:v1') }])
  for (const format of ['text', 'json', 'markdown']) assert.not.match(diff(cwd, ['--base', 'HEAD~1', '--format', format]).stdout, 'hunter', format)
})

test('diff :: hostile names are shown as what they are', () => {
  const cwd = repository([{}, { '::error::x\n.yaml': BARE, '##[error]b.yaml': idms('b', { 'quay.io/b': '' }) }])
  const { stdout } = diff(cwd, ['--base', 'HEAD~1'])
  assert.not.match(stdout, /^::|##\[/m)
  assert.not.match(diff(cwd, ['--base', 'HEAD~1', '--format', 'markdown']).stdout, /^::|##\[|<script|x\n/m)
  put(cwd, { 'x.yaml': '' })
})

test.run()
