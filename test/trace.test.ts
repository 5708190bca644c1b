import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { RenderReport } from '../src/report/render.ts'
import type { TraceReport } from '../src/report/trace.ts'
import { folder, mirrorproof, ROOT } from './command.ts'

const D = `sha256:${'0a'.repeat(32)}`
const set = (kind: string, list: string, name: string, ...entries: string[]) =>
  `apiVersion: config.openshift.io/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec:\n  ${list}:\n${entries.map((entry) => `  - ${entry}\n`).join('')}`
const idms = (name: string, ...entries: string[]) => set('ImageDigestMirrorSet', 'imageDigestMirrors', name, ...entries)
const itms = (name: string, ...entries: string[]) => set('ImageTagMirrorSet', 'imageTagMirrors', name, ...entries)
const imageConfig = (sources: string) => `apiVersion: config.openshift.io/v1\nkind: Image\nmetadata: {name: cluster}\nspec: {registrySources: ${sources}}\n`

/** What is in the manifests, what is asked, and per attempt (`-` for a skipped mirror, `x` for a blocked one): location, reason, line and column. */
const TABLE: [why: string, manifests: string, image: string, steps: string[], verdict: string, code: number][] = [
  ['a digest goes to the mirrors, then to the source', idms('org', '{source: quay.io/org, mirrors: [one.lab/org, two.lab/org]}'), `quay.io/org/app@${D}`,
    [`one.lab/org/app@${D} mirror for digests (ImageDigestMirrorSet/org) 6:37`, `two.lab/org/app@${D} mirror for digests (ImageDigestMirrorSet/org) 6:50`, `quay.io/org/app@${D} source, after its mirrors 6:14`],
    'is pulled from one.lab/org/app, else two.lab/org/app, else from the source', 0],
  ['a tag skips mirrors for digests', idms('org', '{source: quay.io/org, mirrors: [one.lab/org]}'), 'quay.io/org/app:1.2',
    ['- one.lab/org skipped: digest-only, and this is a tag 6:37', 'quay.io/org/app:1.2 source, because `quay.io/org` has no mirror for tags 6:14'],
    'is pulled from the source alone: its mirrors do not serve pulls by tag', 0],
  ['tag and digest count as digest', itms('org', '{source: quay.io/org, mirrors: [one.lab/org]}'), `quay.io/org/app:1.2@${D}`,
    ['- one.lab/org skipped: tag-only, and this is a digest 6:37', `quay.io/org/app@${D} source, because \`quay.io/org\` has no mirror for digests 6:14`],
    'is pulled from the source alone: its mirrors do not serve pulls by digest', 0],
  ['NeverContactSource of a digest mirror set blocks tags', idms('org', '{source: quay.io/org, mirrors: [one.lab/org], mirrorSourcePolicy: NeverContactSource}'), 'quay.io/org/app',
    ['- one.lab/org skipped: digest-only, and this is a tag 6:37', 'x quay.io/org/app:latest source, because `quay.io/org` has no mirror for tags, blocked by `quay.io/org` 6:71'],
    'fails: its mirrors do not serve pulls by tag, and the source is blocked', 1],
  ['no mirror set covers it', idms('org', '{source: quay.io/org, mirrors: [one.lab/org]}'), 'quay.io/organ/app:1',
    ['quay.io/organ/app:1 source, because no mirror set covers it'], 'is pulled from the source alone: no mirror set covers it', 0],
  ['a blocked registry inherits mirrors', `${itms('org', '{source: quay.io, mirrors: [one.lab]}')}---\n${imageConfig('{blockedRegistries: [quay.io/org], insecureRegistries: [one.lab]}')}`, 'quay.io/org/app:1',
    ['one.lab/org/app:1 mirror for tags (ImageTagMirrorSet/org, from `quay.io` around it), TLS not verified 6:33', 'x quay.io/org/app:1 source, after its mirrors, blocked by `quay.io/org` 11:46'],
    'fails, for policy.json rejects `quay.io/org`', 1],
  ['a mirror on a blocked registry', `${idms('org', '{source: quay.io/org, mirrors: [one.lab/org]}')}---\n${imageConfig('{blockedRegistries: [one.lab]}')}`, `quay.io/org/app@${D}`,
    [`x one.lab/org/app@${D} mirror for digests (ImageDigestMirrorSet/org), blocked by \`one.lab\` 11:46`, `quay.io/org/app@${D} source, after its mirrors 6:14`],
    'is pulled from the source alone: its mirrors are blocked', 0],
  ['what is not allowed is rejected whatever serves it', `${idms('org', '{source: quay.io/org, mirrors: [one.lab/org]}')}---\n${imageConfig('{allowedRegistries: [one.lab]}')}`, `quay.io/org/app@${D}`,
    [`one.lab/org/app@${D} mirror for digests (ImageDigestMirrorSet/org) 6:37`, `quay.io/org/app@${D} source, after its mirrors 6:14`],
    'fails, for policy.json does not allow it', 1],
  ['a mirror that cannot be joined with the image', idms('org', "{source: '*.io', mirrors: [one.lab/io]}"), `quay.io:443/app@${D}`, [], 'fails before anything is contacted', 1],
  ['what the operator refuses', idms('org', '{source: quay.io/org, mirrors: [one.lab/org/]}'), `quay.io/org/app@${D}`, [],
    'not known, for the operator refuses these objects and nodes keep the configuration that they have; mirrorproof check tells more', 1],
]

