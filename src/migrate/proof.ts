import type { Candidate } from '../cluster/candidate.ts'
import { imagesOf } from '../cluster/images.ts'
import { type Nodes, nodesOf } from '../cluster/node.ts'
import { gather } from '../cluster/registries.ts'
import type { Cluster } from '../clusters.ts'
import { MIRROR_KINDS } from '../openshift/kinds.ts'
import { kindsExclude } from '../registries/refusal.ts'
import { type RouteChange, routesOf } from '../reroute.ts'
import { ICSP } from './convert.ts'

/** What a migration does to one cluster, worked out and compared. */
export interface Proof {
  name: string
  /** The OpenShift version, where it is known; the newest is taken where it is not. */
  version: string | null
  /** Why the operator applies nothing, before and after; null where it applies what there is. */
  refused: { before: string | null; after: string | null }
  /** What the operator writes on nodes and is no longer the same, byte for byte. */
  files: { path: string; before: string; after: string }[]
  /** Pulls that go elsewhere. */
  routes: RouteChange[]
  /** How many images were followed. */
  images: number
  /** What holds placeholders, or cannot be read, and so is not compared. */
  open: number
  /** It is as before, or as before but for mirrors that stood twice in one list. */
  meant: boolean
  /** While the old objects are there beside the new ones. */
  beside: 'same' | 'differs' | 'refused' | 'either'
  /** Argo CD applies it. */
  argo: boolean
}

/** Compares a cluster before and after its objects have changed. */
export function prove(before: Cluster, after: Cluster): Proof {
  const { version } = before
  const now = { ...after, version }
  const [old, made] = [before, now].map(({ members }) => nodesOf(gather(members, version), version)) as [Nodes, Nodes]
  const routes = routesOf(before, now)
  const left = before.members.filter((member) => isPolicy(member) && !now.members.some((other) => isPolicy(other) && other.place === member.place && other.set.name === member.set.name))
  return {
    name: before.name,
    version: version?.text ?? null,
    refused: { before: old.refused ?? null, after: made.refused ?? null },
    files: filesOf(old, made),
    routes,
    meant: rulesOf(before) === rulesOf(now) && (old.refused !== undefined || (isSame(deduplicated(before), made) && (filesOf(old, made).length > 0 || routes.length === 0))),
    images: imagesOf(now.members).size,
    open: new Set([...gather(before.members, version).open, ...gather(now.members, version).open].map(({ what, document }) => `${document.file.place} ${what}`)).size,
    beside: kindsExclude(version) === undefined ? 'either' : besideOf(old, nodesOf(gather([...now.members, ...left], version), version)),
    argo: before.argo === true,
  }
}

/** Whether nothing that can be told of is different. */
export function isEqual({ refused, files, routes }: Proof): boolean {
  return refused.before === refused.after && files.length === 0 && routes.length === 0
}

/** What mirror sets say, whatever their kind, in no order: equal also where the operator refuses them or they hold placeholders, so that nothing can be compared on nodes. */
function rulesOf({ members, version }: Cluster): string {
  const rules = gather(members, version).sets.flatMap(({ entries }) => entries)
  return rules.map(({ kind, source, mirrors, policy }) => JSON.stringify([MIRROR_KINDS[kind].pull, source, [...new Set(mirrors)], policy])).sort().join('\n')
}

/** What the operator would write before, if no list had a mirror twice: an IDMS cannot. */
function deduplicated({ members, version }: Cluster): Nodes {
  const gathered = gather(members, version)
  const rules = gathered.configuration.rules.map((rule) => ({ ...rule, mirrors: [...new Set(rule.mirrors)] }))
  return nodesOf({ ...gathered, configuration: { ...gathered.configuration, rules } }, version)
}

function isSame(old: Nodes, now: Nodes): boolean {
  return old.refused === now.refused && filesOf(old, now).length === 0
}

function isPolicy(member: Candidate): member is Extract<Candidate, { type: 'set' }> {
  return member.type === 'set' && member.set.kind === ICSP && member.set.resource.madeOf === undefined
}

function besideOf(old: Nodes, both: Nodes): Proof['beside'] {
  if (both.refused !== undefined) return old.refused === both.refused ? 'same' : 'refused'
  return filesOf(old, both).length === 0 ? 'same' : 'differs'
}

function filesOf(old: Nodes, now: Nodes): Proof['files'] {
  const [before, after] = [written(old), written(now)]
  if (!before || !after) return []
  return [...new Set([...before.keys(), ...after.keys()])].map((path) => ({ path, before: before.get(path) ?? '', after: after.get(path) ?? '' })).filter((file) => file.before !== file.after)
}

function written(nodes: Nodes): Map<string, string> | undefined {
  return nodes.refused === undefined ? new Map(nodes.applied.files.map(({ path, content }) => [path, content])) : undefined
}
