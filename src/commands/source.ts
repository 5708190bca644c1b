import { UserError } from '../error.ts'
import type { Flags } from '../flags.ts'
import type { Connection } from '../live/connection.ts'
import type { Purpose } from '../live/read.ts'
import { readPaths, type Sources } from '../sources/paths.ts'

/** What a command reads. */
export interface Source {
  /** PATHs; of a running cluster, the folder whose configuration counts. */
  paths: readonly string[]
  /** As messages call it. */
  called: string
  /** The running cluster that it is, by its context. */
  live?: string
  /** `name` is what a running cluster is called. @throws UserError where it cannot be read. */
  read(relevant: (text: string) => boolean, purpose: Purpose, name: string): Promise<Sources>
}

/**
 * The PATHs that a command was given, none being the current folder, or with --live a running cluster.
 * @throws UserError where both are given, or there is no such cluster.
 */
export async function sourceOf(given: readonly string[], flags: Flags): Promise<Source> {
  if (flags.live && given.length > 0) throw new UserError(`--live takes the place of PATH, so ${given[0]} does not go with it`)
  const connection = await connectionOf(flags)
  const paths = given.length > 0 ? given : ['.']
  if (!connection) return { paths, called: paths.join(', '), read: (relevant) => readPaths(paths, relevant) }
  return { paths, called: `the running cluster ${connection.name}`, live: connection.name, read: (_, purpose, name) => readConnection(connection, purpose, name) }
}

/** The running cluster of --live. @throws UserError where there is none. */
export async function connectionOf({ live, kubeconfig, context }: Flags): Promise<Connection | undefined> {
  if (live) {
    const { Connection } = await import('../live/live.ts')
    return new Connection({ kubeconfig, context })
  }
  const stray = kubeconfig === undefined ? context === undefined ? undefined : '--context' : '--kubeconfig'
  if (stray !== undefined) throw new UserError(`${stray} goes with --live, which asks the running cluster`)
  return undefined
}

export async function readConnection(connection: Connection, purpose: Purpose, name: string): Promise<Sources> {
  const { readLive } = await import('../live/live.ts')
  return readLive(connection, purpose, name)
}