for (const [why, manifests, image, steps, verdict, code] of TABLE) {
  test(`trace :: ${why}`, () => {
    const cwd = folder({ 'a.yaml': manifests })
    const result = mirrorproof(['trace', image, '--format', 'json', '--openshift', '4.18'], { cwd })
    assert.is(result.stderr, '')
    const [trace, more] = (JSON.parse(result.stdout) as TraceReport).traces
    assert.is(more, undefined)
    assert.is(trace!.verdict, verdict)
    const at = (site: { file: string; line: number; column: number } | null) => (site ? ` ${site.line}:${site.column}` : '')
    const seen = [
      ...trace!.skipped.map(({ location, reason, site }) => `- ${location} ${reason}${at(site)}`),
      ...trace!.attempts.map(({ reference, blocked, reason, site }) => `${blocked ? 'x ' : ''}${reference} ${reason}${at(site)}`),
    ]
    assert.equal(seen, steps)
    assert.is(result.code, code)
    assert.is(mirrorproof(['trace', image, '--openshift', '4.18', '--fail-on', 'never', '--quiet'], { cwd }).code, 0)
  })
}

test('trace :: the text tells the same, line by line', () => {
  const cwd = folder({ 'a.yaml': idms('org', '{source: quay.io/org, mirrors: [one.lab/org], mirrorSourcePolicy: NeverContactSource}'), 'b.yaml': itms('org', '{source: quay.io/org, mirrors: [two.lab/org], mirrorSourcePolicy: NeverContactSource}') })
  assert.is(mirrorproof(['trace', 'quay.io/org/app:1', '--openshift', '4.18'], { cwd }).stdout, `quay.io/org/app:1 in . (OpenShift 4.18): is pulled from two.lab/org/app and from nowhere else: the source is blocked
  entry \`quay.io/org\` a.yaml:6:14
   - one.lab/org
       skipped: digest-only, and this is a tag a.yaml:6:37
   1 two.lab/org/app:1
       mirror for tags (ImageTagMirrorSet/org) b.yaml:6:37
   x quay.io/org/app:1
       source, after its mirrors, blocked by \`quay.io/org\` a.yaml:6:71
`)
})

test('trace :: a slash at the end of a source does not lose its place', () => {
  const cwd = folder({ 'a.yaml': 'apiVersion: operator.openshift.io/v1alpha1\nkind: ImageContentSourcePolicy\nmetadata: {name: org}\nspec:\n  repositoryDigestMirrors:\n  - {source: quay.io/org/, mirrors: [one.lab/org]}\n' })
  const [trace] = (JSON.parse(mirrorproof(['trace', `quay.io/org/x@${D}`, '--openshift', '4.15', '--format', 'json'], { cwd }).stdout) as TraceReport).traces
  assert.equal(trace!.entry, { prefix: 'quay.io/org', site: { file: 'a.yaml', line: 6, column: 14 } })
  assert.equal(trace!.attempts[0]!.site, { file: 'a.yaml', line: 6, column: 38 })
})

