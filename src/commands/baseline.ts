import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Configuration } from '../config.ts'
import { UserError } from '../error.ts'
import type { Flags } from '../flags.ts'
import { baselineText, type Entry, parseBaseline } from '../policy/baseline.ts'
import { decode, LARGEST } from '../sources/decode.ts'
import type { Disk } from '../sources/disk.ts'
import { display } from '../sources/display.ts'

/**
 * The baseline that --baseline or the configuration, which `disk` holds, names; `anew` where one is to be written; undefined where there is none.
 * @throws UserError where it cannot be read, or is none.
 */
export function baselineOf(flags: Flags, configured: Configuration['baseline'], disk?: Disk): Entry[] | 'anew' | undefined {
  const { baseline: named, 'write-baseline': written } = flags
  if (written !== undefined && named !== undefined) throw new UserError('--write-baseline writes a new baseline, so --baseline means nothing beside it')
  if (written !== undefined) return 'anew'
  if (named !== undefined) return read(named, '')
  return configured && read(configured.place, `${configured.where}: `, disk)
}

/** @throws UserError where the file cannot be written. */
export function writeBaseline(path: string, entries: readonly Entry[]): void {
  try {
    writeFileSync(path, baselineText(entries))
  } catch (error) {
    throw new UserError(`cannot write the baseline ${path} (${(error as NodeJS.ErrnoException).code})`, 3)
  }
}

function read(path: string, where: string, disk?: Disk): Entry[] {
  const name = display(path)
  let bytes: Uint8Array | undefined
  try {
    bytes = disk ? disk.bytes(resolve(path)) : readFileSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const way = code === 'ENOENT' ? `there is no baseline ${name}; mirrorproof check --write-baseline ${name} writes it` : `cannot read the baseline ${name} (${code})`
    throw new UserError(`${where}${way}`)
  }
  if (!bytes) throw new UserError(`${where}the baseline ${name} is larger than ${LARGEST / 1024 / 1024} MiB`)
  const text = decode(bytes)
  if (text === undefined) throw new UserError(`${where}the baseline ${name} is not UTF-8`)
  return parseBaseline(text, name)
}
