import { readFileSync, statSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import { UserError } from '../error.ts'
import type { File, Skipped } from '../manifests/document.ts'
import { decode, LARGEST, marked } from './decode.ts'

export interface Sources {
  files: File[]
  skipped: Skipped[]
  /** How many files were looked at. */
  looked: number
}

/** Standard input, where it is named in place of a path. */
export const STDIN = '-'

/**
 * The files that PATHs stand for: a file, a folder (all that ends in .yaml, .yml or .json, dot-folders too), a glob, or `-`.
 * Of folders only files that match `relevant` are returned; a file that is named is returned whatever it holds.
 * @throws UserError where a path stands for nothing.
 */
export async function readPaths(paths: readonly string[], relevant: RegExp): Promise<Sources> {
  const sources: Sources = { files: [], skipped: [], looked: 0 }
  const seen = new Set<string>()
  for (const path of paths) {
    for (const { file, named } of await expand(path, sources.skipped)) {
      if (seen.has(file)) continue
      seen.add(file)
      sources.looked++
      const result = read(file, named, relevant)
      if (result && 'text' in result) sources.files.push(result)
      else if (result) sources.skipped.push(result)
    }
  }
  sources.files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  return sources
}

/** A path as it is shown: relative to the current folder where it was given so or lies inside it, with `/`. */
export function display(path: string): string {
  const absolute = resolve(path)
  const near = relative(process.cwd(), absolute)
  const shown = near.startsWith('..') && path === absolute ? absolute : near
  return shown === '' ? '.' : shown.split(sep).join('/')
}

async function expand(path: string, skipped: Skipped[]): Promise<{ file: string; named: boolean }[]> {
  if (path === STDIN) return [{ file: STDIN, named: true }]
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat && !stat.isDirectory()) return [{ file: path, named: true }]
  const { glob, walk } = await import('./folder.ts')
  if (stat) return walk(path, skipped).map((file) => ({ file, named: false }))
  const matches = glob(path)
  if (matches.length === 0) throw new UserError(`there is no file, folder or match for ${path}`)
  return matches.map((file) => ({ file, named: true }))
}

function read(path: string, named: boolean, relevant: RegExp): File | Skipped | undefined {
  const shown = path === STDIN ? 'stdin' : display(path)
  let bytes: Buffer
  try {
    const size = path === STDIN ? 0 : statSync(path).size
    if (size > LARGEST) return { file: shown, reason: 'too-large', message: `larger than ${LARGEST / 1024 / 1024} MiB` }
    bytes = readFileSync(path === STDIN ? 0 : path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (named && code === 'ENOENT') throw new UserError(`there is no file ${path}`)
    return { file: shown, reason: 'unreadable', message: code === 'EACCES' ? 'no permission to read it' : `cannot be read (${code})` }
  }
  if (!named && marked(bytes) === 'utf-8' && !relevant.test(bytes.toString('latin1'))) return undefined
  const text = decode(bytes)
  if (text === undefined) return { file: shown, reason: 'unreadable', message: 'neither UTF-8 nor UTF-16, which is what the API server reads' }
  return { path: shown, text, named }
}
