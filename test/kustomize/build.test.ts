import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { build, type Built, kustomization, references } from '../../src/kustomize/build.ts'
import { locate } from '../../src/manifests/position.ts'
import type { Path, Place } from '../../src/manifests/document.ts'
import { placeOf, title } from '../../src/manifests/resource.ts'
import { treeOf } from './tree.ts'

type Files = Record<string, string>

const IDMS = 'apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata:\n  name: apps\nspec:\n  imageDigestMirrors:\n    - source: a.io\n      mirrors: [m.io/a]\n'
const POD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: a.io/web:v1\n'

function built(files: Files, folder = '/r'): Built {
  const tree = treeFrom(files)
  return build(kustomization(folder, tree)!, tree)
}

function treeFrom(files: Files) {
  return treeOf((place) => (Object.hasOwn(files, place) ? files[place] : undefined))
}

/** `file:line:column`, of the string that holds it where it is written in one. */
function site({ document, path }: Place): string {
  const outer = document.within
  if (outer) return site(outer)
  const { file, line, column } = locate(document, path)
  return `${file}:${line}:${column}`
}

const said = ({ unchecked }: Built) => unchecked.map(({ place, message }) => `${site(place)} ${message}`)

/** What is said of a kustomization in /r, beside which there are mirrors.yaml and pod.yaml. */
const SAID: [why: string, kustomization: string, said: string[], more?: Files][] = [
  ['nothing, of what is built', 'resources: [mirrors.yaml]', []],
  ['nothing, of labels and the like', 'resources: [mirrors.yaml]\ncommonLabels: {a: b}\ngeneratorOptions: {}\nbuildMetadata: []\nreplicas: [{name: x, count: 1}]', []],
  ['nothing, of a patch for what is not looked at', 'patches:\n  - patch: |\n      apiVersion: v1\n      kind: Service\n      metadata: {name: x}', []],
  ['a patch for mirrors that are not there', 'patches:\n  - patch: |\n      apiVersion: config.openshift.io/v1\n      kind: ImageDigestMirrorSet\n      metadata: {name: x}',
    ['r/kustomization.yaml:3:7 the patch is for ImageDigestMirrorSet/x, which is not among the resources']],
  ['the same by its target', 'patches:\n  - target: {kind: ImageDigestMirrorSet, name: x}\n    patch: "[]"', ['r/kustomization.yaml:2:5 the patch is for ImageDigestMirrorSet/x, which is not among the resources']],
  ['a remote base', 'resources:\n  - mirrors.yaml\n  - https://github.com/x/y?ref=v1', ['r/kustomization.yaml:3:5 `https://github.com/x/y?ref=v1` is remote and not fetched']],
  ['a file that is missing', 'resources:\n  - gone.yaml', ['r/kustomization.yaml:2:5 `gone.yaml` is not there']],
  ['what it includes is named where that is written', 'resources:\n  - inner', ['r/inner/kustomization.yaml:1:13 `gone` is not there'], { '/r/inner/kustomization.yaml': 'resources: [gone]' }],
  ['a cycle', 'resources:\n  - ../r2', ['r2/kustomization.yaml:1:13 Kustomize refuses it: the folder holds, or is, one that leads here'], { '/r2/kustomization.yaml': 'resources: [../r]' }],
  ['itself', 'resources: [.]', ['r/kustomization.yaml:1:13 Kustomize refuses it: the folder holds, or is, one that leads here']],
  ['an object that is there twice', 'resources: [mirrors.yaml, mirrors.yaml]', ['r/kustomization.yaml:1:27 ImageDigestMirrorSet/apps is there twice, which Kustomize refuses']],
  ['entries that are no paths', 'resources: [1, {a: b}, [x], mirrors.yaml]', ['r/kustomization.yaml:1:13', 'r/kustomization.yaml:1:16', 'r/kustomization.yaml:1:24'].map((at) => `${at} the entry is no path`)],
  ['a list that is none', 'resources: mirrors.yaml', ['r/kustomization.yaml:1:12 `resources` is no list']],
  ['a kustomization that is no object', '- x', ['r/kustomization.yaml:1:1 the kustomization is no object']],
  ['a kustomization that is no YAML', 'resources: [', ['r/kustomization.yaml:1:12 the kustomization cannot be read: unexpected end of the stream within a flow collection']],
  ['a field that there is not', 'resource: [mirrors.yaml]', ['r/kustomization.yaml:1:1 Kustomize has no field `resource` and refuses the file']],
  ['a Helm chart', 'helmCharts:\n  - name: x', ['r/kustomization.yaml:2:5 the Helm chart `x` is not rendered']],
  ['a plugin', 'resources: [mirrors.yaml]\ntransformers:\n  - plugin.yaml', ['r/plugin.yaml:2:7 what a Mine changes is not evaluated'], { '/r/plugin.yaml': 'apiVersion: example.com/v1\nkind: Mine' }],
  ['a replacement that may set an image', 'resources: [pod.yaml]\nreplacements:\n  - source: {kind: Pod}\n    targets:\n      - select: {kind: Pod}\n        fieldPaths: [metadata.labels.x]\n      - select: {kind: Pod}\n        fieldPaths: [spec.containers.0.image]',
    ['r/kustomization.yaml:7:9 the replacement is not filled in']],
  ['two objects that a patch calls the same', 'resources: [mirrors.yaml, other.yaml]\npatches: [{target: {name: other}, patch: "[{op: replace, path: /metadata/name, value: apps}]"}]',
    ['r/kustomization.yaml:1:1 ImageDigestMirrorSet/apps is there twice once it is patched, which Kustomize refuses'], { '/r/other.yaml': IDMS.replace('apps', 'other') }],
  ['a JSON patch that fails, at its operation', 'resources: [mirrors.yaml]\npatches:\n  - path: p.yaml\n    target: {kind: ImageDigestMirrorSet}',
    ['r/p.yaml:3:9 a `test` of the patch fails'], { '/r/p.yaml': '- {op: add, path: /spec/x, value: 1}\n- op: test\n  path: /spec/x\n  value: 2' }],
  ['a merge that fails, at the value', 'resources: [mirrors.yaml]\npatches:\n  - path: p.yaml', ['r/p.yaml:4:1 the patch has a value of another type than what it changes'],
    { '/r/p.yaml': 'apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata: {name: apps}\nspec: [1]' }],
  ['a target that may take long to match', 'resources: [mirrors.yaml]\npatches:\n  - target: {name: (a+)+b}\n    patch: "[]"', ['r/kustomization.yaml:3:5 the `target` of the patch is not evaluated']],
]

