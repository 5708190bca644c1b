import { readFileSync, symlinkSync } from 'node:fs'
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

const hosted = (name: string, version: string) => `apiVersion: hypershift.openshift.io/v1beta1
kind: HostedCluster
metadata: {name: ${name}, namespace: clusters}
spec:
  release: {image: "quay.io/openshift-release-dev/ocp-release:${version}-x86_64"}
  imageContentSources:
  - source: quay.io/${name}
    mirrors: [mirror.example.net/${name}]
`
const generator = (labels: string, path: string) => `apiVersion: policy.open-cluster-management.io/v1
kind: PolicyGenerator
metadata: {name: g}
policyDefaults: {placement: {labelSelector: {matchLabels: {${labels}}}}}
policies:
- name: p
  manifests: [{path: ${path}}]
`

/** As above; each was taken for something else once. */
const MISTAKEN: typeof LAYOUTS = [
  ['a base that says nothing of mirrors, and a patch that does', {
    'base/kustomization.yaml': 'resources: [cm.yaml]\n', 'base/cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra}\ndata: {}\n',
    'over/kustomization.yaml': `resources: [../base]\npatches:\n- target: {kind: ConfigMap}\n  patch: |\n    apiVersion: v1\n    kind: ConfigMap\n    metadata: {name: extra}\n    data:\n      i.yaml: |\n${idms('org', 'm.example.net/org').replaceAll(/^(?=.)/gm, '        ')}`,
  }, { '.': ['over/kustomization.yaml by over/kustomization.yaml'] }],
  ['declared clusters that share a base', {
    '.mirrorproof.yaml': 'clusters:\n- {name: hub, paths: [base]}\n- {name: berlin, paths: [base, clusters/berlin]}\n',
    'base/kustomization.yaml': 'resources: [i.yaml]\n', 'base/i.yaml': idms('org', 'm.example.net/org'), 'clusters/berlin/kustomization.yaml': 'resources: [../../base]\n',
  }, { hub: ['base/i.yaml by base/kustomization.yaml'], berlin: ['base/i.yaml by clusters/berlin/kustomization.yaml'] }],
  ['files that are declared by themselves, whatever the kustomization beside them says', {
    '.mirrorproof.yaml': 'clusters:\n- {name: berlin, paths: [c/i.yaml, c/left.yaml]}\n', 'c/kustomization.yaml': 'resources: [i.yaml]\n', 'c/i.yaml': idms('i', 'm.example.net/i'), 'c/left.yaml': idms('left', 'm.example.net/left'),
  }, { berlin: ['c/i.yaml', 'c/left.yaml'] }],
  ['a ConfigMap that two pools of a cluster refer to', {
    'a.yaml': `${hosted('one', '4.16.1')}${['a', 'b'].map((pool) => `---\napiVersion: hypershift.openshift.io/v1beta1\nkind: NodePool\nmetadata: {name: ${pool}, namespace: clusters}\nspec: {clusterName: one, config: [{name: extra}]}\n`).join('')}`,
    'cm.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra, namespace: clusters}\ndata:\n  config: |\n${idms('org', 'm.example.net/org').replaceAll(/^(?=.)/gm, '    ')}`,
  }, { one: ['a.yaml', 'a.yaml', 'a.yaml', 'a.yaml', 'cm.yaml'] }],
  ['a generator that names its own folder', { 'p/gen.yaml': generator('a: b', './'), 'p/i.yaml': idms('org', 'm.example.net/org') }, { 'managed clusters': ['p/i.yaml'] }],
  ['a folder of a hub that a generator uses too', {
    'kustomization.yaml': 'generators: [gen.yaml]\n', 'gen.yaml': generator('a: b', 'mirrors'), 'mirrors/kustomization.yaml': 'resources: [i.yaml]\n', 'mirrors/i.yaml': idms('org', 'm.example.net/org'),
    'apps/app.yaml': 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n  source: {path: mirrors}\n  destination: {name: hub}\n',
  }, { hub: ['mirrors/i.yaml by mirrors/kustomization.yaml'], 'managed clusters': ['mirrors/i.yaml by kustomization.yaml'] }],
  ['a Kustomize root beside those of clusters that holds nothing', {
    'prod/kustomization.yaml': 'resources: [i.yaml]\n', 'prod/i.yaml': idms('org', 'p.example.net/org'), 'dev/kustomization.yaml': 'resources: [i.yaml]\n', 'dev/i.yaml': idms('org', 'd.example.net/org'), 'docs/kustomization.yaml': 'resources: []\n',
  }, { dev: ['dev/i.yaml by dev/kustomization.yaml'], prod: ['prod/i.yaml by prod/kustomization.yaml'] }],
  ['an install-config beside a kustomization', {
    'kustomization.yaml': 'resources: [i.yaml]\n', 'i.yaml': idms('org', 'm.example.net/org'), 'install-config.yaml': 'apiVersion: v1\nbaseDomain: example.net\ncontrolPlane: {}\nmetadata: {name: one}\n',
  }, { '.': ['i.yaml by kustomization.yaml', 'install-config.yaml'] }],
  ['a hub that is declared is none of its hosted clusters', {
    '.mirrorproof.yaml': 'clusters:\n- {name: hub, paths: [.]}\n', 'hub.yaml': idms('hub', 'hub.example.net/org'), 'one.yaml': hosted('one', '4.16.1'), 'two.yaml': hosted('two', '4.17.1'),
  }, { hub: ['hub.yaml'], one: ['one.yaml', 'one.yaml'], two: ['two.yaml', 'two.yaml'] }],
  ['policies of a hub that is declared are for others', {
    '.mirrorproof.yaml': 'clusters:\n- {name: hub, paths: [.]}\n', 'hub.yaml': idms('org', 'hub.example.net/org'), 'p/gen.yaml': generator('a: b', 'org.yaml'), 'p/org.yaml': idms('org', 'edge.example.net/org'),
  }, { hub: ['hub.yaml'], 'managed clusters': ['p/org.yaml'] }],
  ['a cluster that is declared with policies alone is who gets them', {
    '.mirrorproof.yaml': 'clusters:\n- {name: edge, paths: [p]}\n', 'p/gen.yaml': generator('a: b', 'org.yaml'), 'p/org.yaml': idms('org', 'edge.example.net/org'),
  }, { edge: ['p/org.yaml'] }],
  ['policies of different labels that hold the same object', {
    'p/a.yaml': generator('v: a', 'src/a/org.yaml'), 'p/b.yaml': generator('v: b', 'src/b/org.yaml'), 'p/src/a/org.yaml': idms('org', 'a.example.net/org'), 'p/src/b/org.yaml': idms('org', 'b.example.net/org'),
  }, { 'managed clusters (v=a)': ['p/src/a/org.yaml'], 'managed clusters (v=b)': ['p/src/b/org.yaml'] }],
  ['components with an overlay for each cluster', Object.fromEntries(['mirrors', 'catalogs'].flatMap((component) => [
    [`${component}/base/kustomization.yaml`, 'resources: [i.yaml]\n'], [`${component}/base/i.yaml`, idms(component, 'm.example.net/org')],
    ...['prod', 'dev'].map((cluster) => [`${component}/overlays/${cluster}/kustomization.yaml`, 'resources: [../../base]\n']),
  ])), {
    dev: ['catalogs/base/i.yaml by catalogs/overlays/dev/kustomization.yaml', 'mirrors/base/i.yaml by mirrors/overlays/dev/kustomization.yaml'],
    prod: ['catalogs/base/i.yaml by catalogs/overlays/prod/kustomization.yaml', 'mirrors/base/i.yaml by mirrors/overlays/prod/kustomization.yaml'],
  }],
  ['a generator that builds a kustomization', {
    'p/kustomization.yaml': 'generators: [gen.yaml]\n', 'p/gen.yaml': generator('a: b', 'mirrors'), 'p/mirrors/kustomization.yaml': 'resources: [i.yaml]\nnamePrefix: x-\n', 'p/mirrors/i.yaml': idms('org', 'm.example.net/org'),
  }, { 'managed clusters': ['p/mirrors/i.yaml by p/kustomization.yaml'] }],
  ['an object that the installer makes and a file takes over', {
    'install-config.yaml': 'apiVersion: v1\nbaseDomain: example.net\ncontrolPlane: {}\nmetadata: {name: one}\nimageDigestSources:\n- source: quay.io/org\n  mirrors: [m.example.net/a]\n',
    'day2/idms.yaml': idms('image-digest-mirror', 'm.example.net/b'),
  }, { '.': ['day2/idms.yaml', 'install-config.yaml', 'install-config.yaml'] }],
  ['the clusters that the assisted service installs', {
    'asc.yaml': 'apiVersion: agent-install.openshift.io/v1beta1\nkind: AgentServiceConfig\nmetadata: {name: agent}\nspec: {mirrorRegistryRef: {name: mirrors}}\n',
    'cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mirrors}\ndata:\n  registries.conf: |\n    [[registry]]\n    location = "quay.io/org"\n    [[registry.mirror]]\n    location = "m.example.net/org"\n',
    'aci.yaml': 'apiVersion: extensions.hive.openshift.io/v1beta1\nkind: AgentClusterInstall\nmetadata: {name: edge}\nspec: {clusterDeploymentRef: {name: edge}}\n',
  }, { edge: ['aci.yaml', 'cm.yaml'] }],
  ['a ConfigMap in a Template that a cluster refers to', {
    't.yaml': `apiVersion: template.openshift.io/v1\nkind: Template\nobjects:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: extra, namespace: edge}\n  data:\n    i.yaml: |\n${idms('org', 'm.example.net/org').replaceAll(/^(?=.)/gm, '      ')}`,
    'ci.yaml': 'apiVersion: siteconfig.open-cluster-management.io/v1alpha1\nkind: ClusterInstance\nmetadata: {name: edge, namespace: edge}\nspec: {clusterName: edge, extraManifestsRefs: [{name: extra}]}\n',
  }, { edge: ['ci.yaml', 't.yaml'] }],
]

