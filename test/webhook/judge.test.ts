import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type ApiObject, fileOf, placeOf } from '../../src/live/object.ts'
import type { Judge } from '../../src/webhook/judge.ts'
import { folder } from '../command.ts'
import { digests, judgeOf, SEEN, tags } from './objects.ts'

const GOOD = digests('org', { 'quay.io/org': ['mirror.corp:5000/org'] })
/** Right by itself, and wrong beside GOOD. */
const STRICT = tags('strict', { 'quay.io/org': ['mirror.corp:5000/org'] }, 'NeverContactSource')
/** The API server takes it, and the operator refuses it, whatever is beside it. */
const BAD = both('bad', 'quay.io/bad')

function both(name: string, source: string): ApiObject {
  const [once, never] = [digests(name, { [source]: ['mirror.corp:5000/bad'] }), digests(name, { [source]: ['mirror.corp:5000/bad'] }, 'NeverContactSource')].map(({ spec }) => (spec as { imageDigestMirrors: unknown[] }).imageDigestMirrors)
  return { ...digests(name, {}), spec: { imageDigestMirrors: [...once!, ...never!] } }
}

const creating = (judge: Judge, object: ApiObject, more = {}) => judge.review({ object, oldObject: undefined, dryRun: false, alone: false, ...more }).findings.filter(({ level }) => level === 'error').map(({ rule }) => rule)
const updating = (judge: Judge, oldObject: ApiObject, object: ApiObject) => judge.review({ object, oldObject, dryRun: false, alone: false })
const deleting = (judge: Judge, oldObject: ApiObject) => judge.review({ object: undefined, oldObject, dryRun: false, alone: false })

test('a set that is right beside the others', async () => {
  assert.equal(creating(await judgeOf([GOOD]), digests('more', { 'quay.io/more': ['mirror.corp:5000/more'] })), [])
})

test('an ICSP works, so that it may come back; whoever wants none says so', async () => {
  const icsp: ApiObject = { apiVersion: 'operator.openshift.io/v1alpha1', kind: 'ImageContentSourcePolicy', metadata: { name: 'org' }, spec: { repositoryDigestMirrors: [{ source: 'quay.io/org', mirrors: ['mirror.corp:5000/org'] }] } }
  const levels = (judge: Judge) => judge.review({ object: icsp, oldObject: undefined, dryRun: true, alone: false }).findings.map(({ rule, level }) => [rule, level])
  assert.equal(levels(await judgeOf([])), [['deprecated-icsp', 'warning']])
  const root = folder({ 'mirrorproof.yaml': 'rules:\n  deprecated-icsp: error\n' })
  assert.equal(levels(await judgeOf([], { config: `${root}/mirrorproof.yaml` })), [['deprecated-icsp', 'error']])
})

test('a set that is wrong by itself', async () => {
  assert.equal(creating(await judgeOf([]), BAD), ['conflicting-source-policy'])
})

test('a set that is wrong beside another one only', async () => {
  assert.equal(creating(await judgeOf([]), STRICT), [])
  assert.equal(creating(await judgeOf([GOOD]), STRICT), ['conflicting-source-policy'])
  assert.equal(creating(await judgeOf([GOOD]), STRICT, { alone: true }), [])
})

test('what is wrong already is not this request\'s fault', async () => {
  const judge = await judgeOf([BAD, GOOD])
  assert.equal(creating(judge, digests('more', { 'quay.io/more': ['mirror.corp:5000/more'] })), [])
  assert.equal(updating(judge, BAD, { ...BAD, metadata: { ...BAD.metadata, labels: { team: 'a' } } }).findings, [])
  assert.is(judge.audit().some(({ rule }) => rule === 'conflicting-source-policy'), true)
})

test('what makes it worse is', async () => {
  const judge = await judgeOf([BAD])
  const worse = { ...BAD, spec: { imageDigestMirrors: [BAD, both('bad', 'quay.io/worse')].flatMap(({ spec }) => (spec as { imageDigestMirrors: unknown[] }).imageDigestMirrors) } }
  assert.equal(updating(judge, BAD, worse).findings.map(({ rule }) => rule), ['conflicting-source-policy'])
})

test('the object that mends a broken cluster passes', async () => {
  const judge = await judgeOf([BAD, GOOD])
  const { findings, gone, effect } = updating(judge, BAD, digests('bad', { 'quay.io/bad': ['mirror.corp:5000/bad'] }))
  assert.equal([findings.length, gone, effect], [0, 1, 'unknown'])
})

test('of three sets that disagree, each may be mended first, and none is made worse', async () => {
  const sources = { 'quay.io/org': ['mirror.corp:5000/org'] }
  const [allow, first, second] = [digests('allow', sources), tags('first', sources, 'NeverContactSource'), digests('second', sources, 'NeverContactSource')]
  for (const [mended, to] of [[first, tags('first', sources)], [second, digests('second', sources)], [allow, digests('allow', sources, 'NeverContactSource')]] as const) {
    assert.equal(updating(await judgeOf([allow, first, second]), mended, to).findings.filter(({ level }) => level === 'error'), [], mended.metadata.name)
    assert.equal(deleting(await judgeOf([allow, first, second]), mended).findings.filter(({ level }) => level === 'error'), [], mended.metadata.name)
  }
  const more = { ...sources, 'quay.io/more': ['mirror.corp:5000/more'] }
  const judge = await judgeOf([digests('allow', more), first, second])
  assert.equal(updating(judge, first, tags('first', { 'quay.io/more': ['mirror.corp:5000/more'] }, 'NeverContactSource')).findings.filter(({ level }) => level === 'error').map(({ rule }) => rule), ['conflicting-source-policy'])
})

