import type { Path, Place } from '../manifests/document.ts'
import { belonging, isObject, own, placeOf, type Resource, resource } from '../manifests/resource.ts'
import { MIRROR_KINDS, type MirrorKind } from '../openshift/kinds.ts'

/** An entry that something else than a mirror set holds. */
export interface MadeEntry {
  source: unknown
  mirrors: unknown
  policy?: unknown
  /** Where it stands, and where a part of it does: `source`, `mirrorSourcePolicy`, or `mirrors` and an index. */
  place: (part: Path) => Place
}

/** The mirror set that is made of entries which stand elsewhere, blamed on where they stand. */
export function made(carrier: Resource, kind: MirrorKind, name: string, madeOf: string, entries: readonly MadeEntry[], head: Place): Resource {
  const { apiVersion, list } = MIRROR_KINDS[kind]
  const items = entries.map(({ source, mirrors, policy }) =>
    ({ source, ...(mirrors === undefined ? {} : { mirrors }), ...(policy === undefined ? {} : { mirrorSourcePolicy: policy }) }))
  const origin = ([spec, field, index, ...rest]: Path): Place =>
    (spec === 'spec' && field === list && typeof index === 'number' && entries[index] ? entries[index].place(rest) : head)
  const value = { apiVersion, kind, metadata: { name }, spec: { [list]: items } }
  return resource(value, { document: head.document, path: head.path, origin, madeOf, ...belonging(carrier) })
}

/** The entries of a list as the installer's and HyperShift's APIs have it: `source`, `mirrors` and perhaps a policy under another name. */
export function listed(list: unknown, place: (part: Path) => Place, policy?: string): MadeEntry[] {
  return (Array.isArray(list) ? (list as unknown[]) : []).flatMap((item, index) => {
    if (!isObject(item)) return []
    return [{
      source: own(item, 'source'), mirrors: own(item, 'mirrors'), ...(policy && own(item, policy) !== undefined ? { policy: own(item, policy) } : {}),
      place: (part: Path) => place([index, ...part.map((step) => (step === 'mirrorSourcePolicy' && policy ? policy : step))]),
    }]
  })
}

/** The mirror set that a list in a resource becomes; none where there is no list. */
export function madeOfList(carrier: Resource, path: Path, list: unknown, kind: MirrorKind, name: string, madeOf: string, policy?: string): Resource[] {
  if (!Array.isArray(list)) return []
  const place = (part: Path) => placeOf(carrier, [...path, ...part])
  return [made(carrier, kind, name, madeOf, listed(list, place, policy), place([]))]
}
