import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '..')
export const CLI = join(ROOT, 'dist/cli.cjs')

export interface Result {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs the shipped program as a user would. */
export function mirrorproof(args: string[], options: { cwd?: string; input?: string; env?: NodeJS.ProcessEnv; uid?: number } = {}): Result {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: options.cwd ?? ROOT, input: options.input ?? '', encoding: 'utf8', maxBuffer: 1 << 28, env: { PATH: process.env['PATH'], ...options.env }, ...(options.uid === undefined ? {} : { uid: options.uid }),
  })
  return { code: status, stdout, stderr }
}

/** A new folder with these files, from their paths to their contents. */
export function folder(files: Record<string, string | Uint8Array>): string {
  const root = mkdtempSync(join(tmpdir(), 'mirrorproof-'))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}
