import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Connection } from '../../src/live/connection.ts'
import { type Purpose, readLive } from '../../src/live/read.ts'
import { type Answers, MISSING, server, status } from './server.ts'

const CONFIG = '/apis/config.openshift.io/v1'
const MACHINES = '/apis/machineconfiguration.openshift.io/v1'
const VERSION: Answers = { '/version': () => ({ gitVersion: 'v1.31.0' }) }
const list = (kind: string, apiVersion: string, ...items: object[]) => () => ({ kind: `${kind}List`, apiVersion, metadata: {}, items })
const named = (name: string, more: object = {}) => ({ metadata: { name, ...more } })

async function read(answers: Answers, purpose?: Purpose): Promise<{ files: string[]; skipped: string[]; unseen: ReadonlySet<string>; asked: string[] }> {
  const { kubeconfig, asked, stop } = await server({ ...VERSION, ...answers })
  try {
    const { files, skipped, running } = await readLive(new Connection({ kubeconfig }), purpose)
    return { files: files.map(({ path }) => path), skipped: skipped.map(({ file, reason, message }) => `${file} ${reason} ${message}`), unseen: running![0]!.unseen, asked: asked.map((url) => url.split('?')[0]!) }
  } finally {
    stop()
  }
}

const told = (read: Promise<unknown>): Promise<string> => read.then(() => '', (error: Error & { code?: number }) => `${error.code} ${error.message.replace(/127\.0\.0\.1:\d+/, 'HOST')}`)

if (MISSING) console.log(`skipped: ${MISSING}, so that nothing can be read over TLS`)
else {
  test('what a cluster does not have is none, whatever it says to whom may not read it', async () => {
    const forbidden: Answers = { [`${CONFIG}/imagetagmirrorsets`]: ({ response }) => status(response, 403, 'forbidden') }
    const none = await read(forbidden)
    assert.equal([none.files, none.skipped, [...none.unseen]], [[], [], []])
    const served = await read({ ...forbidden, [CONFIG]: () => ({ kind: 'APIResourceList', resources: [{ name: 'imagetagmirrorsets' }] }) })
    assert.equal([served.skipped, [...served.unseen]], [['imagetagmirrorsets.config.openshift.io forbidden this user may not read them'], ['ImageTagMirrorSet']])
    const unknown = await read({ ...forbidden, [CONFIG]: ({ response }) => status(response, 403, 'forbidden') })
    assert.is(unknown.skipped.length, 1, 'where the API server does not say, it may be there')
  })

  test('what fails is told, and the rest is read', async () => {
    const { files, skipped, unseen } = await read({
      [`${CONFIG}/images`]: ({ response }) => status(response, 500, 'etcd is\ngone'), [`${CONFIG}/imagedigestmirrorsets`]: list('ImageDigestMirrorSet', 'config.openshift.io/v1', named('org')),
      '/api/v1/namespaces/openshift-config/secrets/pull-secret': () => ({ apiVersion: 'v1', kind: 'Secret', ...named('pull-secret', { namespace: 'openshift-config' }) }),
    })
    assert.equal(files, ['imagedigestmirrorset.config.openshift.io/org', 'secret/openshift-config/pull-secret'])
    assert.equal([skipped, [...unseen]], [['images.config.openshift.io unreadable they cannot be read (etcd is gone)'], ['Image']])
  })

  test('for whom nodes trust, ConfigMaps and Proxy/cluster are read beside where they pull from, and no Secret', async () => {
    const answers: Answers = { '/api/v1/namespaces/openshift-config/configmaps': list('ConfigMap', 'v1', named('cas', { namespace: 'openshift-config' })), [`${CONFIG}/proxies`]: list('Proxy', 'config.openshift.io/v1', named('cluster')), '/api/v1/pods': list('Pod', 'v1', named('a')) }
    const trust = await read(answers, 'trust')
    assert.equal(trust.files, ['configmap/openshift-config/cas', 'proxy.config.openshift.io/cluster'])
    assert.not.ok(trust.asked.some((path) => path.includes('secrets')))
    assert.equal((await read(answers, 'nodes')).files, [])
  })

  test('what a controller made of something that is read is left out, and the rest of its kind is not', async () => {
    const owned = (kind: string) => ({ ownerReferences: [{ kind, controller: true }] })
    const { files } = await read({ '/api/v1/pods': list('Pod', 'v1', named('a', owned('ReplicaSet')), named('b', owned('StrimziPodSet')), named('c'), named('d', { ownerReferences: [{ kind: 'ReplicaSet' }] })) })
    assert.equal(files, ['pod/b', 'pod/c', 'pod/d'])
  })

  test('of MachineConfigs that the operator made for pools, those of now are read, and none where nobody asks', async () => {
    const config = (name: string): Answers => ({ [`${MACHINES}/machineconfigs/${name}`]: () => ({ apiVersion: 'machineconfiguration.openshift.io/v1', kind: 'MachineConfig', ...named(name) }) })
    const names = ['own', '99-worker-generated-registries', 'rendered-worker-old', 'rendered-worker-now', 'rendered-worker-next', 'gone']
    const answers: Answers = {
      [`${MACHINES}/machineconfigpools`]: list('MachineConfigPool', 'machineconfiguration.openshift.io/v1', { ...named('worker'), spec: { configuration: { name: 'rendered-worker-next' } }, status: { configuration: { name: 'rendered-worker-now' } } }),
      [`${MACHINES}/machineconfigs`]: list('PartialObjectMetadata', 'meta.k8s.io/v1', ...names.map((name) => named(name))),
      ...Object.assign({}, ...names.filter((name) => name !== 'gone').map(config)),
    }
    const configs = async (purpose?: Purpose) => (await read(answers, purpose)).files.filter((file) => file.startsWith('machineconfig.')).map((file) => file.split('/')[1])
    assert.equal(await configs(), ['99-worker-generated-registries', 'own', 'rendered-worker-next', 'rendered-worker-now'])
    assert.equal([await configs('objects'), await configs('nodes')], [['own'], ['own']])
  })

  test('who asks where nodes pull from reads no secret and no workload', async () => {
    const { asked, unseen } = await read({}, 'nodes')
    assert.not.ok(asked.some((path) => /secrets|pods|deployments/.test(path)), asked.join())
    assert.ok(unseen.has('Secret') && !unseen.has('ImageDigestMirrorSet'))
  })

  test('an API server that says nothing, or knows nobody, ends it', async () => {
    const { kubeconfig, stop } = await server(VERSION)
    assert.is(await told(readLive(new Connection({ kubeconfig, context: 'stranger' }))), '3 the API server of stranger does not take the credentials of the kubeconfig (Unauthorized); oc login gets new ones')
    stop()
    assert.is(await told(readLive(new Connection({ kubeconfig }))), '3 the API server of right gives no answer: HOST cannot be reached (ECONNREFUSED)')
  })
}

test.run()
