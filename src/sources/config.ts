import { dirname, join, resolve } from 'node:path'
import { UserError } from '../error.ts'
import type { File } from '../manifests/document.ts'
import { decode, LARGEST } from './decode.ts'
import { type Disk, FILES, STDIN } from './disk.ts'
import { display } from './display.ts'

/** How a configuration file is called. */
export const NAME = '.mirrorproof.yaml'

/**
 * The configuration file: the one that is `named`, else the nearest one to the first of `paths`; undefined where there is none. `place` makes a path
 * in it absolute, or turns it into undefined where nothing is there.
 * @throws UserError where it cannot be read.
 */
export function readConfig(paths: readonly string[], named: string | undefined, disk: Disk = FILES): { file: File; place: (path: string) => string | undefined } | undefined {
  const path = named ?? nearest(paths.find((one) => one !== STDIN) ?? '.', disk)
  if (path === undefined) return undefined
  let bytes: Uint8Array | undefined
  try {
    bytes = disk.bytes(resolve(path))
  } catch (error) {
    throw new UserError(`cannot read the configuration ${path} (${(error as NodeJS.ErrnoException).code})`)
  }
  if (!bytes) throw new UserError(`the configuration ${path} is larger than ${LARGEST / 1024 / 1024} MiB`)
  const text = decode(bytes)
  if (text === undefined) throw new UserError(`the configuration ${path} is not UTF-8`)
  const place = (inner: string) => {
    const absolute = resolve(dirname(path), inner)
    return kind(absolute, disk) === undefined ? undefined : absolute
  }
  return { file: { path: display(path), place: resolve(path), text, named: true }, place }
}

function kind(place: string, disk: Disk): 'folder' | 'file' | undefined {
  try {
    const stat = disk.stat(place)
    return stat && (stat.isDirectory() ? 'folder' : 'file')
  } catch {
    return undefined
  }
}

/** The configuration in a folder or the nearest one above it, up to the git repository that it lies in. */
function nearest(path: string, disk: Disk): string | undefined {
  const start = kind(resolve(path), disk) === 'folder' ? path : dirname(path)
  for (let folder = start; ; folder = join(folder, '..')) {
    const candidate = join(folder, NAME)
    if (kind(resolve(candidate), disk) !== undefined) return candidate
    if (kind(resolve(folder, '.git'), disk) !== undefined || resolve(folder) === resolve(folder, '..')) return undefined
  }
}
