import type { Candidate } from '../cluster/candidate.ts'
import { isInstallConfig } from '../carriers/install.ts'
import type { Cluster } from '../clusters.ts'
import type { Amendment } from '../manifests/amend.ts'
import type { Path, Place } from '../manifests/document.ts'
import { changeOf, type Edit, outwards } from '../manifests/edit.ts'
import { Unsafe } from '../manifests/extent.ts'
import { outermost } from '../manifests/position.ts'
import { isObject, own, placeOf, type Resource, text, valueAt } from '../manifests/resource.ts'
import { atLeast, type Version } from '../openshift/version.ts'
import { together } from './list.ts'
import { conversion, type Conversion, FROM, ICSP, IDMS, type Repeated, TO } from './convert.ts'

/** What this is about. */
interface Subject {
  /** `ImageContentSourcePolicy/org`, or what has an `imageContentSources`. */
  title: string
  /** Where it stands. */
  place: Place
  clusters: string[]
  /** What it is called in each of these clusters: Kustomize may give it another name than it has in its file, which is here too. */
  names: { cluster: string | undefined; name: string }[]
}

/** Something that becomes something else. */
export interface Move extends Subject {
  /** What it is from then on. */
  becomes: string
  amendments: Amendment[]
  dropped: Repeated[]
  /** Only an installer reads it. */
  installer: boolean
}

/** Something that stays what it is, and why. */
export interface Stay extends Subject {
  why: string
  /** What to do, as a clause; absent where it is not due. */
  fix?: string
}

export interface Plan {
  moves: Move[]
  /** What should move and cannot. */
  stuck: Stay[]
  /** What need not move, as clusters of its version do not ask for it. */
  early: Stay[]
  /** What is in none of the clusters that are asked for. */
  others: Stay[]
}

/** What is asked for beside what is due. */
export interface Request {
  /** The files that may change, by place. */
  places: ReadonlySet<string>
  /** ICSPs of clusters on 4.13, too. */
  from413: boolean
  /** In these clusters only, by name; and in those that have the same object in common with them. */
  only?: ReadonlySet<string>
}

/** In what nothing is to change, and why, as clauses: clusters and objects by name, files by place, single objects by where they stand (`keyOf`). */
export interface Held {
  places: Map<string, string>
  clusters: Map<string, string>
  objects: Map<string, string>
  files: Map<string, string>
}

/** An object as it stands in a file, with all clusters that it lands in. */
interface Found {
  place: Place
  clusters: Cluster[]
  /** What it is in each of them, once patches have been applied. */
  built: { cluster: Cluster; resource: Resource }[]
  /** Of what only an installer reads: its path. */
  field?: Path
}

/**
 * What the ImageContentSourcePolicies and `imageContentSources` of clusters become, but for what is `held`.
 * What several clusters have in common moves when it is due in all of them.
 */
export function plan(clusters: readonly Cluster[], request: Request, held: Held): Plan {
  const found = [...objectsOf(clusters).values()]
  const made: Plan = { moves: [], stuck: [], early: [], others: [] }
  for (const one of found) {
    const move = moved(one, request, held)
    if (request.only && !move.clusters.some((name) => request.only!.has(name))) made.others.push({ ...move, why: 'it is in none of the clusters that are asked for' })
    else if ('amendments' in move) made.moves.push(move)
    else (move.fix === undefined ? made.early : made.stuck).push(move)
  }
  return together(made)
}

/** By where they stand: a base of Kustomize is built for many clusters. */
function objectsOf(clusters: readonly Cluster[]): Map<string, Found> {
  const found = new Map<string, Found>()
  const add = (cluster: Cluster, resource: Resource, place: Place, field?: Path) => {
    const key = keyOf(place)
    const known = found.get(key)
    if (!known) found.set(key, { place, clusters: [cluster], built: [{ cluster, resource }], ...(field ? { field } : {}) })
    else {
      if (!known.clusters.includes(cluster)) known.clusters.push(cluster)
      known.built.push({ cluster, resource })
    }
  }
  for (const cluster of clusters) {
    for (const resource of cluster.members.flatMap(setOf)) {
      if (resource.madeOf === undefined) add(cluster, resource, parentOf(placeOf(resource, ['kind'])))
      else if (resource.maker === 'installer') add(cluster, resource, { document: resource.document, path: resource.path.slice(0, -1) }, resource.path)
    }
  }
  return found
}

/** Tells places apart. */
export function keyOf({ document, path }: Place): string {
  const { file, start, index } = outermost(document)
  return JSON.stringify([file.place, start, index, document.start, document.within?.path, path])
}

function setOf(member: Candidate): Resource[] {
  return member.type === 'set' && member.set.kind === ICSP ? [member.set.resource] : []
}

function parentOf({ document, path }: Place): Place {
  return { document, path: path.slice(0, -1) }
}

