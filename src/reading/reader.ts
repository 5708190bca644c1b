import { ansibleDefinitions } from '../carriers/ansible.ts'
import type { Tree } from '../kustomize/build.ts'
import type { Document, File, Skipped } from '../manifests/document.ts'
import { parse } from '../manifests/parse.ts'
import { locate } from '../manifests/position.ts'
import type { Resource } from '../manifests/resource.ts'
import { unwrap } from '../manifests/unwrap.ts'
import { matters, mentions } from '../openshift/kinds.ts'
import type { Sources } from './sources.ts'

/** A document that has no kind is none that would be applied: settings of some tool. */
const MANIFEST = /^[ \t-]*["']?kind["']?[ \t]*:/m

/** What files hold: two revisions have most of theirs in common, and so have the objects in them. `whole` is for files that are read whatever they hold. */
const held = { part: new WeakMap<File, Held>(), whole: new WeakMap<File, Held>(), documents: new WeakMap<File, Document[]>() }

interface Held {
  documents: Document[]
  skipped: Skipped[]
  resources: Resource[]
}

const NOTHING: Resource[] = []

/** Parses each file once. */
export class Reader implements Tree {
  readonly broken: Document[] = []
  readonly skipped: Skipped[] = []
  parsed = 0
  readonly #sources: Sources
  readonly #files: ReadonlyMap<string, File>
  readonly #resources = new Map<string, Resource[]>()
  readonly #documents = new Map<string, Document[]>()
  /** Where files are that a link leads to. */
  readonly #links = new Map<string, string>()
  /** Files that are read as a whole, whatever they hold. */
  patched: ReadonlySet<string> = new Set()
  /** Kustomizations that a generator builds. */
  readonly generated = new Set<string>()

  constructor(sources: Sources) {
    this.#sources = sources
    this.#files = new Map(sources.files.map((file) => [file.place, file]))
  }

  resources(place: string): Resource[] | undefined {
    const known = this.#resources.get(place)
    if (known) return known
    const whole = this.patched.has(place)
    if (!whole && this.#sources.passed.has(place)) return NOTHING
    const file = this.#file(place)
    if (!file) return undefined
    const resources = this.#read(file, whole)
    this.#resources.set(place, resources)
    return resources
  }

  documents(place: string): Document[] | undefined {
    const known = this.#documents.get(place)
    if (known) return known
    const file = this.#file(place)
    if (!file) return undefined
    const documents = held.documents.get(file) ?? parse({ ...file, named: true }, () => true).documents
    held.documents.set(file, documents)
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

  #read(file: File, whole: boolean): Resource[] {
    const files = held[whole ? 'whole' : 'part']
    const known = files.get(file)
    const { documents, skipped } = known ?? parse(file, whole ? () => true : matters)
    this.parsed += documents.length
    for (const one of skipped) this.skipped.push(one)
    const readable = documents.filter((document) => !document.problem || this.#readable(document))
    for (const document of readable) this.#ansible(document)
    const resources = known?.resources ?? readable.flatMap(unwrap)
    if (!known) files.set(file, { documents, skipped, resources })
    return resources
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
    for (const { path, what } of ansibleDefinitions(document.value)) {
      this.skipped.push({ file: document.file.path, line: locate(document, path).line, reason: 'not-applied', message: `${what} is in an Ansible task, so it is not certain to be applied` })
    }
  }
}
