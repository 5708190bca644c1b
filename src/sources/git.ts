import { spawnSync } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { UserError } from '../error.ts'
import { display } from './display.ts'

/** A git repository, as it is seen from a folder in it. */
export interface Repository {
  /** Where its files are checked out, or, of a bare one, the repository itself: a file of a revision has its place below. */
  root: string
  /** The same without links in its path. */
  real: string
  shallow: boolean
  bare: boolean
}

/** A path in a git tree: the mode, the object, and its size in bytes (of what is no file, 0). */
export interface Entry {
  mode: string
  object: string
  size: number
  path: string
}

/**
 * The repository that a folder lies in.
 * @throws UserError where there is none, or git does not open it.
 */
export function repositoryOf(folder: string): Repository {
  const { status, stdout, stderr } = git(folder, ['rev-parse', '--is-bare-repository', '--is-shallow-repository', '--is-inside-work-tree', '--show-prefix'])
  if (status !== 0) throw new UserError(refusal(folder, stderr), 3)
  const [, bare, shallow, inside, prefix] = /^(.*)\n(.*)\n(.*)\n([^]*)\n$/.exec(stdout.toString())!
  if (bare !== 'true' && inside !== 'true') throw new UserError(`${display(folder)} is git's own folder; start in the files beside it`)
  const real = bare === 'true' ? git(folder, ['rev-parse', '--absolute-git-dir']).stdout.toString().replace(/\n$/, '') : resolve(realpathSync(folder), ...(prefix!.match(/\//g) ?? []).map(() => '..'))
  return { root: spelt(folder, real), real, shallow: shallow === 'true', bare: bare === 'true' }
}

/** A folder above as the given one is spelt, so that places agree with those of files. */
function spelt(folder: string, real: string): string {
  for (let outer = resolve(folder); outer !== dirname(outer); outer = dirname(outer)) if (realpathSync(outer) === real) return outer
  return real
}

function refusal(folder: string, stderr: string): string {
  if (/dubious ownership/.test(stderr)) return `git does not open the repository of ${display(folder)}, for it belongs to another user; git config --global --add safe.directory '*' allows it`
  if (/not a git repository/i.test(stderr)) return `${display(folder)} lies in no git repository`
  return `git cannot open the repository of ${display(folder)}: ${complaint(stderr)}`
}

/** The commit that a revision stands for; undefined where there is none of that name here. */
export function commitOf({ root }: Repository, revision: string): string | undefined {
  if (revision.startsWith('^')) return undefined
  const verified = (name: string) => {
    const { status, stdout } = git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', name])
    return status === 0 ? stdout.toString().trim() : undefined
  }
  // What follows `:/` is a text to look for, to its end.
  const object = revision.startsWith(':') ? verified(revision) : revision
  return object === undefined ? undefined : verified(`${object}^{commit}`)
}

/** The places of files that a sparse checkout leaves out. */
export function absentOf({ root }: Repository, settings: readonly Setting[]): Set<string> {
  if (!settings.some(({ key, value }) => key === 'core.sparsecheckout' && /^(?:true|yes|on|1|)$/i.test(value))) return new Set()
  const { status, stdout, stderr } = git(root, ['ls-files', '-t', '-z'])
  if (status !== 0) throw new UserError(`git cannot list what is checked out: ${complaint(stderr)}`, 3)
  return new Set(stdout.toString().split('\0').flatMap((line) => (line.startsWith('S ') ? [join(root, line.slice(2))] : [])))
}

/** A setting of a repository's own. */
export interface Setting {
  key: string
  value: string
}

/** What a repository says itself of filters and of what is checked out. */
export function settingsOf({ root }: Repository): Setting[] {
  const parts = git(root, ['config', '--show-scope', '--includes', '--null', '--get-regexp', '^(filter\\..*|core\\.sparsecheckout)$']).stdout.toString().split('\0').slice(0, -1)
  return parts.flatMap((part, index) => {
    const [key, value = ''] = part.split(/\n([^]*)/, 2) as [string, string?]
    return index % 2 === 1 && /^(?:local|worktree)$/.test(parts[index - 1]!) ? [{ key, value }] : []
  })
}

/** The parents of a commit, which a shallow clone names too, though it does not hold them. */
export function parentsOf({ root }: Repository, commit: string): string[] {
  const [head = ''] = git(root, ['cat-file', 'commit', commit]).stdout.toString().split('\n\n', 1)
  return [...head.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, parent]) => parent!)
}

/** The commit from which two grew apart; undefined where this clone does not reach back so far. */
export function forkOf({ root }: Repository, one: string, other: string): string | undefined {
  const { status, stdout } = git(root, ['merge-base', one, other])
  return status === 0 ? stdout.toString().trim() : undefined
}

/** Brings one commit, into a shallow clone without its history, from the remote `origin`; tells why where it does not come. */
export function fetch({ root, shallow }: Repository, commit: string): string | undefined {
  const { status, stderr } = git(root, ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', ...(shallow ? ['--depth=1'] : []), 'origin', commit])
  return status === 0 ? undefined : complaint(stderr)
}

/** The commit of a branch, a tag or a ref in full at the remote `origin`; undefined where there is none, or it cannot be asked. */
export function remoteCommit({ root }: Repository, name: string): string | undefined {
  if (/[*?[]/.test(name)) return undefined // git would take it for a pattern
  const refs = name.startsWith('refs/') ? [`${name}^{}`, name] : [`refs/heads/${name}`, `refs/tags/${name}^{}`, `refs/tags/${name}`]
  const { status, stdout } = git(root, ['ls-remote', '--quiet', '--', 'origin', ...refs])
  return status === 0 ? /^([0-9a-f]+)\t/.exec(stdout.toString())?.[1] : undefined
}

/** All that the tree of a commit holds. */
export function entriesOf({ root }: Repository, commit: string): Entry[] {
  const { status, stdout, stderr } = git(root, ['ls-tree', '-r', '-l', '-z', '--full-tree', commit])
  if (/promisor/.test(stderr)) throw new UserError(`this clone is partial and lacks files of ${commit.slice(0, 12)}; git diff ${commit.slice(0, 12)} brings those that differ`, 3)
  if (status !== 0) throw new UserError(`git cannot list ${commit}: ${complaint(stderr)}`, 3)
  return stdout.toString().split('\0').slice(0, -1).map((line) => {
    const tab = line.indexOf('\t')
    const [mode, , object, size] = line.slice(0, tab).split(/ +/)
    return { mode: mode!, object: object!, size: Number(size) || 0, path: line.slice(tab + 1) }
  })
}

/** The contents of objects, in their order; undefined for one that is not there. */
export function contentsOf({ root }: Repository, objects: readonly string[]): (Buffer | undefined)[] {
  const { status, stdout, stderr } = git(root, ['cat-file', '--batch'], objects.join('\n'))
  if (status !== 0) throw new UserError(`git cannot read its objects: ${complaint(stderr)}`, 3)
  let at = 0
  return objects.map(() => {
    const end = stdout.indexOf(10, at)
    const [, , size] = stdout.toString('latin1', at, end).split(' ')
    const start = end + 1
    at = size === undefined ? start : start + Number(size) + 1
    return size === undefined ? undefined : stdout.subarray(start, at - 1)
  })
}

/** The places whose contents differ between a commit and the files that are checked out; submodules aside. No filter is run that `settings` name. */
export function changesOf({ root }: Repository, commit: string, settings: readonly Setting[]): Set<string> {
  const filters = settings.filter(({ key }) => key.startsWith('filter.')).map(({ key }) => [key, key.endsWith('.required') ? 'false' : ''] as const)
  const { status, stdout, stderr } = git(root, ['diff-index', '--name-only', '-z', '--no-renames', '--ignore-submodules=all', commit, '--'], '', filters)
  if (status !== 0) throw new UserError(`git cannot compare ${commit}: ${complaint(stderr)}`, 3)
  return new Set(stdout.toString().split('\0').slice(0, -1).map((path) => join(root, path)))
}

/** Nothing that a repository's own settings name is run, nobody is asked for a password, and nothing is fetched unasked. */
const SETTINGS = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'gc.auto=0', '-c', 'maintenance.auto=false']

/** A hook of git is told of the repository that it runs for; here the folder says which one is meant. */
const ELSEWHERE = { GIT_DIR: undefined, GIT_WORK_TREE: undefined, GIT_INDEX_FILE: undefined, GIT_PREFIX: undefined }

function git(folder: string, args: readonly string[], input = '', settings: readonly (readonly [string, string])[] = []): { status: number | null; stdout: Buffer; stderr: string } {
  const given = Number(process.env['GIT_CONFIG_COUNT'] ?? 0)
  const more = settings.flatMap(([key, value], index) => [[`GIT_CONFIG_KEY_${given + index}`, key], [`GIT_CONFIG_VALUE_${given + index}`, value]])
  const env = { ...process.env, ...ELSEWHERE, ...(Object.fromEntries(more) as Record<string, string>), GIT_CONFIG_COUNT: String(given + settings.length), LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', GIT_LITERAL_PATHSPECS: '1', GIT_NO_LAZY_FETCH: '1' }
  const { error, status, stdout, stderr } = spawnSync('git', ['-C', folder, ...SETTINGS, ...args], { input, env, maxBuffer: 2 ** 31 })
  if (error) throw new UserError((error as NodeJS.ErrnoException).code === 'ENOENT' ? 'git is not on PATH, and revisions cannot be read without it' : `git failed: ${error.message}`, 3)
  return { status, stdout, stderr: stderr.toString() }
}

/** What git complains of; below that it may say what one could look after. */
function complaint(stderr: string): string {
  const lines = stderr.trim().split('\n')
  const first = lines.find((line) => /^(?:fatal|error): /.test(line)) ?? lines.at(-1)
  return first?.replace(/^(?:fatal|error): /, '') || 'it does not say why'
}
