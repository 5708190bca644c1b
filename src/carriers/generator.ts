import type { Path, Place } from '../manifests/document.ts'
import { belonging, inside, isObject, own, placeOf, type Resource, resource, text, title } from '../manifests/resource.ts'
import { MIRROR_KINDS, type MirrorKind } from '../openshift/kinds.ts'
import { type Contents, holding, labels, type Surroundings, together } from './contents.ts'

/** What a PolicyGenerator of ACM puts into policies: manifests, and the patches that are merged into them. */
export function policyGenerator(carrier: Resource, surroundings: Surroundings): Contents {
  const policies = own(carrier.value, 'policies')
  const defaults = placement(own(carrier.value, 'policyDefaults'))
  return together(list(policies).map((policy, index) => together(list(own(policy, 'manifests')).map((manifest, at) => {
    const path = ['policies', index, 'manifests', at]
    const from = text(own(manifest, 'path'))
    const patches = list(own(manifest, 'patches')).map((value, number) => ({ value, path: [...path, 'patches', number] }))
    return text(own(manifest, 'complianceType')).toLowerCase() === 'mustnothave' ? holding([]) : generated({ ...carrier, managed: placement(policy) || defaults }, [...path, 'path'], from, patches, surroundings)
  }))))
}

/** Which clusters a policy, or the defaults of all, are for. */
function placement(policy: unknown): string {
  const found = own(policy, 'placement')
  const selector = own(found, 'labelSelector') ?? own(found, 'clusterSelector') ?? own(found, 'clusterSelectors')
  return labels(own(selector, 'matchLabels') ?? selector) || text(own(found, 'placementName')) || text(own(found, 'placementPath'))
}

const SETTINGS = new Set(['fileName', 'policyName', 'complianceType', 'remediationAction', 'evaluationInterval'])

/** What a PolicyGenTemplate of ZTP does with its source files: what stands beside `fileName` is merged into the manifest. */
export function policyGenTemplate(carrier: Resource, surroundings: Surroundings): Contents {
  return together(list(own(own(carrier.value, 'spec'), 'sourceFiles')).map((item, index) => {
    const path = ['spec', 'sourceFiles', index]
    const file = text(own(item, 'fileName'))
    if (!isObject(item) || text(own(item, 'complianceType')).toLowerCase() === 'mustnothave') return holding([])
    const value = Object.fromEntries(Object.entries(item).filter(([key]) => !SETTINGS.has(key)))
    const beside: Surroundings = { ...surroundings, manifests: (from, name) => surroundings.manifests(from, name) ?? surroundings.manifests(from, `source-crs/${name}`) }
    return generated(carrier, [...path, 'fileName'], file, Object.keys(value).length > 0 ? [{ value, path }] : [], beside)
  }))
}

interface Patch {
  value: unknown
  path: Path
}

function generated(carrier: Resource, at: Path, from: string, patches: Patch[], { manifests }: Surroundings): Contents {
  const found = from === '' ? [] : manifests(carrier.document, from)
  const patched = (one: Resource) => merged(one, carrier, patches.filter(({ value }) => found?.length === 1 || meant(value, one)))
  if (found) return holding(found.map((one) => ({ ...patched(one), ...belonging(carrier) })))
  const sets = patches.flatMap((patch) => alone(carrier, patch))
  return { resources: sets, broken: [], unread: sets.length > 0 ? [] : lost(carrier, at, from) }
}

/** Only worth a word where it would have been a mirror set. */
function lost(carrier: Resource, at: Path, from: string): Contents['unread'] {
  const mirrors = /IDMS|ITMS|ICSP|Mirror|ContentSource/i.test(from)
  return mirrors ? [{ place: placeOf(carrier, at), reason: 'carrier', message: `\`${from}\` is not here, so what ${title(carrier)} makes of it is not known` }] : []
}

/** Where a file brings several manifests, a patch says which one it is for. */
function meant(patch: unknown, { kind, name }: Resource): boolean {
  const [patchKind, patchName] = [own(patch, 'kind'), own(own(patch, 'metadata'), 'name')]
  return patchKind === kind && (patchName === undefined || patchName === name)
}

/** A patch whose manifest is not here and that brings a list of mirrors: the list says what kind it is. */
function alone(carrier: Resource, { value, path }: Patch): Resource[] {
  const kind = (Object.keys(MIRROR_KINDS) as MirrorKind[]).find((one) => own(own(value, 'spec'), MIRROR_KINDS[one].list) !== undefined)
  if (!kind || !isObject(value)) return []
  const { apiVersion } = MIRROR_KINDS[kind]
  const name = text(own(own(value, 'metadata'), 'name')) || text(own(own(carrier.value, 'metadata'), 'name'))
  return [{ ...inside(carrier, path, { ...value, apiVersion, kind, metadata: { name } }), madeOf: title(carrier) }]
}

/** JSON merge patches (RFC 7396), which is what a strategic merge patch is for kinds without merge keys; each part is blamed on where it is written. */
function merged(base: Resource, carrier: Resource, patches: readonly Patch[]): Resource {
  const own = patches.filter(({ value }) => isObject(value))
  if (own.length === 0) return base
  const origin = (part: Path): Place => {
    const last = own.findLast(({ value }) => decides(value, part))
    return last ? placeOf(carrier, [...last.path, ...part]) : placeOf(base, part)
  }
  const value = own.reduce((whole: unknown, patch) => merge(whole, patch.value), base.value) as Record<string, unknown>
  return resource(value, { document: base.document, path: base.path, origin, ...belonging(carrier) })
}

function merge(base: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const result = new Map(Object.entries(isObject(base) ? base : {}))
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key)
    else result.set(key, merge(result.get(key), value))
  }
  return Object.fromEntries(result)
}

/** Whether a patch brings what stands at a path. */
function decides(patch: unknown, part: Path): boolean {
  let node = patch
  for (const step of part) {
    if (!isObject(node)) return true
    if (!Object.hasOwn(node, step)) return false
    node = node[step]
  }
  return !isObject(node)
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
