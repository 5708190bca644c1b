import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const WHO = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.com', GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z', GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' }

/** What git prints. @throws where it fails. */
export function git(cwd: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd, encoding: 'utf8', env: { PATH: process.env['PATH'], ...WHO } })
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
  return stdout.trim()
}

/** Files by their paths; null deletes one. */
export type Files = Record<string, string | Uint8Array | null>

/** A repository as GitHub holds it, which can be fetched from by commit, and the clone in which its commits are made. */
export interface Hub {
  url: string
  /** A commit on top of its parents, of which the first gives the files that are not said. */
  commit(files: Files, ...parents: string[]): string
  ref(name: string, commit: string): void
}

export function hub(): Hub {
  const root = mkdtempSync(join(tmpdir(), 'mirrorproof-hub-'))
  const [bare, clone] = [join(root, 'origin.git'), join(root, 'clone')]
  git(root, 'init', '--quiet', '--bare', '--initial-branch=main', bare)
  git(bare, 'config', 'uploadpack.allowAnySHA1InWant', 'true')
  git(root, 'init', '--quiet', clone)
  return {
    url: `file://${bare}`,
    commit: (files, ...parents) => {
      if (parents[0] !== undefined) git(clone, 'checkout', '--quiet', '--detach', '--force', parents[0])
      write(clone, files)
      git(clone, 'add', '--all')
      const commit = git(clone, 'commit-tree', '-m', 'change', ...parents.flatMap((parent) => ['-p', parent]), git(clone, 'write-tree'))
      git(clone, 'reset', '--quiet', '--hard', commit)
      return commit
    },
    ref: (name, commit) => void git(clone, 'push', '--quiet', '--force', bare, `${commit}:${name}`),
  }
}

export function write(root: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    if (content === null) rmSync(join(root, path))
    else {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), content)
    }
  }
}

/** Checks a ref out as actions/checkout does: a detached head, one commit deep unless `depth` says otherwise (0: with all of its history). */
export function checkout({ url }: Hub, ref: string, depth = 1): string {
  const workspace = mkdtempSync(join(tmpdir(), 'mirrorproof-workspace-'))
  git(workspace, 'init', '--quiet')
  git(workspace, 'remote', 'add', 'origin', url)
  git(workspace, 'fetch', '--quiet', '--no-tags', ...(depth > 0 ? [`--depth=${depth}`] : []), 'origin', `+${ref}:refs/remotes/checkout`)
  git(workspace, 'checkout', '--quiet', '--detach', 'refs/remotes/checkout')
  return workspace
}
