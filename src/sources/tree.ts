import type { Dirent } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { byFolder } from '../manifests/place.ts'
import { LARGEST } from './decode.ts'
import type { Below, Disk } from './disk.ts'
import { contentsOf, type Entry, entriesOf, type Repository } from './git.ts'

const [LINK, SUBMODULE] = ['120000', '160000']
/** In bytes; git is asked for so many at a time, and so many are kept. */
const BATCH = 64 * 1024 * 1024
const KEPT = 512 * 1024 * 1024
const MOST_LINKS = 40

/** A revision as if it were checked out, read from git's objects: nothing is written anywhere. */
export class Tree implements Disk {
  readonly #repository: Repository
  readonly #entries: ReadonlyMap<string, Entry>
  readonly #folders = new Set<string>()
  /** What each folder holds; only a pattern asks. */
  #names: Map<string, string[]> | undefined
  readonly #contents = new Map<string, Buffer | undefined>()
  #kept = 0
  #expected: Entry[] = []

  constructor(repository: Repository, commit: string) {
    this.#repository = repository
    const entries = entriesOf(repository, commit)
    const inside = repository.root.endsWith('/') ? repository.root : `${repository.root}/`
    this.#entries = new Map(entries.map((entry) => [inside + entry.path, entry]))
    this.#folders.add(repository.root)
    for (const place of this.#entries.keys()) this.#enter(place)
    this.#expected = entries.filter(({ mode }) => mode === LINK)
  }

  #enter(place: string): void {
    const folder = place.slice(0, place.lastIndexOf('/')) || '/'
    if (this.#folders.has(folder)) return
    this.#folders.add(folder)
    this.#enter(folder)
  }

  stat(place: string): ReturnType<Disk['stat']> {
    const real = this.#follow(place)
    const entry = real === undefined ? undefined : this.#entries.get(real)
    const folder = real !== undefined && this.#folders.has(real)
    return entry || folder ? { isDirectory: () => folder, isFile: () => entry !== undefined && entry.mode !== SUBMODULE } : undefined
  }

  list(folder: string): Dirent[] {
    const real = this.real(folder)
    this.#names ??= byFolder([...this.#entries.keys(), ...[...this.#folders].filter((place) => place !== this.#repository.root)])
    return (this.#names.get(real) ?? []).map((place) => place.slice(place.lastIndexOf('/') + 1)).map((name) => {
      const mode = this.#entries.get(join(real, name))?.mode
      const is = (kind: boolean) => () => kind
      return { name, isDirectory: is(mode === undefined || mode === SUBMODULE), isFile: is(mode !== undefined && mode !== LINK && mode !== SUBMODULE), isSymbolicLink: is(mode === LINK) } as Dirent
    })
  }

  real(place: string): string {
    const real = this.#follow(place)
    if (real === undefined) throw Object.assign(new Error(`nothing at ${place}`), { code: 'ENOENT' })
    return real
  }

  bytes(place: string): Uint8Array | undefined {
    const entry = this.#entries.get(this.real(place))
    if (!entry || entry.mode === SUBMODULE) throw Object.assign(new Error(`no file at ${place}`), { code: 'EISDIR' })
    if (entry.size > LARGEST) return undefined
    return this.#content(entry)
  }

  expect(places: readonly string[]): void {
    const entries = places.flatMap((place) => this.#entries.get(this.#follow(place) ?? '') ?? [])
    this.#expected = entries.filter(({ mode, size }) => mode !== SUBMODULE && size <= LARGEST).toReversed()
  }

  below(folder: string): Below[] {
    const [real, prefix] = [this.real(folder), folder.endsWith('/') ? folder : `${folder}/`]
    const inner = real.endsWith('/') ? real : `${real}/`
    return [...this.#entries].flatMap(([place, { mode }]) => (place.startsWith(inner) ? [{ place: prefix + place.slice(inner.length), link: mode === LINK }] : []))
  }

  foreign(place: string): string | undefined {
    return this.#entries.get(place)?.mode === SUBMODULE ? 'a git submodule, which is another repository' : undefined
  }

  /** The object that stands at a place as a file; undefined where none does. */
  object(place: string): string | undefined {
    const entry = this.#entries.get(place)
    return entry?.mode === LINK ? undefined : entry?.object
  }

  #content(entry: Entry): Buffer {
    if (!this.#contents.has(entry.object)) this.#fetch(entry)
    const content = this.#contents.get(entry.object)
    if (!content) throw Object.assign(new Error(`git does not have ${entry.object}`), { code: 'object missing' })
    return content
  }

  #fetch(entry: Entry): void {
    const wanted = [entry]
    let size = entry.size
    for (; this.#expected.length > 0 && size < BATCH; size += wanted.at(-1)!.size) wanted.push(this.#expected.pop()!)
    if (this.#kept > KEPT) {
      this.#contents.clear()
      this.#kept = 0
    }
    const contents = contentsOf(this.#repository, wanted.map(({ object }) => object))
    for (const [index, { object }] of wanted.entries()) this.#contents.set(object, contents[index])
    this.#kept += size
  }

  /** Where a place is once links are followed; undefined where that is nowhere in this tree. */
  #follow(place: string, links = 0): string | undefined {
    if (this.#folders.has(place)) return place
    const mode = this.#entries.get(place)?.mode
    if (mode !== undefined && mode !== LINK) return place
    if (links > MOST_LINKS || !relative(this.#repository.root, place) || relative(this.#repository.root, place).startsWith('..')) return undefined
    if (mode === LINK) return this.#follow(resolve(dirname(place), this.#content(this.#entries.get(place)!).toString()), links + 1)
    const folder = this.#follow(dirname(place), links + 1)
    return folder === undefined || folder === dirname(place) ? undefined : this.#follow(join(folder, place.slice(dirname(place).length + 1)), links + 1)
  }
}
