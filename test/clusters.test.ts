import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ClustersReport } from '../src/report/clusters.ts'
import type { TraceReport } from '../src/report/trace.ts'
import { folder, mirrorproof, ROOT } from './command.ts'
import { validator } from './schema.ts'

const idms = (name: string, mirror: string) => `apiVersion: config.openshift.io/v1
kind: ImageDigestMirrorSet
metadata: {name: ${name}}
spec:
  imageDigestMirrors:
  - source: quay.io/org
    mirrors: [${mirror}]
`
const clusterVersion = (spec: string, status = '{}') => `apiVersion: config.openshift.io/v1
kind: ClusterVersion
metadata: {name: version}
spec: ${spec}
status: ${status}
`

const seen = (files: Record<string, string>, ...args: string[]) => {
  const { stdout, stderr, code } = mirrorproof(['clusters', '--format', 'json', ...args], { cwd: folder(files) })
  assert.is(stderr, '')
  assert.is(code, 0)
  return JSON.parse(stdout) as ClustersReport
}
const names = (files: Record<string, string>) => Object.fromEntries(seen(files).clusters.map(({ name, objects }) => [name, objects.map(({ file, builtBy }) => (builtBy ? `${file} by ${builtBy}` : file))]))

/** Objects of a lone cluster, its version and what says so. */
const VERSIONS: [why: string, manifests: string, version: string | null, from: string | RegExp][] = [
  ['a desired update', clusterVersion('{desiredUpdate: {version: 4.16.3}}'), '4.16.3', 'ClusterVersion/version in a.yaml'],
  ['a desired update before what runs', clusterVersion('{desiredUpdate: {version: 4.17.1}}', '{desired: {version: 4.16.3}}'), '4.17.1', 'ClusterVersion/version in a.yaml'],
  ['what runs, in a dump', clusterVersion('{channel: stable-4.17}', '{desired: {version: 4.16.3}}'), '4.16.3', 'ClusterVersion/version in a.yaml'],
  ['a release image', clusterVersion('{desiredUpdate: {image: "quay.io/openshift-release-dev/ocp-release:4.18.1-aarch64"}}'), '4.18.1', 'ClusterVersion/version in a.yaml'],
  ['a mirrored release image', clusterVersion('{desiredUpdate: {image: "mirror.example.net:5000/ocp/release:4.18.1-multi"}}'), '4.18.1', 'ClusterVersion/version in a.yaml'],
  ['a release image by digest says nothing', clusterVersion(`{desiredUpdate: {image: "quay.io/openshift-release-dev/ocp-release@sha256:${'0a'.repeat(32)}"}}`), null, 'nothing says which'],
  ['OKD', clusterVersion('{desiredUpdate: {version: 4.15.0-0.okd-2024-03-10-010116}}'), '4.15.0-0.okd-2024-03-10-010116', 'ClusterVersion/version in a.yaml'],
  ['OKD on SCOS', clusterVersion('{desiredUpdate: {image: "quay.io/okd/scos-release:4.19.0-okd-scos.1"}}'), '4.19.0-okd-scos.1', 'ClusterVersion/version in a.yaml'],
  ['the update channel, where nothing else does', clusterVersion('{channel: eus-4.16}'), '4.16', 'the channel eus-4.16 of ClusterVersion/version in a.yaml'],
  ['a channel of its own', clusterVersion('{channel: my-4.16}'), null, 'nothing says which'],
  ['no other object is called version', clusterVersion('{desiredUpdate: {version: 4.16.3}}').replace('name: version', 'name: other'), null, 'nothing says which'],
  ['the channel of an operator says nothing', 'apiVersion: operators.coreos.com/v1alpha1\nkind: Subscription\nmetadata: {name: acm}\nspec: {channel: stable-4.16, image: x}\n', null, 'nothing says which'],
  ['an image set that nothing refers to', 'apiVersion: hive.openshift.io/v1\nkind: ClusterImageSet\nmetadata: {name: img4.16}\nspec: {releaseImage: "quay.io/openshift-release-dev/ocp-release:4.16.1-x86_64"}\n', null, 'nothing says which'],
]

for (const [why, manifests, version, from] of VERSIONS) {
  test(`version :: ${why}`, () => {
    const { clusters: [cluster] } = seen({ 'a.yaml': `${manifests}---\n${idms('a', 'm.example.net/a')}` })
    assert.equal([cluster!.openshift, cluster!.openshiftFrom], [version, from])
  })
}