for (const [why, files, clusters] of [...LAYOUTS, ...MISTAKEN]) {
  test(`clusters :: ${why}`, () => assert.equal(names(files), clusters))
}

test('clusters :: are the same, seen from anywhere', () => {
  const cwd = folder({ 'clusters/prod/i.yaml': idms('a', 'p.example.net/a'), 'clusters/dev/i.yaml': idms('a', 'd.example.net/a'), 'common.yaml': idms('b', 'm.example.net/b') })
  const from = (inner: string, path: string) => (JSON.parse(mirrorproof(['clusters', path, '--format', 'json'], { cwd: join(cwd, inner) }).stdout) as ClustersReport).clusters.map(({ name, objects }) => [name, objects.length])
  assert.equal(from('.', '.'), [['clusters/dev', 2], ['clusters/prod', 2]])
  assert.equal(from('clusters/prod', '../..'), [['../dev', 2], ['.', 2]])
  assert.equal(from('clusters/dev', '../..'), [['.', 2], ['../prod', 2]])
})

test('clusters :: one that is called as a folder adds what it says of the version', () => {
  const files = { 'clusters/prod/i.yaml': idms('a', 'p.example.net/a'), 'clusters/dev/i.yaml': idms('a', 'd.example.net/a'), 'hub/prod.yaml': hosted('prod', '4.18.1') }
  const { clusters } = seen(files)
  assert.equal(clusters.map(({ name, openshift }) => [name, openshift]), [['clusters/dev', null], ['clusters/prod', '4.18.1']])
  assert.equal(seen(files, '--cluster', 'prod').clusters.map(({ name }) => name), ['clusters/prod'])
})

