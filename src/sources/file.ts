import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { display } from './display.ts'

/** Writes a file as a whole, so that nobody ever reads half of it, or of two that are written at once; why it cannot be written, where that is so. */
export function write(path: string, content: string): string | undefined {
  const draft = `${path}.${process.pid}.tmp`
  try {
    writeFileSync(draft, content)
    renameSync(draft, path)
    return undefined
  } catch (error) {
    rmSync(draft, { force: true })
    return `cannot write ${display(path)} (${(error as NodeJS.ErrnoException).code})`
  }
}