test('trace :: several clusters, one, and one that is not there', () => {
  const cwd = folder({ 'a/x.yaml': idms('org', '{source: quay.io/org, mirrors: [a.lab/org]}'), 'b/x.yaml': idms('org', '{source: quay.io/org, mirrors: [b.lab/org]}') })
  const clusters = (...args: string[]) => (JSON.parse(mirrorproof(['trace', `quay.io/org/x@${D}`, '--openshift', '4.18', '--format', 'json', ...args], { cwd }).stdout) as TraceReport).traces.map((one) => `${one.cluster} ${one.attempts[0]!.reference}`)
  assert.equal(clusters(), [`a a.lab/org/x@${D}`, `b b.lab/org/x@${D}`])
  assert.equal(clusters('--cluster', 'b'), [`b b.lab/org/x@${D}`])
  assert.equal(clusters('--in', 'a'), [`a a.lab/org/x@${D}`])
  assert.equal(mirrorproof(['trace', 'quay.io/x', '--cluster', 'c'], { cwd }), { code: 2, stdout: '', stderr: 'mirrorproof: there is no cluster c; there is a, b\n' })
})

test('trace :: short names', () => {
  const cwd = folder({ 'a.yaml': imageConfig('{containerRuntimeSearchRegistries: [one.lab, "two.lab:5000"]}') })
  const { traces } = JSON.parse(mirrorproof(['trace', 'ubi9/ubi', '--openshift', '4.18', '--format', 'json'], { cwd }).stdout) as TraceReport
  assert.equal(traces.map(({ reference, completedBy }) => [reference, completedBy]), [['one.lab/ubi9/ubi:latest', { search: 'one.lab' }], ['two.lab:5000/ubi9/ubi:latest', { search: 'two.lab:5000' }]])
})

test('trace :: mistakes', () => {
  const cwd = folder({ 'a.yaml': idms('org', '{source: quay.io/org, mirrors: [a.lab/org]}') })
  const stderr = (...args: string[]) => {
    const result = mirrorproof(['trace', ...args], { cwd })
    assert.is(result.code, 2)
    assert.is(result.stdout, '')
    return result.stderr
  }
  assert.is(stderr(), 'mirrorproof: name an image to trace; mirrorproof trace --help shows how\n')
  assert.is(stderr('quay.io/Org/app'), 'mirrorproof: cannot parse the image "quay.io/Org/app": invalid reference format: repository name must be lowercase\n')
  assert.is(stderr('docker://quay.io/app'), 'mirrorproof: cannot parse the image "docker://quay.io/app": invalid reference format\n')
  assert.is(stderr(''), 'mirrorproof: cannot parse the image "": invalid reference format\n')
  assert.is(stderr('quay.io/app', '--registries-conf', 'nowhere.conf'), 'mirrorproof: there is no file nowhere.conf\n')
  assert.is(stderr('quay.io/app', '--registries-conf', 'a.yaml', '--in', '.'), 'mirrorproof: --registries-conf takes the place of manifests, so --in, --live and --cluster do not go with it\n')
})

test('trace :: what was not read is said on stderr, and where nothing was', () => {
  const cwd = folder({ 'a.yaml': idms('org', '{source: quay.io/org, mirrors: ["$MIRROR/org"]}'), 'empty/b.yaml': 'a: b\n' })
  assert.is(mirrorproof(['trace', 'quay.io/org/app:1'], { cwd }).stderr,
    'mirrorproof: a.yaml:1: not read: 1 of 1 entries of ImageDigestMirrorSet/org hold a placeholder such as `$MIRROR/org`\nmirrorproof: the OpenShift version of . is not known; the newest is assumed (--openshift)\n')
  const nothing = mirrorproof(['trace', 'quay.io/org/app:1', '--in', 'empty'], { cwd })
  assert.is(nothing.stderr, 'mirrorproof: there is no mirror configuration in empty\n')
  assert.is(nothing.code, 0)
})

