import { readFileSync } from 'node:fs'
import { isObject, own } from '../manifests/resource.ts'

/** What an event says of commits. Those of a pull request's `head` and its `base` branch; the one before a push or below a merge group. */
export interface Event {
  name: string
  head?: string
  base?: string
  /** Why there is no base, where one could be expected; in a clause. */
  missing?: string
}

/** The event that a workflow runs for, from the runner's environment; a payload that says less than expected is no error. */
export function readEvent(env: NodeJS.ProcessEnv): Event {
  const name = env['GITHUB_EVENT_NAME'] ?? ''
  const payload = payloadOf(env['GITHUB_EVENT_PATH'])
  const commit = (...path: string[]) => sha(path.reduce(own, payload))
  const based = (base: string | undefined, what: string): Event => (base === undefined ? { name, missing: `the event says nothing of ${what}` } : { name, base })
  if (name === 'pull_request' || name === 'pull_request_target') {
    const head = commit('pull_request', 'head', 'sha')
    return { ...based(commit('pull_request', 'base', 'sha'), 'the commit that the pull request is based on'), ...(head === undefined ? {} : { head }) }
  }
  if (name === 'merge_group') return based(commit('merge_group', 'base_sha'), 'the commit that the merge group is based on')
  if (name !== 'push') return { name }
  return own(payload, 'created') === true || own(payload, 'deleted') === true ? { name, missing: 'the branch is new' } : based(commit('before'), 'the commit before the push')
}

function payloadOf(path: string | undefined): unknown {
  try {
    const payload: unknown = JSON.parse(readFileSync(path ?? '', 'utf8'))
    return isObject(payload) ? payload : {}
  } catch {
    return {}
  }
}

/** Whether a text is the name of a commit, in full. */
export function isCommit(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text)
}

/** The name of a commit; one of zeros stands for none. */
function sha(value: unknown): string | undefined {
  return typeof value === 'string' && isCommit(value) && /[1-9a-f]/.test(value) ? value : undefined
}
