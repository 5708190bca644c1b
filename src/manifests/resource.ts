import type { Document, Path, Place } from './document.ts'

/** An object of the Kubernetes API, where it stands. */
export interface Resource {
  apiVersion: string
  kind: string
  namespace?: string
  /** Empty where the manifest has none (an unfilled placeholder, `generateName`). */
  name: string
  value: Record<string, unknown>
  document: Document
  /** Where `value` stands in the document. */
  path: Path
  /** Where a part of `value`, by its path in there, comes from; only where some of it stands elsewhere, as in a patch. */
  origin?: (path: Path) => Place
  /** The Kustomize root that it is built by. */
  root?: { file: string; place: string; scopes?: readonly number[] }
  /** The cluster that it is expressly for. */
  cluster?: string
  /** It is for clusters that ACM or Hive manages and chooses by labels, not for the one that the carrier is applied to; the labels, as far as they are known. */
  managed?: string
  /** Nobody wrote it as such: what makes it of something else, as the installer does of `install-config.yaml`. */
  madeOf?: string
  /** Who makes it. */
  maker?: Maker
  /** What of the original does not get into it. */
  dropped?: readonly Dropped[]
}

/** Who makes mirror sets of something else: the installer of an install-config, HyperShift of a HostedCluster, the assisted service of a registries.conf. */
export type Maker = 'installer' | 'hypershift' | 'assisted'

/** A mirror, or a table of a registries.conf, that is not passed on. */
export interface Dropped extends Place {
  reason: 'all' | 'tag-only' | 'prefix' | 'no-location'
  location: string
}

/** The annotation that says which findings of an object do not count. */
export const WAIVERS = 'mirrorproof.io/ignore'

/** Where a part of a resource stands, by its path in `value`. */
export function placeOf({ document, path, origin }: Resource, part: Path): Place {
  return origin ? origin(part) : { document, path: [...path, ...part] }
}

/** What a resource says it is; `value` is (a part of) its document. */
export function resource(value: Record<string, unknown>, at: Pick<Resource, 'document' | 'path' | 'origin' | 'root' | 'cluster' | 'managed' | 'madeOf' | 'maker' | 'dropped'>, type = { apiVersion: '', kind: '' }): Resource {
  const metadata = own(value, 'metadata')
  const namespace = text(own(metadata, 'namespace'))
  return {
    apiVersion: text(own(value, 'apiVersion')) || type.apiVersion,
    kind: text(own(value, 'kind')) || type.kind,
    ...(namespace ? { namespace } : {}),
    name: text(own(metadata, 'name')),
    value, ...at,
  }
}

/** A resource that stands inside another one, at `path` of its value. */
export function inside(carrier: Resource, path: Path, value: Record<string, unknown>, type?: { apiVersion: string; kind: string }): Resource {
  const { document, origin } = carrier
  const outer = origin && ((part: Path) => origin([...path, ...part]))
  return resource(value, { document, path: [...carrier.path, ...path], ...(outer ? { origin: outer } : {}), ...belonging(carrier) }, type)
}

/** What a resource passes on to those inside it. */
export function belonging({ root, cluster, managed }: Resource): Pick<Resource, 'root' | 'cluster' | 'managed'> {
  return { ...(root ? { root } : {}), ...(managed === undefined ? {} : { managed }), ...(cluster === undefined ? {} : { cluster }) }
}

/** A string, or an empty one in place of anything else. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The own property of an object, so that `constructor` and `__proto__` are only what the manifest says. */
export function own(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

/** What stands at a path of a value; undefined where nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => (Array.isArray(inner) ? (inner as unknown[])[Number(step)] : own(inner, String(step))), value)
}

/** Kind and name as people write them: `ImageDigestMirrorSet/ubi`. */
export function title(resource: { kind: string; name: string }): string {
  return [resource.kind, resource.name].filter((part) => part !== '').join('/')
}
