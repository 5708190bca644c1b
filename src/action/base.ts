import { commitOf, fetch, fill, forkOf, parentsOf, remoteCommit, type Repository } from '../sources/git.ts'
import type { Event } from './event.ts'

/** The commit to compare with, or why there is none, in a clause; neither where nothing is to be compared. */
export type Base = { commit: string } | { missing: string } | undefined

/** What a workflow compares with: the revision that it names, else what its event is based on. What a shallow clone lacks is fetched. */
export function baseOf(repository: Repository, { name, base, head, missing }: Event, wanted: string | undefined): Base {
  if (wanted !== undefined) return named(repository, wanted)
  if (base === undefined) return missing === undefined ? undefined : { missing }
  if (!name.startsWith('pull_request')) return present(repository, base)
  const here = commitOf(repository, 'HEAD')
  if (here === undefined) return { missing: 'nothing is checked out' }
  const [first, second] = parentsOf(repository, here)
  // GitHub checks out the merge of the pull request into its base, which may be newer than the event.
  if (first !== undefined && second !== undefined && second === (head ?? second)) return present(repository, first)
  if (here === base) return { missing: 'the base of the pull request is checked out, and not the pull request' }
  const fetched = present(repository, base)
  const fork = 'commit' in fetched ? forkOf(repository, here, base) : undefined
  return fork === undefined ? fetched : present(repository, fork)
}

function present(repository: Repository, commit: string): Exclude<Base, undefined> {
  const problem = (commitOf(repository, commit) === undefined ? fetch(repository, commit) : undefined) ?? fill(repository, commit)
  return problem === undefined && commitOf(repository, commit) !== undefined ? { commit } : { missing: `${commit.slice(0, 12)} is not in this clone and cannot be fetched (${problem ?? 'it does not come'})` }
}

function named(repository: Repository, revision: string): Exclude<Base, undefined> {
  const local = commitOf(repository, revision) ?? commitOf(repository, `refs/remotes/origin/${revision}`)
  if (local !== undefined) return present(repository, local)
  const remote = remoteCommit(repository, revision)
  return remote === undefined ? { missing: `there is no revision ${revision}, here or at origin` } : present(repository, remote)
}
