import { setTimeout as sleep } from 'node:timers/promises'
import { type ApiError, isApiError } from '../live/apierror.ts'
import type { Connection, WatchEvent } from '../live/connection.ts'
import { type ApiObject, placeOf } from '../live/object.ts'
import type { Log } from './log.ts'
import type { State } from './state.ts'
import type { Watched } from './watched.ts'

/** In milliseconds. */
const SHORTEST = 500
const LONGEST = 10_000
/** A watch that tells nothing and ends sooner was none, in milliseconds: the API server keeps one open for minutes. */
const NONE = 1_000
/** A kind that is not there, or may not be read, may be later. */
const LATER = 10_000

/** Lists a kind and watches it from there on, for as long as `signal` lets it; what goes wrong is said once and tried again. */
export async function follow(watched: Watched, connection: Pick<Connection, 'list' | 'watch'>, state: State, log: Log, signal: AbortSignal): Promise<void> {
  const { kind, path, page } = watched
  const matters = (object: ApiObject) => isOfAccount(object, watched)
  let wait = SHORTEST
  let said = ''
  const trouble = (what: string) => {
    if (what !== said) log('warning', what, { kind })
    said = what
  }
  const again = () => {
    if (said !== '') log('info', 'is followed again', { kind })
    said = ''
  }
  const opened = () => {
    state.heard(kind)
    again()
  }
  const pause = async (longest: number) => {
    await sleep(Math.min(wait, longest) * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined)
    wait = Math.min(wait * 2, LONGEST)
  }
  while (!signal.aborted) {
    let from: string
    try {
      const { items, resourceVersion } = await connection.list(path, {}, 'objects', { keep: matters, ...(page === undefined ? {} : { page }) })
      state.replace(kind, 'listed', items, resourceVersion)
      from = resourceVersion
    } catch (error) {
      if (signal.aborted) return
      const { status, message } = apiError(error)
      if (status === 404 || status === 403) {
        state.replace(kind, status === 404 ? 'absent' : 'forbidden', [], '')
        trouble(status === 404 ? 'the cluster has no such kind' : `the service may not read it: ${message}`)
        wait = LATER
        await pause(LATER)
      } else {
        state.lost(kind)
        trouble(`cannot be listed: ${message}`)
        await pause(LONGEST)
      }
      continue
    }
    again()
    wait = SHORTEST
    const heard = ({ type, object }: WatchEvent) => {
      from = object.metadata.resourceVersion ?? from
      wait = SHORTEST
      if (type === 'BOOKMARK') return state.heard(kind, from)
      state.apply(kind, placeOf(object), type === 'DELETED' || !matters(object) ? undefined : object, from)
    }
    for (let fresh = true; fresh && !signal.aborted;) {
      try {
        const [began, last] = [Date.now(), from]
        await connection.watch(path, from, heard, signal, {}, opened)
        if (from === last && Date.now() - began < NONE) await pause(LONGEST)
      } catch (error) {
        if (signal.aborted) return
        const { status, message } = apiError(error)
        state.lost(kind)
        // Too old, or no such kind any more: only a list tells what is there.
        fresh = status !== 410 && status !== 404 && status !== 403
        if (fresh) trouble(`the watch was lost: ${message}`)
        await pause(LONGEST)
      }
    }
  }
}

/** What nests too deep to be looked at may be: whoever keeps it says so. */
function isOfAccount(object: ApiObject, { matters = () => true }: Watched): boolean {
  try {
    return matters(object)
  } catch (error) {
    if (error instanceof RangeError) return true
    throw error
  }
}

function apiError(error: unknown): ApiError {
  if (isApiError(error)) return error
  throw error
}
