import type { Path } from './document.ts'
import { isObject, own } from './resource.ts'

const FIELDS = ['creationTimestamp', 'deletionGracePeriodSeconds', 'deletionTimestamp', 'generation', 'managedFields', 'resourceVersion', 'selfLink', 'uid']
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** What an API server puts into an object, and kubectl's copy of what was applied: paths of what has no place in a file. */
export function serverFields(value: Record<string, unknown>): Path[] {
  const metadata = own(value, 'metadata')
  const annotations = own(metadata, 'annotations')
  const last = own(annotations, LAST_APPLIED) === undefined ? [] : Object.keys(annotations as object).length === 1 ? [['metadata', 'annotations']] : [['metadata', 'annotations', LAST_APPLIED]]
  const set = isObject(metadata) ? FIELDS.filter((name) => Object.hasOwn(metadata, name)) : []
  return [...set.map((name) => ['metadata', name]), ...last, ...(own(value, 'status') === undefined ? [] : [['status']])]
}
