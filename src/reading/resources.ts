import { unpack } from '../carriers/carriers.ts'
import { keyOf, type Unread } from '../carriers/contents.ts'
import { isInstallConfig } from '../carriers/install.ts'
import { speaks } from '../carriers/mention.ts'
import { type Application, applications } from '../cluster/argo.ts'
import { kustomization } from '../kustomize/build.ts'
import type { Document, File, Place, Skipped } from '../manifests/document.ts'
import { isMade } from '../manifests/owner.ts'
import { contains, folderOf, isKustomization } from '../manifests/place.ts'
import { locate, outermost } from '../manifests/position.ts'
import { isObject, placeOf, type Resource, title } from '../manifests/resource.ts'
import { built } from './builds.ts'
import { Reader } from './reader.ts'
import { patched, rootsOf } from './roots.ts'
import type { Sources } from './sources.ts'
import { surroundingsOf } from './surroundings.ts'

/** What the manifests hold, whatever they are wrapped in. */
export interface Resources {
  resources: Resource[]
  /** Documents, and strings in them, that should be mirror configuration and cannot be read. */
  broken: Document[]
  skipped: Skipped[]
  /** The Kustomize roots: what nothing else here builds upon. */
  roots: { file: string; place: string }[]
  /** The folders that Argo CD applies; none where clusters are declared. */
  applications: Application[]
  /** How many documents were parsed. */
  documents: number
}

/**
 * Reads files, builds what Kustomize builds of them, and unpacks what carries other objects. `scopes` are the folders and files of clusters that are declared:
 * in one, a kustomization is a root that only others build upon.
 */
export function readResources(sources: Sources, scopes: readonly (readonly string[])[]): Resources {
  const reader = new Reader(sources)
  const folders = () => foldersOf(sources)
  const kustomizations = sources.files.flatMap((file) => (isKustomization(file.path) && !file.live ? kustomization(folderOf(file.place), reader) ?? [] : []))
  reader.patched = patched(kustomizations, reader)
  const argo = new Set(scopes.length > 0 ? [] : applications(manifestsOf(sources, reader), folders).applications.map(({ folder }) => folder))
  const builds = rootsOf(kustomizations, reader, scopes, argo).map((root) => built(root, reader))
  const claimed = new Set(builds.flatMap(({ reached }) => reader.real(reached)))
  const named = namedIn(sources, scopes)
  const beside = new Set(kustomizations.filter(({ document }) => !document.problem && isObject(document.value)).map(({ folder }) => folder))
  const left = new Set(sources.files.filter((file) => !claimed.has(file.place) && !named.has(file.place) && beside.has(folderOf(file.place)) && isLeft(file, reader)).map(({ place }) => place))
  const raw = objectsOf(manifestsOf({ files: sources.files.filter(({ place }) => named.has(place) || (!claimed.has(place) && !left.has(place))) }, reader), sources.running)
  const used = new Set<string>()
  const unpacked = unpackAll([...raw, ...builds.flatMap(({ resources }) => resources)], reader, sources, used)
  const own = new Set(builds.filter(({ folder, root }) => argo.has(folder) || root.scopes).map(({ root }) => root.place))
  // What a generator uses is its own, file or kustomization, unless it is applied by itself too.
  const applied = unpacked.filter(({ outer }) => (outer.root ? !reader.generated.has(outer.root.place) || own.has(outer.root.place) : !used.has(outer.document.file.place)))
  const resources = once(applied.flatMap((one) => one.resources))
  const { applications: apps, unread: unreadApps } = scopes.length > 0 ? { applications: [], unread: [] } : applications(resources, folders)
  const unread = [
    ...builds.flatMap(({ unchecked }) => unchecked.map((one): Unread => ({ ...one, reason: 'carrier' }))),
    ...applied.flatMap((one) => one.unread), ...unreadApps,
    ...leftOut([...left].filter((place) => !used.has(place)), reader),
  ]
  return {
    resources,
    broken: [...new Set([...reader.broken.filter((document) => !left.has(document.file.place)), ...applied.flatMap((one) => one.broken)])],
    skipped: [...reader.skipped, ...distinct(unread.map(skip))],
    roots: builds.map(({ root }) => root),
    applications: apps,
    documents: reader.parsed,
  }
}

