import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { CheckReport } from '../../src/report/json.ts'
import { folder, mirrorproof, ROOT } from '../command.ts'
import { idms, itms, pod } from '../step.ts'

const IMAGE = 'quay-io-openshift-release-dev-ocp-v4-0-art-dev-sha256-0123456789abcdef0123'
const served = (text: string) => text.replace(/name: (\w+)\n/, 'name: $1\n  creationTimestamp: "2026-01-01T00:00:00Z"\n  resourceVersion: "7"\n  uid: 0a1b\n')
const list = (kind: string, ...items: string[]) => `apiVersion: config.openshift.io/v1\nkind: ${kind}List\nitems:${items.length > 0 ? `\n${items.map((item) => `- ${item.trimEnd().replaceAll('\n', '\n  ')}\n`).join('')}` : ' []\n'}`
const ORG = idms('org', { 'quay.io/org': 'mirror.example.net/org' })

function checked(files: Record<string, string>, args: string[] = [], input = ''): { findings: string[]; clusters: string[]; skipped: string[] } {
  const { stdout, stderr } = mirrorproof(['check', '--format', 'json', '--openshift', '4.18', ...args], { cwd: folder(files), input })
  assert.is(stderr, '')
  const { findings, clusters, skipped } = JSON.parse(stdout) as CheckReport
  return { findings: findings.map(({ rule, file }) => `${file.split('/').slice(-2).join('/')} ${rule}`), clusters: clusters.map(({ name, mirrorSets, images }) => `${name}: ${mirrorSets} sets, ${images} images`), skipped: skipped.map(({ file, message }) => `${file}: ${message}`) }
}

const CONFIG = 'cluster-scoped-resources/config.openshift.io'
const gather = (files: Record<string, string>, root = `must-gather.local.1/${IMAGE}`) => Object.fromEntries(Object.entries(files).map(([path, text]) => [`${root}/${path}`, text]))

test('a must-gather is one running cluster, whose metadata is no mistake', () => {
  const files = { [`${CONFIG}/imagedigestmirrorsets/org.yaml`]: served(ORG), 'namespaces/shop/pods/web/web.yaml': pod('quay.io/org/web:1') }
  const { findings, clusters } = checked(gather(files), ['must-gather.local.1'])
  assert.equal(clusters, ['must-gather.local.1: 1 sets, 1 images'])
  assert.equal(findings, [], 'that no ImageTagMirrorSet was copied does not mean that there is none')
  const copied = { ...files, [`${CONFIG}/imagetagmirrorsets.yaml`]: list('ImageTagMirrorSet'), 'cluster-scoped-resources/operator.openshift.io/imagecontentsourcepolicies.yaml': 'kind: ImageContentSourcePolicyList\napiVersion: operator.openshift.io/v1alpha1\nitems: []\n' }
  assert.equal(checked(gather(copied), ['.']).findings, ['web/web.yaml tag-not-mirrored'], 'that it was copied and is empty does')
  assert.match(mirrorproof(['clusters', 'must-gather.local.1'], { cwd: folder(gather(files)) }).stdout, /why: a copy of the objects of one running cluster/)
})

test('what oc adm inspect writes is read as well, and what two images gathered is of one cluster', () => {
  const files = { [`${CONFIG}/imagedigestmirrorsets/org.yaml`]: served(ORG), [`${CONFIG}/imagetagmirrorsets/org.yaml`]: served(itms('org', { 'quay.io/org': 'mirror.example.net/org' })) }
  assert.equal(checked(gather(files, 'inspect.local.7'), ['.']).clusters, ['inspect.local.7: 2 sets, 0 images'])
  const both = { ...gather(files), ...gather(files, `must-gather.local.1/${IMAGE.replace('0123', '9876')}`) }
  assert.equal(checked(both, ['.']), { findings: [], clusters: ['must-gather.local.1: 2 sets, 0 images'], skipped: [] })
})

