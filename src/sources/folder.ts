import type { Dirent } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import fg from 'fast-glob'
import type { Skipped } from '../manifests/document.ts'
import type { Below, Disk } from './disk.ts'
import { display } from './paths.ts'

const EXTENSIONS = ['yaml', 'yml', 'json']
const IGNORE = ['**/.git', '**/node_modules']

/** Kustomize knows a file of this name, too. */
const KUSTOMIZATION = 'Kustomization'

/** The manifests below a folder. Links are not followed; one that leads out of the folder is named in `skipped`. */
export function walk(folder: string, disk: Disk, skipped: Skipped[]): string[] {
  const root = disk.real(resolve(folder))
  const all = disk.below?.(resolve(folder))
  return all ? manifestsOf(all, resolve(folder), root, disk, skipped) : below(folder, root, disk, skipped)
}

const MANIFEST = new RegExp(`(?:\\.(?:${EXTENSIONS.join('|')})|(?:^|/)${KUSTOMIZATION})$`, 'i')
const PASSED_OVER = /\/(?:\.git|node_modules)(?:\/|$)/

function below(folder: string, root: string, disk: Disk, skipped: Skipped[]): string[] {
  return entriesOf(folder, disk, skipped).flatMap((entry) => {
    const place = join(folder, entry.name)
    if (PASSED_OVER.test(`/${entry.name}`) || isOther(entry, root, place, disk, skipped)) return []
    if (entry.isDirectory()) return below(place, root, disk, skipped)
    return entry.isFile() && MANIFEST.test(entry.name) ? [place] : []
  })
}

/** The same where all of a tree is known: to look into each of its folders costs more. */
function manifestsOf(all: readonly Below[], folder: string, root: string, disk: Disk, skipped: Skipped[]): string[] {
  return all.filter(({ place, link }) => {
    if (PASSED_OVER.test(place.slice(folder.length))) return false
    if (link) outside(place, root, disk, skipped)
    return !link && !foreign(place, disk, skipped) && MANIFEST.test(place)
  }).map(({ place }) => place)
}

/** The files that a pattern matches, where the shell left it to us. */
export function glob(pattern: string, disk: Disk, skipped: Skipped[]): string[] {
  return fg.isDynamicPattern(pattern) ? find(pattern, '.', disk, skipped) : []
}

function find(pattern: string, folder: string, disk: Disk, skipped: Skipped[]): string[] {
  const root = disk.real(resolve(folder))
  const readdir = (path: string) => entriesOf(path, disk, skipped).filter((entry) => !isOther(entry, root, join(path, entry.name), disk, skipped))
  return fg.sync(pattern, { cwd: folder, dot: true, followSymbolicLinks: false, caseSensitiveMatch: false, ignore: IGNORE, fs: { readdirSync: readdir as never } })
}

/** What is in a folder; of one that is not there, as one of several in a pattern may be, nothing. */
function entriesOf(folder: string, disk: Disk, skipped: Skipped[]): Dirent[] {
  try {
    return disk.list(resolve(folder))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') skipped.push({ file: display(folder), reason: 'unreadable', message: `folder cannot be read (${code})` })
    return []
  }
}

/** Whether an entry is no part of the tree, and says so where that is to be known. */
function isOther(entry: Dirent, root: string, place: string, disk: Disk, skipped: Skipped[]): boolean {
  if (entry.isSymbolicLink()) outside(place, root, disk, skipped)
  return entry.isSymbolicLink() || (entry.isDirectory() && foreign(place, disk, skipped))
}

/** What a link inside the folder leads to is read where it stands; what lies outside is not part of the tree. */
function outside(link: string, root: string, disk: Disk, skipped: Skipped[]): void {
  let target: string
  try {
    target = disk.real(link)
  } catch {
    return // leads nowhere
  }
  if (target === root || target.startsWith(root + sep)) return
  if (disk.stat(target)!.isDirectory() || EXTENSIONS.some((extension) => target.endsWith(`.${extension}`))) {
    skipped.push({ file: display(link), reason: 'symlink', message: 'leads out of the folder and is not followed' })
  }
}

function foreign(place: string, disk: Disk, skipped: Skipped[]): boolean {
  const message = disk.foreign?.(resolve(place))
  if (message !== undefined) skipped.push({ file: display(place), reason: 'submodule', message })
  return message !== undefined
}
