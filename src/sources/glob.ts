import { join, resolve } from 'node:path'
import fg from 'fast-glob'
import type { Skipped } from '../manifests/document.ts'
import type { Disk } from './disk.ts'
import { foreign, list, outside, PASSED_OVER } from './folder.ts'

/** The files that a pattern matches, where the shell left it to us. */
export function glob(pattern: string, disk: Disk, skipped: Skipped[]): string[] {
  if (!fg.isDynamicPattern(pattern)) return []
  const root = disk.real(resolve('.'))
  const readdirSync = (folder: string) => list(folder, disk, skipped).filter((entry) => {
    if (entry.isSymbolicLink()) outside(join(folder, entry.name), root, disk, skipped)
    return !entry.isSymbolicLink() && !(entry.isDirectory() && foreign(join(folder, entry.name), disk, skipped))
  })
  const ignore = PASSED_OVER.map((name) => `**/${name}`)
  return fg.sync(pattern, { cwd: '.', dot: true, followSymbolicLinks: false, caseSensitiveMatch: false, ignore, fs: { readdirSync: readdirSync as never } })
}