for (const [why, text, expected, more = {}] of SAID) {
  test(`says :: ${why}`, () => {
    const result = built({ '/r/kustomization.yaml': text, '/r/mirrors.yaml': IDMS, '/r/pod.yaml': POD, ...more })
    assert.equal(said(result), expected)
  })
}

/** Where a part of the one object of a build comes from, and what it is. */
const PLACES: [why: string, kustomization: string, part: Path, value: unknown, at: string, more?: Files][] = [
  ['what nothing touches stays where it was written', 'resources: [mirrors.yaml]', ['spec', 'imageDigestMirrors', 0, 'source'], 'a.io', 'r/mirrors.yaml:7:15'],
  ['a list of a patch file', 'resources: [mirrors.yaml]\npatches: [{path: p.yaml}]', ['spec', 'imageDigestMirrors', 0, 'mirrors', 0], 'm.io/b', 'r/p.yaml:7:17',
    { '/r/p.yaml': IDMS.replace('m.io/a', 'm.io/b').replace('spec:\n  imageDigestMirrors:\n    - source: a.io\n      mirrors', 'spec:\n  imageDigestMirrors:\n    - mirrors') }],
  ['a list of an inline patch, at the string', 'resources: [mirrors.yaml]\npatches:\n  - target: {kind: ImageDigestMirrorSet}\n    patch: |\n      - {op: replace, path: /spec/imageDigestMirrors, value: [{source: x}]}',
    ['spec', 'imageDigestMirrors', 0, 'source'], 'x', 'r/kustomization.yaml:5:7'],
  ['the value of a JSON patch, whole', 'resources: [mirrors.yaml]\npatches: [{path: p.yaml, target: {kind: Image.*}}]', ['spec', 'imageDigestMirrors', 0], { source: 'x' }, 'r/p.yaml:3:3',
    { '/r/p.yaml': '- op: add\n  path: /spec/imageDigestMirrors/0\n  value:\n    source: x' }],
  ['what a JSON patch moves stays where it was written', 'resources: [mirrors.yaml]\npatches: [{path: p.yaml, target: {kind: Image.*}}]', ['spec', 'imageDigestMirrors', 1, 'source'], 'a.io', 'r/mirrors.yaml:7:15',
    { '/r/p.yaml': '- op: add\n  path: /spec/imageDigestMirrors/0\n  value:\n    source: x' }],
  ['an image of `images`', 'resources: [pod.yaml]\nimages:\n  - name: a.io/web\n    newTag: v2\n    newName: m.io/web', ['spec', 'containers', 0, 'image'], 'm.io/web:v2', 'r/kustomization.yaml:5:14'],
  ['a prefix', 'resources: [mirrors.yaml]\nnamePrefix: east-', ['metadata', 'name'], 'east-apps', 'r/kustomization.yaml:2:13'],
  ['a namespace', 'resources: [mirrors.yaml]\nnamespace: web', ['metadata', 'namespace'], 'web', 'r/kustomization.yaml:2:12'],
  ['an image that a patch sets in one of several containers', 'resources: [pod.yaml]\npatchesStrategicMerge: [p.yaml]', ['spec', 'containers', 0, 'image'], 'm.io/new', 'r/p.yaml:5:35',
    { '/r/p.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: web, image: m.io/new}]' }],
  ['the name of that container', 'resources: [pod.yaml]\npatchesStrategicMerge: [p.yaml]', ['spec', 'containers', 0, 'terminationMessagePath'], undefined, 'r/pod.yaml:7:7',
    { '/r/p.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: web, image: m.io/new}]' }],
  ['a generated ConfigMap', 'configMapGenerator:\n  - name: made\n    literals:\n      - a=b', ['data', 'a'], 'b', 'r/kustomization.yaml:4:9'],
]

