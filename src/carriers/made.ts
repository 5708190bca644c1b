import type { Path, Place } from '../manifests/document.ts'
import { belonging, type Dropped, type Maker, own, placeOf, type Resource, resource } from '../manifests/resource.ts'
import { MIRROR_KINDS, type MirrorKind } from '../openshift/kinds.ts'

/** An entry that something else than a mirror set holds. */
export interface MadeEntry {
  source: unknown
  mirrors: unknown
  policy?: unknown
  /** Where it stands, and where a part of it does: `source`, `mirrorSourcePolicy`, or `mirrors` and an index. */
  place: (part: Path) => Place
}

/** What a mirror set is made of. */
export interface Making {
  kind: MirrorKind
  name: string
  /** What makes it. */
  madeOf: string
  maker: Maker
  /** What of the original does not get into it. */
  dropped?: readonly Dropped[]
}

/** The mirror set that is made of entries which stand elsewhere, blamed on where they stand. */
export function made(carrier: Resource, making: Making, entries: readonly MadeEntry[], head: Place): Resource {
  const { list } = MIRROR_KINDS[making.kind]
  const items = entries.map(({ source, mirrors, policy }) =>
    ({ source, ...(mirrors === undefined ? {} : { mirrors }), ...(policy === undefined ? {} : { mirrorSourcePolicy: policy }) }))
  const origin = ([spec, field, index, ...rest]: Path): Place =>
    (spec === 'spec' && field === list && typeof index === 'number' && entries[index] ? entries[index].place(rest) : head)
  return object(carrier, making, items, head, origin)
}

function object(carrier: Resource, { kind, name, ...making }: Making, items: unknown, head: Place, origin: (path: Path) => Place): Resource {
  const { apiVersion, list } = MIRROR_KINDS[kind]
  const value = { apiVersion, kind, metadata: { name }, spec: { [list]: items } }
  return resource(value, { document: head.document, path: head.path, origin, ...making, ...belonging(carrier) })
}

/**
 * The mirror set that a list in a resource becomes, as the installer's and HyperShift's APIs have it: `source`, `mirrors` and perhaps a policy under another name.
 * None where there is no list; what is none, or holds what is no entry, is for the validator to say.
 */
export function madeOfList(carrier: Resource, path: Path, list: unknown, making: Making, policy?: string): Resource[] {
  if (list === undefined || list === null) return []
  const head = placeOf(carrier, path)
  if (!Array.isArray(list)) return [object(carrier, making, list, head, () => head)]
  const entries = list.map((item: unknown, index): MadeEntry => ({
    source: own(item, 'source'), mirrors: own(item, 'mirrors'), ...(policy && own(item, policy) !== undefined ? { policy: own(item, policy) } : {}),
    place: (part) => placeOf(carrier, [...path, index, ...part.map((step) => (step === 'mirrorSourcePolicy' && policy ? policy : step))]),
  }))
  return [made(carrier, making, entries, head)]
}

/** Image/cluster of a cluster whose `spec` stands at a path of something else. */
export function madeImage(carrier: Resource, path: Path, spec: Record<string, unknown>, madeOf: string): Resource {
  const head = placeOf(carrier, path)
  const origin = ([first, ...rest]: Path): Place => (first === 'spec' ? placeOf(carrier, [...path, ...rest]) : head)
  return resource({ apiVersion: 'config.openshift.io/v1', kind: 'Image', metadata: { name: 'cluster' }, spec }, { document: head.document, path: head.path, origin, madeOf, ...belonging(carrier) })
}
