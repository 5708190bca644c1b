import { commitOf, fetch, fill, forkOf, parentsOf, remoteCommit, type Repository } from '../sources/git.ts'
import { type Event, isCommit } from './event.ts'

/** The commit to compare with, and what is to be known of it; or why there is none, in a clause. */
export type Base = { commit: string; note?: string } | { missing: string }

/** Whether something is to be compared: a workflow may name what with, and most events are based on something. */
export function isCompared({ base, missing }: Event, wanted: string | undefined): boolean {
  return wanted !== undefined || base !== undefined || missing !== undefined
}

/** What a workflow compares with: the revision that it names, else what its event is based on. What a shallow clone lacks is fetched. */
export function baseOf(repository: Repository, { name, base, head, missing }: Event, wanted: string | undefined): Base {
  if (wanted !== undefined) return named(repository, wanted)
  if (base === undefined) return { missing: missing ?? 'nothing says what with' }
  if (!name.startsWith('pull_request')) return present(repository, base)
  const here = commitOf(repository, 'HEAD')
  if (here === undefined) return { missing: 'nothing is checked out' }
  const parents = parentsOf(repository, here)
  const [first, second] = parents
  // GitHub checks out the merge of the pull request into its base, which may be newer than the event.
  if (first !== undefined && second !== undefined && second === (head ?? second)) return present(repository, first)
  if (here === base) return { missing: 'the base of the pull request is checked out, and not the pull request' }
  const fetched = present(repository, base)
  if ('missing' in fetched) return fetched
  const fork = parents.includes(base) ? base : forkOf(repository, here, base)
  return fork === undefined ? { ...fetched, note: TIP } : present(repository, fork)
}

/** This clone does not reach back to where the pull request began. */
const TIP = 'the head of the pull request is compared with the tip of its base, so that what happened there since it began looks undone; let actions/checkout check out the merge, as it does by itself, or set its fetch-depth: 0'

/** A commit, or what a tag stands for, once it is here. */
function present(repository: Repository, commit: string): Base {
  const problem = (commitOf(repository, commit) === undefined ? fetch(repository, commit) : undefined) ?? fill(repository, commit)
  const come = commitOf(repository, commit)
  return problem === undefined && come !== undefined ? { commit: come } : { missing: `${commit.slice(0, 12)} is not in this clone and cannot be fetched (${problem ?? 'it does not come'})` }
}

function named(repository: Repository, revision: string): Base {
  const branch = revision.replace(/^origin\//, '') // as it is called where it was fetched, which actions/checkout does not do
  const local = commitOf(repository, revision) ?? commitOf(repository, `refs/remotes/origin/${branch}`)
  if (local !== undefined) return present(repository, local)
  if (isCommit(revision)) return present(repository, revision)
  const remote = remoteCommit(repository, branch)
  return remote === undefined ? { missing: `there is no revision ${revision}, here or at origin` } : present(repository, remote)
}
