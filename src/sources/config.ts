import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { UserError } from '../error.ts'
import type { File } from '../manifests/document.ts'
import { contains } from '../manifests/place.ts'
import { decode } from './decode.ts'
import { display, STDIN } from './paths.ts'

const NAME = '.mirrorproof.yaml'

/**
 * The configuration file: the one that is `named`, else the nearest one to the first of `paths`; undefined where there is none. `place` makes a path
 * in it absolute, or turns it into undefined where nothing is there.
 * @throws UserError where it cannot be read.
 */
export function readConfig(paths: readonly string[], named: string | undefined): { file: File; place: (path: string) => string | undefined } | undefined {
  const path = named ?? nearest(paths.find((one) => one !== STDIN) ?? '.')
  if (path === undefined) return undefined
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new UserError(`cannot read the configuration ${path} (${(error as NodeJS.ErrnoException).code})`)
  }
  const text = decode(bytes)
  if (text === undefined) throw new UserError(`the configuration ${path} is not UTF-8`)
  const place = (inner: string) => {
    const absolute = resolve(dirname(path), inner)
    return existsSync(absolute) ? absolute : undefined
  }
  return { file: { path: display(path), place: resolve(path), text, named: true }, place }
}

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

/** The folder of the git repository around a path. */
function repository(path: string): string | undefined {
  for (let folder = path; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder
    if (folder === dirname(folder)) return undefined
  }
}

/** A path without links, absolute and with `/`. */
function real(path: string): string {
  return (existsSync(path) ? realpathSync(path) : resolve(path)).split(sep).join('/')
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

/** The configuration in a folder or the nearest one above it, up to the git repository that it lies in. */
function nearest(path: string): string | undefined {
  const start = isFolder(path) ? path : dirname(path)
  for (let folder = start; ; folder = join(folder, '..')) {
    const candidate = join(folder, NAME)
    if (existsSync(candidate)) return candidate
    if (existsSync(join(folder, '.git')) || resolve(folder) === resolve(folder, '..')) return undefined
  }
}
