import { isObject } from '../manifests/resource.ts'
import { changed, type Item, nodeOf } from './item.ts'
import { type Node, part, put, raw, text } from './node.ts'
import { isNamespaced } from './patch.ts'

/** What Kustomize gives no prefix and no suffix. */
const FIXED: Readonly<Record<string, string | undefined>> = { CustomResourceDefinition: undefined, APIService: 'apiregistration.k8s.io', Namespace: undefined }

/** The object with a prefix and a suffix around its name; each stands where it is written. */
export function affix(item: Item, prefix: Node | undefined, suffix: Node | undefined): Item {
  const { identity: { group, kind } } = item
  if (Object.hasOwn(FIXED, kind) && (FIXED[kind] ?? group) === group) return item
  return [affixed(prefix, ''), affixed(suffix, undefined)].reduce((one, change) => change(one), item)
}

function affixed(written: Node | undefined, before: '' | undefined): (item: Item) => Item {
  const added = text(written)
  return (item) => {
    const node = nodeOf(item)
    const name = text(part(node, ['metadata', 'name']))
    if (!added || name === undefined) return item
    const { document, path } = written!.at
    return changed(item, put(node, ['metadata', 'name'], raw(before === '' ? added + name : name + added, document, path))!, true)
  }
}

/** The object in another namespace; with `unsetOnly`, only if it has none. */
export function moved(item: Item, namespace: Node, unsetOnly = false): Item {
  if (!isNamespaced(item)) return item
  const node = nodeOf(item)
  const present = text(part(node, ['metadata', 'namespace']))
  if (present === text(namespace) || (unsetOnly && present)) return item
  return changed(item, put(node, ['metadata', 'namespace'], namespace)!, true)
}

/** The object with labels or annotations that selectors of later patches may ask for. */
export function marked(item: Item, field: 'labels' | 'annotations', added: Node): Item {
  if (added.type !== 'raw' || !isObject(added.value)) return item
  const { document, path } = added.at
  const made = Object.entries(added.value).map(([key, value]): [string, Node] => [key, raw(value, document, [...path, key])])
  return { ...item, [field]: new Map([...item[field] ?? [], ...made]) }
}