test('an object that stands in a list and by itself is there once', () => {
  const web = pod('quay.io/org/web:1')
  const files = gather({
    [`${CONFIG}/imagedigestmirrorsets/org.yaml`]: served(ORG), [`${CONFIG}/imagedigestmirrorsets.yaml`]: list('ImageDigestMirrorSet', served(ORG)),
    'namespaces/shop/core/pods.yaml': list('Pod', web).replace('config.openshift.io/v1\nkind: PodList', 'v1\nkind: PodList'), 'namespaces/shop/pods/web/web.yaml': web,
  })
  const { findings, clusters } = checked(files, ['.'])
  assert.equal([findings, clusters], [[], ['must-gather.local.1: 1 sets, 1 images']])
})

test('what else lies in a must-gather is no manifest', () => {
  const files = gather({ [`${CONFIG}/imagedigestmirrorsets/org.yaml`]: served(ORG), 'monitoring/alerts.yaml': idms('alert', { 'quay.io/org': 'other.example.net/org' }) })
  assert.equal(checked(files, ['.']).clusters, ['must-gather.local.1: 1 sets, 0 images'])
})

test('folders of those names in which somebody wrote manifests are a repository', () => {
  const { clusters } = checked({ 'cluster-scoped-resources/config.openshift.io/imagedigestmirrorsets/org.yaml': ORG, 'namespaces/shop/web.yaml': pod('quay.io/org/web:1') }, ['.'])
  assert.equal(clusters, ['.: 1 sets, 1 images'])
  assert.match(mirrorproof(['clusters'], { cwd: folder({ 'cluster-scoped-resources/config.openshift.io/a/org.yaml': ORG }) }).stdout, /why: nothing here says that there are several/)
})

test('a running cluster has the version that it last got to, whatever it is to be updated to', () => {
  const status = (...states: string[]) => `apiVersion: config.openshift.io/v1
kind: ClusterVersion
metadata:
  name: version
  uid: 0a1b
spec: {desiredUpdate: {version: 4.18.9}}
status:
  desired: {version: 4.18.9}
  history: [${states.map((state, index) => `{state: ${state}, version: 4.${18 - index}.9}`).join(', ')}]
`
  const version = (text: string) => /OpenShift (?:version )?(\S+),/.exec(mirrorproof(['clusters', '.'], { cwd: folder(gather({ [`${CONFIG}/imagedigestmirrorsets/org.yaml`]: served(ORG), [`${CONFIG}/clusterversions/version.yaml`]: text })) }).stdout)?.[1]
  assert.is(version(status('Partial', 'Completed', 'Completed')), '4.17.9')
  assert.is(version(status('Completed', 'Completed')), '4.18.9')
  assert.is(version(status()), '4.18.9')
})

test('what oc get prints is judged: a list of one kind, of several, and of none', () => {
  const input = (text: string) => checked({}, ['-'], text)
  const bad = served(idms('bare', { 'quay.io/bare': '' }))
  assert.equal(input(`apiVersion: v1\nkind: List\nitems:\n- ${served(ORG).trimEnd().replaceAll('\n', '\n  ')}\n- ${bad.trimEnd().replaceAll('\n', '\n  ')}\nmetadata:\n  resourceVersion: ""\n`).findings, ['stdin source-without-mirror'])
  assert.equal(input('{"apiVersion": "v1", "kind": "List", "items": [], "metadata": {}}'), { findings: [], clusters: [], skipped: [] })
})

test('what the operator wrote is none of somebody\'s own, in oc get as well', () => {
  const root = join(ROOT, 'test/rules/mirrors-not-rendered/example/must-gather.local.1/quay-io-openshift-sha256-0123456789abcdef0123/cluster-scoped-resources')
  const objects = ['config.openshift.io/imagedigestmirrorsets/org', 'config.openshift.io/imagetagmirrorsets/org-tags', 'machineconfiguration.openshift.io/machineconfigs/99-worker-generated-registries', 'machineconfiguration.openshift.io/machineconfigs/rendered-worker-0c2f']
  const texts = objects.map((path) => readFileSync(join(root, `${path}.yaml`), 'utf8'))
  assert.equal(checked({}, ['-'], texts.join('---\n')).findings, ['stdin conflicting-source-policy', 'stdin mirrors-not-rendered'])
  assert.equal(checked({}, ['-'], [texts[0], ...texts.slice(2)].join('---\n')).findings, [], 'whether all mirror sets are here is not known')
})

test.run()