const CONF = 'unqualified-search-registries = ["docker.io"]\n[[registry]]\nprefix = "quay.io"\nlocation = "cache.lab/quay"\n[[registry.mirror]]\nlocation = "one.lab"\n[[registry]]\nlocation = "old.lab"\nblocked = true\n[aliases]\nubi = "one.lab/ubi9/ubi"\n'

test('trace --registries-conf :: a file and its drop-ins, with the lines that say so', () => {
  const cwd = folder({ 'r.conf': CONF, 'r.conf.d/10.conf': '[[registry]]\nlocation = "old.lab"\n  [[registry.mirror]]\n  location = "new.lab"\n  pull-from-mirror = "tag-only"\n', 'r.conf.d/skipped.txt': 'no conf' })
  const trace = (image: string) => {
    const [one] = (JSON.parse(mirrorproof(['trace', image, '--registries-conf', 'r.conf', '--format', 'json'], { cwd }).stdout) as TraceReport).traces
    return one!.attempts.map(({ reference, reason, site }) => `${reference} ${reason}${site ? ` ${site.file}:${site.line}:${site.column}` : ''}`)
  }
  assert.equal(trace('quay.io/app:1'), ['one.lab/app:1 mirror r.conf:6:12', 'cache.lab/quay/app:1 source, after its mirrors r.conf:3:10'])
  assert.equal(trace('old.lab/app:1'), ['new.lab/app:1 mirror for tags r.conf.d/10.conf:4:14', 'old.lab/app:1 source, after its mirrors r.conf.d/10.conf:2:12'])
  assert.equal(trace('ubi:9'), ['one.lab/ubi9/ubi:9 source, because no mirror set covers it'])
})

test('trace --registries-conf :: files that nodes cannot read', () => {
  const broken: [text: string, error: string][] = [
    ['[[registry]]\nlocation = "https://quay.io"\n', 'invalid location \'https://quay.io\': URI schemes are not supported'],
    ['a =\n', 'toml: line 2: '],
    ['[[registry]]\nlocation = "quay.io"\nblocked = "yes"\n', 'toml: `registry.0.blocked` is of type string where boolean is expected'],
    [`a = ${'['.repeat(100_000)}`, 'toml: '],
    [`a = ${'['.repeat(50_000)}${']'.repeat(50_000)}`, 'toml: nested too deeply'],
    ['\u0000', 'toml: line 1: '],
  ]
  for (const [text, error] of broken) {
    const cwd = folder({ 'r.conf': text })
    const result = mirrorproof(['trace', 'quay.io/app', '--registries-conf', 'r.conf', '--format', 'json'], { cwd })
    const [trace] = (JSON.parse(result.stdout) as TraceReport).traces
    assert.ok(trace!.error!.startsWith(`loading registries configuration "r.conf": ${error}`), trace!.error!)
    assert.is(trace!.verdict, 'fails, as does every other pull, for nodes cannot read their configuration')
    assert.is(result.code, 1)
    assert.is(result.stderr, '')
  }
})

test('trace --registries-conf :: standard input, and a slash that only newer nodes forgive', () => {
  const input = '[[registry]]\nlocation = "quay.io"\n[[registry.mirror]]\nlocation = "one.lab/"\n'
  const newer = mirrorproof(['trace', 'quay.io/app:1', '--registries-conf', '-'], { input })
  assert.match(newer.stdout, 'is pulled from one.lab/app, else from the source')
  assert.match(newer.stderr, 'up to OpenShift 4.19 every pull through its entry fails')
  assert.match(mirrorproof(['trace', 'quay.io/app:1', '--registries-conf', '-', '--openshift', '4.19'], { input }).stdout, 'rewriting reference: invalid reference format')
})

