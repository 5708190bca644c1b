import { resolve, sep } from 'node:path'
import type { Skipped } from '../manifests/document.ts'
import type { Below, Disk } from './disk.ts'
import { display } from './display.ts'

const EXTENSIONS = ['yaml', 'yml', 'json']
/** Kustomize knows a file of this name, too. */
const MANIFEST = new RegExp(`(?:\\.(?:${EXTENSIONS.join('|')})|[/\\\\]Kustomization)$`, 'i')
/** Folders that are never looked into. */
export const PASSED_OVER = ['.git', 'node_modules']
const PASSED = /[/\\](?:\.git|node_modules)(?:[/\\]|$)/

/** The manifests below a folder. Links are not followed; one that leads out of the folder is named in `skipped`. */
export function walk(folder: string, disk: Disk, skipped: Skipped[]): string[] {
  const place = resolve(folder)
  const root = disk.real(place)
  const known = disk.below?.(place)?.filter((entry) => !PASSED.test(entry.place.slice(place.length)) && !foreign(entry.place, disk, skipped))
  return (known ?? below(place, disk, skipped)).flatMap(({ place: at, link }) => {
    if (link) outside(at, root, disk, skipped)
    return !link && MANIFEST.test(at) ? [at] : []
  })
}

/** All that lies below a folder, and is no folder. */
function below(folder: string, disk: Disk, skipped: Skipped[]): Below[] {
  const found: Below[] = []
  const waiting = [folder]
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const entry of list(at, disk, skipped)) {
      const place = at.endsWith(sep) ? at + entry.name : at + sep + entry.name
      if (!entry.isDirectory()) {
        if (entry.isFile() || entry.isSymbolicLink()) found.push({ place, link: entry.isSymbolicLink() })
      } else if (!PASSED_OVER.includes(entry.name) && !foreign(place, disk, skipped)) waiting.push(place)
    }
  }
  return found
}

/** What a folder holds; nothing where it cannot be read, which is told, or is not there, as one of several in a pattern may not be. */
export function list(folder: string, disk: Disk, skipped: Skipped[]): ReturnType<Disk['list']> {
  try {
    return disk.list(folder)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') skipped.push({ file: display(folder), reason: 'unreadable', message: `folder cannot be read (${code})` })
    return []
  }
}

/** What a link inside the folder leads to is read where it stands; what lies outside is not part of the tree. */
export function outside(link: string, root: string, disk: Disk, skipped: Skipped[]): void {
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

/** Whether a place is no part of the tree, which is told. */
export function foreign(place: string, disk: Disk, skipped: Skipped[]): boolean {
  const message = disk.foreign?.(place)
  if (message !== undefined) skipped.push({ file: display(place), reason: 'submodule', message })
  return message !== undefined
}
