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
import type { Resource } from './manifests/resource.ts'
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
  const kustomizations = sources.files.flatMap((file) => (KUSTOMIZATION.test(file.path) ? kustomization(folderOf(file.place), reader) ?? [] : []))
  const folders = foldersOf(sources)
  const apps = new Set(applications(manifestsOf(sources, reader), folders).map(({ folder }) => folder))
  const within = scopes.map((paths) => kustomizations.filter(({ document }) => paths.some((path) => contains(path, document.file.place))))
  const scoped = new Set(within.flat())
  const roots = [...new Set([
    ...within.flatMap((some) => rootsOf(some, reader)), ...rootsOf(kustomizations.filter((one) => !scoped.has(one)), reader),
    ...(scopes.length > 0 ? [] : kustomizations.filter(({ folder }) => apps.has(folder))),
  ])]
  const builds = roots.map((root) => ({ root: { file: root.document.file.path, place: root.document.file.place }, ...build(root, reader) }))
  const claimed = new Set(builds.flatMap(({ reached }) => [...reached]))
  const raw = manifestsOf({ ...sources, files: sources.files.filter(({ place }) => !claimed.has(place)) }, reader)
  const built = builds.flatMap(({ root, resources }) => resources.map((resource) => ({ ...resource, root })))
  const surroundings = surroundingsOf([...raw, ...built], reader, sources, claimed)
  const unpacked = [...raw, ...built].map((outer) => ({ outer, ...unpack(outer, surroundings) }))
  const referred = new Set(unpacked.flatMap(({ resources }) => resources.filter(({ kind, cluster }) => kind === 'ConfigMap' && cluster !== undefined).map(({ value }) => value)))
  const applied = unpacked.filter(({ outer }) => !referred.has(outer.value) && (outer.root || !claimed.has(outer.document.file.place)))
  const resources = applied.flatMap((one) => one.resources)
  const unread = [...builds.flatMap(({ unchecked }) => unchecked.map((one): Unread => ({ ...one, reason: 'carrier' }))), ...applied.flatMap((one) => one.unread)]
  return {
    resources,
    broken: [...new Set([...reader.broken, ...applied.flatMap((one) => one.broken)])],
    skipped: [...reader.skipped, ...distinct(unread.map(skip))],
    roots: builds.map(({ root }) => root),
    applications: scopes.length > 0 ? [] : applications(resources, folders),
    documents: reader.parsed,
  }
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
    return this.#files.get(place) ?? this.#sources.open(place)
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

/** What no other kustomization builds upon; of those that only build upon each other, the first. */
function rootsOf(kustomizations: readonly Kustomization[], tree: Tree): Kustomization[] {
  const below = new Map(kustomizations.map((one) => [one.folder, references(one, tree).folders]))
  const used = new Set([...below].flatMap(([folder, folders]) => folders.filter((inner) => inner !== folder)))
  const roots = kustomizations.filter(({ folder }) => !used.has(folder))
  const reached = new Set<string>()
  const reach = (folder: string) => {
    for (const waiting = [folder]; waiting.length > 0;) {
      const next = waiting.pop()!
      if (reached.has(next)) continue
      reached.add(next)
      waiting.push(...(below.get(next) ?? []))
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

/** A file that a generator uses is claimed by it. */
function surroundingsOf(resources: readonly Resource[], reader: Reader, { files, passed }: Sources, claimed: Set<string>): Surroundings {
  const configMaps = new Map<string, Resource[]>()
  for (const one of resources) {
    if (one.kind !== 'ConfigMap') continue
    const same = configMaps.get(one.name)
    if (same) same.push(one)
    else configMaps.set(one.name, [one])
  }
  const folders = new Map<string, string[]>()
  for (const place of [...files.map((file) => file.place), ...passed]) {
    const folder = folderOf(place)
    const same = folders.get(folder)
    if (same) same.push(place)
    else folders.set(folder, [place])
  }
  const take = (place: string): Resource[] | undefined => {
    const places = folders.get(place) ?? [place]
    const found = places.map((one) => reader.resources(one))
    if (!found.some((one) => one !== undefined)) return undefined
    for (const one of places) claimed.add(one)
    return found.flatMap((one) => one ?? [])
  }
  return {
    configMap(from, namespace, name) {
      const all = configMaps.get(name) ?? []
      const same = all.filter((one) => one.namespace === namespace)
      return (same.length > 0 ? same : all).reduce<Resource | undefined>((best, one) => (best && nearness(best, from) >= nearness(one, from) ? best : one), undefined)
    },
    manifests(from, path) {
      for (let folder = folderOf(outermost(from).file.place); folder !== ''; folder = folderOf(folder)) {
        const found = take(join(folder, path))
        if (found) return found
      }
      return undefined
    },
  }
}

/** How much of the way to two resources is the same. */
function nearness(a: Resource, b: Resource): number {
  const place = (one: Resource) => [...(one.root?.place ?? outermost(one.document).file.place).split('/'), ...(one.root ? outermost(one.document).file.place : '').split('/')]
  const [left, right] = [place(a), place(b)]
  const length = left.findIndex((step, index) => step !== right[index])
  return length < 0 ? left.length : length
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
