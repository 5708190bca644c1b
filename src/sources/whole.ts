import { existsSync, realpathSync } from 'node:fs'
import { dirname, resolve, sep } from 'node:path'
import { contains } from '../manifests/place.ts'
import { STDIN } from './disk.ts'
import { repository } from './root.ts'

/**
 * Whether PATHs hold all that belongs together: the paths of the clusters that are `declared` (absolute), else the folder of the configuration (`config`, absolute), else
 * the git repository of the first one. Where there is none of these, nothing tells of more.
 */
export function isWhole(paths: readonly string[], config: string | undefined, declared: readonly string[]): boolean {
  if (paths.includes(STDIN)) return false
  const given = paths.map((path) => real(path))
  const all = declared.length > 0 ? declared : [config === undefined ? repository(given[0]!) : dirname(config)].flatMap((folder) => folder ?? [])
  return all.every((one) => given.some((path) => contains(path, real(one))))
}

/** A path without links, absolute and with `/`. */
function real(path: string): string {
  return (existsSync(path) ? realpathSync(path) : resolve(path)).split(sep).join('/')
}
