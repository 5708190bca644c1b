import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type ApiObject, fileOf, isApiObject } from '../../src/live/object.ts'

const object = (kind: string, apiVersion: string, metadata: ApiObject['metadata']): ApiObject => ({ apiVersion, kind, metadata })

test('an object is called as oc get finds it', () => {
  const path = (...args: Parameters<typeof object>) => fileOf(object(...args)).path
  assert.is(path('ImageDigestMirrorSet', 'config.openshift.io/v1', { name: 'org' }), 'imagedigestmirrorset.config.openshift.io/org')
  assert.is(path('ConfigMap', 'v1', { name: 'cas', namespace: 'openshift-config' }), 'configmap/openshift-config/cas')
})

test('its text is what oc get -o yaml prints, and what changed it last is known', () => {
  const managedFields = [
    { manager: 'kubectl', time: '2026-01-02T00:00:00Z' }, { manager: 'kubectl', time: '2026-01-01T00:00:00Z' }, { manager: 'controller', time: '2026-03-01T00:00:00Z', subresource: 'status' },
  ]
  const file = fileOf({ ...object('ImageDigestMirrorSet', 'config.openshift.io/v1', { name: 'org', managedFields }), spec: {} })
  assert.equal(file, {
    path: 'imagedigestmirrorset.config.openshift.io/org', place: 'live:/imagedigestmirrorset.config.openshift.io/org', named: true, live: true, changed: '2026-01-02T00:00:00Z',
    text: 'apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata:\n  name: org\nspec: {}\n',
  })
  assert.is(fileOf(object('Pod', 'v1', { name: 'a' })).changed, undefined)
})

test('what has no kind, no apiVersion or no name is no object', () => {
  assert.ok(isApiObject(object('Pod', 'v1', { name: 'a' })))
  for (const value of [null, 'a', [], {}, { kind: 'Pod', metadata: { name: 'a' } }, { apiVersion: 'v1', metadata: { name: 'a' } }, { apiVersion: 'v1', kind: 'Pod', metadata: {} }, { apiVersion: 'v1', kind: 'Pod', metadata: null }]) assert.not.ok(isApiObject(value), JSON.stringify(value))
})

test.run()
