import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { mirrorproof, type Result } from './command.ts'

export type Files = Record<string, string | Uint8Array>

/** Nothing of whoever runs the tests: neither settings nor a name. */
const ENV = {
  PATH: process.env['PATH'], LC_ALL: 'C', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.com', GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
}

/** Runs git; what it prints, without the last line break. Fails as git does. */
export function git(cwd: string, args: readonly string[], input: string | Uint8Array = ''): string {
  const { status, stdout, stderr } = spawnSync('git', ['-c', 'protocol.file.allow=always', '-c', 'init.defaultBranch=main', ...args], { cwd, input, env: ENV, maxBuffer: 1 << 28 })
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
  return stdout.toString().replace(/\n$/, '')
}

/** A new repository whose branch `main` has a commit for each of these states of all its files, the last one checked out. */
export function repository(states: readonly Files[], ...init: string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'mirrorproof-'))
  git(root, ['init', '--quiet', ...init])
  for (const [index, files] of states.entries()) {
    if (index > 0) git(root, ['rm', '-rfq', '--ignore-unmatch', '.'])
    put(root, files)
    commit(root, `state ${index + 1}`)
  }
  return root
}

/** Writes files; undefined takes one away. */
export function put(root: string, files: Record<string, string | Uint8Array | undefined>): void {
  for (const [path, content] of Object.entries(files)) {
    if (content === undefined) rmSync(join(root, path), { recursive: true, force: true })
    else {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), content)
    }
  }
}

/** Commits all that is there; the name of the commit. */
export function commit(root: string, message = 'change'): string {
  git(root, ['add', '--all', '--force'])
  git(root, ['commit', '--quiet', '--allow-empty', '--message', message])
  return git(root, ['rev-parse', 'HEAD'])
}

/** `mirrorproof diff` in a folder, with no settings of git but the repository's own. */
export function diff(cwd: string, args: readonly string[], options: { input?: string; env?: NodeJS.ProcessEnv; uid?: number } = {}): Result {
  return mirrorproof(['diff', ...args], { cwd, ...options, env: { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', ...options.env } })
}
