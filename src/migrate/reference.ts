import type { Document, Path } from '../manifests/document.ts'
import { isKustomization } from '../manifests/place.ts'
import type { Amendment } from '../manifests/amend.ts'
import type { Edit } from '../manifests/edit.ts'
import { parse } from '../manifests/parse.ts'
import { isObject, own, text, valueAt } from '../manifests/resource.ts'
import { conversion, FROM, ICSP, IDMS, TO } from './convert.ts'

/** A place that speaks of the kind. */
export interface Reference {
  document: Document
  path: Path
  /** What has to be done there by hand, as a clause; undefined where `amendments` do it. */
  advice?: string
  /** The object that cannot change either, for this is a patch of it. */
  keeps?: string
  /** The object that this is a patch of. */
  patches?: string
  /** What is done there, as a clause. */
  done?: string
  amendments: Amendment[]
}

/** Which objects become ImageDigestMirrorSets, by name. */
export interface Renamed {
  /** Some do. */
  some(name: string): boolean
  /** All that have the name, or all that there are where it has none, do. */
  all(name: string): boolean
}

const [OLD_GROUP, NEW_GROUP] = ['operator.openshift.io', 'config.openshift.io']
const [OLD_PLURAL, NEW_PLURAL] = ['imagecontentsourcepolicies', 'imagedigestmirrorsets']
const [OLD_LIST, NEW_LIST] = [`/spec/${FROM.list}`, `/spec/${TO.list}`]

/** What a document says of the kind that follows from what its objects become, wherever that is certain. `isPatch` is for a file that a kustomization names as a patch or as replacements. */
export function references(document: Document, renamed: Renamed, isPatch: boolean): Reference[] {
  const { value } = document
  const kind = text(own(value, 'kind'))
  if (isKustomization(document.file.path)) return kustomization(document, renamed)
  if (kind === 'Role' || kind === 'ClusterRole') return roles(document)
  if (kind === 'Application' || kind === 'ApplicationSet') return differences(document, renamed)
  const isReplacement = [value].flat().some((one) => own(one, 'targets') !== undefined)
  return isPatch ? (isReplacement ? kustomization(document, renamed) : patch(document, renamed, undefined)) : []
}

/** Targets of patches and replacements, and patches that stand there. */
function kustomization(document: Document, renamed: Renamed): Reference[] {
  return objects(document.value).flatMap(({ value, path }) => [
    ...(own(value, 'kind') === ICSP && path.length > 0 ? selector(document, path, value, renamed) : []),
    ...inline(document, path, value, renamed),
  ])
}

/** `kind`, and `group` and `version` where they are said. */
function selector(document: Document, path: Path, value: Record<string, unknown>, renamed: Renamed): Reference[] {
  const at = [...path, 'kind']
  const name = text(own(value, 'name'))
  if (!renamed.some(name)) return []
  if (!renamed.all(name)) return [{ document, path: at, advice: 'it selects objects of which some stay what they are', amendments: [] }]
  const edits: Edit[] = [
    { op: 'replace', path: at, value: IDMS },
    ...(own(value, 'group') === OLD_GROUP ? [{ op: 'replace', path: [...path, 'group'], value: NEW_GROUP } as const] : []),
    ...(own(value, 'version') === 'v1alpha1' ? [{ op: 'replace', path: [...path, 'version'], value: 'v1' } as const] : []),
    ...pointers(value, path),
    ...(path.at(-1) === 'select' ? pointers(valueAt(document.value, path.slice(0, -1)), path.slice(0, -1)) : []),
  ]
  return [{ document, path: at, done: 'selects the new kind', amendments: edits.map((edit) => ({ document, edit })) }]
}

/** JSON pointers, jq expressions and field paths beside a selector. */
function pointers(value: unknown, path: Path): Edit[] {
  return ['fieldPath', 'fieldPaths', 'jsonPointers', 'jqPathExpressions'].flatMap((field) => {
    const found = own(value, field)
    return Array.isArray(found) ? found.flatMap((one: unknown, index) => pointer(one, [...path, field, index])) : pointer(found, [...path, field])
  })
}

function pointer(value: unknown, path: Path): Edit[] {
  if (typeof value !== 'string') return []
  const changed = value.replaceAll(new RegExp(`((?:^|[./])spec[./])${FROM.list}\\b`, 'g'), `$1${TO.list}`)
  return changed === value ? [] : [{ op: 'replace', path, value: changed }]
}

