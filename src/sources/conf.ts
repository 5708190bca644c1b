import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { UserError } from '../error.ts'
import { STREAM } from '../manifests/place.ts'
import { LARGEST } from './decode.ts'
import { STDIN } from './disk.ts'
import { display } from './display.ts'

/** A file of a node; its text is undefined where it is not UTF-8. */
export interface NodeFile {
  path: string
  text: string | undefined
}

/**
 * A registries.conf, then the drop-ins of the folder beside it, `FILE.d/*.conf`, in the order in which a node reads them. Standard input has none.
 * @throws UserError where one of them cannot be read, or nothing comes from standard input.
 */
export function readConfFiles(path: string): NodeFile[] {
  if (path !== STDIN && !existsSync(path)) throw new UserError(`there is no file ${path}`)
  const files = path === STDIN ? [STDIN] : [path, ...dropIns(`${path}.d`)]
  return files.map((file) => {
    const bytes = contents(file)
    if (file === STDIN && bytes.length === 0) throw new UserError('nothing came from standard input', 3)
    return { path: file === STDIN ? STREAM : display(file), text: utf8(bytes) }
  })
}

/** TOML is UTF-8; a node does not read anything else. */
function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function dropIns(folder: string): string[] {
  try {
    const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.isDirectory() && entry.name.endsWith('.conf'))
    return files.map((entry) => `${folder}/${entry.name}`).sort()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw new UserError(`cannot read ${display(folder)} (${code})`, 3)
  }
}

function contents(file: string): Buffer {
  const name = file === STDIN ? STREAM : display(file)
  let bytes: Buffer
  try {
    if (file !== STDIN && !statSync(file).isFile() && !statSync(file).isFIFO()) throw new UserError(`${name} is no file`, 3)
    bytes = readFileSync(file === STDIN ? 0 : file)
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(`cannot read ${name} (${(error as NodeJS.ErrnoException).code})`, 3)
  }
  if (bytes.length > LARGEST) throw new UserError(`${name}: larger than ${LARGEST / 1024 / 1024} MiB`, 3)
  return bytes
}
