import { type ApiObject, isApiObject } from '../live/object.ts'
import { isObject, own, text } from '../manifests/resource.ts'

/** What the API server asks about, of `AdmissionReview` in admission.k8s.io/v1. */
export interface Review {
  uid: string
  operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT'
  kind: string
  namespace: string
  /** Empty where the API server is yet to make one up. */
  name: string
  /** What will be there; undefined for a DELETE. */
  object: ApiObject | undefined
  /** What is there; undefined for a CREATE. */
  oldObject: ApiObject | undefined
  dryRun: boolean
  user: string
}

/** What is answered: `message` where it is denied. `audit` goes into the audit log of the API server. */
export interface Answer {
  allowed: boolean
  message?: string
  warnings: string[]
  audit: Record<string, string>
}

/** Why a request is no review; it is answered with this HTTP status. */
export class Malformed extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const VERSION = 'admission.k8s.io/v1'
const OPERATIONS = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'] as const

/** Reads the body of a request. @throws Malformed */
export function readReview(body: string): Review {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw new Malformed(400, 'the body is no JSON')
  }
  const [apiVersion, kind, request] = ['apiVersion', 'kind', 'request'].map((key) => own(value, key))
  if (kind !== 'AdmissionReview') throw new Malformed(400, 'the body is no AdmissionReview')
  if (apiVersion !== VERSION) throw new Malformed(400, `AdmissionReview is understood of ${VERSION} only`)
  if (!isObject(request)) throw new Malformed(400, 'the AdmissionReview holds no request')
  const uid = text(own(request, 'uid'))
  if (uid === '') throw new Malformed(400, 'the request has no uid')
  const operation = OPERATIONS.find((one) => one === own(request, 'operation'))
  if (!operation) throw new Malformed(400, `the operation of the request is none of ${OPERATIONS.join(', ')}`)
  // Of a collection that is deleted, the objects alone say how they are called.
  const name = [own(request, 'name'), ...['object', 'oldObject'].map((field) => own(own(own(request, field), 'metadata'), 'name'))].map(text).find((one) => one !== '') ?? ''
  const object = objectOf(request, 'object', name)
  const oldObject = objectOf(request, 'oldObject', name)
  if (operation !== 'DELETE' && operation !== 'CONNECT' && !object) throw new Malformed(400, `the request to ${operation} holds no object`)
  return {
    uid, operation, object, oldObject, name,
    kind: text(own(own(request, 'kind'), 'kind')) || (object ?? oldObject)?.kind || '',
    namespace: text(own(request, 'namespace')),
    dryRun: own(request, 'dryRun') === true,
    user: text(own(own(request, 'userInfo'), 'username')),
  }
}

/** An object that the API server is yet to name is called by the beginning of its name. */
function objectOf(request: unknown, field: string, name: string): ApiObject | undefined {
  const value = own(request, field)
  if (value === null || value === undefined) return undefined
  if (!isObject(value)) throw new Malformed(400, `the ${field} of the request is no object`)
  const metadata = own(value, 'metadata')
  const called = text(own(metadata, 'name')) || name || text(own(metadata, 'generateName'))
  const object: unknown = { ...value, metadata: { ...(isObject(metadata) ? metadata : {}), name: called } }
  if (!isApiObject(object)) throw new Malformed(400, `the ${field} of the request has no apiVersion, kind or name`)
  return object
}

/** The body of the response. */
export function answered(uid: string, { allowed, message, warnings, audit }: Answer): string {
  const status = message === undefined ? {} : { status: { code: 403, reason: 'Forbidden', message } }
  return JSON.stringify({
    apiVersion: VERSION, kind: 'AdmissionReview',
    response: { uid, allowed, ...status, ...(warnings.length > 0 ? { warnings } : {}), ...(Object.keys(audit).length > 0 ? { auditAnnotations: audit } : {}) },
  })
}