function moved(found: Found, request: Request, held: Held): Move | Stay {
  const { place, place: { document, path }, clusters, built: [{ resource }], field } = found as Found & { built: [Found['built'][0]] }
  const subject = subjectOf(found)
  const stay = (why: string, fix: string): Stay => ({ ...subject, why, fix })
  const early = clusters.map((cluster) => [cluster, earlyIn(cluster.version, field !== undefined, request)] as const).find(([, why]) => why !== undefined)
  if (early) return { ...subject, why: `${early[0].name} is on ${early[0].version!.text}: ${early[1]}` }
  if (document.file.live) return stay('it is an object of a running cluster', 'migrate the manifest that it is applied from')
  if (!request.places.has(outermost(document).file.place)) return stay('its file lies outside of the PATHs, so that clusters may build on it that are not here', 'migrate the folder around all of them')
  const changes = field ? sources(resource, field) : object(found)
  if ('why' in changes) return stay(changes.why, changes.fix)
  const amendments = changes.edits.map((edit): Amendment => ({ document, edit: { ...edit, path: [...path, ...edit.path] } }))
  const unsafe = unsafety(amendments)
  if (unsafe !== undefined) return stay(`its text is not edited: ${unsafe}`, 'change it by hand')
  const stop = held.places.get(keyOf(place)) ?? held.files.get(outermost(document).file.place) ?? subject.names.flatMap(({ name }) => held.objects.get(name) ?? [])[0] ?? subject.clusters.flatMap((name) => held.clusters.get(name) ?? [])[0]
  if (stop !== undefined) return stay(stop, 'mend that first, or change it by hand')
  return { ...subject, becomes: field ? 'imageDigestSources' : `${IDMS}/${writtenName(place)}`, amendments, dropped: changes.dropped, installer: field !== undefined }
}

function subjectOf({ place, clusters, built, field }: Found): Subject {
  const names = field ? [] : [{ cluster: undefined, name: writtenName(place) }, ...built.map(({ cluster, resource }) => ({ cluster: cluster.name, name: resource.name }))]
  return { title: field ? `imageContentSources of ${built[0]!.resource.madeOf}` : `${ICSP}/${writtenName(place)}`, place, clusters: clusters.map(({ name }) => name), names }
}

function writtenName({ document, path }: Place): string {
  return text(valueAt(document.value, [...path, 'metadata', 'name']))
}

/** Why what an older version needs stays; a version that is not known counts as the newest. */
function earlyIn(version: Version | undefined, installer: boolean, { from413 }: Request): string | undefined {
  if (!version || atLeast(version, [4, 14])) return undefined
  if (installer) return 'its installer does not know imageDigestSources, which is there from 4.14 on'
  if (!atLeast(version, [4, 13])) return `${IDMS} is there from 4.13 on`
  return from413 ? undefined : 'builds and imports into image streams read ICSPs only, before 4.14 (--include-4.13 converts it all the same)'
}

function sources(resource: Resource, field: Path): Conversion {
  const carrier = valueAt(resource.document.value, field.slice(0, -1))
  if (!isObject(carrier) || !isInstallConfig({ ...resource, kind: '', value: carrier })) return { why: 'it does not stand in an install-config as such', fix: 'change it by hand' }
  if (own(carrier, 'imageDigestSources') !== undefined) return { why: 'imageDigestSources stands beside it, and the installer refuses both', fix: 'put all entries into imageDigestSources' }
  return { edits: [{ op: 'rename', path: [String(field.at(-1))], key: 'imageDigestSources' }], dropped: [] }
}

/** What is written in the file, which patches may change on the way to a cluster. */
function object({ place, built }: Found): Conversion {
  const value = valueAt(place.document.value, place.path)
  if (!isObject(value) || (own(value, 'kind') ?? ICSP) !== ICSP) return { why: 'it is put together from several places', fix: 'change it by hand' }
  const twin = built.find(({ cluster, resource: { name } }) => cluster.members.some((member) => member.type === 'set' && member.set.kind === IDMS && member.set.name === name && name !== ''))
  if (twin) return { why: `${twin.cluster.name} has ${IDMS}/${twin.resource.name} already`, fix: repeats(twin.cluster, twin.resource) ? 'delete the ICSP, for the other has all of its entries' : 'give one of them another name' }
  const made = conversion(value)
  for (const one of [made, ...built.map(({ resource }) => conversion(resource.value))]) {
    if ('why' in one) return one
    if (!('why' in made) && JSON.stringify(one.dropped) !== JSON.stringify(made.dropped)) return { why: 'a mirror stands twice in one list, as it is written or once patches have been applied', fix: 'remove the second one, so that it is the same everywhere' }
  }
  if ('why' in made) return made
  const type: Edit[] = [
    ...(own(value, 'apiVersion') === undefined ? [] : [{ op: 'replace', path: ['apiVersion'], value: TO.apiVersion } as const]),
    ...(own(value, 'kind') === undefined ? [] : [{ op: 'replace', path: ['kind'], value: IDMS } as const]),
  ]
  return { edits: [...type, ...made.edits], dropped: made.dropped }
}

/** Whether an ImageDigestMirrorSet of the same name says all that an ICSP says. */
function repeats({ members }: Cluster, { name, value }: Resource): boolean {
  const said = new Set(members.flatMap((member) => (member.type === 'set' && member.set.kind === IDMS && member.set.name === name ? member.set.entries.map(entryOf) : [])))
  const list = own(own(value, 'spec'), FROM.list)
  return Array.isArray(list) && list.every((entry) => said.has(entryOf({ source: own(entry, 'source'), mirrors: own(entry, 'mirrors') })))
}

function entryOf({ source, mirrors }: { source: unknown; mirrors: unknown }): string {
  return JSON.stringify([source, mirrors ?? []])
}

/** Why a text cannot be edited, of what can be told before all edits of a file are known. */
function unsafety(amendments: readonly Amendment[]): string | undefined {
  try {
    for (const { document, edit } of amendments) {
      const change = changeOf(document, edit, [edit])
      if (document.within) outwards(document, [change])
    }
    return undefined
  } catch (error) {
    if (error instanceof Unsafe) return error.message
    throw error
  }
}
