import type { Document, Path, Place } from '../manifests/document.ts'
import { outermost } from '../manifests/position.ts'
import { own, placeOf, type Resource, title } from '../manifests/resource.ts'
import { MIRROR_KINDS } from '../openshift/kinds.ts'
import type { Defect } from '../openshift/shape.ts'
import { since, type Version } from '../openshift/version.ts'
import { isEffective } from '../registries/merge.ts'
import type { ClusterConfiguration } from '../registries/operator.ts'
import { parseReference, type Reference } from '../registries/reference.ts'
import { adjusted, covers } from '../registries/scope.ts'
import type { NodeFile } from '../carriers/nodefile.ts'
import { REGISTRIES_CONF } from '../registries/node.ts'
import type { Candidate } from './candidate.ts'
import type { ImageConfig, Scope } from './image.ts'
import { type MirrorEntry, type MirrorSet, flaws, repeatedNames } from './mirrors.ts'

/** What makes a registries.conf of one cluster what it is. */
export interface Gathered {
  configuration: ClusterConfiguration
  /** The mirror sets that its rules are of, by kind and name. */
  sets: readonly MirrorSet[]
  /** The release image is the usual one because no ClusterVersion names another. */
  releaseAssumed: boolean
  origin: Origin
  /** Objects that never reach the operator, and why, in a clause. */
  absent: { place: Named; why: string }[]
  /** The files that MachineConfigs put on its workers, and those that others alone get. */
  files: { main?: NodeFile; dropIns: NodeFile[]; elsewhere: NodeFile[] }
  /** What cannot be told of this cluster, in clauses: documents that cannot be read, entries that are yet to be filled in. */
  open: { document: Document; what: string }[]
}

/** A place in the manifests, and the object that it belongs to. */
export interface Named extends Place {
  title: string
}

/** Where in the manifests the parts of a registries.conf come from; undefined where nothing there says so. */
export interface Origin {
  /** A mirror of a scope, or of the broader source that the scope takes its mirrors from. */
  mirror(scope: string, location: string, pull: 'digest' | 'tag'): (Named & { source: string }) | undefined
  blocked(scope: string): Named | undefined
  /** What brought the scope into the file. */
  scope(scope: string): Named | undefined
}

const RELEASE = parseReference(`quay.io/openshift-release-dev/ocp-release@sha256:${'0'.repeat(64)}`) as Reference

/** Members are never changed once they are put together, and rules, routes and the effect on nodes all ask the same of them. */
const gathered = new WeakMap<readonly Candidate[], Map<string | undefined, Gathered>>()

/**
 * Gathers what the operator of a version would read of a cluster; one that is not known counts as the newest. Objects are taken by name, so that the order of
 * files is of no account.
 */
export function gather(members: readonly Candidate[], version: Version | undefined): Gathered {
  const known = gathered.get(members) ?? new Map<string | undefined, Gathered>()
  const found = known.get(version?.text) ?? gatherAnew(members, version)
  gathered.set(members, known.set(version?.text, found))
  return found
}

function gatherAnew(members: readonly Candidate[], version: Version | undefined): Gathered {
  const all = members.flatMap((member) => (member.type === 'set' ? [member.set] : []))
  const hosted = hostedCluster(members) !== undefined
  const absent = all.flatMap((one) => {
    const why = refusedObject(one, version) ?? (hosted ? deniedHosted(one) : undefined)
    return why ? [{ one, why, place: named(one.resource, []) }] : []
  })
  const refused = new Set(absent.map(({ one }) => one))
  const sets = live(all.filter((one) => !refused.has(one)))
  const image = members.flatMap((member) => (member.type === 'image' && !refusedImage(member.image) ? [member.image] : [])).at(-1)
  const refusedImages = members.flatMap((member) => {
    const why = member.type === 'image' ? refusedImage(member.image) : undefined
    return member.type === 'image' && why ? [{ place: named(member.image.resource, []), why }] : []
  })
  const release = members.flatMap((member) => (member.type === 'release' && member.release.named === undefined ? member.release.image ?? [] : [])).at(-1)
  const values = (list: Scope[] | undefined) => list?.map(({ value }) => value)
  const lists = { insecure: values(image?.insecure), blocked: values(image?.blocked), allowed: values(image?.allowed), search: values(image?.search) }
  const set = Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== undefined)) as Partial<ClusterConfiguration>
  const configuration = { objects: sets.length, rules: sets.flatMap(rules), ...set, release: release ?? RELEASE }
  return {
    configuration, sets, releaseAssumed: release === undefined, origin: origin(sets, image),
    files: filesOf(members, sets.length > 0 || image !== undefined),
    absent: [...absent, ...refusedImages],
    open: [...members.flatMap(unreadable), ...sets.flatMap(unfilled), ...(image?.open ? [unfilledObject(image.resource)] : [])],
  }
}

/** Why the API server has no such object. The form of locations is left to the operator to refuse. */
function refusedObject({ kind, resource }: MirrorSet, version: Version | undefined): string | undefined {
  if (kind !== 'ImageContentSourcePolicy' && !since(version, 4, 13)) return 'its kind is there from OpenShift 4.13 on'
  return refusal(flaws(kind, resource.value).defects)
}

