import { closeSync, type Dirent, fstatSync, openSync, readdirSync, readFileSync, readSync, realpathSync, type Stats, statSync } from 'node:fs'
import { LARGEST } from './decode.ts'

/** Standard input, where it is named in place of a path. */
export const STDIN = '-'

/** Where PATHs are looked up: in the file system, or in a git revision as if it were checked out. Places are absolute paths. */
export interface Disk {
  /** What stands at a place, links followed; undefined where nothing does. @throws an error with `code` where that cannot be told. */
  stat(place: string): Pick<Stats, 'isDirectory' | 'isFile'> | undefined
  /** The entries of a folder; throws as `stat` does. */
  list(folder: string): Dirent[]
  /** Where a place is once links are followed. @throws where that is nowhere. */
  real(place: string): string
  /** The bytes of a file, or of standard input (`-`), valid until the next call; undefined where they are more than `LARGEST`. @throws as `stat` does. */
  bytes(place: string): Uint8Array | undefined
  /** Says which files will be asked for next, so that they can be fetched together. */
  expect?(places: readonly string[]): void
  /** All that lies below a folder, at whatever depth, where that is known at once. */
  below?(folder: string): Below[] | undefined
  /** Why a place is no part of the tree, whatever `list` shows; a clause. */
  foreign?(place: string): string | undefined
}

/** What is no folder. */
export interface Below {
  place: string
  link: boolean
}

/** The file system. */
export const FILES: Disk = {
  stat: (place) => statSync(place, { throwIfNoEntry: false }),
  list: (folder) => readdirSync(folder, { withFileTypes: true }),
  real: (place) => realpathSync(place),
  bytes: contents,
}

/** One buffer serves a whole tree. */
function contents(place: string): Uint8Array | undefined {
  if (place === STDIN) return readFileSync(0)
  const file = openSync(place, 'r')
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) return readFileSync(file) // a pipe, as in `check <(kustomize build)`
    const { size } = stat
    if (size > LARGEST) return undefined
    if (size > buffer.length) buffer = Buffer.allocUnsafe(size * 2)
    let length = 0
    for (let more = -1; more !== 0 && length < size; length += more) more = readSync(file, buffer, length, size - length, null)
    return buffer.subarray(0, length)
  } finally {
    closeSync(file)
  }
}

let buffer = Buffer.allocUnsafe(256 * 1024)
