import { belonging, isObject, own, placeOf, type Resource, resource, WAIVERS } from '../manifests/resource.ts'
import { type Node, plain, placeAt, put, raw } from './node.ts'

/** What Kustomize tells objects apart by. */
export interface Identity {
  group: string
  version: string
  kind: string
  name: string
  /** As Kustomize counts it: `default` where there is none. */
  namespace: string
}

/** An object on its way through a build. Items are never changed, as builds share them. */
export interface Item {
  /** As it was loaded. */
  base: Resource
  /** What became of it, where something has. */
  node?: Node
  identity: Identity
  /** The identities that it had, the first one first; patches may still ask for them. */
  past: readonly Identity[]
  /** Labels and annotations that were added to it: selectors ask for them, and nothing else here does but for waivers. */
  labels?: ReadonlyMap<string, Node>
  annotations?: ReadonlyMap<string, Node>
}

const CLUSTER_SCOPE = '_non_namespaceable_'

/** Kinds that Kustomize knows to be without a namespace; it takes every custom resource for one that has a namespace. */
const CLUSTER_SCOPED: Readonly<Record<string, string>> = {
  'MutatingWebhookConfiguration': 'admissionregistration.k8s.io', 'ValidatingWebhookConfiguration': 'admissionregistration.k8s.io',
  'CustomResourceDefinition': 'apiextensions.k8s.io', 'APIService': 'apiregistration.k8s.io', 'CertificateSigningRequest': 'certificates.k8s.io',
  'FlowSchema': 'flowcontrol.apiserver.k8s.io', 'PriorityLevelConfiguration': 'flowcontrol.apiserver.k8s.io', 'IngressClass': 'networking.k8s.io',
  'RuntimeClass': 'node.k8s.io', 'PodSecurityPolicy': 'policy', 'ClusterRole': 'rbac.authorization.k8s.io',
  'ClusterRoleBinding': 'rbac.authorization.k8s.io', 'PriorityClass': 'scheduling.k8s.io', 'CSIDriver': 'storage.k8s.io', 'CSINode': 'storage.k8s.io',
  'StorageClass': 'storage.k8s.io', 'VolumeAttachment': 'storage.k8s.io', 'ComponentStatus': '', 'Namespace': '', 'Node': '', 'PersistentVolume': '',
}

/** An object as it was loaded. */
export function item(base: Resource): Item {
  return { base, identity: identify(base), past: [] }
}

export function identify({ apiVersion, kind, name, namespace = '' }: Pick<Resource, 'apiVersion' | 'kind' | 'name' | 'namespace'>): Identity {
  const [group, version] = split(apiVersion)
  return { group, version, kind, name, namespace: isClusterScoped(group, kind) ? CLUSTER_SCOPE : namespace || 'default' }
}

function split(apiVersion: string): [group: string, version: string] {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)]
}

export function isClusterScoped(group: string, kind: string): boolean {
  return own(CLUSTER_SCOPED, kind) === group
}

/** An identity as the key of a map. */
export function keyOf({ group, version, kind, name, namespace }: Identity): string {
  return JSON.stringify([group, version, kind, name, namespace])
}

/** The object as a tree that can be changed. Labels that were added are in there too: a patch may ask for them. */
export function nodeOf({ base, node, labels, annotations }: Item): Node {
  let whole: Node = node ?? (base.origin ? traced(base.value, base, []) : raw(base.value, base.document, base.path))
  for (const [key, added] of Object.entries({ labels, annotations })) {
    for (const [name, value] of added ?? []) whole = put(whole, ['metadata', key, name], value)!
  }
  return whole
}

/** A resource whose parts stand in several places has to be looked at to its leaves. */
function traced(value: unknown, base: Resource, path: (string | number)[]): Node {
  const at = placeOf(base, path)
  if (Array.isArray(value)) return { type: 'list', at, items: value.map((one, index) => traced(one, base, [...path, index])) }
  if (!isObject(value)) return { type: 'raw', value, at }
  return { type: 'table', at, entries: new Map(Object.entries(value).map(([key, one]) => [key, traced(one, base, [...path, key])])) }
}

/** The object with another content, made of `nodeOf`; `renamed` where it is to be found by its present identity too. */
export function changed({ base, identity, past }: Item, node: Node, renamed = false): Item {
  return { base, node, identity: identify(resource(fields(node), { document: base.document, path: base.path }, base)), past: renamed ? [...past, identity] : past }
}

/** The object with what it is called and nothing else, to tell its identity. */
function fields(node: Node): Record<string, unknown> {
  const value = plain(node)
  return isObject(value) ? value : {}
}

const built = new WeakMap<Item, Resource>()

/** What a build yields for the object: the resource that was loaded, if nothing has changed it. Of what was added, only waivers are of interest. */
export function result(one: Item): Resource {
  const { base, annotations } = one
  const node = annotations?.has(WAIVERS) ? nodeOf(one) : one.node
  if (!node) return base
  let made = built.get(one)
  if (!made) {
    const { document, path } = base
    made = resource(fields(node), { document, path, origin: (asked) => placeAt(node, asked), ...belonging(base) }, base)
    built.set(one, made)
  }
  return made
}
