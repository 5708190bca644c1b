import { type Dirent, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import fg from 'fast-glob'
import type { Skipped } from '../manifests/document.ts'
import { display } from './paths.ts'

const EXTENSIONS = ['yaml', 'yml', 'json']
const IGNORE = ['**/.git', '**/node_modules']

/** Kustomize knows a file of this name, too. */
const KUSTOMIZATION = 'Kustomization'

/** The manifests below a folder. Links are not followed; one that leads out of the folder is named in `skipped`. */
export function walk(folder: string, skipped: Skipped[]): string[] {
  return find(`**/{*.{${EXTENSIONS.join(',')}},${KUSTOMIZATION}}`, folder, skipped).map((file) => join(folder, file))
}

/** The files that a pattern matches, where the shell left it to us. */
export function glob(pattern: string, skipped: Skipped[]): string[] {
  return fg.isDynamicPattern(pattern) ? find(pattern, '.', skipped) : []
}

function find(pattern: string, folder: string, skipped: Skipped[]): string[] {
  const root = realpathSync(folder)
  const readdir = (path: string): Dirent[] => {
    try {
      const entries = readdirSync(path, { withFileTypes: true })
      for (const entry of entries) if (entry.isSymbolicLink()) outside(join(path, entry.name), root, skipped)
      return entries
    } catch (error) {
      skipped.push({ file: display(path), reason: 'unreadable', message: `folder cannot be read (${(error as NodeJS.ErrnoException).code})` })
      return []
    }
  }
  const fs = { readdirSync: readdir as never, lstatSync, statSync }
  return fg.sync(pattern, { cwd: folder, dot: true, followSymbolicLinks: false, caseSensitiveMatch: false, ignore: IGNORE, fs })
}

/** What a link inside the folder leads to is read where it stands; what lies outside is not part of the tree. */
function outside(link: string, root: string, skipped: Skipped[]): void {
  let target: string
  try {
    target = realpathSync(link)
  } catch {
    return // leads nowhere
  }
  if (target === root || target.startsWith(root + sep)) return
  if (statSync(target).isDirectory() || EXTENSIONS.some((extension) => target.endsWith(`.${extension}`))) {
    skipped.push({ file: display(link), reason: 'symlink', message: 'leads out of the folder and is not followed' })
  }
}
