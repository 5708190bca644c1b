import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder whose files change as those of a mounted Secret or ConfigMap do: all at once, behind a symbolic link. */
export class Mount {
  readonly folder = mkdtempSync(join(tmpdir(), 'mirrorproof-mount-'))
  #count = 0
  #names = new Set<string>()

  constructor(files: Record<string, string | Uint8Array>) {
    this.write(files)
    process.on('exit', () => rmSync(this.folder, { recursive: true, force: true }))
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  write(files: Record<string, string | Uint8Array>): void {
    const data = `..${++this.#count}`
    mkdirSync(join(this.folder, data))
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(this.folder, data, name), content)
      if (!this.#names.has(name)) symlinkSync(join('..data', name), join(this.folder, name))
      this.#names.add(name)
    }
    symlinkSync(data, join(this.folder, '..data_tmp'))
    renameSync(join(this.folder, '..data_tmp'), join(this.folder, '..data'))
    if (this.#count > 1) rmSync(join(this.folder, `..${this.#count - 1}`), { recursive: true })
  }
}
