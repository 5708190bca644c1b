import { ansibleDefinitions } from './carriers/ansible.ts'
import { unpack } from './carriers/carriers.ts'
import type { Gunzip } from './carriers/embedded.ts'
import type { Surroundings, Unread } from './carriers/contents.ts'
import { type Application, applications } from './cluster/argo.ts'
import { build, type Kustomization, kustomization, references, type Tree } from './kustomize/build.ts'
import { contains, join } from './kustomize/location.ts'
import type { Document, File, Skipped } from './manifests/document.ts'
import { parse } from './manifests/parse.ts'
import { locate, outermost } from './manifests/position.ts'
import { isObject, own, placeOf, type Resource, title } from './manifests/resource.ts'
import { unwrap } from './manifests/unwrap.ts'
import { matters, mentions } from './openshift/kinds.ts'

/** Where manifests come from. */
export interface Sources {
  /** Those that are worth reading. */
  files: readonly File[]
  /** The places of files that were looked at and hold nothing of interest. */
  passed: ReadonlySet<string>
  /** A file at a place, whatever it holds; undefined where there is none or it cannot be read. */
  open(place: string): File | undefined
  gunzip: Gunzip
}

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
  const kustomizations = sources.files.flatMap((file) => (KUSTOMIZATION.test(file.path) ? kustomization(folderOf(file.place), reader) ?? [] : []))
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
  return files.filter(({ path }) => !KUSTOMIZATION.test(path)).flatMap(({ place }) => reader.resources(place)!)
}

/** The places of all folders that hold a file, at whatever depth. */
function foldersOf({ files, passed }: Sources): Set<string> {
  const folders = new Set<string>()
  for (const place of [...files.map((file) => file.place), ...passed]) {
    for (let at = place.lastIndexOf('/'); at > 0 && !folders.has(place.slice(0, at)); at = place.lastIndexOf('/', at - 1)) folders.add(place.slice(0, at))
  }
  return folders
}

const KUSTOMIZATION = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/

