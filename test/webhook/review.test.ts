import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { answered, Malformed, readReview } from '../../src/webhook/review.ts'

const OBJECT = { apiVersion: 'config.openshift.io/v1', kind: 'ImageDigestMirrorSet', metadata: { name: 'org' }, spec: {} }
const REQUEST = { uid: 'u-1', operation: 'CREATE', kind: { group: 'config.openshift.io', version: 'v1', kind: 'ImageDigestMirrorSet' }, name: 'org', object: OBJECT, oldObject: null, dryRun: false, userInfo: { username: 'ann' } }

function review(request: unknown, over: Record<string, unknown> = {}): string {
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request, ...over })
}

test('a review is read', () => {
  assert.equal(readReview(review(REQUEST)), {
    uid: 'u-1', operation: 'CREATE', kind: 'ImageDigestMirrorSet', namespace: '', name: 'org', object: OBJECT, oldObject: undefined, dryRun: false, user: 'ann',
  })
})

test('what is yet to be named is called by the beginning of its name', () => {
  const object = { ...OBJECT, metadata: { generateName: 'org-' } }
  assert.is(readReview(review({ ...REQUEST, name: '', object })).object?.metadata.name, 'org-')
})

const HOSTILE: [what: string, body: string, said: RegExp][] = [
  ['nothing', '', /no JSON/],
  ['cut', review(REQUEST).slice(0, -20), /no JSON/],
  ['null', 'null', /no AdmissionReview/],
  ['a list', '[]', /no AdmissionReview/],
  ['a number', '1', /no AdmissionReview/],
  ['another kind', review(REQUEST, { kind: 'ConversionReview' }), /no AdmissionReview/],
  ['an old version', review(REQUEST, { apiVersion: 'admission.k8s.io/v1beta1' }), /admission\.k8s\.io\/v1 only/],
  ['a version of nobody', review(REQUEST, { apiVersion: 'admission.k8s.io/v9' }), /admission\.k8s\.io\/v1 only/],
  ['no request', review(undefined), /no request/],
  ['a request of null', review(null), /no request/],
  ['a request that is a list', review([]), /no request/],
  ['no uid', review({ ...REQUEST, uid: undefined }), /no uid/],
  ['a uid of another type', review({ ...REQUEST, uid: 7 }), /no uid/],
  ['an operation of nobody', review({ ...REQUEST, operation: 'PATCH' }), /operation/],
  ['an operation of another type', review({ ...REQUEST, operation: { a: 1 } }), /operation/],
  ['a null object to create', review({ ...REQUEST, object: null }), /holds no object/],
  ['an object that is a text', review({ ...REQUEST, object: 'x' }), /object of the request is no object/],
  ['an object without a kind', review({ ...REQUEST, object: { ...OBJECT, kind: 3 } }), /no apiVersion, kind or name/],
  ['an object of nothing', review({ ...REQUEST, object: {} }), /no apiVersion, kind or name/],
  ['an old object that is a list', review({ ...REQUEST, oldObject: [OBJECT] }), /oldObject of the request is no object/],
]

for (const [what, body, said] of HOSTILE) {
  test(`malformed: ${what}`, () => assert.throws(() => readReview(body), (error: unknown) => error instanceof Malformed && error.status === 400 && said.test(error.message)))
}

test('keys that JavaScript knows are keys like any other', () => {
  const object = JSON.parse(JSON.stringify(OBJECT).replace('"spec":{}', '"__proto__":{"kind":"x"},"constructor":1,"spec":{"__proto__":[]}')) as unknown
  const read = readReview(review({ ...REQUEST, object }))
  assert.is(read.object?.kind, 'ImageDigestMirrorSet')
  assert.is(({} as Record<string, unknown>)['kind'], undefined)
})

test('the answer repeats the uid and nothing that is empty', () => {
  assert.equal(JSON.parse(answered('u-1', { allowed: true, warnings: [], audit: {} })), { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid: 'u-1', allowed: true } })
  const { response } = JSON.parse(answered('u-2', { allowed: false, message: 'no', warnings: ['w'], audit: { a: 'b' } })) as { response: unknown }
  assert.equal(response, { uid: 'u-2', allowed: false, status: { code: 403, reason: 'Forbidden', message: 'no' }, warnings: ['w'], auditAnnotations: { a: 'b' } })
})

test.run()