test('clusters :: a link and what it leads to are one file', () => {
  const cwd = folder({ 'base/i.yaml': idms('a', 'm.example.net/a'), 'over/kustomization.yaml': 'resources: [i.yaml]\n' })
  symlinkSync('../base/i.yaml', join(cwd, 'over/i.yaml'))
  const { clusters } = JSON.parse(mirrorproof(['clusters', '--format', 'json'], { cwd }).stdout) as ClustersReport
  assert.equal(clusters.map(({ objects }) => objects.map(({ file, builtBy }) => [file, builtBy])), [[['base/i.yaml', 'over/kustomization.yaml']]])
})

test('check :: a file that its kustomization leaves out is said, and judged where it is named', () => {
  const cwd = folder({ 'kustomization.yaml': 'resources: [kept.yaml]\n', 'kept.yaml': idms('kept', 'm.example.net/a'), 'left.yaml': idms('left', 'm.example.net/a/') })
  const { stdout, code } = mirrorproof(['check', '--openshift', '4.16'], { cwd })
  assert.is(code, 0)
  assert.match(stdout, /left\.yaml:1: not checked: the kustomization in its folder does not name the file of ImageDigestMirrorSet\/left/)
  assert.is(mirrorproof(['check', 'left.yaml', '--openshift', '4.16'], { cwd }).code, 1)
})

