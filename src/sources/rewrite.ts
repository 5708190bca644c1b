import { randomUUID } from 'node:crypto'
import { chmodSync, chownSync, closeSync, existsSync, fstatSync, fsyncSync, openSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { File } from '../manifests/document.ts'
import { decode, marked } from './decode.ts'

/** A file as it was read, and the text that it is to have. */
export interface Rewrite {
  file: File
  text: string
}

/** A file that is met by several names, once. */
export function distinct(all: readonly Rewrite[]): Rewrite[] {
  return [...new Map(all.map((one) => [realOf(one.file), one])).values()]
}

/** Where a file really is, whatever links lead there. */
export function realOf({ place }: File): string {
  return existsSync(place) ? realpathSync(place) : place
}

/** A draft beside a file, complete and ready to take its place. */
interface Draft {
  path: string
  place: string
  draft: string
  before: Buffer
}

/**
 * Gives files new texts, each as a whole or not at all: they are written beside the files first, and nothing is replaced unless all of them could be. Encoding, permissions and owner
 * stay, and a link stays one. A file that has changed since it was read is left alone.
 * @returns what was written, by path, and what was not, with the reason as a clause.
 */
export function rewrite(all: readonly Rewrite[]): { written: string[]; failed: { path: string; why: string }[] } {
  const drafts: Draft[] = []
  const failed: { path: string; why: string }[] = []
  for (const { file, text } of all) {
    const made = attempt(() => drafted(file, text))
    if (typeof made === 'string') failed.push({ path: file.path, why: made })
    else drafts.push(made)
  }
  const written: string[] = []
  for (const one of drafts) {
    const why = failed.length > 0 ? 'left as it is, for another file cannot be written' : attempt(() => replace(one))
    if (why === undefined) written.push(one.path)
    else {
      rmSync(one.draft, { force: true })
      failed.push({ path: one.path, why })
    }
  }
  return { written, failed }
}

/** What an attempt yields, or in a clause why it failed. */
function attempt<T>(work: () => T): T | string {
  try {
    return work()
  } catch (error) {
    if (error instanceof Refused) return error.message
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    return REASONS[code] ?? `it cannot be written (${code})`
  }
}

const REASONS: Record<string, string> = { ENOSPC: 'the disk is full', EDQUOT: 'the quota is used up', EACCES: 'no permission to write there', EPERM: 'no permission to write there', EROFS: 'the file system is read-only', ENOENT: 'it is not there any more' }

class Refused extends Error {}

function drafted(file: File, text: string): Draft {
  const place = realpathSync(file.place)
  const stat = statSync(place)
  if (!stat.isFile()) throw new Refused('it is no file that could be replaced')
  if ((stat.mode & 0o222) === 0) throw new Refused('it is read-only')
  const before = readFileSync(place)
  if (decode(before) !== file.text) throw new Refused('it has changed since it was read')
  if (!encoded(file.text, before).equals(before)) throw new Refused('it is encoded in a way that could not be kept')
  const draft = `${place}.${randomUUID()}.tmp`
  try {
    const handle = openSync(draft, 'wx', stat.mode)
    try {
      writeFileSync(handle, encoded(text, before))
      fsyncSync(handle)
      const own = fstatSync(handle)
      if (own.uid !== stat.uid || own.gid !== stat.gid) chownSync(draft, stat.uid, stat.gid)
      chmodSync(draft, stat.mode)
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
  return { path: file.path, place, draft, before }
}

function replace({ place, draft, before }: Draft): undefined {
  if (!readFileSync(place).equals(before)) throw new Refused('it has changed since it was read')
  renameSync(draft, place)
}

/** A text as bytes, encoded as a file is; a byte order mark at its start is none of the text. */
function encoded(text: string, like: Buffer): Buffer {
  const encoding = marked(like)
  if (encoding === 'utf-8') return Buffer.from(like.subarray(0, 3).equals(BOM) ? `\ufeff${text}` : text)
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le')
  return encoding === 'utf-16be' ? bytes.swap16() : bytes
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf])
