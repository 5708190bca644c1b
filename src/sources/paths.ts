import { closeSync, fstatSync, openSync, readFileSync, readSync, realpathSync, type Stats, statSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import type { gunzipSync } from 'node:zlib'
import { UserError } from '../error.ts'
import type { File, Skipped } from '../manifests/document.ts'
import { STREAM, isKustomization } from '../manifests/place.ts'
import { decode, LARGEST, marked } from './decode.ts'

export interface Sources {
  files: File[]
  /** The places of files that were looked at and hold nothing of interest. */
  passed: Set<string>
  /** A file that another one names, whatever it holds; undefined where there is none or it cannot be read. */
  open(place: string): File | undefined
  gunzip(packed: Uint8Array): Uint8Array
  skipped: Skipped[]
  /** How many files were looked at. */
  looked: number
}

/** Standard input, where it is named in place of a path. */
export const STDIN = '-'

/**
 * The files that PATHs stand for: a file, a folder (all that ends in .yaml, .yml or .json, dot-folders too), a glob, or `-`.
 * Of folders only kustomizations and files that are `relevant` by their bytes, as Latin-1, are returned; a file that is named is returned whatever it holds.
 * @throws UserError where a path stands for nothing, or a file that is named cannot be read.
 */
export async function readPaths(paths: readonly string[], relevant: (text: string) => boolean): Promise<Sources> {
  const sources: Sources = { files: [], passed: new Set(), open, gunzip: (packed) => packed, skipped: [], looked: 0 }
  const files = new Map<string, { file: string; named: boolean }>()
  for (const path of paths) {
    for (const { file, named } of await expand(path, sources.skipped)) {
      const key = file === STDIN ? STDIN : resolve(file)
      files.set(key, { file, named: named || files.get(key)?.named === true })
    }
  }
  for (const [place, { file, named }] of files) {
    sources.looked++
    const result = read(file, named, relevant)
    if (result && 'text' in result) sources.files.push(result)
    else if (result && named) throw new UserError(`${result.file}: ${result.message}`, 3)
    else if (result) sources.skipped.push(result)
    else sources.passed.add(place)
  }
  if (sources.files.some(({ path, text }) => text.includes('gzip') || isKustomization(path))) {
    const { gunzipSync: unzip } = await import('node:zlib')
    sources.gunzip = (packed) => unpack(unzip, packed)
  }
  sources.files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  return sources
}

/** A path as it is shown: relative to the current folder, or absolute where that is shorter; with `/`. However it was given, it is shown alike. */
export function display(path: string): string {
  const absolute = resolve(path)
  const near = relative(process.cwd(), absolute)
  const short = near.length <= absolute.length ? near : absolute
  return short === '' ? '.' : short.split(sep).join('/')
}

async function expand(path: string, skipped: Skipped[]): Promise<{ file: string; named: boolean }[]> {
  if (path === STDIN) return [{ file: STDIN, named: true }]
  const stat = inspect(path)
  if (stat && !stat.isDirectory()) return [{ file: path, named: true }]
  const { glob, walk } = await import('./folder.ts')
  if (stat) return walk(path, skipped).map((file) => ({ file, named: false }))
  const matches = glob(path, skipped)
  if (matches.length === 0) throw new UserError(`there is no file, folder or match for ${path}`)
  return matches.map((file) => ({ file, named: true }))
}

/** A path that cannot be looked at stands for nothing, unless it is a pattern. */
function inspect(path: string): Stats | undefined {
  if (path === '') throw new UserError('a path is empty')
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    throw new UserError(`cannot read ${path} (${(error as NodeJS.ErrnoException).code})`)
  }
}

function read(path: string, named: boolean, relevant: (text: string) => boolean): File | Skipped | undefined {
  const skip = (reason: Skipped['reason'], message: string): Skipped => ({ file: shown(path), reason, message })
  let bytes: Buffer | undefined
  try {
    bytes = path === STDIN ? readFileSync(0) : contents(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return skip('unreadable', code === 'EACCES' ? 'no permission to read it' : `cannot be read (${code})`)
  }
  if (!bytes || bytes.length > LARGEST) return skip('too-large', `larger than ${LARGEST / 1024 / 1024} MiB`)
  if (!named && !isKustomization(path) && marked(bytes) === 'utf-8' && !relevant(bytes.toString('latin1'))) return undefined
  const text = decode(bytes)
  if (text === undefined) return skip('unreadable', 'neither UTF-8 nor UTF-16, which is what the API server reads')
  return { path: shown(path), place: path === STDIN ? STREAM : resolve(path), text, named }
}

function open(place: string): File | undefined {
  try {
    if (statSync(place, { throwIfNoEntry: false })?.isFile() !== true) return undefined
  } catch {
    return undefined
  }
  const file = read(realpathSync(place), false, () => true)
  return file && 'text' in file ? file : undefined
}

/** @throws Error in a clause where it cannot be unpacked, or is a bomb. */
function unpack(unzip: typeof gunzipSync, packed: Uint8Array): Uint8Array {
  try {
    return unzip(packed, { maxOutputLength: LARGEST })
  } catch (error) {
    const large = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw new Error(large ? `the gzip unpacks to more than ${LARGEST / 1024 / 1024} MiB` : 'the gzip cannot be unpacked', { cause: error })
  }
}

/** The bytes of a file, valid until the next call; undefined where it is too large. One buffer serves a whole tree. */
function contents(path: string): Buffer | undefined {
  const file = openSync(path, 'r')
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

function shown(path: string): string {
  return path === STDIN ? STREAM : display(path)
}