test('check :: what the hub or a person has yet to fill in is no defect', () => {
  const whole = idms('a', 'x').replace(/imageDigestMirrors:[^]*/, "imageDigestMirrors: '{{hub fromConfigMap \"a\" \"b\" \"c\" | toLiteral hub}}'\n")
  const image = "---\napiVersion: config.openshift.io/v1\nkind: Image\nmetadata: {name: cluster}\nspec: {registrySources: {blockedRegistries: '{{ fromConfigMap | toLiteral }}'}}\n"
  const { stdout, code } = mirrorproof(['check', '-', '--openshift', '4.16'], { input: whole + image })
  assert.is(code, 0, stdout)
  assert.match(stdout, /parts of ImageDigestMirrorSet\/a are placeholders[^]*parts of Image\/cluster are placeholders/)
  assert.is(mirrorproof(['render', '-', '--openshift', '4.16'], { input: whole }).code, 3)
})

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

test('trace, render :: of two MachineConfigs that write one file, the last by name counts; the operator\'s own is one', () => {
  const config = (name: string, role: string) => `---\napiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfig\nmetadata: {name: ${name}, labels: {machineconfiguration.openshift.io/role: ${role}}}\nspec: {config: {storage: {files: [{path: /etc/containers/registries.conf, contents: {source: "data:,%5B%5Bregistry%5D%5D%0Alocation%3D%22quay.io%2Forg%22"}}]}}}\n`
  const attempts = (manifests: string) => {
    const { stdout, stderr } = mirrorproof(['trace', `quay.io/org/app@sha256:${'0a'.repeat(32)}`, '--in', '-', '--openshift', '4.16', '--format', 'json'], { input: manifests })
    return [(JSON.parse(stdout) as TraceReport).traces[0]!.attempts.length, stderr]
  }
  assert.equal(attempts(idms('a', 'm.example.net/org')), [2, ''])
  assert.equal(attempts(idms('a', 'm.example.net/org') + config('50-worker', 'worker')), [2, ''])
  assert.equal(attempts(idms('a', 'm.example.net/org') + config('99-worker-own', 'worker')), [1, ''])
  assert.equal(attempts(config('50-worker', 'worker')), [1, ''])
  const [count, note] = attempts(idms('a', 'm.example.net/org') + config('99-master-own', 'master'))
  assert.is(count, 2)
  assert.match(note as string, 'MachineConfig/99-master-own of stdin writes /etc/containers/registries.conf on nodes of the pool master; what is said here is for workers')
  assert.match(mirrorproof(['render', '-', '--openshift', '4.16'], { input: idms('a', 'm.example.net/org') + config('99-worker-own', 'worker') }).stderr, 'in place of what is printed here')
})

test.run()