test('a set that is deleted leaves the others behind', async () => {
  const broad = digests('broad', { 'quay.io/org': ['mirror.corp:5000/org'] }, 'NeverContactSource')
  const agreeing = tags('agreeing', { 'quay.io/org': ['mirror.corp:5000/org'] }, 'NeverContactSource')
  assert.equal(deleting(await judgeOf([broad, agreeing]), agreeing).findings.map(({ rule, level }) => [rule, level]).filter(([, level]) => level === 'error'), [])
  assert.equal(deleting(await judgeOf([GOOD]), GOOD).findings, [])
})

test('two requests of one moment: the second knows of the first', async () => {
  const judge = await judgeOf([])
  assert.equal(creating(judge, GOOD), [])
  assert.equal(creating(judge, STRICT), ['conflicting-source-policy'])
  assert.equal(judge.review({ object: STRICT, oldObject: undefined, dryRun: false, alone: false }).pending, [placeOf(GOOD)])
})

test('a dry run leaves no trace', async () => {
  const judge = await judgeOf([])
  assert.equal(creating(judge, GOOD, { dryRun: true }), [])
  assert.equal(creating(judge, STRICT), [])
})

test('what was denied leaves no trace', async () => {
  const judge = await judgeOf([])
  assert.equal(creating(judge, both('org', 'quay.io/org')), ['conflicting-source-policy'])
  assert.equal(creating(judge, STRICT), [])
})

test('what was allowed and does not come about is forgotten', async () => {
  let now = 0
  const judge = await judgeOf([], {}, () => now)
  assert.equal(creating(judge, GOOD), [])
  now = 9_000
  assert.equal(creating(judge, STRICT), ['conflicting-source-policy'])
  now = 11_000
  assert.equal(creating(judge, STRICT), [])
})

test('what was allowed is forgotten though the clock is set back', async () => {
  let now = 3_600_000
  const judge = await judgeOf([], {}, () => now)
  assert.equal(creating(judge, GOOD), [])
  now = 0
  assert.equal(creating(judge, STRICT), [])
})

test('once the cluster tells of it, it counts for as long as it is there', async () => {
  let now = 0
  const judge = await judgeOf([], {}, () => now)
  assert.equal(creating(judge, GOOD), [])
  judge.change({ put: [fileOf(GOOD)], gone: [], seen: SEEN })
  now = 60_000
  assert.equal(creating(judge, STRICT), ['conflicting-source-policy'])
  judge.change({ put: [], gone: [placeOf(GOOD)], seen: SEEN })
  assert.equal(creating(judge, STRICT), [])
})

test('the API server knows better what it changes than what was heard of it', async () => {
  const stale = await judgeOf([digests('org', { 'quay.io/other': ['mirror.corp:5000/other'] })])
  // GOOD is there already: the label adds nothing.
  assert.equal(updating(stale, GOOD, { ...GOOD, metadata: { ...GOOD.metadata, labels: { a: 'b' } } }).findings, [])
})

test('an annotation on the object waives nothing; the administrators\' configuration does', async () => {
  const annotated = { ...BAD, metadata: { ...BAD.metadata, annotations: { 'mirrorproof.io/ignore': 'conflicting-source-policy it works for us' } } }
  assert.equal(creating(await judgeOf([]), annotated), ['conflicting-source-policy'])
  const root = folder({ 'mirrorproof.yaml': 'waivers:\n- rule: conflicting-source-policy\n  object: ImageDigestMirrorSet/bad\n  reason: agreed with the registry team\n' })
  assert.equal(creating(await judgeOf([], { config: `${root}/mirrorproof.yaml` }), BAD), [])
})

test('what only the API server sets is no mistake', async () => {
  assert.equal((await judgeOf([GOOD, { ...STRICT, spec: { imageTagMirrors: [] } }])).audit().map(({ rule }) => rule).filter((rule) => rule === 'live-object-metadata'), [])
})

test('what the operator is yet to write is told of the cluster, and is no request\'s fault', async () => {
  const written: ApiObject = {
    apiVersion: 'machineconfiguration.openshift.io/v1', kind: 'MachineConfig', metadata: { name: '99-worker-generated-registries', annotations: { 'machineconfiguration.openshift.io/generated-by-controller-version': 'abc' }, labels: { 'machineconfiguration.openshift.io/role': 'worker' } },
    spec: { config: { ignition: { version: '3.4.0' }, storage: { files: [{ path: '/etc/containers/registries.conf', contents: { source: 'data:,' } }] } } },
  }
  const judge = await judgeOf([GOOD, written])
  assert.equal(judge.audit().map(({ rule }) => rule), ['mirrors-not-rendered'])
  assert.equal(judge.review({ object: digests('more', { 'quay.io/more': ['mirror.corp:5000/more'] }), oldObject: undefined, dryRun: false, alone: false }).findings, [])
})

test('what may not be read is not taken for absent', async () => {
  const image = (name: string): ApiObject => ({ apiVersion: 'config.openshift.io/v1', kind: 'Image', metadata: { name: 'cluster' }, spec: { additionalTrustedCA: { name } } })
  const judge = await judgeOf([])
  const rules = () => judge.review({ object: image('registry-cas'), oldObject: undefined, dryRun: true, alone: false }).findings.map(({ rule }) => rule)
  assert.equal(rules(), ['trusted-ca-not-found'])
  judge.change({ put: [], gone: [], seen: SEEN.filter((kind) => kind !== 'ConfigMap') })
  assert.equal(rules(), [])
})

test('names that files have a meaning by are names like any other', async () => {
  for (const name of ['kustomization.yaml', 'tekton-images-mirror-set.yaml']) {
    assert.equal(creating(await judgeOf([]), { ...BAD, metadata: { name } }), ['conflicting-source-policy'], name)
  }
})

test.run()
