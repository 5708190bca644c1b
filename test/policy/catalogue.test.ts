import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { clusters } from '../../src/clusters.ts'
import { locate } from '../../src/manifests/position.ts'
import { parseVersion } from '../../src/openshift/version.ts'
import { engine } from '../../src/policy/engine.ts'
import { facts } from '../../src/policy/input.ts'
import { Places } from '../../src/policy/places.ts'
import { concerns, packageOf } from '../../src/policy/rule.ts'
import { RULES } from '../../src/policy/rules.generated.ts'
import { ROOT } from '../command.ts'
import { validator } from '../schema.ts'

/**
 * Clusters at random, of everything that a rule may look at: whatever they hold, every rule comes to an end, says a whole sentence, and blames a place that there is.
 */
const ENGINE = engine(new Uint8Array(readFileSync(join(ROOT, 'policies/policy.wasm'))), RULES)
const NAMES = RULES.map(({ id }) => packageOf(id))

const HOSTS = ['quay.io', 'registry.redhat.io', 'docker.io', 'index.docker.io', 'm.corp.example', 'm.corp.example:5000', 'n.corp.example', 'n.corp.exanple', '*.redhat.io', 'Quay.io', 'ubi9', 'localhost', 'a.redhat.io']
const PATHS = ['', '/a', '/a/b', '/library/nginx', '/nginx', '/openshift-release-dev/ocp-release', '/', '/A', '/a:v1']

