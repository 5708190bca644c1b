import { existsSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { UserError } from '../error.ts'
import { contains } from '../manifests/place.ts'
import { type Disk, FILES, STDIN } from './disk.ts'
import { display } from './display.ts'
import { absentOf, changesOf, commitOf, type Repository, repositoryOf, settingsOf } from './git.ts'
import { readPaths, type Sources } from './paths.ts'
import { Tree } from './tree.ts'

/** What stood somewhere before a change, and what stands there after it; places are the same in both. */
export interface Sides {
  before: Disk
  after: Disk
  /** Whether a place holds the same in both. */
  same(place: string): boolean
  /** What is left out of both, in a sentence. */
  note?: string
}

/**
 * Two sides of PATHs: those at `base`, a revision or a file or folder, and those at `head`, a revision; without one, the files as they are.
 * @throws UserError where `base` or `head` is neither, or could be both.
 */
export function sidesOf(paths: readonly string[], base: string, head: string | undefined): Sides {
  const known = (name: string) => isPathOnly(name) ? undefined : revisionNamed(paths, name)
  const revision = known(base)
  if (existsSync(base) && base !== '' && !(revision && head !== undefined)) {
    if (revision) throw new UserError(`${base} is a path and a revision; write ./${base}, or refs/heads/${base}`)
    if (head !== undefined) throw new UserError('--head takes a revision, and so has to --base then')
    return beside(paths, base)
  }
  if (paths.includes(STDIN)) throw new UserError(revision ? 'standard input has no revision; compare it with a file' : `there is no file ${named(base)} to compare standard input with`)
  const repository = revision?.repository ?? repositoryFor(paths)
  if (!revision) throw unknown(repository, base)
  if (head === undefined) {
    if (repository.bare) throw new UserError('a bare repository has no files beside it; name the --head, too')
    return revisions(repository, revision.commit, undefined)
  }
  const after = commitOf(repository, head)
  if (after === undefined) throw unknown(repository, head)
  return revisions(repository, revision.commit, after)
}

/** The files of PATHs on both sides. @throws UserError where a path stands for nothing on either. */
export async function readSides(paths: readonly string[], relevant: (text: string) => boolean, { before: old, after: now, same }: Sides): Promise<{ before: Sources; after: Sources }> {
  const after = await readPaths(paths, relevant, { disk: now, lenient: true })
  const before = await readPaths(paths, relevant, { disk: old, lenient: true, earlier: { sources: after, same } })
  const nothing = before.missing.find((path) => after.missing.includes(path))
  if (nothing !== undefined) throw new UserError(`there is no file, folder or match for ${nothing}, before or after`)
  return { before, after }
}

/**
 * Two commits, or one and the files that are checked out. Of those, what no commit could hold is left out: other repositories, submodules among them; of the commit, what is left out
 * of a sparse checkout.
 */
export function revisions(repository: Repository, base: string, head: string | undefined): Sides {
  if (head !== undefined) {
    const [before, after] = [new Tree(repository, base), new Tree(repository, head)]
    return { before, after, same: (place) => before.object(place) !== undefined && before.object(place) === after.object(place) }
  }
  const settings = settingsOf(repository)
  const absent = absentOf(repository, settings)
  const before = new Tree(repository, base, absent)
  const changes = changesOf(repository, base, settings)
  const note = absent.size > 0 ? { note: `files that the sparse checkout of ${display(repository.root)} leaves out (${absent.size}) are looked at on neither side` } : {}
  return { before, after: checkedOut(repository, before), same: (place) => before.object(place) !== undefined && !changes.has(place), ...note }
}

/** The files of a working tree, without those of repositories within. */
function checkedOut({ root, real }: Repository, before: Tree): Disk {
  const others = new Map<string, boolean>()
  const isOther = (place: string): boolean => {
    if (place === root || !contains(root, place)) return false
    const known = others.get(place) ?? (isOther(dirname(place)) || existsSync(join(place, '.git')))
    others.set(place, known)
    return known
  }
  const foreign = (place: string) => before.foreign(place) ?? (isOther(place) ? 'another git repository' : undefined)
  const spelt = (place: string) => (contains(real, place) ? root + place.slice(real.length) : place)
  return { ...FILES, foreign, real: (place) => spelt(FILES.real(place)), stat: (place) => (foreign(place) === undefined ? FILES.stat(place) : undefined) }
}

/** What a shell or a git user writes that no revision can be. */
function isPathOnly(name: string): boolean {
  return name === STDIN || /^\.{0,2}\//.test(name) || name === '.' || name === '..'
}

function revisionNamed(paths: readonly string[], name: string): { repository: Repository; commit: string } | undefined {
  let repository: Repository
  try {
    repository = repositoryFor(paths)
  } catch (error) {
    if (existsSync(name)) return undefined // then git is not needed
    throw error
  }
  const commit = commitOf(repository, name)
  return commit === undefined ? undefined : { repository, commit }
}

/** The repository of the first path; of one that is gone, the folder above it says so. */
export function repositoryFor(paths: readonly string[]): Repository {
  let folder = resolve(paths.find((path) => path !== STDIN) ?? '.')
  while (!isFolder(folder)) folder = dirname(folder)
  const repository = repositoryOf(folder)
  const outside = paths.find((path) => path !== STDIN && !contains(repository.root, resolve(path)))
  if (outside !== undefined) throw new UserError(`${outside} lies outside the repository ${display(repository.root)}, so that it has no revisions there`)
  return repository
}

/** What cannot be looked at is none. */
function isFolder(place: string): boolean {
  try {
    return FILES.stat(place)?.isDirectory() === true
  } catch {
    return false
  }
}

function named(name: string): string {
  return name === '' ? '""' : name
}

/** What may be typed into a shell as it is, and after `git fetch origin`. */
const PLAIN = /^(?!-)[\w./-]+$/

function unknown({ shallow }: Repository, name: string): UserError {
  const plain = name.replace(/^(?:refs\/(?:remotes\/)?)?origin\//, '')
  const one = PLAIN.test(plain) && !/^(?:HEAD|@)$/.test(plain)
  const way = !shallow ? 'git fetch may bring it'
    : `this clone is shallow; ${one ? `git fetch --depth=1 origin ${plain} may bring it, then as --base FETCH_HEAD` : 'git fetch --unshallow brings all of its history'}`
  return new UserError(`there is no revision or path ${named(name)} here; ${way}`)
}

/** A file or folder that takes the place of the one PATH; where both have the same name, so do those that lie around them. */
function beside(paths: readonly string[], base: string): Sides {
  const [path, second] = paths
  if (second !== undefined) throw new UserError(`a --base that is a path takes the place of one PATH, and there are ${paths.length}`)
  let [from, to] = [resolve(base), path === STDIN ? STDIN : resolve(path!)]
  if (path === STDIN && isFolder(from)) throw new UserError(`${base} is a folder; standard input can only be compared with a file`)
  if (path !== STDIN && !existsSync(to)) throw new UserError(`there is no file or folder ${path} to compare with ${base}`)
  if (path !== STDIN && isFolder(to) !== isFolder(from)) throw new UserError(`of ${base} and ${path}, one is a folder and the other is none`)
  while (from !== to && basenameOf(from) === basenameOf(to) && dirname(from) !== dirname(to) && dirname(from) !== from && dirname(to) !== to) [from, to] = [dirname(from), dirname(to)]
  return { before: mounted(from, to), after: FILES, same: () => false }
}

function basenameOf(place: string): string {
  return place.slice(place.lastIndexOf(sep) + 1)
}

/** The file system, with what lies at `from` in the place of what lies at `to`. */
function mounted(from: string, to: string): Disk {
  const swap = (place: string, out: string, into: string) => (place === out ? into : place.startsWith(out + sep) ? into + place.slice(out.length) : place)
  const there = (place: string) => swap(place, to, from)
  return {
    stat: (place) => FILES.stat(there(place)),
    list: (folder) => FILES.list(there(folder)),
    real: (place) => swap(FILES.real(there(place)), FILES.real(from), to),
    bytes: (place) => FILES.bytes(there(place)),
  }
}
