import { contains } from '../manifests/place.ts'
import type { Resource } from '../manifests/resource.ts'
import { isMirrorKind, MIRROR_KINDS } from '../openshift/kinds.ts'
import { type Candidate, resourceOf } from './candidate.ts'
import type { Group } from './group.ts'

/** A running cluster, as `Running` of `reading/sources.ts` has it. */
interface Running {
  place: string
  name: string
  why: string
  unseen: ReadonlySet<string>
}

/** The members that are objects of a running cluster; what in it is expressly for another one, as a HostedCluster is, is none of its own. */
export function ofRunning(members: readonly Candidate[], { place }: Pick<Running, 'place'>): Candidate[] {
  return members.filter((member) => member.cluster === undefined && member.managed === undefined && contains(place, member.place))
}

/** A running cluster with its objects: the one of `groups` that is declared by its name, or one beside those. */
export function withRunning(groups: readonly Group<Candidate>[], { name, why, unseen }: Running, members: readonly Candidate[]): Group<Candidate>[] {
  const declared = groups.find((one) => one.declared && one.name === name)
  const group: Group<Candidate> = { version: undefined, disconnected: false, own: undefined, ...declared, name, declared: true, why, running: { unseen }, members: [...(declared?.members ?? []), ...members] }
  return declared ? groups.map((one) => (one === declared ? group : one)) : [group, ...groups]
}

/**
 * A cluster of manifests as it will be once they are applied to a running one: objects of that one stay where no manifest says otherwise, but for mirror sets and
 * files of MachineConfigs, of which only those in the manifests are meant to be there, and what an installer made once. What its operator wrote tells nothing of
 * what it will write.
 */
export function upon(group: Group<Candidate>, { unseen }: Running, members: readonly Candidate[]): Group<Candidate> {
  const installed = new Set(group.members.flatMap((member) => (isInstallers(member) ? identities(resourceOf(member)) : [])))
  const there = members.filter((member) => member.type === 'set' && identities(resourceOf(member)).some((one) => installed.has(one)))
  const own = there.length > 0 ? group.members.filter((member) => !isInstallers(member)) : group.members
  const written = new Set(own.flatMap((member) => identities(resourceOf(member))))
  const kept = members.filter((member) => there.includes(member) || (!GIT_ALONE.has(member.type) && !identities(resourceOf(member), true).some((one) => written.has(one))))
  const open = new Set([...unseen].filter((kind) => !isMirrorKind(kind) && kind !== 'MachineConfig'))
  return { ...group, declared: true, own: undefined, running: { unseen: open }, members: [...own, ...kept] }
}

const GIT_ALONE = new Set<Candidate['type']>(['set', 'file', 'rendered'])

/** Whether a mirror set is one that an installer makes, once. */
export function isInstallers(member: Candidate): boolean {
  const { maker } = member.type === 'set' ? member.set.resource : {}
  return maker === 'installer' || maker === 'assisted'
}

/** Whether objects that decide where nodes pull from could not be read of a running cluster. */
export function lacksMirrors({ running }: Pick<Group<Candidate>, 'running'>): boolean {
  return running !== undefined && DECIDING.some((kind) => running.unseen.has(kind))
}

const DECIDING = [...Object.keys(MIRROR_KINDS), 'Image']

/** By which an object is known; `anywhere`, also as whoever leaves its namespace to the tool that applies it writes it. */
function identities(resource: Resource | undefined, anywhere = false): string[] {
  if (!resource) return []
  const { apiVersion, kind, namespace, name } = resource
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : ''
  return [...new Set(anywhere ? [namespace, undefined] : [namespace])].map((one) => JSON.stringify([group, kind, one ?? '', name]))
}
