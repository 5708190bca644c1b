import type { Judged } from './check.ts'
import type { Candidate } from './cluster/candidate.ts'
import { nodesOf } from './cluster/node.ts'
import { type Gathered, gather, hostedCluster } from './cluster/registries.ts'
import { isInstallers } from './cluster/running.ts'
import { isSingleNode } from './cluster/topology.ts'
import type { Version } from './openshift/version.ts'
import { same } from './pairs.ts'
import { type Disruption, disruption, type Written } from './registries/disruption.ts'
import { REGISTRIES_CONF } from './registries/node.ts'
import { TEMPLATE } from './registries/render.ts'
import { type RouteChange, routesOf } from './reroute.ts'

/** What a change does to the nodes of a cluster. */
export interface ClusterChange {
  name: string
  /** `new` and `gone` are clusters of which nothing was, or is, here. */
  state: 'changed' | 'same' | 'new' | 'gone'
  /** Unknown where the operator refused the objects before, so that nodes have what it wrote at some earlier time; and of a cluster that is gone. */
  effect: Disruption['effect'] | 'unknown'
  reason: string
  /** In the operator's words, why it applies none of the objects after the change. */
  refused: string | null
  /** The operator refused the objects before, or does now, of this version or of the next: an upgrade stalls, or does so no more. */
  upgrade: { becomes: 'blocked' | 'unblocked'; why: string } | null
  /** Files of nodes that change, before and after; empty where there is none. */
  files: { path: string; before: string; after: string }[]
  /** What only an installer reads changes, which a cluster that is installed does not notice. */
  installer: boolean
  /** Something that may hold mirror configuration could not be read. */
  incomplete: boolean
}

/** A cluster as the operator and the nodes see it; of a version that is the same for both sides, so that only what the manifests say is compared. */
interface State {
  judged: Judged
  gathered: Gathered
  refused: string | undefined
  written: Written | undefined
}

function stateOf(judged: Judged, version: Version | undefined): State {
  const gathered = gather(judged.members, version)
  const nodes = nodesOf(gathered, version)
  const { main, dropIns } = gathered.files
  if (nodes.refused !== undefined) return { judged, gathered, refused: nodes.refused, written: undefined }
  const { registries, files } = nodes.applied
  const written = {
    registries,
    files: [...files.map((file) => (main && file.path === REGISTRIES_CONF ? { ...file, content: main.text } : file)), ...dropIns.map(({ path, text }) => ({ path, content: text }))],
    ...(main ? { own: { tables: main.conf.tables, search: main.conf.search ?? [] } } : {}),
  }
  return { judged, gathered, refused: undefined, written }
}

const BARE: Written = { registries: [], files: [{ path: REGISTRIES_CONF, content: TEMPLATE }] }

/** What a change does to a cluster; `old` is missing where nothing of it was here before. */
export function changeOf(old: Judged | undefined, now: Judged): { cluster: ClusterChange; routes: RouteChange[] } {
  const { name } = now
  if (old && same(old.members, now.members) && old.version?.text === now.version?.text && old.next?.text === now.next?.text) {
    return { cluster: { name, state: 'same', effect: 'none', reason: 'nothing of it changes', refused: null, upgrade: null, files: [], installer: false, incomplete: false }, routes: [] }
  }
  const made = [old?.members ?? [], now.members].map((members) => members.filter(isInstallers)) as [Candidate[], Candidate[]]
  const reinstalled = old !== undefined && JSON.stringify(made[0].map(valueOf)) !== JSON.stringify(made[1].map(valueOf))
  // What an installer made of its configuration stays in a cluster as it was.
  const installed = reinstalled ? { ...now, members: [...now.members.filter((member) => !isInstallers(member)), ...made[0]] } : now
  const [before, after] = [old && stateOf(old, now.version), stateOf(installed, now.version)]
  const refused = reinstalled ? stateOf(now, now.version).refused : after.refused
  const files = after.written && (!before || before.written) ? filesOf(before?.written ?? BARE, after.written) : []
  const { effect, reason } = effectOf(before, after)
  const cluster: ClusterChange = {
    name,
    state: old ? 'changed' : 'new',
    effect,
    reason: reinstalled ? `${reason}; what changes for an installer, a cluster that is installed does not notice` : reason,
    refused: refused ?? null,
    upgrade: upgradeOf(old, now),
    files,
    installer: reinstalled,
    incomplete: after.gathered.open.length > 0 || (before?.gathered.open.length ?? 0) > 0,
  }
  // What is on nodes decides where images come from.
  return { cluster, routes: old && (files.length > 0 || reinstalled || old.version?.text !== now.version?.text) ? routesOf(old, now) : [] }
}

function valueOf(member: Candidate): unknown {
  return member.type === 'set' ? member.set.resource.value : undefined
}

/** A cluster of which nothing is here any more. */
export function gone({ name }: Judged): ClusterChange {
  return { name, state: 'gone', effect: 'unknown', reason: 'nothing of this cluster is here any more', refused: null, upgrade: null, files: [], installer: false, incomplete: false }
}

function effectOf(before: State | undefined, after: State): Pick<ClusterChange, 'effect' | 'reason'> {
  if (!after.written) return { effect: 'none', reason: 'the operator refuses the objects, so that no mirror change reaches a node' }
  if (before && !before.written) return { effect: 'unknown', reason: 'the operator refused the objects before; nodes go from what it last wrote to what is here' }
  const { members, name, version } = after.judged
  const { effect, reason } = disruption(before?.written ?? BARE, after.written, version, isSingleNode(members, name))
  if (effect === 'none') return { effect, reason }
  if (hostedCluster(members)) return { effect: 'reboot', reason: 'HyperShift rolls out all NodePools of a cluster whose mirrors change' }
  return { effect, reason: before ? reason : `${reason}, if the cluster is there already: nothing of it was here before` }
}

function filesOf(before: Written, after: Written): ClusterChange['files'] {
  const paths = [...new Set([...before.files, ...after.files].map(({ path }) => path))]
  const content = ({ files }: Written, path: string) => files.find((file) => file.path === path)?.content ?? ''
  return paths.map((path) => ({ path, before: content(before, path), after: content(after, path) })).filter((file) => file.before !== file.after)
}

/** What is refused already is worse than what will be. */
function upgradeOf(old: Judged | undefined, now: Judged): ClusterChange['upgrade'] {
  const [before, after] = [old && stalled(old), stalled(now)]
  if (after && (!before || (before.ahead && !after.ahead))) return { becomes: 'blocked', why: after.why }
  return before && !after ? { becomes: 'unblocked', why: before.why } : null
}

/** Why an upgrade stalls: the operator refuses the objects now, or would in the version that comes next (`ahead`). */
function stalled({ members, version, next }: Judged): { why: string; ahead: boolean } | undefined {
  const now = nodesOf(gather(members, version), version).refused
  if (now !== undefined) return { why: now, ahead: false }
  const then = next && nodesOf(gather(members, next), next).refused
  return then === undefined ? undefined : { why: `on OpenShift ${next!.text}: ${then}`, ahead: true }
}

/** Whether the operator refuses the objects of a cluster now, and did not before. */
export function isRefused({ refused, upgrade }: ClusterChange): boolean {
  return refused !== null && upgrade?.becomes === 'blocked'
}
