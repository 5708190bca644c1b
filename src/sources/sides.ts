import { existsSync } from 'node:fs'
import { dirname, resolve, sep } from 'node:path'
import { UserError } from '../error.ts'
import { type Disk, FILES, STDIN } from './disk.ts'
import { changesOf, commitOf, type Repository, repositoryOf } from './git.ts'
import { display } from './display.ts'
import { readPaths, type Sources } from './paths.ts'
import { Tree } from './tree.ts'

/** What stood somewhere before a change, and what stands there after it; places are the same in both. */
export interface Sides {
  before: Disk
  after: Disk
  /** Whether a place holds the same in both. */
  same(place: string): boolean
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
  const repository = revision?.repository ?? repositoryFor(paths)
  if (!revision) throw unknown(repository, base)
  if (paths.includes(STDIN)) throw new UserError('standard input has no revision; compare it with a file')
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
  const nothing = paths.find((path) => path !== STDIN && !now.stat(resolve(path)) && !old.stat(resolve(path)))
  if (nothing !== undefined && before.looked + after.looked === 0) throw new UserError(`there is no file, folder or match for ${nothing}, before or after`)
  return { before, after }
}

/** Two commits, or one and the files that are checked out. Submodules are other repositories: those of the earlier commit are left out of both sides. */
export function revisions(repository: Repository, base: string, head: string | undefined): Sides {
  const before = new Tree(repository, base)
  if (head !== undefined) {
    const after = new Tree(repository, head)
    return { before, after, same: (place) => before.object(place) !== undefined && before.object(place) === after.object(place) }
  }
  const changes = changesOf(repository, base)
  return { before, after: { ...FILES, foreign: (place) => before.foreign(place) }, same: (place) => before.object(place) !== undefined && !changes.has(place) }
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
  const outside = paths.find((path) => path !== STDIN && resolve(path) !== repository.root && !resolve(path).startsWith(repository.root + sep))
  if (outside !== undefined) throw new UserError(`${outside} lies outside the repository ${display(repository.root)}, so that it has no revisions there`)
  return repository
}

function isFolder(place: string): boolean {
  return FILES.stat(place)?.isDirectory() === true
}

function unknown({ shallow }: Repository, name: string): UserError {
  const way = shallow ? `this clone is shallow, and git fetch --depth=1 origin ${name} may bring it` : 'git fetch may bring it'
  return new UserError(`there is no revision or path ${name === '' ? '""' : name} here; ${way}`)
}

/** A file or folder that takes the place of the one PATH; where both have the same name, so do those that lie around them. */
function beside(paths: readonly string[], base: string): Sides {
  const [path, second] = paths
  if (second !== undefined) throw new UserError(`a --base that is a path takes the place of one PATH, and there are ${paths.length}`)
  let [from, to] = [resolve(base), path === STDIN ? STDIN : resolve(path!)]
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