test('render :: the bytes of one cluster, every file, and refusals', () => {
  const cwd = folder({ 'a.yaml': `${idms('org', '{source: quay.io/org, mirrors: [one.lab/org]}')}---\n${imageConfig('{blockedRegistries: [quay.io], containerRuntimeSearchRegistries: [one.lab]}')}`, 'bad/b.yaml': idms('bad', '{source: quay.io/org/, mirrors: [one.lab]}') })
  const only = mirrorproof(['render', 'a.yaml', '--openshift', '4.18'], { cwd })
  assert.is(only.stdout, 'unqualified-search-registries = ["registry.access.redhat.com", "docker.io"]\nshort-name-mode = ""\n\n[[registry]]\n  prefix = ""\n  location = "quay.io/org"\n\n  [[registry.mirror]]\n    location = "one.lab/org"\n    pull-from-mirror = "digest-only"\n')
  assert.is(only.stderr, 'mirrorproof: passed over in image.config of a.yaml: quay.io; the operator does not block its own release image (quay.io/openshift-release-dev/ocp-release, which is assumed)\n'
    + 'mirrorproof: the operator also writes /etc/containers/registries.conf.d/01-image-searchRegistries.conf (--format json shows all)\n')
  const all = JSON.parse(mirrorproof(['render', 'a.yaml', '--openshift', '4.19', '--format', 'json'], { cwd }).stdout) as RenderReport
  assert.is(all.files[1]!.content, 'unqualified-search-registries = ["one.lab"]\nshort-name-mode = ""\nadditional-layer-store-auth-helper = ""\n')
  const refused = mirrorproof(['render', 'bad', '--openshift', '4.18'], { cwd })
  assert.equal(refused, { code: 1, stdout: '', stderr: 'mirrorproof: the operator refuses the objects of bad: invalid format for source "quay.io/org/"\n' })
  assert.is(mirrorproof(['render', 'bad', '--openshift', '4.15'], { cwd }).code, 0)
  assert.match(mirrorproof(['render', 'a.yaml'], { cwd }).stderr, 'the OpenShift version of a.yaml is not known; the newest is assumed')
})

test('render :: the release image of a ClusterVersion is not blocked, as asked for or as it is', () => {
  for (const where of ['spec: {desiredUpdate: {image: RELEASE}}', 'status: {desired: {image: RELEASE}}', 'spec:\n  desiredUpdate:\n    image: quay.io/other\nstatus: {desired: {image: RELEASE}}', 'spec: {desiredUpdate: {image: RELEASE}}\nstatus: {desired: {image: "BAD::"}}']) {
    const version = `apiVersion: config.openshift.io/v1\nkind: ClusterVersion\nmetadata: {name: version}\n${where.replace('RELEASE', `registry.lab/ocp/release@${D}`)}\n`
    const cwd = folder({ 'a.yaml': imageConfig('{blockedRegistries: [registry.lab, quay.io]}'), 'version.yaml': version })
    const { stdout, stderr } = mirrorproof(['render', '--openshift', '4.18'], { cwd })
    assert.is(stderr, 'mirrorproof: passed over in image.config of .: registry.lab; the operator does not block its own release image (registry.lab/ocp/release)\nmirrorproof: the operator also writes /etc/containers/policy.json (--format json shows all)\n')
    assert.match(stdout, 'location = "quay.io"\n  blocked = true')
  }
})

test('render :: no cluster, or several', () => {
  const cwd = folder({ 'a/x.yaml': idms('org', '{source: q.io}'), 'b/x.yaml': idms('org', '{source: q.io}'), 'c/x.yaml': 'a: b\n' })
  assert.equal(mirrorproof(['render', 'c'], { cwd }), { code: 2, stdout: '', stderr: 'mirrorproof: there is no mirror configuration in c\n' })
  assert.equal(mirrorproof(['render'], { cwd }), { code: 2, stdout: '', stderr: 'mirrorproof: one cluster can be rendered, and there are 2 (a, b); pick one by --cluster\n' })
  assert.is(mirrorproof(['render', '--cluster', 'a', '--openshift', '4.18'], { cwd }).stdout, 'unqualified-search-registries = ["registry.access.redhat.com", "docker.io"]\nshort-name-mode = ""\n')
})

