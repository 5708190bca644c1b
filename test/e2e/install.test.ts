import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { loadAll } from 'js-yaml'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { mirrorproof } from '../command.ts'
import { Cluster, MISSING } from './cluster.ts'

/** What a real API server makes of the manifests: is each accepted, may the account do what it has to, and what is the webhook asked about. */
interface Stored {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string }
  webhooks?: { name: string; clientConfig: object }[]
}

/** Kinds of operators that are not here: any object of them is taken. */
const FOREIGN: [group: string, kind: string, plural: string][] = [
  ['monitoring.coreos.com', 'ServiceMonitor', 'servicemonitors'], ['cert-manager.io', 'Issuer', 'issuers'], ['cert-manager.io', 'Certificate', 'certificates'],
]
const crd = ([group, kind, plural]: (typeof FOREIGN)[number]) => ({
  apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: `${plural}.${group}` },
  spec: {
    group, scope: 'Namespaced', names: { kind, plural },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } }],
  },
})

const IMAGE = `registry.example.com/tools/mirrorproof@sha256:${'5'.repeat(64)}`
const VARIANTS: string[][] = [[], ['--workloads'], ['--failure-policy', 'Fail', '--workloads'], ['--cert-manager', '--mode', 'audit']]

/** What the account may do, and some of what it may not, as `kubectl auth can-i` is asked. */
const RIGHTS: [allowed: boolean, ...question: string[]][] = [
  ...['imagecontentsourcepolicies', 'imagedigestmirrorsets', 'imagetagmirrorsets', 'images.config.openshift.io', 'clusterversions', 'machineconfigs', 'machineconfigpools']
    .flatMap((resource): [boolean, ...string[]][] => [[true, 'list', resource], [true, 'watch', resource], [false, 'update', resource], [false, 'delete', resource]]),
  [true, 'watch', 'configmaps', '--namespace=openshift-config'],
  [false, 'watch', 'configmaps'],
  [false, 'get', 'secrets', '--namespace=openshift-config'],
  [false, 'get', 'secrets', '--namespace=mirrorproof'],
  [false, 'list', 'pods', '--all-namespaces'],
  [true, 'create', 'events', '--namespace=default'],
  [true, 'patch', 'events', '--namespace=default'],
  [false, 'create', 'events', '--namespace=mirrorproof'],
  [false, 'list', 'infrastructures'],
  [false, 'patch', 'validatingwebhookconfigurations'],
]

const OPERATOR = 'system:serviceaccount:openshift-machine-config-operator:machine-config-controller'
const idms = { apiVersion: 'config.openshift.io/v1', kind: 'ImageDigestMirrorSet', metadata: { name: 'org' }, spec: { imageDigestMirrors: [{ source: 'quay.io/org', mirrors: ['m.example.net/org'] }] } }
const machineConfig = (name: string, paths: string[]) => ({
  apiVersion: 'machineconfiguration.openshift.io/v1', kind: 'MachineConfig', metadata: { name, labels: { 'machineconfiguration.openshift.io/role': 'worker' } },
  spec: { config: { ignition: { version: '3.2.0' }, storage: { files: paths.map((path) => ({ path, contents: { source: 'data:,' } })) } } },
})
const REGISTRIES = '/etc/containers/registries.conf.d/99-org.conf'
const POD = { containers: [{ name: 'app', image: 'quay.io/org/app:1' }] }
const labels = { app: 'app' }
const deployment = (namespace: string, metadata = {}, spec = {}) => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'app', namespace, ...metadata }, spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: POD }, ...spec },
})
const pod = (name: string, metadata = {}) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'team', ...metadata }, spec: POD })
const owned = { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'app-5', uid: '5', controller: true }] }
const cronJob = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'nightly', namespace: 'team' }, spec: { schedule: '0 3 * * *', jobTemplate: { spec: { template: { spec: { ...POD, restartPolicy: 'Never' } } } } } }