/** A patch in a string: `patch` beside a target, or an item of `patchesStrategicMerge`. */
function inline(document: Document, path: Path, value: Record<string, unknown>, renamed: Renamed): Reference[] {
  const merges = Array.isArray(own(value, 'patchesStrategicMerge')) ? own(value, 'patchesStrategicMerge') as unknown[] : []
  const texts = [
    ...['patch', 'patches'].map((field) => ({ at: [...path, field], text: own(value, field), target: own(value, 'target') })),
    ...merges.map((one, index) => ({ at: [...path, 'patchesStrategicMerge', index], text: one, target: undefined })),
  ]
  return texts.flatMap(({ at, text: patchText, target }) => {
    if (typeof patchText !== 'string' || !/[\n:{]/.test(patchText)) return []
    const { documents } = parse({ ...document.file, text: patchText, named: true }, () => true)
    return documents.flatMap((inner) => patch({ ...inner, within: { document, path: at } }, renamed, isObject(target) && own(target, 'kind') === ICSP ? text(own(target, 'name')) : undefined))
  })
}

/** A strategic merge patch of an object that changes, or the operations on one; `target` is the name that those are for. */
function patch(document: Document, renamed: Renamed, target: string | undefined): Reference[] {
  const { value, problem } = document
  if (problem) return []
  if (Array.isArray(value)) return operations(document, renamed, target)
  if (!isObject(value) || own(value, 'kind') !== ICSP) return []
  const name = target ?? text(own(own(value, 'metadata'), 'name'))
  if (!renamed.some(name)) return []
  if (!renamed.all(name)) return [{ document, path: ['kind'], advice: 'the patch is for an object that stays what it is', amendments: [] }]
  const made = conversion(value, true)
  if ('why' in made) return [{ document, path: ['kind'], advice: `${made.why}; ${made.fix}`, keeps: name, amendments: [] }]
  const edits: Edit[] = [{ op: 'replace', path: ['apiVersion'], value: TO.apiVersion }, { op: 'replace', path: ['kind'], value: IDMS }, ...made.edits]
  return [{ document, path: ['kind'], done: 'patches the new kind', patches: name, amendments: edits.map((edit) => ({ document, edit })) }]
}

/** A JSON patch whose target is not known here is left: what it is for stands in the kustomization. */
function operations(document: Document, renamed: Renamed, target: string | undefined): Reference[] {
  const found = (document.value as unknown[]).flatMap((one, index) => ['path', 'from'].flatMap((field) => {
    const pointer = own(one, field)
    return typeof pointer === 'string' && (pointer === OLD_LIST || pointer.startsWith(`${OLD_LIST}/`)) ? [{ path: [index, field], pointer }] : []
  }))
  if (found.length === 0 || !renamed.some(target ?? '')) return []
  if (!renamed.all(target ?? '')) return [{ document, path: found[0]!.path, advice: 'the patch may be for an object that stays what it is', amendments: [] }]
  return [{
    document, path: found[0]!.path, done: 'patches the new list',
    amendments: found.map(({ path, pointer }) => ({ document, edit: { op: 'replace', path, value: NEW_LIST + pointer.slice(OLD_LIST.length) } })),
  }]
}

/** What may be done with the old kind may be done with the new one, too; the old one is needed until its objects are gone. */
function roles(document: Document): Reference[] {
  const rules = own(document.value, 'rules')
  return (Array.isArray(rules) ? (rules as unknown[]) : []).flatMap((rule, index): Reference[] => {
    const [groups, resources] = [own(rule, 'apiGroups'), own(rule, 'resources')].map((list) => (Array.isArray(list) ? (list as unknown[]) : [])) as [unknown[], unknown[]]
    if (!groups.includes(OLD_GROUP) || !resources.includes(OLD_PLURAL)) return []
    const at = ['rules', index, 'resources', resources.indexOf(OLD_PLURAL)]
    if (resources.includes(NEW_PLURAL) && groups.includes(NEW_GROUP)) return []
    const alone = resources.every((one) => one === OLD_PLURAL || one === NEW_PLURAL)
    if (!groups.includes(NEW_GROUP) && !alone) {
      return [{ document, path: at, advice: `add a rule for ${NEW_PLURAL} of ${NEW_GROUP}; in this one, the group would open other resources, too`, amendments: [] }]
    }
    const edits: Edit[] = [
      ...(groups.includes(NEW_GROUP) ? [] : [{ op: 'add', path: ['rules', index, 'apiGroups'], value: NEW_GROUP } as const]),
      ...(resources.includes(NEW_PLURAL) ? [] : [{ op: 'add', path: ['rules', index, 'resources'], value: NEW_PLURAL } as const]),
    ]
    return [{ document, path: at, done: `allows the same with ${NEW_PLURAL}`, amendments: edits.map((edit) => ({ document, edit })) }]
  })
}

/** `ignoreDifferences` of Argo CD. */
function differences(document: Document, renamed: Renamed): Reference[] {
  return objects(document.value).flatMap(({ value, path }) => (path.at(-2) === 'ignoreDifferences' && own(value, 'kind') === ICSP ? selector(document, path, value, renamed) : []))
}

/** The mappings of a value, each before those in it. */
function objects(value: unknown, path: Path = []): { value: Record<string, unknown>; path: Path }[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => objects(item, [...path, index]))
  return isObject(value) ? [{ value, path }, ...Object.entries(value).flatMap(([key, inner]) => objects(inner, [...path, key]))] : []
}