/** The HostedCluster that a cluster is made of. */
export function hostedCluster(members: readonly Candidate[]): Resource | undefined {
  return members.flatMap((member) => (member.type === 'release' && member.release.resource.kind === 'HostedCluster' && member.cluster !== undefined ? [member.release.resource] : []))[0]
}

/** Whether a manifest stands in a ConfigMap, as those of a NodePool do. */
export function inConfigMap({ document }: Resource): boolean {
  return own(outermost(document).value, 'kind') === 'ConfigMap'
}

/** Why a mirror set never gets to the nodes of a hosted cluster (openshift/hypershift support/globalconfig, and its admission policies). */
export function deniedHosted({ kind, resource }: MirrorSet): string | undefined {
  if (resource.madeOf !== undefined) return undefined
  if (!inConfigMap(resource)) return 'the API server of a hosted cluster denies it'
  return kind === 'ImageTagMirrorSet' ? 'a NodePool does not take its kind' : undefined
}

function refusedImage({ resource }: ImageConfig): string | undefined {
  return refusal(flaws('Image', resource.value).defects)
}

function refusal(all: readonly Defect[]): string | undefined {
  const defect = all.find(({ problem }) => problem !== 'unknown-field')
  return defect && `the API server refuses it for its \`${defect.field}\``
}

/**
 * What MachineConfigs of the worker pool write. Of several that write one file, the last by name counts, and so it is with the operator's own,
 * `99-worker-generated-registries` (machine-config-operator pkg/controller/common MergeMachineConfigs).
 */
function filesOf(members: readonly Candidate[], generated: boolean): Gathered['files'] {
  const all = members.flatMap((member) => (member.type === 'file' ? [member.nodeFile] : [])).sort((a, b) => (a.resource.name < b.resource.name ? -1 : 1))
  const byPath = new Map(all.filter(onWorkers).map((file) => [file.path, file]))
  const main = byPath.get(REGISTRIES_CONF)
  byPath.delete(REGISTRIES_CONF)
  const counts = main && (!generated || main.resource.name > GENERATED)
  return { ...(counts ? { main } : {}), dropIns: [...byPath.values()], elsewhere: all.filter((file) => !onWorkers(file)) }
}

const GENERATED = '99-worker-generated-registries'

function onWorkers({ role }: NodeFile): boolean {
  return role === '' || role === 'worker'
}

function unreadable(member: Candidate): Gathered['open'] {
  return member.type === 'document' && !member.document.problem!.readable ? [{ document: member.document, what: 'a document cannot be read' }] : []
}

function unfilled({ entries, open, resource }: MirrorSet): Gathered['open'] {
  return open.length > 0 || entries.some((entry) => entry.placeholder !== undefined) ? [unfilledObject(resource)] : []
}

function unfilledObject(resource: Resource): Gathered['open'][0] {
  return { document: resource.document, what: `entries of ${title(resource)} hold placeholders` }
}

function named(resource: Resource, part: Path): Named {
  return { ...placeOf(resource, part), title: title(resource) }
}

function live(sets: readonly MirrorSet[]): MirrorSet[] {
  const superseded = new Set(repeatedNames(sets).flatMap((indexes) => indexes.slice(0, -1)))
  return sets.filter((_, index) => !superseded.has(index)).sort((a, b) => (title(a) < title(b) ? -1 : title(a) > title(b) ? 1 : 0))
}

function rules({ entries }: MirrorSet): MirrorEntry[] {
  return entries.filter((entry) => entry.placeholder === undefined)
}

function origin(sets: readonly MirrorSet[], image: ImageConfig | undefined): Origin {
  const bySource = new Map<string, { set: MirrorSet; entry: MirrorEntry }[]>()
  for (const set of sets) {
    for (const entry of rules(set).filter(isEffective)) {
      const same = bySource.get(entry.source)
      if (same) same.push({ set, entry })
      else bySource.set(entry.source, [{ set, entry }])
    }
  }
  const inSet = ({ set, entry }: { set: MirrorSet; entry: MirrorEntry }, ...steps: Path): Named =>
    named(set.resource, [...entry.path, ...steps])
  const inImage = (scope: Scope | undefined): Named | undefined => scope && image && named(image.resource, scope.path)
  const blocked = (scope: string): Named | undefined => {
    const never = bySource.get(scope)?.find(({ entry }) => entry.policy === 'NeverContactSource')
    return never ? inSet(never, 'mirrorSourcePolicy') : inImage(image?.blocked?.find(({ value }) => covers(value, scope)))
  }
  return {
    blocked,
    mirror(scope, location, pull) {
      for (const [source, rules] of bySource.has(scope) ? [[scope, bySource.get(scope)!] as const] : [...bySource].filter(([source]) => covers(source, scope))) {
        for (const rule of rules) {
          const index = adjusted(source, scope, rule.entry.mirrors).indexOf(location)
          if (index >= 0 && MIRROR_KINDS[rule.entry.kind].pull === pull) return { ...inSet(rule, 'mirrors', index), source }
        }
      }
      return undefined
    },
    scope(scope) {
      const [rule] = bySource.get(scope) ?? []
      if (rule) return inSet(rule, 'source')
      return inImage([...(image?.blocked ?? []), ...(image?.insecure ?? [])].find(({ value }) => value === scope))
    },
  }
}