test('render :: without mirror sets, the file of the template', () => {
  const cwd = folder({ 'a.yaml': imageConfig('{allowedRegistries: [quay.io]}') })
  const { files } = JSON.parse(mirrorproof(['render', '--openshift', '4.18', '--format', 'json'], { cwd }).stdout) as RenderReport
  assert.is(files[0]!.content, "unqualified-search-registries = ['registry.access.redhat.com', 'docker.io']\n")
  assert.is(files[1]!.path, '/etc/containers/policy.json')
})

test('image.config :: what cannot be read of it is said', () => {
  const cwd = folder({ 'a.yaml': imageConfig('{blockedRegistries: quay.io}'), 'b/c.yaml': imageConfig('{insecureRegistries: ["<registry>"]}') })
  assert.match(mirrorproof(['render', 'a.yaml', '--openshift', '4.18'], { cwd }).stderr, 'not applied: Image/cluster, the API server refuses it for its `spec.registrySources.blockedRegistries`')
  assert.equal(mirrorproof(['render', 'b', '--openshift', '4.18'], { cwd }), { code: 3, stdout: '', stderr: 'mirrorproof: b cannot be rendered: b/c.yaml: entries of Image/cluster hold placeholders\n' })
  const traced = mirrorproof(['trace', 'quay.io/x', '--in', 'b', '--openshift', '4.18', '--format', 'json'], { cwd })
  assert.match(traced.stderr, '`insecureRegistries` of Image/cluster holds a placeholder such as `<registry>`')
  assert.is((JSON.parse(traced.stdout) as TraceReport).traces[0]!.incomplete, true)
})

const ORG = idms('org', '{source: quay.io/org, mirrors: [one.lab/org]}')

test('trace, render :: a declared cluster of which nothing was read', () => {
  const cwd = folder({ 'a/x.yaml': ORG, 'b/x.yaml': itms('org', '{source: quay.io/org, mirrors: [one.lab/org]}'), '.mirrorproof.yaml': 'clusters:\n- {name: one, version: "4.18", paths: [a]}\n- {name: two, version: "4.18", paths: [b]}\n' })
  const traced = (JSON.parse(mirrorproof(['trace', 'quay.io/org/x:1', '--in', 'b', '--format', 'json'], { cwd }).stdout) as TraceReport).traces
  assert.equal(traced.map(({ cluster }) => cluster), ['two'])
  assert.equal(mirrorproof(['render', 'b', '--cluster', 'one'], { cwd }), { code: 2, stdout: '', stderr: 'mirrorproof: there is nothing of cluster one in b\n' })
  assert.match(mirrorproof(['render', 'b'], { cwd }).stdout, 'tag-only')
})

test('trace, render :: what could not be read is not taken for nothing', () => {
  const cwd = folder({ 'broken.yaml': `${ORG}  bad\n: [`, 'open.yaml': idms('org', '{source: quay.io/org, mirrors: ["${MIRROR}/org"]}') })
  for (const file of ['broken.yaml', 'open.yaml']) {
    const rendered = mirrorproof(['render', file, '--openshift', '4.18', '--quiet'], { cwd })
    assert.is(rendered.code, 3)
    assert.is(rendered.stdout, '')
    assert.match(rendered.stderr, /cannot be read|hold placeholders/)
    assert.match(mirrorproof(['trace', 'quay.io/org/x:1', '--in', file, '--openshift', '4.18', '--quiet'], { cwd }).stdout, 'no mirror set that could be read covers it')
  }
})