test('version :: of clusters that are made by others', () => {
  const { clusters } = seen({ 'a.yaml': `apiVersion: hive.openshift.io/v1
kind: ClusterDeployment
metadata: {name: edge}
spec: {clusterName: edge, provisioning: {imageSetRef: {name: img}}}
---
apiVersion: hive.openshift.io/v1
kind: ClusterImageSet
metadata: {name: img}
spec: {releaseImage: "quay.io/openshift-release-dev/ocp-release:4.16.1-x86_64"}
---
apiVersion: hypershift.openshift.io/v1beta1
kind: HostedCluster
metadata: {name: tenant}
spec: {release: {image: "quay.io/openshift-release-dev/ocp-release:4.17.2-x86_64"}}
` })
  assert.equal(clusters.filter(({ openshift }) => openshift).map(({ name, openshift }) => [name, openshift]), [['edge', '4.16.1'], ['tenant', '4.17.2']])
})

test('version :: two that differ in one cluster are none', () => {
  const [one] = seen({ 'a.yaml': clusterVersion('{desiredUpdate: {version: 4.16.3}}').replace('name: version', 'name: version'), 'b.yaml': clusterVersion('{desiredUpdate: {version: 4.17.3}}') }).clusters
  assert.equal([one!.openshift, one!.openshiftFrom], [null, 'its objects name several'])
})

/** Files, and the clusters with the files of their objects. */
const LAYOUTS: [why: string, files: Record<string, string>, clusters: Record<string, string[]>][] = [
  ['alternatives, a folder for each mirror registry', { 'quay/idms.yaml': idms('org', 'quay.example.net/org'), 'harbor/idms.yaml': idms('org', 'harbor.example.net/org') },
    { quay: ['quay/idms.yaml'], harbor: ['harbor/idms.yaml'] }],
  ['a base is what overlays build of it', {
    'base/kustomization.yaml': 'resources: [idms.yaml]\n', 'base/idms.yaml': idms('org', 'base.example.net/org'),
    'overlays/east/kustomization.yaml': 'resources: [../../base]\n', 'overlays/west/kustomization.yaml': 'resources: [../../base]\n',
  }, { 'overlays/east': ['base/idms.yaml by overlays/east/kustomization.yaml'], 'overlays/west': ['base/idms.yaml by overlays/west/kustomization.yaml'] }],
  ['what the kustomization of a folder does not name is left out', { 'app/kustomization.yaml': 'resources: [a.yaml]\n', 'app/a.yaml': idms('a', 'm.example.net/a'), 'app/b.yaml': idms('b', 'm.example.net/b') },
    { '.': ['app/a.yaml by app/kustomization.yaml'] }],
  ['declared clusters, of which a kustomization around them builds all', {
    '.mirrorproof.yaml': 'clusters:\n- {name: east, paths: [clusters/east]}\n- {name: west, paths: [clusters/west]}\n',
    'all/kustomization.yaml': 'resources: [../clusters/east]\n',
    'clusters/east/kustomization.yaml': 'resources: [idms.yaml]\n', 'clusters/east/idms.yaml': idms('org', 'east.example.net/org'), 'clusters/west/idms.yaml': idms('org', 'west.example.net/org'),
  }, { east: ['clusters/east/idms.yaml by clusters/east/kustomization.yaml'], west: ['clusters/west/idms.yaml'] }],
  ['Argo CD applies a folder that another kustomization builds upon', {
    'apps/app.yaml': 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: base}\nspec:\n  source: {path: base}\n  destination: {name: hub}\n',
    'base/kustomization.yaml': 'resources: [idms.yaml]\n', 'base/idms.yaml': idms('org', 'base.example.net/org'), 'overlay/kustomization.yaml': 'resources: [../base]\n',
  }, { hub: ['base/idms.yaml by base/kustomization.yaml'], '.': ['base/idms.yaml by overlay/kustomization.yaml'] }],
  ['an ApplicationSet over folders', {
    'appset.yaml': 'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: all}\nspec:\n  generators:\n  - git:\n      directories: [{path: sites/*}, {path: sites/skip, exclude: true}]\n  template:\n    spec:\n      source: {path: "{{path}}/mirrors"}\n      destination: {name: "{{path.basename}}"}\n',
    'sites/a/mirrors/idms.yaml': idms('org', 'a.example.net/org'), 'sites/b/mirrors/idms.yaml': idms('org', 'b.example.net/org'), 'sites/skip/mirrors/idms.yaml': idms('org', 'c.example.net/org'),
  }, { a: ['sites/a/mirrors/idms.yaml'], b: ['sites/b/mirrors/idms.yaml'], '.': ['sites/skip/mirrors/idms.yaml'] }],
  ['two services that install clusters', Object.fromEntries(['a', 'b'].flatMap((site) => [[`${site}/asc.yaml`, 'apiVersion: agent-install.openshift.io/v1beta1\nkind: AgentServiceConfig\nmetadata: {name: agent}\nspec: {mirrorRegistryRef: {name: mirrors}}\n'],
      [`${site}/cm.yaml`, `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mirrors}\ndata:\n  registries.conf: |\n    [[registry]]\n    location = "quay.io/${site}"\n    [[registry.mirror]]\n    location = "${site}.example.net/org"\n`]])), { 'AgentServiceConfig/agent (a)': ['a/cm.yaml'], 'AgentServiceConfig/agent (b)': ['b/cm.yaml'] }],
]

