import { unpack } from '../carriers/carriers.ts'
import type { Unread } from '../carriers/contents.ts'
import { type Application, applications } from '../cluster/argo.ts'
import { build, kustomization } from '../kustomize/build.ts'
import type { Document, Skipped } from '../manifests/document.ts'
import { folderOf, isKustomization } from '../manifests/place.ts'
import { locate, outermost } from '../manifests/position.ts'
import { isObject, own, placeOf, type Resource, title } from '../manifests/resource.ts'
import { mentions } from '../openshift/kinds.ts'
import { Reader } from './reader.ts'
import { rootsOf } from './roots.ts'
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
  const folders = foldersOf(sources)
  const kustomizations = sources.files.flatMap((file) => (isKustomization(file.path) ? kustomization(folderOf(file.place), reader) ?? [] : []))
  const argo = scopes.length > 0 ? [] : applications(manifestsOf(sources, reader), folders).applications.map(({ folder }) => folder)
  const builds = rootsOf(kustomizations, reader, scopes, new Set(argo)).map((root) => ({ root: { file: root.document.file.path, place: root.document.file.place }, ...build(root, reader) }))
  const claimed = new Set(builds.flatMap(({ reached }) => reader.real(reached)))
  const unclaimed = { files: sources.files.filter(({ place }) => !claimed.has(place)) }
  const left = new Set(unclaimed.files.filter((file) => !file.named && listed(folderOf(file.place), reader)).map(({ place }) => place))
  const raw = manifestsOf({ files: unclaimed.files.filter(({ place }) => !left.has(place)) }, reader)
  const built = builds.flatMap(({ root, resources }) => resources.map((resource) => ({ ...resource, root })))
  const unpacked = unpackAll([...raw, ...built], reader, sources, claimed)
  // What a generator uses is its own, file or kustomization; what is left out of a kustomization may be used all the same.
  const applied = unpacked.filter(({ outer }) => (outer.root ? !reader.generated.has(outer.root.place) : !claimed.has(outer.document.file.place)))
  const resources = applied.flatMap((one) => one.resources)
  const { applications: apps, unread: unreadApps } = scopes.length > 0 ? { applications: [], unread: [] } : applications(resources, folders)
  const unread = [...builds.flatMap(({ unchecked }) => unchecked.map((one): Unread => ({ ...one, reason: 'carrier' }))), ...applied.flatMap((one) => one.unread), ...unreadApps, ...leftOut([...left].filter((place) => !claimed.has(place)), reader)]
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
  const once = all(outers)
  const inner = once.flatMap(({ resources }) => resources.filter(({ kind, cluster }) => kind === 'ConfigMap' && cluster === undefined))
  return referred.size > 0 || inner.length > outers.filter(({ kind }) => kind === 'ConfigMap').length ? all(inner) : once
}

/** A kustomization says what of its folder is applied, as long as it can be read. */
function listed(folder: string, reader: Reader): boolean {
  const found = kustomization(folder, reader)
  return found !== undefined && found.document.problem === undefined && isObject(found.document.value) && Array.isArray(own(found.document.value, 'resources'))
}

/** Said of mirror configuration alone: everything else in a repository is left out somewhere. */
function leftOut(places: readonly string[], reader: Reader): Unread[] {
  return places.flatMap((place) => reader.resources(place)!.filter(({ document: { file, start, end } }) => mentions(file.text.slice(start, end))).map((one): Unread => (
    { place: placeOf(one, []), reason: 'not-applied', message: `the kustomization in its folder does not name the file of ${title(one) || 'this'}` })))
}

function manifestsOf({ files }: Pick<Sources, 'files'>, reader: Reader): Resource[] {
  return files.filter(({ path }) => !isKustomization(path)).flatMap(({ place }) => reader.resources(place)!)
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
