import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { CheckReport } from '../../src/report/json.ts'
import { folder, mirrorproof, type Result } from '../command.ts'
import { idms, itms } from '../step.ts'
import { Cluster, MISSING } from './cluster.ts'

const META = 'apiVersion: machineconfiguration.openshift.io/v1\nkind: '
const HEAD = 'unqualified-search-registries = ["registry.access.redhat.com", "docker.io"]\nshort-name-mode = ""\n'
const ORG = `${HEAD}\n[[registry]]\n  prefix = ""\n  location = "quay.io/org"\n\n  [[registry.mirror]]\n    location = "mirror.example.net/org"\n    pull-from-mirror = "digest-only"\n`

/** A MachineConfig as the operator writes it. */
const rendered = (name: string, conf: string) => `${META}MachineConfig
metadata: {name: ${name}, labels: {machineconfiguration.openshift.io/role: worker}, annotations: {machineconfiguration.openshift.io/generated-by-controller-version: a0}}
spec:
  config:
    ignition: {version: 3.4.0}
    storage: {files: [{path: /etc/containers/registries.conf, contents: {source: "data:;base64,${Buffer.from(conf).toString('base64')}"}}]}
`
const POOL = `${META}MachineConfigPool\nmetadata: {name: worker}\nspec: {configuration: {name: rendered-worker-2}}\n`
const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "quay.io/org/web:1"}]}}
`
const POD = `apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: default, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web, uid: a, controller: true}]}
spec: {containers: [{name: web, image: "quay.io/old/web:1"}]}
`
const READER = `apiVersion: v1
kind: ServiceAccount
metadata: {name: reader, namespace: default}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules:
- {apiGroups: [config.openshift.io], resources: [imagedigestmirrorsets, images], verbs: [list]}
- {apiGroups: [apps], resources: [deployments], verbs: [list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects: [{kind: ServiceAccount, name: reader, namespace: default}]
`

/** One after the other: each goes on with what is in the cluster. */
async function live(cluster: Cluster): Promise<void> {
  const cwd = folder({ 'git/org.yaml': idms('org', { 'quay.io/org': 'mirror.example.net/org' }) })
  const run = (args: string[], kubeconfig = cluster.kubeconfig): Result => mirrorproof(args, { cwd, env: { KUBECONFIG: kubeconfig } })
  const apply = async (...objects: string[]) => {
    const { code, stderr } = await cluster.kubectl(['apply', '--server-side', '-f', '-'], objects.join('---\n'))
    assert.is(code, 0, stderr)
  }
  const checked = (kubeconfig?: string, ...args: string[]) => {
    const { stdout, stderr } = run(['check', '--live', '--format', 'json', ...args], kubeconfig)
    assert.is(stderr, '')
    const { findings, skipped, clusters } = JSON.parse(stdout) as CheckReport
    return { findings: findings.map(({ level, rule, file }) => `${file} ${level} ${rule}`), skipped: skipped.map(({ file, reason }) => `${file} ${reason}`), clusters }
  }

  // Plain Kubernetes has none of the kinds, which is nothing that was not checked.
  const plain = checked()
  assert.equal([plain.findings, plain.skipped, plain.clusters.map(({ name }) => name)], [[], [], ['test']])

  await cluster.crds()
  await apply(idms('org', { 'quay.io/org': 'mirror.example.net/org' }), itms('org', { 'quay.io/org': 'mirror.example.net/org' }), WEB, POD)
  assert.equal(checked(undefined, '--openshift', '4.18').findings, [])
  assert.equal(checked().clusters.map(({ mirrorSets, images }) => [mirrorSets, images]), [[2, 1]], 'a Pod of a Deployment pulls what that says')
  assert.match(run(['trace', '--live', 'quay.io/org/web:1']).stdout, /^quay\.io\/org\/web:1 in test .*is pulled from mirror\.example\.net\/org\/web, else from the source\n/)
  assert.match(run(['clusters', '--live']).stdout, /why: these are the objects of the running cluster at 127\.0\.0\.1:\d+, by the context test of the kubeconfig\n/)
  const conf = run(['render', '--live', '--openshift', '4.18']).stdout
  assert.is(conf, `${ORG}\n  [[registry.mirror]]\n    location = "mirror.example.net/org"\n    pull-from-mirror = "tag-only"\n`)

  // What is in the cluster and not in git goes; who pulls it is known from the cluster alone.
  const change = run(['diff', '--live', 'git', '--openshift', '4.18'])
  assert.match(change.stdout, /^deployment\.apps\/default\/web:\d+:\d+: warning: .* \[tag-not-mirrored\]\n/)
  assert.match(change.stdout, /quay\.io\/org\/web:1 deployment\.apps\/default\/web:\d+:\d+\n  before: mirror\.example\.net\/org\/web:1, then quay\.io\/org\/web:1\n  now: {4}quay\.io\/org\/web:1\n/)
  assert.match(change.stdout, /compared with the running cluster test\n$/)
  writeFileSync(join(cwd, 'git/tags.yaml'), itms('org', { 'quay.io/org': 'mirror.example.net/org' }))
  assert.match(run(['diff', '--live', 'git']).stdout, /nothing is worse; .*compared with the running cluster test\n$/)

  // A name of the configuration is that of the running cluster, with all that is said of it.
  writeFileSync(join(cwd, '.mirrorproof.yaml'), 'clusters:\n- {name: berlin, version: "4.18", disconnected: true, rules: {fallback-to-unreachable-source: error}, paths: [git]}\n- {name: madrid, paths: [git]}\n')
  const berlin = checked(undefined, '--cluster', 'berlin')
  assert.equal(berlin.findings, ['imagedigestmirrorset.config.openshift.io/org error fallback-to-unreachable-source'])
  assert.equal(berlin.clusters.map(({ name, openshift, disconnected }) => [name, openshift, disconnected]), [['berlin', '4.18', true]])
  assert.match(run(['diff', '--live', 'git', '--cluster', 'berlin']).stdout, /nothing is worse/)
  assert.is(run(['diff', '--live', 'git']).stderr, 'mirrorproof: the running cluster is compared with one cluster, and the manifests are for 2 (berlin, madrid); pick one by --cluster\n')
  assert.match(run(['check', '--live', '--cluster', 'rome']).stderr, /^mirrorproof: there is no cluster rome; there is test\n$/)
  writeFileSync(join(cwd, '.mirrorproof.yaml'), '')

  // What the operator wrote, and what the nodes have of it.
  await apply(rendered('99-worker-generated-registries', ORG), rendered('rendered-worker-1', HEAD), rendered('rendered-worker-2', ORG), rendered('rendered-worker-0', 'this is no TOML ['), POOL)
  const status = { status: { configuration: { name: 'rendered-worker-1' }, machineCount: 3, updatedMachineCount: 1, conditions: [{ type: 'Degraded', status: 'True', message: 'cannot drain', lastTransitionTime: null }] } }
  await cluster.done('patch', 'machineconfigpool', 'worker', '--subresource=status', '--type=merge', '--patch', JSON.stringify(status))
  const [at, pool] = ['machineconfig.machineconfiguration.openshift.io/99-worker-generated-registries', 'machineconfigpool.machineconfiguration.openshift.io/worker']
  assert.equal(checked(undefined, '--openshift', '4.18').findings, [`${at} warning mirrors-not-rendered`, `${pool} error mirrors-not-on-nodes`])
  await apply(itms('org', { 'quay.io/org': 'mirror.example.net/org' }).replace('    mirrors', '    mirrorSourcePolicy: NeverContactSource\n    mirrors'))
  const refused = run(['check', '--live', '--openshift', '4.18']).stdout
  assert.match(refused, /error: the operator refuses these objects \(conflicting mirrorSourcePolicy .*\), so `MachineConfig\/99-worker-generated-registries` keeps what it wrote before \(last written on \d{4}-\d\d-\d\dT[\d:]+Z/)
  await cluster.done('delete', 'machineconfig,machineconfigpool', '--all')

  // What this user may not read is told, and nothing rests on its not being there.
  await apply(itms('org', { 'quay.io/org': 'mirror.example.net/org' }), READER)
  const reader = await cluster.account('default', 'reader')
  const part = checked(reader, '--openshift', '4.18')
  assert.equal(part.findings, [], 'that no ImageTagMirrorSet is here is no reason to say that tags are not mirrored')
  assert.ok(part.skipped.includes('imagetagmirrorsets.config.openshift.io forbidden') && part.skipped.includes('secrets/openshift-config/pull-secret forbidden'), part.skipped.join())
  assert.not.ok(part.skipped.some((one) => /^(?:imagedigestmirrorsets|tasks\.tekton\.dev)/.test(one)), 'what can be read, and what no cluster forbids that does not have it')
  const render = run(['render', '--live'], reader)
  assert.equal([render.code, render.stdout], [3, ''])
  assert.match(render.stderr, /^mirrorproof: test cannot be rendered: part of its mirror configuration cannot be read; .*imagetagmirrorsets\.config\.openshift\.io: not read: this user may not read them/)
  assert.match(run(['trace', '--live', 'quay.io/other/web:1'], reader).stdout, /no mirror set that could be read covers it/)

  // Whom the API server does not know.
  const config = JSON.parse(await cluster.done('config', 'view', '--raw', '-o', 'json')) as { users: { user: object }[] }
  writeFileSync(join(cwd, 'stranger'), JSON.stringify({ ...config, users: config.users.map((one) => ({ ...one, user: { token: 'stranger' } })) }))
  assert.equal(run(['check', '--live', '--kubeconfig', 'stranger']), { code: 3, stdout: '', stderr: 'mirrorproof: the API server of test does not take the credentials of the kubeconfig (Unauthorized); oc login gets new ones\n' })
  assert.equal(run(['check', '--live', '--context', 'nope']), { code: 2, stdout: '', stderr: 'mirrorproof: the kubeconfig has no context nope with a server\n' })
  await cluster.stopApiServer()
  const gone = run(['check', '--live'])
  assert.is(gone.code, 3)
  assert.match(gone.stderr, /^mirrorproof: the API server of test gives no answer: 127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)\n$/)
}

if (MISSING) console.log(`skipped: ${MISSING}, so that there is no running cluster to be read`)
else {
  test('a running cluster is judged, traced, rendered and compared', async () => {
    const cluster = await Cluster.start()
    try {
      await live(cluster)
    } finally {
      await cluster.stop()
    }
  })
}

test('flags that do not go together are told', () => {
  const told = (...args: string[]) => mirrorproof(args).stderr.replace('mirrorproof: ', '').trim()
  assert.is(told('check', '--live', '.'), '--live takes the place of PATH, so . does not go with it')
  assert.is(told('check', '--context', 'a'), '--context goes with --live, which asks the running cluster')
  assert.is(told('diff', '--live', '--base', 'main'), '--live says what to compare with, so --base and --head do not go with it')
  assert.is(told('trace', 'a', '--live', '--registries-conf', '-'), '--registries-conf takes the place of manifests, so --in, --live and --cluster do not go with it')
  assert.match(told('check', '--live'), /^there is no kubeconfig/)
})

test.run()
