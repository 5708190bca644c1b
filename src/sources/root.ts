import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { STREAM } from '../manifests/place.ts'

/** Turns a path as it is shown (see `display`) into the one from the root of the git repository around the current folder, with `/`. What lies outside stays as it is. */
export function fromRepository(): (path: string) => string {
  const root = repository(process.cwd())
  if (root === undefined) return (path) => path
  return (path) => {
    const inner = relative(root, resolve(path))
    return path === STREAM || inner.startsWith('..') || isAbsolute(inner) ? path : inner.split(sep).join('/')
  }
}

/** The folder of the git repository around a path, which need not be there. */
export function repository(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder
  const outer = dirname(folder)
  return outer === folder ? undefined : repository(outer)
}