for (const [why, text, part, value, at, more = {}] of PLACES) {
  test(`blames :: ${why}`, () => {
    const { resources: [only, ...rest], unchecked } = built({ '/r/kustomization.yaml': text, '/r/mirrors.yaml': IDMS, '/r/pod.yaml': POD, ...more })
    assert.equal([rest, unchecked], [[], []])
    assert.equal(part.reduce((inner, step) => (inner as Record<string | number, unknown> | undefined)?.[step], only!.value as unknown), value)
    assert.is(site(placeOf(only!, part)), at)
  })
}

test('names :: prefix, suffix and namespace', () => {
  const { resources } = built({ '/r/kustomization.yaml': 'resources: [mirrors.yaml]\nnamePrefix: a-\nnameSuffix: -z\nnamespace: web', '/r/mirrors.yaml': `${IDMS}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: web}` })
  assert.equal(resources.map((one) => [title(one), one.namespace]), [['ImageDigestMirrorSet/a-apps-z', 'web'], ['Namespace/web', undefined]])
})

test('untouched resources are those of the tree, and shared bases are built once', () => {
  const files = { '/base/kustomization.yaml': 'resources: [m.yaml]', '/base/m.yaml': IDMS, '/a/kustomization.yaml': 'resources: [../base]', '/b/kustomization.yaml': 'resources: [../base]\npatches: [{patch: "[{op: remove, path: /spec}]", target: {kind: .*}}]' }
  const tree = treeFrom(files)
  const [a, b, again] = ['/a', '/b', '/a'].map((folder) => build(kustomization(folder, tree)!, tree))
  assert.is(a!.resources[0], again!.resources[0])
  assert.is(a!.resources[0]!.origin, undefined)
  assert.is(b!.resources[0]!.value['spec'], undefined)
  assert.ok(a!.resources[0]!.value['spec'])
  assert.equal([...b!.reached], ['/b/kustomization.yaml', '/base/kustomization.yaml', '/base/m.yaml'])
})

test('a base that is in a cycle is whole where it is built on its own', () => {
  const tree = treeFrom({ '/a/kustomization.yaml': 'resources: [../b, m.yaml]', '/a/m.yaml': IDMS, '/b/kustomization.yaml': 'resources: [../a, p.yaml]', '/b/p.yaml': POD })
  for (const folder of ['/a', '/b', '/a']) assert.equal(build(kustomization(folder, tree)!, tree).resources.length, 2)
})