/** Few names make it likely that objects speak of the same. */
function objectsOf(hosts: readonly string[], paths: readonly string[]) {
  const host = fc.constantFrom(...hosts)
  const path = fc.constantFrom(...paths)
  const location = fc.tuple(host, path).map(([a, b]) => a + b)
  const image = fc.tuple(host, fc.constantFrom('/a/b', '/a', '/nginx'), fc.constantFrom('', ':v1', `@sha256:${'a'.repeat(64)}`)).map((parts) => parts.join('').replace('*.', 'x.'))
  const policy = fc.constantFrom(undefined, 'NeverContactSource', 'AllowContactingSource')
  const entry = fc.record({ source: location, mirrors: fc.array(location, { maxLength: 3 }), mirrorSourcePolicy: policy })
  const name = fc.constantFrom('a', 'b')
  const scopes = fc.array(fc.oneof(location, fc.constantFrom('https://quay.io', 'a*b', '')), { maxLength: 3 })

  const object = (apiVersion: string, kind: string, metadata: object, spec: unknown) => ({ apiVersion, kind, metadata, spec })
  const mirrorSet = fc.tuple(fc.constantFrom(['ImageContentSourcePolicy', 'repositoryDigestMirrors'], ['ImageDigestMirrorSet', 'imageDigestMirrors'], ['ImageTagMirrorSet', 'imageTagMirrors']), name, fc.array(entry, { maxLength: 4 }))
    .map(([[kind, list], called, entries]) => object(kind === 'ImageContentSourcePolicy' ? 'operator.openshift.io/v1alpha1' : 'config.openshift.io/v1', kind!, { name: called, uid: 'x' }, { [list!]: entries }))
  const imageConfig = fc.record({
    registrySources: fc.record({ insecureRegistries: scopes, blockedRegistries: scopes, allowedRegistries: scopes, containerRuntimeSearchRegistries: fc.array(host, { minLength: 1, maxLength: 2 }) }, { requiredKeys: [] }),
    additionalTrustedCA: fc.record({ name: name }),
  }, { requiredKeys: [] }).map((spec) => object('config.openshift.io/v1', 'Image', { name: 'cluster' }, spec))
  const trust = fc.tuple(name, fc.constantFrom('openshift-config', 'default'), fc.array(fc.constantFrom('m.corp.example..5000', 'm.corp.example', 'n.corp.example:1', 'ca.crt'), { maxLength: 3 }))
    .map(([called, namespace, keys]) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: called, namespace }, data: Object.fromEntries(keys.map((key) => [key, '-----BEGIN CERTIFICATE-----'])) }))
  const bundle = fc.tuple(fc.constantFrom('ca-bundle.crt', 'ca.crt'), fc.constantFrom('-----BEGIN CERTIFICATE-----\nQUFB\n-----END CERTIFICATE-----\n', '-----BEGIN CERTIFICATE-----', 'x', ''))
    .map(([key, pem]) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'user-ca-bundle', namespace: 'openshift-config' }, data: { [key]: pem } }))
  const secret = fc.constantFrom('{"auths":{"quay.io":{}}}', '{"auths":[]}', 'x').map((json) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'pull-secret', namespace: 'openshift-config' }, stringData: { '.dockerconfigjson': json } }))
  const pod = fc.tuple(name, fc.array(image, { minLength: 1, maxLength: 4 })).map(([called, images]) => object('v1', 'Pod', { name: called }, { containers: images.map((one) => ({ name: 'c', image: one })) }))
  const imports = image.map((one) => object('image.openshift.io/v1', 'ImageStream', { name: 'a' }, { tags: [{ name: 'v1', from: { kind: 'DockerImage', name: one } }] }))
  const conf = fc.constantFrom('[[registry]]\nlocation = "quay.io"\n[[registry.mirror]]\nlocation = "m.corp.example"\npull-from-mirror = "all"\n', '[[registry]]\nprefix = "quay.io/a"\nlocation = "x.io"\nblocked = true\n', '[[registry]]\nlocation = "https://quay.io"\n')
  const machineConfig = fc.tuple(conf, fc.constantFrom('registries.conf', 'registries.conf.d/99-x.conf'), fc.constantFrom('10-a', '99-z'), fc.constantFrom('worker', 'infra'))
    .map(([toml, file, called, role]) => object('machineconfiguration.openshift.io/v1', 'MachineConfig', { name: called, labels: { 'machineconfiguration.openshift.io/role': role } }, { config: { storage: { files: [{ path: `/etc/containers/${file}`, contents: { source: `data:,${encodeURIComponent(toml)}` } }] } } }))
  const rendered = (called: string, toml: string) => ({
    ...object('machineconfiguration.openshift.io/v1', 'MachineConfig', { name: called, annotations: { 'machineconfiguration.openshift.io/generated-by-controller-version': 'a' } }, { config: { storage: { files: [{ path: '/etc/containers/registries.conf', contents: { source: `data:,${encodeURIComponent(toml)}` } }] } } }),
  })
  const written = fc.tuple(conf, conf, fc.boolean()).map(([wished, had, paused]) => [
    rendered('99-worker-generated-registries', wished), rendered('rendered-worker-1', had),
    { ...object('machineconfiguration.openshift.io/v1', 'MachineConfigPool', { name: 'worker' }, { paused, configuration: { name: 'rendered-worker-2' } }), status: { configuration: { name: 'rendered-worker-1' }, machineCount: 2 } },
  ])
  const assisted = conf.map((toml) => [
    object('agent-install.openshift.io/v1beta1', 'AgentServiceConfig', { name: 'agent' }, { mirrorRegistryRef: { name: 'mirrors' } }),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mirrors' }, data: { 'registries.conf': toml } },
  ])
  const hosted = fc.array(entry, { maxLength: 3 }).map((list) => object('hypershift.openshift.io/v1beta1', 'HostedCluster', { name: 'h' }, { imageContentSources: list.map(({ source, mirrors }) => ({ source, mirrors })) }))
  const installConfig = fc.tuple(fc.array(entry, { maxLength: 2 }), fc.subarray(['imageContentSources', 'imageDigestSources'])).map(([list, fields]) =>
    ({ apiVersion: 'v1', baseDomain: 'x', controlPlane: {}, metadata: { name: 'c' }, ...Object.fromEntries(fields.map((field) => [field, list.map(({ source, mirrors }) => ({ source, mirrors }))])) }))
  const others = fc.constantFrom(
    object('machineconfiguration.openshift.io/v1', 'MachineConfigPool', { name: 'worker' }, { paused: true }),
    object('config.openshift.io/v1', 'OperatorHub', { name: 'cluster' }, {}),
    object('config.openshift.io/v1', 'ClusterImagePolicy', { name: 'p' }, { scopes: ['quay.io/a', 'm.corp.example/a', '*.redhat.io', 7] }),
    object('config.openshift.io/v1', 'ImageContentPolicy', { name: 'p' }, {}),
    object('config.openshift.io/v1', 'ImageDigestMirrorSets', { name: 'p' }, {}),
  )
  const chosen = fc.array(fc.oneof({ weight: 4, arbitrary: mirrorSet }, { weight: 2, arbitrary: imageConfig }, { weight: 3, arbitrary: pod }, trust, secret, imports, machineConfig, assisted, hosted, installConfig, others), { minLength: 1, maxLength: 8 }).map((list) => list.flat())
  return fc.tuple(chosen, fc.option(written, { nil: [], freq: 3 }), fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, bundle.map((one) => [one]))).map((lists) => lists.flat())
}

