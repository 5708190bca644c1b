import type { Path } from '../manifests/document.ts'
import { isObject, own, type Resource, text, title } from '../manifests/resource.ts'
import { type Defect, defects } from '../openshift/shape.ts'
import { MIRROR_KINDS, type MirrorKind } from '../openshift/kinds.ts'
import type { MirrorRule, SourcePolicy } from '../registries/merge.ts'

/** An entry of a mirror set, with where its parts stand in the document. */
export interface MirrorEntry extends MirrorRule {
  /** In the resource. */
  path: Path
  /** It holds something that a template or a person has yet to fill in, so nothing can be said of it. */
  placeholder?: string
}

/** An ICSP, IDMS or ITMS as far as its entries can be read; what cannot be is for the validator to say. */
export interface MirrorSet {
  kind: MirrorKind
  name: string
  resource: Resource
  /** Placeholders where whole parts of it will be. */
  open: string[]
  /** It has a `spec`; without one it is a patch, or waits for one, and takes no other object's place. */
  complete: boolean
  entries: MirrorEntry[]
  /** Every source and mirror that is a string and no placeholder, also of entries that cannot be read as a whole. */
  locations: MirrorLocation[]
}

export interface MirrorLocation {
  role: 'source' | 'mirror'
  value: string
  /** In the resource. */
  path: Path
}

/** No character of these can stand in a location; a run of capitals with `_` is a name to be replaced. */
export const PLACEHOLDER = /[$<>{}]|%[A-Z_]+%|\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b|PLACEHOLDER/

/**
 * What the API server refuses or drops of a mirror set or Image/cluster, and what of it is yet to be filled in: a string with a placeholder may become whatever
 * is expected there.
 */
export function flaws(kind: MirrorKind | 'Image', value: Record<string, unknown>): { defects: Defect[]; open: string[] } {
  const all = defects(kind, value)
  const written = (defect: Defect) => (defect.problem === 'wrong-type' || defect.problem === 'wrong-value' ? text(defect.path.reduce<unknown>((node, step) => (node as Record<string, unknown> | undefined)?.[step], value)) : '')
  return { defects: all.filter((defect) => !PLACEHOLDER.test(written(defect))), open: all.map(written).filter((one) => PLACEHOLDER.test(one)) }
}

export function mirrorSet(resource: Resource & { kind: MirrorKind }): MirrorSet {
  const { kind, name } = resource
  const { list } = MIRROR_KINDS[kind]
  const items = own(own(resource.value, 'spec'), list)
  const placed = Array.isArray(items) ? items.map((item: unknown, index) => ({ item, path: ['spec', list, index] })) : []
  return {
    kind, name, resource, open: flaws(kind, resource.value).open, complete: isObject(own(resource.value, 'spec')),
    entries: placed.flatMap(({ item, path }) => entry(kind, item, path) ?? []),
    locations: placed.flatMap(({ item, path }) => locations(item, path)),
  }
}

/**
 * The indexes of objects of one kind and name, where there are several. The last of them is the one that stays, as when a folder is applied in the
 * order of its files; what the installer makes comes before what is applied later.
 */
export function repeatedNames(sets: readonly MirrorSet[]): number[][] {
  const byName = new Map<string, number[]>()
  for (const [index, set] of sets.entries()) {
    if (set.name === '' || !set.complete) continue
    const same = byName.get(title(set))
    if (same) same.push(index)
    else byName.set(title(set), [index])
  }
  const made = (index: number) => (sets[index]!.resource.madeOf === undefined ? 1 : 0)
  return [...byName.values()].filter((indexes) => indexes.length > 1).map((indexes) => indexes.sort((a, b) => made(a) - made(b)))
}

function locations(item: unknown, path: Path): MirrorLocation[] {
  const mirrors = own(item, 'mirrors')
  const found: MirrorLocation[] = []
  const add = (role: MirrorLocation['role'], value: unknown, at: Path) => {
    if (typeof value === 'string' && !PLACEHOLDER.test(value)) found.push({ role, value, path: at })
  }
  add('source', own(item, 'source'), [...path, 'source'])
  if (Array.isArray(mirrors)) mirrors.forEach((mirror: unknown, index) => add('mirror', mirror, [...path, 'mirrors', index]))
  return found
}

function entry(kind: MirrorKind, item: unknown, path: Path): MirrorEntry | undefined {
  const source = own(item, 'source')
  const mirrors = own(item, 'mirrors') ?? []
  const policy = own(item, 'mirrorSourcePolicy')
  if (typeof source !== 'string' || !Array.isArray(mirrors) || !mirrors.every((mirror) => typeof mirror === 'string')) return undefined
  if (kind !== 'ImageContentSourcePolicy' && !isPolicy(policy ?? 'AllowContactingSource')) return undefined
  const placeholder = [source, ...mirrors].find((location) => PLACEHOLDER.test(location))
  return {
    kind, source, mirrors, path,
    ...(isPolicy(policy) && kind !== 'ImageContentSourcePolicy' ? { policy } : {}),
    ...(placeholder === undefined ? {} : { placeholder }),
  }
}

function isPolicy(value: unknown): value is SourcePolicy {
  return value === 'NeverContactSource' || value === 'AllowContactingSource'
}
