import { randomUUID } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { display } from './display.ts'

/** Writes a file as a whole, so that nobody ever reads half of it, or of two that are written at once; the folders around it, too. Tells why it cannot be written. */
export function write(path: string, content: string): string | undefined {
  try {
    if (isSpecial(path)) writeFileSync(path, content)
    else replace(path, content)
    return undefined
  } catch (error) {
    return `cannot write ${display(path)} (${(error as NodeJS.ErrnoException).code})`
  }
}

function replace(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true })
  const draft = `${path}.${randomUUID()}.tmp`
  writeFileSync(draft, '', { flag: 'wx' })
  try {
    writeFileSync(draft, content)
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

/** Whether a pipe or a device stands there, such as /dev/null: it is written to, and not replaced. A link to a file is replaced, for it may lead anywhere. */
function isSpecial(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat !== undefined && !stat.isFile() && !stat.isDirectory()
}