/** In this order: what is done, by whom where it is not an administrator, and what the webhook is asked about. */
const ASKED: [what: string, args: string[], object: object | undefined, asked: string[]][] = [
  ['a mirror set', ['create'], idms, ['mirrors CREATE ImageDigestMirrorSet/org']],
  ['its change', ['apply'], { ...idms, spec: { imageDigestMirrors: [{ source: 'quay.io/org', mirrors: ['n.example.net/org'] }] } }, ['mirrors UPDATE ImageDigestMirrorSet/org']],
  ['its dry run', ['delete', '--dry-run=server'], idms, ['mirrors DELETE ImageDigestMirrorSet/org']],
  ['the migration of stored objects', ['apply', '--as=system:serviceaccount:openshift-kube-storage-version-migrator:default'], idms, []],
  ['HyperShift', ['apply', '--as=system:hosted-cluster-config'], idms, []],
  ['Argo CD in openshift-gitops', ['apply', '--as=system:serviceaccount:openshift-gitops:argocd'], { ...idms, metadata: { name: 'org', labels } }, ['mirrors UPDATE ImageDigestMirrorSet/org']],
  ['its deletion', ['delete'], idms, ['mirrors DELETE ImageDigestMirrorSet/org']],
  ['all of a kind deleted at once', ['delete', 'imagedigestmirrorsets', '--all'], undefined, []],
  ['Image/cluster', ['create'], { apiVersion: 'config.openshift.io/v1', kind: 'Image', metadata: { name: 'cluster' }, spec: {} }, ['mirrors CREATE Image/cluster']],
  ['its status', ['patch', 'images.config.openshift.io/cluster', '--subresource=status', '--type=merge', '--patch={"status":{"internalRegistryHostname":"r.example.net"}}'], undefined, []],
  ['an ICSP', ['create'], { apiVersion: 'operator.openshift.io/v1alpha1', kind: 'ImageContentSourcePolicy', metadata: { name: 'old' }, spec: {} }, ['mirrors CREATE ImageContentSourcePolicy/old']],
  ['a MachineConfig that writes a drop-in', ['create'], machineConfig('99-org', ['/etc/motd', REGISTRIES]), ['machineconfigs CREATE MachineConfig/99-org']],
  ['a change that takes it out', ['apply'], machineConfig('99-org', ['/etc/motd']), ['machineconfigs UPDATE MachineConfig/99-org']],
  ['a change of what is left', ['apply'], machineConfig('99-org', ['/etc/issue']), []],
  ['one that says which signatures count', ['create'], machineConfig('99-policy', ['/etc/containers/policy.json']), ['machineconfigs CREATE MachineConfig/99-policy']],
  ['a MachineConfig that writes something else', ['create'], machineConfig('99-motd', ['/etc/motd']), []],
  ['one without files', ['create'], { ...machineConfig('99-kernel', []), spec: { kernelArguments: ['quiet'] } }, []],
  ['one with a null for its files', ['create'], { ...machineConfig('99-null', []), spec: { config: { ignition: { version: '3.2.0' }, storage: { files: null } } } }, []],
  ['one with a null for its storage', ['create'], { ...machineConfig('99-null-2', []), spec: { config: { storage: null } } }, []],
  ['what the operator renders', ['create'], machineConfig('rendered-worker-5', [REGISTRIES]), []],
  ['what the operator generates', ['create', `--as=${OPERATOR}`], machineConfig('99-worker-generated-registries', ['/etc/containers/registries.conf']), []],
  ['its deletion by a person', ['delete'], machineConfig('99-worker-generated-registries', []), ['machineconfigs DELETE MachineConfig/99-worker-generated-registries']],
  ['a Deployment', ['create'], deployment('team'), ['workloads CREATE Deployment/app']],
  ['its labels', ['apply'], deployment('team', { labels }), []],
  ['its scale', ['scale', '--namespace=team', 'deployment/app', '--replicas=3'], undefined, []],
  ['its image', ['set', 'image', '--namespace=team', 'deployment/app', 'app=quay.io/org/app:2'], undefined, ['workloads UPDATE Deployment/app']],
  ['its deletion', ['delete'], deployment('team'), []],
  ['a Deployment of the platform', ['create'], deployment('openshift-monitoring'), []],
  ['one in a namespace that only sounds like it', ['create'], deployment('openshifters'), ['workloads CREATE Deployment/app']],
  ['the webhook\'s own', ['create'], deployment('mirrorproof'), []],
  ['one that an operator owns', ['create'], { ...deployment('team', owned), metadata: { name: 'owned', namespace: 'team', ...owned } }, []],
  ['a CronJob', ['create'], cronJob, ['workloads CREATE CronJob/nightly']],
  ['a pod', ['create'], pod('alone'), ['workloads CREATE Pod/alone']],
  ['a pod of a ReplicaSet', ['create'], pod('app-5-5', owned), []],
]