/** Twice where it is needed: an object may refer to one that only unpacking finds, which then is not read once more by itself. */
function unpackAll(outers: readonly Resource[], reader: Reader, sources: Sources, claimed: Set<string>): (ReturnType<typeof unpack> & { outer: Resource })[] {
  const referred = new Set<string>()
  const all = (known: readonly Resource[]) => {
    const surroundings = { referred, ...surroundingsOf(known, reader, sources, claimed) }
    return outers.map((outer) => ({ outer, ...unpack(outer, surroundings) }))
  }
  const first = all(outers)
  const inner = first.flatMap(({ resources }) => resources.filter(({ kind, cluster }) => kind === 'ConfigMap' && cluster === undefined))
  return referred.size > 0 || inner.length > outers.filter(({ kind }) => kind === 'ConfigMap').length ? all(inner) : first
}

/** Files that the configuration or the user names as such, and no folder around them: they are judged whatever a kustomization says. */
function namedIn({ files }: Sources, scopes: readonly (readonly string[])[]): Set<string> {
  const paths = new Set(scopes.flat())
  const inFolder = (place: string) => [...paths].some((path) => path !== place && contains(path, place))
  return new Set(files.filter(({ place }) => paths.has(place) && !inFolder(place)).map(({ place }) => place))
}

/** A kustomization that can be read says what of its folder is applied; an install-config is not for it, and what the user names is judged. */
function isLeft({ place, named }: File, reader: Reader): boolean {
  return !named && !reader.resources(place)!.some(isInstallConfig)
}

/** How files with mirror sets are called, which a generator names. */
const NAMES = /IDMS|ITMS|ICSP|Mirror/

/** Said of mirror configuration alone: everything else in a repository is left out somewhere. */
function leftOut(places: readonly string[], reader: Reader): Unread[] {
  const left = new Set(places)
  const say = (place: Place, what: string): Unread => ({ place, reason: 'not-applied', message: `the kustomization in its folder does not name the file of ${what}` })
  return [
    ...reader.broken.filter(({ file }) => left.has(file.place)).map((document) => say({ document, path: [] }, `this, which cannot be read: ${document.problem!.message}`)),
    ...places.flatMap((place) => reader.resources(place)!.filter(({ kind, document, document: { file, start, end } }) => speaks(document) || (kind.startsWith('PolicyGen') && NAMES.test(file.text.slice(start, end)))).map((one) => say(placeOf(one, []), title(one) || 'this'))),
  ]
}

/** What several resources refer to is there once for each cluster. */
function once(resources: readonly Resource[]): Resource[] {
  const known = new Set<string>()
  return resources.filter((one) => {
    if (one.cluster === undefined) return true
    const key = `${keyOf(one)}\n${one.cluster}\n${one.root?.place}`
    return known.size < known.add(key).size
  })
}

function manifestsOf({ files }: Pick<Sources, 'files'>, reader: Reader): Resource[] {
  return files.filter(({ path, live }) => live || !isKustomization(path)).flatMap(({ place }) => reader.resources(place)!)
}

/** Without what a running cluster has twice: a copy of it may hold an object in a file of its own and in a list, and what controllers make of others pulls what those do. */
function objectsOf(resources: readonly Resource[], running: Sources['running'] = []): Resource[] {
  const known = new Set<string>()
  return resources.filter((one) => {
    const { live, place } = one.document.file
    if (!live) return true
    const key = JSON.stringify([running.findIndex((cluster) => contains(cluster.place, place)), one.apiVersion, one.kind, one.namespace, one.name])
    return !isMade(one.value) && known.size < known.add(key).size
  })
}

/** The places of all folders that hold a file, at whatever depth. */
function foldersOf({ files, passed }: Sources): Set<string> {
  const folders = new Set<string>()
  for (const place of [...files.map((file) => file.place), ...passed]) {
    for (let at = place.lastIndexOf('/'); at > 0 && !folders.has(place.slice(0, at)); at = place.lastIndexOf('/', at - 1)) folders.add(place.slice(0, at))
  }
  return folders
}

function skip({ place, reason, message }: Unread): Skipped {
  return { file: outermost(place.document).file.path, line: locate(place.document, place.path).line, reason, message }
}

function distinct(skipped: readonly Skipped[]): Skipped[] {
  return [...new Map(skipped.map((one) => [JSON.stringify(one), one])).values()]
}
