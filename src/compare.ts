import type { Judged, Report } from './check.ts'
import type { Candidate } from './cluster/candidate.ts'
import { nodesOf } from './cluster/node.ts'
import { type Gathered, gather, hostedCluster } from './cluster/registries.ts'
import { isSingleNode } from './cluster/topology.ts'
import type { Document } from './manifests/document.ts'
import type { Resource } from './manifests/resource.ts'
import type { Version } from './openshift/version.ts'
import type { Level } from './policy/engine.ts'
import type { Finding } from './policy/finding.ts'
import { isWorse } from './policy/levels.ts'
import { match } from './policy/match.ts'
import { type Disruption, disruption, type Written } from './registries/disruption.ts'
import { REGISTRIES_CONF } from './registries/node.ts'
import { TEMPLATE } from './registries/render.ts'
import { type RouteChange, routesOf } from './reroute.ts'

/** What a change does. */
export interface Comparison {
  findings: { new: NewFinding[]; gone: Finding[]; unchanged: Finding[] }
  routes: RouteChange[]
  clusters: ClusterChange[]
}

/** A finding that was not there before, or was milder: then `was` is its level then. */
export type NewFinding = Finding & { was: Level | null }

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

/** Compares two reports on the same clusters, of what was there before a change and of what is there after it. */
export function compare(before: Report, after: Report): Comparison {
  const pairs = pairsOf(before.clusters.filter(({ members }) => members.length > 0), after.clusters)
  const changes = pairs.map(({ old, now }) => (now ? changeOf(old, now) : { cluster: gone(old!), routes: [] }))
  return {
    findings: findingsOf(before.findings, after),
    routes: changes.flatMap(({ routes }) => routes),
    clusters: changes.map(({ cluster }) => cluster),
  }
}

/** What does not count before and does now is new; what still is there and does not count any more is not gone. */
function findingsOf(before: readonly Finding[], { findings, waived }: Report): Comparison['findings'] {
  const matchable = (finding: Finding) => ({ finding, fingerprint: finding.fingerprint, level: finding.level, file: finding.site.file })
  const { pairs, before: left, after: fresh } = match(before.map(matchable), findings.map(matchable))
  const worse = pairs.filter(([old, now]) => isWorse(now.level, old.level))
  const was = new Map<Finding, Level | null>([...fresh.map(({ finding }) => [finding, null] as const), ...worse.map(([old, now]) => [now.finding, old.level] as const)])
  return {
    new: findings.flatMap((one) => (was.has(one) ? [{ ...one, was: was.get(one)! }] : [])),
    gone: match(left, waived.map(matchable)).before.map(({ finding }) => finding),
    unchanged: findings.filter((one) => !was.has(one)),
  }
}

interface Pair {
  old: Judged | undefined
  now: Judged | undefined
}

/** Clusters by name; of the others, those that have most files in common: a guessed cluster is called otherwise once there are two; then those that are alike: a folder is renamed. */
function pairsOf(before: readonly Judged[], after: readonly Judged[]): Pair[] {
  const byName = new Map(before.map((one) => [one.name, one]))
  const pairs: Pair[] = after.map((now) => ({ old: byName.get(now.name), now }))
  pair(pairs, before, ({ place }) => place, () => true)
  pair(pairs, before, contentOf, (old, now, common) => !old.declared && !now.declared && common * 2 >= Math.max(old.members.length, now.members.length))
  const taken = new Set(pairs.flatMap(({ old }) => old ?? []))
  return [...pairs, ...before.filter((one) => !taken.has(one)).map((old) => ({ old, now: undefined }))]
}

/** Gives those that have none the one of before with which they share most. */
function pair(pairs: readonly Pair[], before: readonly Judged[], keyOf: (member: Candidate) => string, enough: (old: Judged, now: Judged, common: number) => boolean): void {
  const taken = new Set(pairs.flatMap(({ old }) => old ?? []))
  const [open, left] = [pairs.filter(({ old }) => !old), before.filter((one) => !taken.has(one))]
  if (open.length === 0 || left.length === 0) return
  const homes = new Map<string, Set<Judged>>()
  for (const old of left) for (const key of new Set(old.members.map(keyOf))) homes.set(key, (homes.get(key) ?? new Set()).add(old))
  const alike = open.flatMap((one) => [...counted(one.now!.members.flatMap((member) => [...(homes.get(keyOf(member)) ?? [])]))].map(([old, common]) => ({ one, old, common })))
  for (const { one, old, common } of alike.sort((a, b) => b.common - a.common)) {
    if (one.old || taken.has(old) || !enough(old, one.now!, common)) continue
    one.old = old
    taken.add(old)
  }
}

function contentOf(member: Candidate): string {
  return JSON.stringify([member.type, objectOf(member).value])
}

function counted<T>(all: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>()
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1)
  return counts
}

/** Whether two clusters consist of the very same objects: those of files that did not change are. */
function same(before: readonly Candidate[], after: readonly Candidate[]): boolean {
  return before.length === after.length && before.every((member, index) => objectOf(member) === objectOf(after[index]!))
}

function objectOf(member: Candidate): Resource | Document {
  switch (member.type) {
    case 'set': return member.set.resource
    case 'image': return member.image.resource
    case 'release': return member.release.resource
    case 'file': return member.nodeFile.resource
    case 'document': return member.document
    default: return member.resource
  }
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

function changeOf(old: Judged | undefined, now: Judged): { cluster: ClusterChange; routes: RouteChange[] } {
  const { name } = now
  if (old && same(old.members, now.members) && old.version?.text === now.version?.text && old.next?.text === now.next?.text) {
    return { cluster: { name, state: 'same', effect: 'none', reason: 'nothing of it changes', refused: null, upgrade: null, files: [], incomplete: false }, routes: [] }
  }
  const [before, after] = [old && stateOf(old, now.version), stateOf(now, now.version)]
  const files = after.written && (!before || before.written) ? filesOf(before?.written ?? BARE, after.written) : []
  const cluster: ClusterChange = {
    name,
    state: old ? 'changed' : 'new',
    ...effectOf(before, after),
    refused: after.refused ?? null,
    upgrade: upgradeOf(old, now),
    files,
    incomplete: after.gathered.open.length > 0 || (before?.gathered.open.length ?? 0) > 0,
  }
  // What is on nodes decides where images come from.
  return { cluster, routes: before && (files.length > 0 || old!.version?.text !== now.version?.text) ? routesOf(old!, now) : [] }
}

function gone({ name }: Judged): ClusterChange {
  return { name, state: 'gone', effect: 'unknown', reason: 'nothing of this cluster is here any more', refused: null, upgrade: null, files: [], incomplete: false }
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
