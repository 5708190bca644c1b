import { readdirSync, readFileSync, statSync } from 'node:fs'
import { UserError } from '../error.ts'
import { decode, LARGEST } from './decode.ts'
import { display, STDIN, STREAM } from './paths.ts'

/** A file of a node; its text is undefined where it is not UTF-8. */
export interface NodeFile {
  path: string
  text: string | undefined
}

/**
 * A registries.conf, then the drop-ins of the folder beside it, `FILE.d/*.conf`, in the order in which a node reads them. Standard input has none.
 * @throws UserError where one of them cannot be read.
 */
export function readConfFiles(path: string): NodeFile[] {
  if (path === STDIN) return [{ path: STREAM, text: decode(readFileSync(0)) }]
  return [path, ...dropIns(`${path}.d`)].map((file) => ({ path: display(file), text: decode(contents(file)) }))
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
  try {
    if (statSync(file).size > LARGEST) throw new UserError(`${display(file)}: larger than ${LARGEST / 1024 / 1024} MiB`, 3)
    return readFileSync(file)
  } catch (error) {
    if (error instanceof UserError) throw error
    const { code } = error as NodeJS.ErrnoException
    throw code === 'ENOENT' ? new UserError(`there is no file ${file}`) : new UserError(`cannot read ${display(file)} (${code})`, 3)
  }
}