const few = fc.tuple(fc.subarray(HOSTS, { minLength: 1, maxLength: 4 }), fc.subarray(PATHS, { minLength: 1, maxLength: 2 })).chain(([hosts, paths]) => objectsOf(hosts, paths))
const objects = fc.oneof(few, objectsOf(HOSTS, PATHS))
const version = fc.constantFrom(undefined, '4.8', '4.12', '4.13.5', '4.14', '4.15.3', '4.16', '4.20.1')

const sourcesOf = (manifests: readonly object[], running = false) => {
  const files = manifests.map((one, index) => ({ path: `${index % 3}/${index}.yaml`, place: `/${index % 3}/${index}.yaml`, text: JSON.stringify(one, null, 1), named: true }))
  const cluster = { place: '/', name: 'all', why: 'it runs', unseen: new Set<string>() }
  return { files, passed: new Set<string>(), open: () => undefined, gunzip: (packed: Uint8Array) => packed, ...(running ? { running: [cluster] } : {}) }
}

test('every rule comes to an end on every cluster, and the facts hold against their schema', () => {
  const valid = validator(JSON.parse(readFileSync(join(ROOT, 'schema/facts.schema.json'), 'utf8')) as object)
  const fired = new Set<string>()
  fc.assert(fc.property(objects, version, fc.boolean(), fc.nat(3).map((number) => number === 0), (manifests, openshift, disconnected, running) => {
    const known = openshift === undefined ? {} : { version: parseVersion(openshift)! }
    for (const group of clusters(sourcesOf(manifests, running), { clusters: [], name: 'all', ...known, disconnected }).groups) {
      const places = new Places()
      const made = facts(group, places, NAMES)
      valid(JSON.parse(JSON.stringify(made)), 'facts')
      const asked = RULES.filter((rule) => concerns(rule, made)).map(({ id }) => packageOf(id))
      const all = ENGINE.evaluate(made, places).verdicts
      assert.equal(ENGINE.evaluate({ ...made, rules: asked }, places).verdicts, all, 'a rule that is not asked would have found nothing')
      if (made.cluster.refused !== undefined) assert.ok(all.some(({ level }) => level !== 'info'), `somebody says that the operator refuses this: ${made.cluster.refused}`)
      for (const { rule, message, level, at, related = [] } of all) {
        fired.add(rule)
        assert.ok(['error', 'warning', 'info'].includes(level), rule)
        for (const text of [message, ...related.map((one) => one.message)]) assert.not.match(text, /<undefined>|^$/, rule)
        for (const place of [at, ...related.map((one) => one.at)]) assert.ok(locate(places.documents[place.doc]!, place.path, place.key).line > 0, rule)
      }
    }
  }), { numRuns: 2500, seed: 6, includeErrorInReport: true })
  const silent = RULES.map(({ id }) => id).filter((id) => !fired.has(id) && !NEEDS_MORE.has(id))
  assert.equal(silent, [], 'these clusters are varied enough for every rule to fire in one of them')
})

/** Rules that need more, larger or rarer objects than are made here; their cases show them. */
const NEEDS_MORE = new Set([
  'registries-conf-too-large', 'mirror-set-too-large', 'too-many-image-content-sources', 'unreadable-manifest', 'unknown-field', 'misspelt-mirror-host', 'mirror-set-in-hosted-cluster',
  'invalid-object', 'mirror-set-ignored-by-builds', 'wildcard-around-registry',
  'malformed-waiver', 'waiver-unknown-rule', 'waiver-without-reason', 'waiver-expired', 'unused-waiver',
])


test.run()
