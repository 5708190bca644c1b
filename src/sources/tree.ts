import type { Dirent } from 'node:fs'
import { join, resolve } from 'node:path'
import { byFolder, contains } from '../manifests/place.ts'
import { LARGEST } from './decode.ts'
import { type Below, type Disk, FILES } from './disk.ts'
import { contentsOf, type Entry, entriesOf, type Repository } from './git.ts'

const [LINK, SUBMODULE] = ['120000', '160000']
/** In bytes; git is asked for so many at a time, and so many are kept. */
const BATCH = 64 * 1024 * 1024
const KEPT = 512 * 1024 * 1024
const MOST_LINKS = 40

/** A revision as if it were checked out, read from git's objects: nothing is written anywhere. Around the repository, to which its links may lead, is what is there today. */
export class Tree implements Disk {
  readonly #repository: Repository
  readonly #entries: ReadonlyMap<string, Entry>
  readonly #folders = new Set<string>()
  /** What each folder holds; only a pattern asks. */
  #names: Map<string, string[]> | undefined
  readonly #contents = new Map<string, Buffer | undefined>()
  #kept = 0
  #expected: Entry[] = []
  readonly #submodules: string[]

  /** `without` are places that are left out. */
  constructor(repository: Repository, commit: string, without: ReadonlySet<string> = new Set()) {
    this.#repository = repository
    const { root, bare } = repository
    const inside = root.endsWith('/') ? root : `${root}/`
    const entries = entriesOf(repository, commit).map((entry) => [inside + entry.path, entry] as const).filter(([place]) => !without.has(place))
    this.#entries = new Map(entries)
    this.#folders.add(root)
    for (const place of this.#entries.keys()) this.#enter(place)
    if (!bare) this.#folders.add(join(root, '.git')) // which tells that nothing above belongs to it
    this.#expected = entries.flatMap(([, entry]) => (entry.mode === LINK ? [entry] : []))
    this.#submodules = entries.flatMap(([place, { mode }]) => (mode === SUBMODULE ? [place] : []))
  }

  #enter(place: string): void {
    const folder = place.slice(0, place.lastIndexOf('/')) || '/'
    if (this.#folders.has(folder)) return
    this.#folders.add(folder)
    this.#enter(folder)
  }

  stat(place: string): ReturnType<Disk['stat']> {
    const real = this.#follow(place)
    if (real !== undefined && this.#isAround(real)) return FILES.stat(real)
    const folder = real !== undefined && this.#folders.has(real)
    return real === undefined ? undefined : { isDirectory: () => folder, isFile: () => !folder }
  }

  list(folder: string): Dirent[] {
    const real = this.real(folder)
    if (this.#isAround(real)) return FILES.list(real)
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
    return this.#isAround(real) ? FILES.real(real) : real
  }

  bytes(place: string): Uint8Array | undefined {
    const real = this.real(place)
    if (this.#isAround(real)) return FILES.bytes(real)
    const entry = this.#entries.get(real)
    if (!entry) throw Object.assign(new Error(`no file at ${place}`), { code: 'EISDIR' })
    if (entry.path.includes('\ufffd')) throw Object.assign(new Error(`no name at ${place}`), { code: 'ENOENT' }) // as of a file whose name is not UTF-8
    if (entry.size > LARGEST) return undefined
    return this.#content(entry)
  }

  expect(places: readonly string[]): void {
    const entries = places.flatMap((place) => this.#entries.get(this.#follow(place) ?? '') ?? [])
    this.#expected = entries.filter(({ size }) => size <= LARGEST).toReversed()
  }

  below(folder: string): Below[] | undefined {
    const [real, prefix] = [this.real(folder), folder.endsWith('/') ? folder : `${folder}/`]
    if (this.#isAround(real)) return undefined
    const inner = real.endsWith('/') ? real : `${real}/`
    return [...this.#entries].flatMap(([place, { mode }]) => (place.startsWith(inner) ? [{ place: prefix + place.slice(inner.length), link: mode === LINK }] : []))
  }

  foreign(place: string): string | undefined {
    return this.#submodules.some((submodule) => contains(submodule, place)) ? 'a git submodule, which is another repository' : undefined
  }

  /** The object that stands at a place as a file; undefined where none does. */
  object(place: string): string | undefined {
    return this.#isThere(place) && !this.#folders.has(place) ? this.#entries.get(place)?.object : undefined
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

  #isThere(place: string): boolean {
    const mode = this.#entries.get(place)?.mode
    return this.#folders.has(place) || (mode !== undefined && mode !== LINK && mode !== SUBMODULE)
  }

  #isAround(real: string): boolean {
    return !contains(this.#repository.root, real)
  }

  /** Where a place is once links are followed, step by step as the kernel does; undefined where nothing is there. */
  #follow(place: string): string | undefined {
    if (this.#isThere(place)) return place
    const rest = place.split('/').toReversed()
    let [real, links] = ['/', 0]
    while (rest.length > 0) {
      const next = resolve(real, rest.pop()!)
      const entry = this.#entries.get(next)
      if (entry?.mode !== LINK) {
        real = next
        continue
      }
      if (++links > MOST_LINKS) return undefined
      const target = this.#inside(this.#content(entry).toString())
      rest.push(...target.split('/').toReversed())
      if (target.startsWith('/')) real = '/'
    }
    return this.#isThere(real) || (this.#isAround(real) && !this.#repository.bare) ? real : undefined
  }

  /** A link may name the repository by another path than the one that it was found by. */
  #inside(target: string): string {
    const { root, real } = this.#repository
    return contains(real, target) ? root + target.slice(real.length) : target
  }
}