/** A document that has no kind is none that would be applied: settings of some tool. */
const MANIFEST = /^[ \t-]*["']?kind["']?[ \t]*:/m

/** Parses each file once. */
class Reader implements Tree {
  readonly broken: Document[] = []
  readonly skipped: Skipped[] = []
  parsed = 0
  readonly #sources: Sources
  readonly #files: ReadonlyMap<string, File>
  readonly #resources = new Map<string, Resource[]>()
  readonly #documents = new Map<string, Document[]>()
  /** Where files are that a link leads to. */
  readonly #links = new Map<string, string>()
  /** Kustomizations that a generator builds. */
  readonly generated = new Set<string>()

  constructor(sources: Sources) {
    this.#sources = sources
    this.#files = new Map(sources.files.map((file) => [file.place, file]))
  }

  resources(place: string): Resource[] | undefined {
    const known = this.#resources.get(place)
    if (known) return known
    if (this.#sources.passed.has(place)) return []
    const file = this.#file(place)
    if (!file) return undefined
    const resources = this.#read(file)
    this.#resources.set(place, resources)
    return resources
  }

  documents(place: string): Document[] | undefined {
    const known = this.#documents.get(place)
    if (known) return known
    const file = this.#file(place)
    if (!file) return undefined
    const { documents } = parse({ ...file, named: true }, () => true)
    this.parsed += documents.length
    this.#documents.set(place, documents)
    return documents
  }

  text(place: string): string | undefined {
    return this.#file(place)?.text
  }

  #file(place: string): File | undefined {
    const file = this.#files.get(place) ?? this.#sources.open(place)
    if (file && file.place !== place) this.#links.set(place, file.place)
    return file
  }

  /** Places, and what they are links to. */
  real(places: Iterable<string>): string[] {
    return [...places].flatMap((place) => [place, this.#links.get(place) ?? []].flat())
  }

  #read(file: File): Resource[] {
    const { documents, skipped } = parse(file, matters)
    this.parsed += documents.length
    for (const one of skipped) this.skipped.push(one)
    return documents.flatMap((document) => {
      if (document.problem && !this.#readable(document)) return []
      this.#ansible(document)
      return unwrap(document)
    })
  }

  /** Notes what cannot be read: as a finding where it is mirror configuration, else as a word on what was not checked. */
  #readable(document: Document): boolean {
    const { message, readable } = document.problem!
    const { file, start, end } = document
    const text = file.text.slice(start, end)
    if (mentions(text)) this.broken.push(document)
    else if (!readable && MANIFEST.test(text)) this.skipped.push({ file: file.path, line: locate(document, []).line, reason: 'unreadable', message: `cannot be read: ${message}` })
    return readable
  }

  #ansible(document: Document): void {
    for (const { path, kind, name } of ansibleDefinitions(document.value)) {
      const what = name === '' ? kind : `${kind}/${name}`
      this.skipped.push({ file: document.file.path, line: locate(document, path).line, reason: 'not-applied', message: `${what} is in an Ansible task, so it is not certain to be applied` })
    }
  }
}

/** What no other kustomization builds upon, here or in the paths of a cluster that is declared, and what Argo CD applies. */
function rootsOf(kustomizations: readonly Kustomization[], tree: Tree, scopes: readonly (readonly string[])[], argo: ReadonlySet<string>): Kustomization[] {
  const within = scopes.map((paths) => kustomizations.filter(({ document }) => paths.some((path) => contains(path, document.file.place))))
  const scoped = new Set(within.flat())
  return [...new Set([...within.flatMap((some) => tops(some, tree)), ...tops(kustomizations.filter((one) => !scoped.has(one)), tree), ...kustomizations.filter(({ folder }) => argo.has(folder))])]
}

/** Those that no other builds upon; of such that only build upon each other, the first. */
function tops(kustomizations: readonly Kustomization[], tree: Tree): Kustomization[] {
  const below = new Map(kustomizations.map((one) => [one.folder, references(one, tree).folders]))
  const used = new Set([...below].flatMap(([folder, folders]) => folders.filter((inner) => inner !== folder)))
  const roots = kustomizations.filter(({ folder }) => !used.has(folder))
  const reached = new Set<string>()
  const reach = (folder: string) => {
    for (const waiting = [folder]; waiting.length > 0;) {
      const next = waiting.pop()!
      if (reached.has(next)) continue
      reached.add(next)
      for (const inner of below.get(next) ?? []) waiting.push(inner)
    }
  }
  for (const { folder } of roots) reach(folder)
  for (const one of kustomizations) {
    if (reached.has(one.folder)) continue
    roots.push(one)
    reach(one.folder)
  }
  return roots
}

/** A file, or a kustomization, that a generator uses is claimed by it. */
function surroundingsOf(resources: readonly Resource[], reader: Reader, { files, passed }: Sources, claimed: Set<string>): Pick<Surroundings, 'configMap' | 'manifests'> {
  const configMaps = new Nearest(resources.filter(({ kind }) => kind === 'ConfigMap'))
  const folders = new Map<string, string[]>()
  for (const place of [...files.map((file) => file.place), ...passed]) {
    const folder = folderOf(place)
    const same = folders.get(folder)
    if (same) same.push(place)
    else folders.set(folder, [place])
  }
  const take = (place: string): Resource[] | undefined => {
    const root = folders.has(place) ? kustomization(place, reader) : undefined
    if (root) {
      const { resources: built, reached } = build(root, reader)
      reader.generated.add(root.document.file.place)
      for (const one of [...reader.real(reached), root.document.file.place]) claimed.add(one)
      return built
    }
    const places = folders.get(place) ?? [place]
    const found = places.map((one) => reader.resources(one))
    if (!found.some((one) => one !== undefined)) return undefined
    for (const one of places) claimed.add(one)
    return found.flatMap((one) => one ?? [])
  }
  return {
    configMap: (from, namespace, name) => configMaps.find(from, namespace, name),
    manifests(from, path) {
      for (let folder = folderOf(outermost(from).file.place); folder !== ''; folder = folderOf(folder)) {
        const found = take(join(folder, path))
        if (found) return found
      }
      return undefined
    },
  }
}

/** Objects by name, of several the one that stands nearest: built by the same root, in the same file, the same folder, or the nearest folder around. */
class Nearest {
  readonly #known = new Map<string, Resource>()

  constructor(resources: readonly Resource[]) {
    for (const one of resources) {
      for (const place of placesOf(one)) {
        for (const key of [`${place}\n${one.namespace}\n${one.name}`, `${place}\n\n${one.name}`]) if (!this.#known.has(key)) this.#known.set(key, one)
      }
    }
  }

  find(from: Resource, namespace: string | undefined, name: string): Resource | undefined {
    const places = placesOf(from)
    const same = places.map((place) => this.#known.get(`${place}\n${namespace}\n${name}`)).find((one) => one)
    return same ?? places.map((place) => this.#known.get(`${place}\n\n${name}`)).find((one) => one)
  }
}

/** The root that a resource is built by, its file, and the folders around, from the inside. */
function placesOf({ root, document }: Resource): string[] {
  const places = root ? [root.place] : []
  for (let at = outermost(document).file.place; at !== ''; at = folderOf(at)) places.push(at)
  return [...places, '']
}

function folderOf(place: string): string {
  return place.slice(0, Math.max(place.lastIndexOf('/'), 0))
}

function skip({ place, reason, message }: Unread): Skipped {
  return { file: outermost(place.document).file.path, line: locate(place.document, place.path).line, reason, message }
}

function distinct(skipped: readonly Skipped[]): Skipped[] {
  return [...new Map(skipped.map((one) => [JSON.stringify(one), one])).values()]
}
