import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { load } from 'js-yaml'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Config } from '../src/config.ts'
import type { ClustersReport } from '../src/report/clusters.ts'
import type { CheckReport } from '../src/report/json.ts'
import { folder, mirrorproof, ROOT } from './command.ts'

const idms = (name: string, mirror: string) => `apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata: {name: ${name}}\nspec:\n  imageDigestMirrors:\n  - source: quay.io/${name}\n    mirrors: [${mirror}]\n`
const clusterVersion = (version: string) => `apiVersion: config.openshift.io/v1\nkind: ClusterVersion\nmetadata: {name: version}\nspec: {desiredUpdate: {version: ${version}}}\n`
const hosted = 'apiVersion: hypershift.openshift.io/v1beta1\nkind: HostedCluster\nmetadata: {name: tenant}\nspec:\n  imageContentSources:\n  - {source: quay.io/a, mirrors: [m.example.net/a]}\n'
const application = (path: string, cluster: string) => `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: ${cluster}}\nspec: {source: {path: ${path}}, destination: {name: ${cluster}}}\n`

/** Runs init in a folder, and returns the file that it wrote. */
function init(cwd: string, ...args: string[]): { stdout: string; text: string; config: Config } {
  const { code, stdout, stderr } = mirrorproof(['init', ...args], { cwd })
  assert.equal([code, stderr], [0, ''])
  const text = readFileSync(join(cwd, '.mirrorproof.yaml'), 'utf8')
  assert.ok(stdout.startsWith(`wrote .mirrorproof.yaml:\n\n${text}\n`))
  return { stdout, text, config: (/^clusters:/m.test(text) ? load(text) : {}) as Config }
}

