import type { CheckOptions } from '../check.ts'
import { clusters } from '../clusters.ts'
import { compare } from '../compare.ts'
import { UserError } from '../error.ts'
import type { Flags } from '../flags.ts'
import type { Connection } from '../live/connection.ts'
import { isRelevant } from '../openshift/kinds.ts'
import { readPaths, type Sources } from '../sources/paths.ts'
import type { Changed } from './change.ts'
import { judge, meansFor } from './judge.ts'
import { readConnection } from './source.ts'

/**
 * What applying the manifests in PATHs does to a running cluster, which is the one that they are for; both sides are judged by the configuration of PATHs.
 * @throws UserError where the manifests are for several clusters or none, and as `check` does.
 */
export async function against(paths: readonly string[], flags: Flags, connection: Connection): Promise<Changed> {
  const { options, engines, rules } = await meansFor(paths, flags)
  const manifests = await readPaths(paths, isRelevant)
  const name = clusterOf(manifests, options)
  const live = await readConnection(connection, 'objects', name)
  const common: CheckOptions = { ...options, name, only: [name], whole: false }
  const [running] = live.running!
  const before = judge(live, { ...common, lenient: true }, engines)
  const after = judge({ ...manifests, files: [...manifests.files, ...live.files], gunzip: live.gunzip, running: [{ ...running!, beneath: true }] }, common, engines)
  return { change: { ...compare(before, after), base: `the running cluster ${connection.name}`, head: 'what is here', skipped: { before: before.skipped, after: after.skipped } }, after, rules, notes: [] }
}

/** The one cluster that manifests are for. */
function clusterOf(manifests: Sources, options: CheckOptions): string {
  const { groups } = clusters(manifests, options)
  const [group, second] = groups
  if (!group) throw new UserError('the manifests hold nothing of a cluster that could be compared with the running one')
  if (second) throw new UserError(`the running cluster is compared with one cluster, and the manifests are for ${groups.length} (${groups.map(({ name }) => name).join(', ')}); pick one by --cluster`)
  return group.name
}