test('references :: folders and files, without a build', () => {
  const tree = treeFrom({ '/r/kustomization.yaml': 'resources: [../base, m.yaml, gone, "https://x.io/y.yaml"]\nbases: [../old]\ncomponents: [c]\npatches: [{path: p.yaml}, {patch: "kind: X"}]\npatchesStrategicMerge: [s.yaml, "a: b\\nc: d"]\nconfigMapGenerator: [{files: [k=f.conf], env: e}]',
    '/base/kustomization.yml': '', '/old/Kustomization': 'a: b', '/r/c/kustomization.yaml': 'kind: Component' })
  assert.equal(references(kustomization('/r', tree)!, tree), { folders: ['/old', '/r/c'], files: ['/base', '/r/m.yaml', '/r/gone', '/r/s.yaml', '/r/p.yaml', '/r/f.conf', '/r/e'] })
  assert.is(kustomization('/r/c', tree)!.component, true)
  assert.is(kustomization('/nowhere', tree), undefined)
})

/** What is written to take long, or to break something; all of it ends at once. */
const HOSTILE: [why: string, files: () => Files][] = [
  ['thirty levels that each include the next twice', () => levels(30, (next) => `resources: [../${next}, ../${next}]`)],
  ['the same, under two names', () => levels(30, (next) => `resources: [../${next}/a, ../${next}/b]`, true)],
  ['components that include components twice', () => ({ ...levels(30, (next) => `kind: Component\ncomponents: [../${next}, ../${next}]`), '/r/kustomization.yaml': 'resources: [../l30]\ncomponents: [../l0]' })],
  ['a thousand levels', () => levels(1000, (next) => `resources: [../${next}]`)],
  ['a thousand patches of a thousand objects', () => ({
    '/r/kustomization.yaml': `resources: [m.yaml]\npatches:\n${Array.from({ length: 1000 }, (_, index) => `  - {target: {name: "x${index}.*"}, patch: '[{"op": "add", "path": "/spec/y", "value": 1}]'}`).join('\n')}`,
    '/r/m.yaml': Array.from({ length: 1000 }, (_, index) => IDMS.replace('apps', `x${index}y`)).join('---\n') })],
  ['names of every object\'s own', () => ({ '/r/kustomization.yaml': 'resources: [__proto__, constructor]\n__proto__: {a: b}\nconstructor: x\npatches: [{target: {kind: constructor, __proto__: x}, patch: "[{op: add, path: /__proto__/polluted, value: 1}]"}]\nimages: [{name: __proto__}]' })],
  ['types at random', () => ({ '/r/kustomization.yaml': Object.entries({ resources: '[null, [], {}]', patches: '[1, null, [], {}, {patch: 1}, {path: []}, {target: 1, patch: x}]', images: '[1, null, {}, {name: [1]}]', patchesStrategicMerge: '[1, {}, "{", "[1]"]', patchesJson6902: '[1, {}]',
    components: '[1, "."]', labels: '[1, {pairs: 1}]', commonLabels: 'x', namePrefix: '[1]', namespace: '{}', configMapGenerator: '[1, {}, {name: x, literals: 1, files: [1, "=", gone], envs: [gone]}]', replacements: '[1, {}, {path: gone}]', vars: '[1]', openapi: '1',
    transformers: '[1, "a: b\\nc"]', generators: '[1, "{\\n"]', configurations: '[1, gone]', helmCharts: '[1]', crds: '1' }).map(([key, value]) => `${key}: ${value}`).join('\n') })],
]

function levels(count: number, text: (next: string) => string, named = false): Files {
  const files: Files = { [`/l${count}/kustomization.yaml`]: 'resources: [m.yaml]', [`/l${count}/m.yaml`]: IDMS, '/r/kustomization.yaml': 'resources: [../l0]' }
  for (let level = 0; level < count; level++) files[`/l${level}/kustomization.yaml`] = text(`l${level + 1}`)
  const names = named ? ['a', 'b'] : []
  for (let level = 0; level <= count; level++) for (const name of names) files[`/l${level}/${name}/kustomization.yaml`] = level === count ? `resources: [m.yaml]\nnamePrefix: ${name}` : `resources: [../../l${level + 1}/a, ../../l${level + 1}/b]\nnamePrefix: ${name}`
  for (const name of names) files[`/l${count}/${name}/m.yaml`] = IDMS
  return files
}

for (const [why, files] of HOSTILE) {
  test(`hostile :: ${why}`, () => {
    const start = performance.now()
    built(files())
    assert.ok(performance.now() - start < 3000, `${performance.now() - start} ms`)
    assert.is(({} as Record<string, unknown>)['polluted'], undefined)
  })
}

test.run()
