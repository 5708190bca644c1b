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
  if (disk.below) return manifestsOf(disk.below(resolve(folder)), disk.real(resolve(folder)), disk, skipped)
  return find(`**/{*.{${EXTENSIONS.join(',')}},${KUSTOMIZATION}}`, folder, disk, skipped).map((file) => join(folder, file))
}

const MANIFEST = new RegExp(`(?:\\.(?:${EXTENSIONS.join('|')})|/${KUSTOMIZATION})$`, 'i')
const PASSED_OVER = /\/(?:\.git|node_modules)\//

/** The same where all of a tree is known: to look into each of its folders costs more. */
function manifestsOf(entries: readonly Below[], root: string, disk: Disk, skipped: Skipped[]): string[] {
  return entries.filter(({ place, link }) => {
    if (PASSED_OVER.test(place.slice(root.length))) return false
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
  const readdir = (path: string): Dirent[] => {
    try {
      const entries = disk.list(path)
      for (const entry of entries) if (entry.isSymbolicLink()) outside(join(path, entry.name), root, disk, skipped)
      return disk.foreign ? entries.filter((entry) => !foreign(join(path, entry.name), disk, skipped)) : entries
    } catch (error) {
      skipped.push({ file: display(path), reason: 'unreadable', message: `folder cannot be read (${(error as NodeJS.ErrnoException).code})` })
      return []
    }
  }
  return fg.sync(pattern, { cwd: folder, dot: true, followSymbolicLinks: false, caseSensitiveMatch: false, ignore: IGNORE, fs: { readdirSync: readdir as never } })
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
  const message = disk.foreign?.(place)
  if (message !== undefined) skipped.push({ file: display(place), reason: 'submodule', message })
  return message !== undefined
}
