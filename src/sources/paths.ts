import { resolve } from 'node:path'
import type { gunzipSync } from 'node:zlib'
import { UserError } from '../error.ts'
import type { File, Skipped } from '../manifests/document.ts'
import type { Running } from '../reading/sources.ts'
import { STREAM, isKustomization } from '../manifests/place.ts'
import { decode, LARGEST, marked } from './decode.ts'
import { type Disk, FILES, STDIN } from './disk.ts'
import { display } from './display.ts'
import { walk } from './folder.ts'
import { gathered } from './gather.ts'

export interface Sources {
  files: File[]
  /** The places of files that were looked at and hold nothing of interest. */
  passed: Set<string>
  /** The paths that stand for nothing. */
  missing: string[]
  /** A file that another one names, whatever it holds; undefined where there is none or it cannot be read. */
  open(place: string): File | undefined
  gunzip(packed: Uint8Array): Uint8Array
  skipped: Skipped[]
  /** How many files were looked at. */
  looked: number
  running?: readonly Running[]
}

/** How PATHs are read where they are not simply files of today. */
export interface Reading {
  /** Where they are looked up; the file system where it is not said. */
  disk?: Disk
  /** What was read before, and whether a place holds the same there. */
  earlier?: { sources: Sources; same(place: string): boolean }
  /** Paths that stand for nothing are no error: they may have stood for something before, or will. */
  lenient?: boolean
}

/**
 * The files that PATHs stand for: a file, a folder (all that ends in .yaml, .yml or .json, dot-folders too), a glob, or `-`.
 * Of folders only kustomizations and files that are `relevant` by their bytes, as Latin-1, are returned; a file that is named is returned whatever it holds.
 * @throws UserError where a path stands for nothing, or a file that is named cannot be read.
 */
export async function readPaths(paths: readonly string[], relevant: (text: string) => boolean, { disk = FILES, earlier, lenient = false }: Reading = {}): Promise<Sources> {
  const opening = new Map<string, File | undefined>()
  const opened = (place: string) => {
    if (earlier?.same(place)) return earlier.sources.open(place)
    if (!opening.has(place)) opening.set(place, open(place, disk))
    return opening.get(place)
  }
  const sources: Sources = { files: [], passed: new Set(), missing: [], open: opened, gunzip: (packed) => packed, skipped: [], looked: 0 }
  const files = new Map<string, boolean>()
  for (const path of paths) {
    const found = await expand(path, disk, sources.skipped)
    if (!found && !lenient) throw new UserError(`there is no file, folder or match for ${path}`)
    if (!found) sources.missing.push(path)
    for (const { place, named } of found ?? []) files.set(place, named || files.get(place) === true)
  }
  const known = new Map(earlier?.sources.files.map((file) => [file.place, file]))
  const same = new Set(earlier ? [...files.keys()].filter((place) => earlier.same(place)) : [])
  disk.expect?.([...files.keys()].filter((place) => !same.has(place)))
  for (const [place, named] of files) {
    sources.looked++
    const result = same.has(place) ? known.get(place) : read(place, named, relevant, disk) // what could not be read there cannot be read here
    if (result && 'text' in result) sources.files.push(result)
    else if (result && named) throw new UserError(`${result.file}: ${result.message}`, 3)
    else if (result) sources.skipped.push(result)
    else sources.passed.add(place)
  }
  if (sources.files.some(({ path, text }) => text.includes('gzip') || isKustomization(path))) {
    const { gunzipSync: unzip } = await import('node:zlib')
    sources.gunzip = (packed) => unpack(unzip, packed)
  }
  Object.assign(sources, gathered(sources.files, sources.passed))
  sources.files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  return sources
}

async function expand(path: string, disk: Disk, skipped: Skipped[]): Promise<{ place: string; named: boolean }[] | undefined> {
  if (path === STDIN) return [{ place: STDIN, named: true }]
  const foreign = disk.foreign?.(resolve(path))
  if (foreign !== undefined) {
    skipped.push({ file: display(path), reason: 'submodule', message: foreign })
    return []
  }
  const stat = inspect(path, disk)
  if (stat && !stat.isDirectory()) return [{ place: resolve(path), named: true }]
  if (stat) return walk(path, disk, skipped).map((place) => ({ place, named: false }))
  const { glob } = await import('./glob.ts')
  const matches = glob(path, disk, skipped)
  return matches.length > 0 ? matches.map((file) => ({ place: resolve(file), named: true })) : undefined
}

/** A path that cannot be looked at stands for nothing, unless it is a pattern. */
function inspect(path: string, disk: Disk): ReturnType<Disk['stat']> {
  if (path === '') throw new UserError('a path is empty')
  try {
    return disk.stat(resolve(path))
  } catch (error) {
    throw new UserError(`cannot read ${path} (${(error as NodeJS.ErrnoException).code})`)
  }
}

function read(place: string, named: boolean, relevant: (text: string) => boolean, disk: Disk): File | Skipped | undefined {
  const skip = (reason: Skipped['reason'], message: string): Skipped => ({ file: shown(place), reason, message })
  let bytes: Uint8Array | undefined
  try {
    bytes = disk.bytes(place)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return skip('unreadable', code === 'EACCES' ? 'no permission to read it' : `cannot be read (${code})`)
  }
  if (!bytes || bytes.length > LARGEST) return skip('too-large', `larger than ${LARGEST / 1024 / 1024} MiB`)
  if (isPointer(bytes)) return skip('lfs', 'a pointer to Git LFS; what it stands for is not here (git lfs pull)')
  if (!named && !isKustomization(place) && marked(bytes) === 'utf-8' && !relevant(latin1(bytes))) return undefined
  const text = decode(bytes)
  if (text === undefined) return skip('unreadable', 'neither UTF-8 nor UTF-16, which is what the API server reads')
  return { path: shown(place), place: place === STDIN ? STREAM : place, text, named }
}

function latin1({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1')
}

const POINTER = 'version https://git-lfs.github.com/spec/'

/** What git holds in place of a file that Git LFS keeps. */
function isPointer(bytes: Uint8Array): boolean {
  return bytes.length < 1024 && bytes[0] === 0x76 && latin1(bytes).startsWith(POINTER)
}

function open(place: string, disk: Disk): File | undefined {
  try {
    if (disk.stat(place)?.isFile() !== true) return undefined
  } catch {
    return undefined
  }
  const file = read(disk.real(place), false, () => true, disk)
  return file && 'text' in file ? file : undefined
}

/** @throws Error in a clause where it cannot be unpacked, or is a bomb. */
export function unpack(unzip: typeof gunzipSync, packed: Uint8Array): Uint8Array {
  try {
    return unzip(packed, { maxOutputLength: LARGEST })
  } catch (error) {
    const large = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw new Error(large ? `the gzip unpacks to more than ${LARGEST / 1024 / 1024} MiB` : 'the gzip cannot be unpacked', { cause: error })
  }
}

function shown(place: string): string {
  return place === STDIN ? STREAM : display(place)
}
