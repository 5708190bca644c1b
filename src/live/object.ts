import type { File } from '../manifests/document.ts'
import { lastChange } from '../manifests/change.ts'
import { LIVE } from '../manifests/place.ts'
import { isObject, own, text } from '../manifests/resource.ts'
import { yaml } from '../manifests/write.ts'

/** An object as the API server hands it out. */
export interface ApiObject {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string; resourceVersion?: string; uid?: string } & Record<string, unknown>
  [field: string]: unknown
}

/**
 * An object of a running cluster as the file that it would stand in: what `oc get -o yaml` prints of it, under the name that `oc get` finds it by.
 * @throws RangeError where it nests deeper than documents are read.
 */
export function fileOf(object: ApiObject): File {
  const { metadata } = object
  const changed = lastChange(own(metadata, 'managedFields'))
  return { path: pathOf(object), place: placeOf(object), text: yaml({ ...object, metadata: { ...metadata, managedFields: undefined } }), named: true, live: true, ...(changed === undefined ? {} : { changed }) }
}

/** The `File.place` of an object. */
export function placeOf(object: ApiObject): string {
  return `${LIVE}/${pathOf(object)}`
}

function pathOf({ apiVersion, kind, metadata }: ApiObject): string {
  const [group] = apiVersion.includes('/') ? apiVersion.split('/') : []
  return [`${kind.toLowerCase()}${group === undefined ? '' : `.${group}`}`, metadata.namespace, metadata.name].filter((part) => part).join('/')
}

/** Whether a value is an object of the API: one that has a kind and a name. */
export function isApiObject(value: unknown): value is ApiObject {
  return isObject(value) && text(own(value, 'apiVersion')) !== '' && text(own(value, 'kind')) !== '' && text(own(own(value, 'metadata'), 'name')) !== ''
}