if (MISSING !== undefined) {
  test('the manifests on a real API server', () => console.log(`SKIPPED: ${MISSING}`))
} else {
  const cluster = await Cluster.start()
  const apply = async (args: string[], input: string, ...flags: string[]) => {
    const { code, stdout, stderr } = await cluster.kubectl([...args, ...flags], input)
    assert.is(code, 0, `${args.join(' ')}: ${stderr}`)
    return { stdout, stderr }
  }
  await cluster.crds()
  await apply(['create', '--filename=-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: FOREIGN.map(crd) }))
  await cluster.done('wait', '--for=condition=Established', '--timeout=60s', ...FOREIGN.map(([group, , plural]) => `crd/${plural}.${group}`))

  for (const flags of VARIANTS) {
    test(`install ${flags.join(' ')} | kubectl apply: each object is stored as it is printed, and no warning comes back`, async () => {
      const { stdout } = mirrorproof(['install', '--image', IMAGE, ...flags])
      const objects = loadAll(stdout) as unknown as Stored[]
      const first = await apply(['apply', '--filename=-'], stdout)
      assert.equal([first.stdout.trim().split('\n').length, first.stderr], [objects.length, ''])
      const { items } = JSON.parse((await apply(['get', '--filename=-', '--output=json'], stdout)).stdout) as { items: Stored[] }
      assert.equal(objects.flatMap((object, index) => missing(object, items[index], `${object.kind}/${object.metadata.name}`)), [])
      assert.is((await apply(['apply', '--filename=-', '--server-side', '--force-conflicts'], stdout)).stderr, '')
      await cluster.done('delete', 'validatingwebhookconfiguration', 'mirrorproof')
    })
  }

  test('the account may do what it has to, and no more', async () => {
    const kubeconfig = await cluster.account('mirrorproof', 'mirrorproof')
    await apply(['apply', '--filename=-'], mirrorproof(['install', '--image', IMAGE]).stdout)
    await cluster.done('delete', 'validatingwebhookconfiguration', 'mirrorproof')
    const wrong = await Promise.all(RIGHTS.map(async ([allowed, ...question]) => {
      const { stdout } = await cluster.kubectl(['auth', 'can-i', ...question], '', kubeconfig)
      return stdout.trim() === (allowed ? 'yes' : 'no') ? [] : [`${question.join(' ')}: ${stdout.trim()}`]
    }))
    assert.equal(wrong.flat(), [])
  })

  test('the webhook is asked about what can matter, and about nothing else', async () => {
    for (const name of ['team', 'openshift-monitoring', 'openshifters']) await cluster.done('create', 'namespace', name)
    const asked: string[] = []
    const { cert, key } = cluster.certificate(['127.0.0.1'])
    const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (part: string) => { body += part }).on('end', () => {
        const { request: { uid, operation, name, kind } } = JSON.parse(body) as { request: { uid: string; operation: string; name: string; kind: { kind: string } } }
        asked.push(`${request.url!.replace(/^\/|\?.*/g, '')} ${operation} ${kind.kind}/${name}`)
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid, allowed: true } }))
      })
    })
    // Where an assertion fails it stays open, which is to keep nothing from ending.
    await new Promise<void>((done) => { server.unref().listen(0, '127.0.0.1', done) })
    const { port } = server.address() as AddressInfo
    const registration = (loadAll(mirrorproof(['install', '--image', IMAGE, '--workloads', '--failure-policy', 'Fail']).stdout) as unknown as Stored[]).find(({ kind }) => kind === 'ValidatingWebhookConfiguration')!
    // By path, for a review does not say which entry it is for. All fail closed, so that a condition that cannot be evaluated comes to light.
    const caBundle = readFileSync(cluster.ca).toString('base64')
    const webhooks = registration.webhooks!.map((entry) => ({ ...entry, failurePolicy: 'Fail', clientConfig: { url: `https://127.0.0.1:${port}/${entry.name.split('.')[0]}`, caBundle } }))
    await apply(['create', '--filename=-'], JSON.stringify({ ...registration, webhooks }))
    await registered(cluster, asked)
    for (const [what, args, object, wanted] of ASKED) {
      asked.length = 0
      const impersonated = args.some((arg) => arg.startsWith('--as=')) ? ['--as-group=system:masters'] : []
      await apply(args, object === undefined ? '' : JSON.stringify(object), ...impersonated, ...(object === undefined ? [] : ['--filename=-']))
      assert.equal(asked, wanted, what)
    }
    server.close()
    server.closeAllConnections()
    await cluster.done('delete', 'validatingwebhookconfiguration', 'mirrorproof')
  })

  test('the API server is stopped', () => cluster.stop())
}

/** The API server learns of a webhook a moment after it stores it. */
async function registered(cluster: Cluster, asked: string[]): Promise<void> {
  for (let tries = 0; asked.length === 0 && tries < 100; tries++) await cluster.kubectl(['create', '--dry-run=server', '--filename=-'], JSON.stringify(idms))
  assert.ok(asked.length > 0, 'the API server does not ask')
}

/** What was sent and is not there any more, by its path. */
function missing(sent: unknown, stored: unknown, path: string): string[] {
  if (sent === null || typeof sent !== 'object') return Object.is(sent, stored) ? [] : [`${path}: ${JSON.stringify(sent)} became ${JSON.stringify(stored)}`]
  if (stored === null || typeof stored !== 'object') return [`${path} is gone`]
  return Object.entries(sent).flatMap(([name, value]) => missing(value, (stored as Record<string, unknown>)[name], `${path}.${name}`))
}

test.run()