/** What is declared, as `NAME: PATHS`, and a line that the file has. */
const DECLARED: [name: string, files: Record<string, string>, clusters: string[], says: RegExp][] = [
  ['one cluster', { 'a.yaml': idms('a', 'm.example.net/a') }, ['REPOSITORY: .'], /# nothing here says that there are several$/m],
  [
    'two clusters and what they share', { 'base/a.yaml': idms('a', 'm.example.net/a'), 'lab/b.yaml': idms('b', 'm.example.net/b'), 'prod/deep/b.yaml': idms('b', 'm.example.net/c') },
    ['lab: base lab', 'prod: base prod'], /^ {2}- base +# shared with prod$/m,
  ],
  [
    'a file beside the folders of clusters', { 'clusters/a.yaml': idms('a', 'm.example.net/a'), 'clusters/lab/b.yaml': idms('b', 'm.example.net/b'), 'clusters/prod/b.yaml': idms('b', 'm.example.net/c') },
    ['lab: clusters/a.yaml clusters/lab', 'prod: clusters/a.yaml clusters/prod'], /^ {2}- clusters\/a\.yaml +# shared with prod$/m,
  ],
  [
    'overlays', {
      'base/kustomization.yaml': 'resources: [a.yaml]\n', 'base/a.yaml': idms('a', 'm.example.net/a'), 'overlays/lab/kustomization.yaml': 'resources: [../../base]\n', 'overlays/prod/kustomization.yaml': 'resources: [../../base]\n',
    },
    ['lab: overlays/lab', 'prod: overlays/prod'], /# its folder repeats objects that another folder has/,
  ],
  [
    'versions are said where they are read', { 'lab/v.yaml': clusterVersion('4.16.3'), 'prod/v.yaml': clusterVersion('4.17.1') }, ['lab: lab', 'prod: prod'],
    /^ {2}# version: "4\.16\.3" +# read from ClusterVersion\/version in lab\/v\.yaml; say it here only where that is wrong$/m,
  ],
  ['nothing says which version', { 'a.yaml': idms('a', 'm.example.net/a') }, ['REPOSITORY: .'], /^ {2}# version: "X\.Y" +# nothing says which; rules that depend on it are milder$/m],
  ['whether nodes reach the internet is a question', { 'a.yaml': idms('a', 'm.example.net/a') }, ['REPOSITORY: .'], /^ {2}# disconnected: true +# can its nodes reach no public registry\? Nothing here says so$/m],
  ['a hosted cluster is found by itself', { 'a.yaml': idms('a', 'm.example.net/a'), 'hosted.yaml': hosted }, ['REPOSITORY: .'], /^# Found by themselves, whatever is declared here:\n# - tenant: HostedCluster\/tenant is for it$/m],
  ['hosted clusters alone', { 'hosted.yaml': hosted }, [], /^# all that is here says itself which clusters it is for\.\n# - tenant: /m],
  [
    'Argo CD', { 'apps/a.yaml': application('lab', 'lab-1'), 'apps/b.yaml': application('prod', 'prod-1'), 'lab/a.yaml': idms('a', 'm.example.net/a'), 'prod/a.yaml': idms('a', 'm.example.net/a') },
    [], /^# Applications of Argo CD say which folders go to which cluster, .*\.\n# - lab-1: Argo CD applies 1 folder to it\n# - prod-1: /m,
  ],
  [
    'folders of one name', Object.fromEntries(['a/lab', 'a/prod', 'b/lab', 'b/test'].map((at) => [`${at}/b.yaml`, idms('b', `m.example.net/${at}`)])), ['a/lab: a/lab', 'b/lab: b/lab', 'prod: a/prod', 'test: b/test'], /^clusters:$/m,
  ],
  ['names that have to be quoted', { 'yes/a.yaml': idms('a', 'm.example.net/a'), '- #: "\u202e/a.yaml': idms('a', 'm.example.net/b') }, ['- #: "\u202e: - #: "\u202e', 'yes: yes'], /^- name: "yes" /m],
]
for (const [name, files, clusters, says] of DECLARED) {
  test(`init :: ${name}`, () => {
    const cwd = folder(files)
    const { text, config } = init(cwd)
    assert.equal((config.clusters ?? []).map((one) => `${one.name === basename(cwd) ? 'REPOSITORY' : one.name}: ${one.paths.join(' ')}`).sort(), clusters)
    assert.match(text, says)
    assert.is(mirrorproof(['config'], { cwd }).code, 0)
  })
}

test('init :: what flags say is written', () => {
  const { config, text } = init(folder({ 'lab/v.yaml': clusterVersion('4.16.3'), 'prod/v.yaml': clusterVersion('4.17.1') }), '--openshift', '4.18', '--disconnected')
  assert.equal(config.clusters!.map(({ name, version, disconnected }) => ({ name, version, disconnected })), ['lab', 'prod'].map((name) => ({ name, version: '4.18', disconnected: true })))
  assert.match(text, /^ {2}version: "4\.18" +# --openshift$/m)
})

test('init :: what flags say cannot be written where no cluster is declared, and it says so', () => {
  const { code, stderr } = mirrorproof(['init', '--openshift', '4.18', '--disconnected'], { cwd: folder({ 'hosted.yaml': hosted }) })
  assert.equal([code, stderr], [0, 'mirrorproof: --openshift is not written, for no cluster is declared\nmirrorproof: --disconnected is not written, for no cluster is declared\n'])
})

test('init :: where declared clusters would have other findings, it declares none', () => {
  const icsp = 'apiVersion: operator.openshift.io/v1alpha1\nkind: ImageContentSourcePolicy\nmetadata: {name: old}\nspec:\n  repositoryDigestMirrors:\n  - source: quay.io/old\n    mirrors: [m.example.net/old]\n'
  const { text, config } = init(folder({ 'base/a.yaml': idms('a', 'm.example.net/a'), 'base-old/old.yaml': icsp, 'lab/b.yaml': `${idms('b', 'm.example.net/b')}---\n${icsp.replace('name: old', 'name: lab')}`, 'prod/b.yaml': idms('b', 'm.example.net/c') }))
  assert.is(config.clusters, undefined)
  assert.match(text, /^# declared by folders and files, they would have other findings than now\.\n# - lab: its folder repeats objects/m)
})

test('init :: what was likely is sure now, and it says so', () => {
  const cwd = folder({ 'a/a.yaml': idms('a', 'm.example.net/a'), 'a/b.yaml': idms('a', 'm.example.net/b') })
  const levels = () => (JSON.parse(mirrorproof(['check', '--format', 'json'], { cwd }).stdout) as CheckReport).findings.filter(({ rule }) => rule === 'duplicate-object').map(({ level }) => level)
  assert.equal(levels(), ['warning'])
  assert.match(init(cwd).stdout, 'What is declared is taken for sure: 1 finding is more severe than before.')
  assert.equal(levels(), ['error'])
})

/** What it refuses, and says. */
const REFUSED: [name: string, files: Record<string, string>, args: string[], code: number, message: string][] = [
  ['a configuration is there', { '.mirrorproof.yaml': '', 'a.yaml': idms('a', 'm') }, [], 2, 'there is a configuration already: .mirrorproof.yaml'],
  ['one is there that is wrong', { '.mirrorproof.yaml': '[', 'a.yaml': idms('a', 'm') }, [], 2, 'there is a configuration already: .mirrorproof.yaml'],
  ['one is above', { '.mirrorproof.yaml': '', 'sub/a.yaml': idms('a', 'm') }, ['sub'], 2, 'there is a configuration already: .mirrorproof.yaml'],
  ['nothing is there', { '.git/HEAD': '', 'a.yaml': 'a: 1\n' }, [], 2, 'nothing in . tells of a cluster; is it the right folder?'],
  ['a file', { 'a.yaml': idms('a', 'm') }, ['a.yaml'], 2, 'init takes one folder'],
  ['two folders', { 'a/a.yaml': idms('a', 'm'), 'b/a.yaml': idms('a', 'm') }, ['a', 'b'], 2, 'init takes one folder'],
  ['no folder', {}, ['nowhere'], 2, 'init takes one folder'],
  ['standard input', {}, ['-'], 2, 'init takes one folder'],
  ['no version', { 'a.yaml': idms('a', 'm') }, ['--openshift', 'x'], 2, '--openshift takes a version such as 4.16 or 4.16.3, not x'],
]
for (const [name, files, args, code, message] of REFUSED) {
  test(`init :: ${name} :: is refused`, () => {
    const cwd = folder(files)
    assert.equal(mirrorproof(['init', ...args], { cwd }), { code, stdout: '', stderr: `mirrorproof: ${message}\n` })
    assert.is(existsSync(join(cwd, '.mirrorproof.yaml')), files['.mirrorproof.yaml'] !== undefined)
  })
}

/** Repositories in which nothing may change by it: those of the tests for what carries mirror configuration, the example, and real ones. */
const CORPUS = join(ROOT, '../shared/corpus')
const CARRIERS = readdirSync(join(ROOT, 'test/carriers'))
const REAL = ['MigliS+gitops-mgmt-cluster', 'OCP-on-NERC+nerc-ocp-config', 'ebeaudoi+ocp-cluster-catalogs', 'jparrill+hypershift-disconnected', 'openshift-kni+telco-reference', 'red-hat-storage+ocs-ci', 'snippets']
const REPOSITORIES = [join(ROOT, 'examples'), ...CARRIERS.map((name) => join(ROOT, 'test/carriers', name)), ...(existsSync(CORPUS) ? REAL.map((name) => join(CORPUS, name)) : [])]
if (!existsSync(CORPUS)) {
  test.skip('init :: skipped in real repositories, ../shared/corpus is not there')
  console.log('skipped: init in real repositories, for ../shared/corpus is not there')
}
let declaring = 0
for (const repository of REPOSITORIES) {
  test(`init :: ${basename(repository)} :: clusters hold what they held, and the findings are the same`, () => {
    const cwd = mkdtempSync(join(tmpdir(), 'mirrorproof-init-'))
    cpSync(repository, cwd, { recursive: true })
    rmSync(join(cwd, '.mirrorproof.yaml'), { force: true })
    const before = [held(cwd), found(cwd)]
    if (before[0]!.length === 0) return assert.is(mirrorproof(['init'], { cwd }).code, 2)
    const { config } = init(cwd)
    if (config.clusters) declaring++
    assert.equal([held(cwd), found(cwd)], before)
    rmSync(cwd, { recursive: true })
  })
}
test('init :: in most of these repositories it declares clusters', () => {
  assert.ok(declaring > REPOSITORIES.length / 2, `${declaring} of ${REPOSITORIES.length}`)
})

test.run()

/** What each cluster holds, without its name. */
function held(cwd: string): string[] {
  const { clusters } = JSON.parse(mirrorproof(['clusters', '--format', 'json'], { cwd }).stdout) as ClustersReport
  return clusters.map(({ openshift, disconnected, objects, images }) => JSON.stringify([openshift, disconnected, objects, images])).sort()
}

/** Findings without the names of clusters, and the doubts that go when clusters are declared. */
function found(cwd: string): string[] {
  const { findings } = JSON.parse(mirrorproof(['check', '--format', 'json'], { cwd }).stdout) as CheckReport
  return findings.map(({ rule, file, line, message, fingerprint }) => `${file}:${line}: ${message.replace(/ \(if (?:they reach|the mirror sets that are here are for) the same cluster\)/, '')} [${rule} ${fingerprint}]`).sort()
}