for (const [why, files, clusters] of LAYOUTS) {
  test(`clusters :: ${why}`, () => assert.equal(names(files), clusters))
}

test('clusters :: what is piped in is one cluster, and its images are counted', () => {
  const deployment = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: a, image: "quay.io/org/a:1"}, {name: b, image: "quay.io/org/a:1"}]}}}\n'
  const { stdout } = mirrorproof(['clusters', '-', '--format', 'json'], { input: `${idms('a', 'm.example.net/a')}---\n${deployment}` })
  const [cluster] = (JSON.parse(stdout) as ClustersReport).clusters
  assert.equal([cluster!.name, cluster!.objects.length], ['stdin', 1])
  assert.equal(cluster!.images, [{ image: 'quay.io/org/a:1', certain: true, uses: [
    { file: 'stdin', line: 12, column: 56, object: 'Deployment/web' }, { file: 'stdin', line: 12, column: 93, object: 'Deployment/web' },
  ] }])
  const { stdout: check } = mirrorproof(['check', '-', '--format', 'json', '--openshift', '4.16'], { input: `${idms('a', 'm.example.net/a')}---\n${deployment}` })
  assert.is((JSON.parse(check) as { clusters: { images: number }[] }).clusters[0]!.images, 1)
})

test('clusters :: the report holds against its published schema', () => {
  const valid = validator(JSON.parse(readFileSync(join(ROOT, 'schema/clusters.schema.json'), 'utf8')) as object)
  for (const name of ['kustomize', 'machine-config', 'hosted-cluster', 'install-config', 'ansible']) {
    valid(JSON.parse(mirrorproof(['clusters', '--format', 'json'], { cwd: join(ROOT, 'test/carriers', name) }).stdout), name)
  }
})

test('clusters :: one can be picked, and one that there is not is named', () => {
  const cwd = join(ROOT, 'test/carriers/kustomize')
  assert.match(mirrorproof(['clusters', '--cluster', 'overlays/east', '--quiet'], { cwd }).stdout, /^overlays\/east: OpenShift 4\.16\.9, 1 mirror set, 1 image\n\n1 cluster/)
  const { code, stderr } = mirrorproof(['clusters', '--cluster', 'nowhere'], { cwd })
  assert.is(code, 2)
  assert.match(stderr, /there is no cluster nowhere; there is overlays\/east/)
})

test('trace :: a drop-in of a MachineConfig takes the place of the whole entry, and is blamed', () => {
  const cwd = join(ROOT, 'test/carriers/machine-config')
  const { stdout, stderr } = mirrorproof(['trace', `quay.io/org/app@sha256:${'0a'.repeat(32)}`, 'quay.io/zipped/app:1', 'quay.io/percent/app:1', '--format', 'json', '--openshift', '4.16'], { cwd })
  const { traces } = JSON.parse(stdout) as TraceReport
  assert.equal(traces.map(({ entry, attempts }) => [entry?.prefix, attempts.map(({ reference, blocked, site }) => [reference.split(/[@:]/)[0], blocked !== null, site && `${site.file}:${site.line}`])]), [
    ['quay.io/org', [['mirror.example.net/org/app', false, 'base64.yaml:16'], ['quay.io/org/app', true, 'base64.yaml:16']]],
    ['quay.io/zipped', [['mirror.example.net/zipped/app', false, 'gzip.yaml:16'], ['quay.io/zipped/app', true, 'gzip.yaml:16']]],
    ['quay.io/percent', [['mirror.example.net/percent/app', false, 'percent.yaml:16'], ['quay.io/percent/app', true, 'percent.yaml:16']]],
  ])
  assert.match(stderr, /bomb\.yaml:16: cannot be read: the gzip unpacks to more than 16 MiB/)
})

test.run()
