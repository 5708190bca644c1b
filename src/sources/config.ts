import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { UserError } from '../error.ts'
import type { File } from '../manifests/document.ts'
import { decode } from './decode.ts'
import { display, STDIN } from './paths.ts'

/** How a configuration file is called. */
export const NAME = '.mirrorproof.yaml'

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