test('trace, render :: objects that the API server does not have are left out, and said', () => {
  const cwd = folder({ 'a.yaml': itms('org', '{source: quay.io/org, mirrors: [one.lab/org], mirrorSourcePolicy: Never}') })
  const at = (version: string) => mirrorproof(['trace', `quay.io/org/x@${D}`, '--openshift', version], { cwd })
  assert.is(at('4.18').stderr, 'mirrorproof: a.yaml:1: not applied: ImageTagMirrorSet/org, the API server refuses it for its `spec.imageTagMirrors[0].mirrorSourcePolicy`\n')
  assert.is(at('4.12').stderr, 'mirrorproof: a.yaml:1: not applied: ImageTagMirrorSet/org, its kind is there from OpenShift 4.13 on\n')
  assert.match(at('4.12').stdout, 'no mirror set covers it')
})

test('trace :: of two objects of one name the last is taken, and that is said', () => {
  const cwd = folder({ 'a.yaml': `${ORG}---\n${idms('org', '{source: quay.io/other, mirrors: [one.lab/org]}')}` })
  const { stdout, stderr } = mirrorproof(['trace', `quay.io/org/x@${D}`, '--openshift', '4.18'], { cwd })
  assert.is(stderr, 'mirrorproof: . has ImageDigestMirrorSet/org 2 times; the last one is taken\n')
  assert.match(stdout, 'no mirror set covers it')
})

test('trace :: a registry that is passed over, and a source that is elsewhere', () => {
  const cwd = folder({ 'a.yaml': imageConfig('{blockedRegistries: [quay.io]}'), 'r.conf': CONF })
  assert.match(mirrorproof(['trace', 'quay.io/org/x:1', '--openshift', '4.18'], { cwd }).stderr, 'passed over in image.config of .: quay.io; the operator does not block its own release image')
  assert.match(mirrorproof(['trace', 'quay.io/org/x:1', '--registries-conf', 'r.conf'], { cwd }).stdout, 'is pulled from one.lab/org/x, else from the source, which is cache.lab/quay/org/x')
  assert.match(mirrorproof(['trace', 'a.io/x', '--registries-conf', 'r.conf', '--disconnected'], { cwd }).stdout, 'from the source alone, if a disconnected cluster can reach it')
})

test('trace --registries-conf :: what is no file', () => {
  const cwd = folder({ 'r.conf': CONF, 'r.conf.d/a.txt': '' })
  symlinkSync('nowhere', join(cwd, 'r.conf.d/a.conf'))
  assert.equal(mirrorproof(['trace', 'quay.io/x', '--registries-conf', 'r.conf'], { cwd }), { code: 3, stdout: '', stderr: 'mirrorproof: cannot read r.conf.d/a.conf (ENOENT)\n' })
  assert.equal(mirrorproof(['trace', 'quay.io/x', '--registries-conf', 'r.conf.d'], { cwd }), { code: 3, stdout: '', stderr: 'mirrorproof: r.conf.d is no file\n' })
  assert.equal(mirrorproof(['trace', 'quay.io/x', '--registries-conf', '-'], { cwd }), { code: 3, stdout: '', stderr: 'mirrorproof: nothing came from standard input\n' })
  writeFileSync(join(cwd, 'u.conf'), Buffer.from(CONF, 'utf16le'))
  assert.match(mirrorproof(['trace', 'quay.io/x', '--registries-conf', 'u.conf'], { cwd }).stdout, 'fails, as does every other pull')
})

test('render :: a refusal leaves --output alone', () => {
  const cwd = folder({ 'a.yaml': idms('bad', '{source: quay.io/org/, mirrors: [one.lab]}'), 'out.conf': 'kept\n' })
  assert.is(mirrorproof(['render', 'a.yaml', '--openshift', '4.18', '--output', 'out.conf'], { cwd }).code, 1)
  assert.is(readFileSync(join(cwd, 'out.conf'), 'utf8'), 'kept\n')
})

test('trace, render :: hold against their published schemas', () => {
  for (const [name, args] of [['trace', ['trace', 'ubi', 'quay.io/org/app:1', '--in', 'examples']], ['render', ['render', 'examples', '--cluster', 'berlin']]] as const) {
    const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(join(ROOT, `schema/${name}.schema.json`), 'utf8')) as object)
    assert.ok(validate(JSON.parse(mirrorproof([...args, '--format', 'json']).stdout)), JSON.stringify(validate.errors))
  }
})

test.run()
