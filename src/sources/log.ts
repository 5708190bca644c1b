import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../error.ts'
import { STREAM } from '../manifests/place.ts'
import { STDIN } from './disk.ts'
import { display } from './display.ts'

const CHUNK = 1 << 20

/**
 * The bytes of a file, or of standard input, a piece at a time; a piece is overwritten by the next.
 * @throws UserError where it cannot be read, or is compressed.
 */
export async function* chunks(path: string): AsyncGenerator<Uint8Array> {
  const name = path === STDIN ? STREAM : display(path)
  const handle = opened(path, name)
  try {
    const buffer = new Uint8Array(CHUNK)
    for (let first = true; ;) {
      const size = filled(handle, buffer, name)
      if (size === undefined) {
        await sleep(20)
        continue
      }
      if (size === 0) return
      if (first && buffer[0] === 0x1f && buffer[1] === 0x8b) throw new UserError(`${name} is compressed; gunzip -c ${name} | mirrorproof trace --log - reads it`)
      first = false
      yield buffer.subarray(0, size)
    }
  } finally {
    if (path !== STDIN) closeSync(handle)
  }
}

function opened(path: string, name: string): number {
  if (path === STDIN) return 0
  if (path === '') throw new UserError('--log names no file')
  try {
    const handle = openSync(path, 'r')
    if (!fstatSync(handle).isDirectory()) return handle
    closeSync(handle)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw code === 'ENOENT' ? new UserError(`there is no file ${name}`) : new UserError(`cannot read ${name} (${code})`, 3)
  }
  throw new UserError(`${name} is a folder; name a file, or - for standard input`)
}

/** Undefined where nothing is there yet: standard input may be a pipe that does not wait. */
function filled(handle: number, buffer: Uint8Array, name: string): number | undefined {
  try {
    return readSync(handle, buffer)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EAGAIN') return undefined
    if (code === 'EOF') return 0
    throw new UserError(`cannot read ${name} (${code})`, 3)
  }
}
