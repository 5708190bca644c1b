import type { Gunzip } from '../carriers/embedded.ts'
import { speaks } from '../carriers/mention.ts'
import { isRendered, type NodeFile, nodeFiles } from '../carriers/nodefile.ts'
import type { Document, Place, Skipped } from '../manifests/document.ts'
import { discreet } from '../manifests/discreet.ts'
import { locate, outermost } from '../manifests/position.ts'
import { own, placeOf, type Resource, title } from '../manifests/resource.ts'
import { isMirrorKind, meantKind, MIRROR_KINDS, type MirrorKind } from '../openshift/kinds.ts'
import { carried } from './carrier.ts'
import type { Member } from './group.ts'
import { type ImageConfig, imageConfig, isImageConfig } from './image.ts'
import { type MirrorSet, mirrorSet } from './mirrors.ts'
import { type ImageUse, imageUses } from './references.ts'
import { type Release, releasesOf } from './release.ts'
import { type Setting, settingsOf, trustNamed } from './setting.ts'

/** What lands in a cluster and can be judged. */
export type Candidate = Member & (
  | { type: 'set'; set: MirrorSet }
  | { type: 'image'; image: ImageConfig }
  | { type: 'setting'; resource: Resource; setting: Setting }
  | { type: 'release'; release: Release }
  | { type: 'file'; nodeFile: NodeFile }
  | { type: 'rendered'; resource: Resource; files: NodeFile[] | undefined }
  | { type: 'uses'; resource: Resource; uses: ImageUse[] }
  | { type: 'misplaced'; resource: Resource }
  | { type: 'document'; document: Document }
)

/** The object that a member is, or is a part of; undefined for a document that is none. */
export function resourceOf(member: Candidate): Resource | undefined {
  switch (member.type) {
    case 'set': return member.set.resource
    case 'image': return member.image.resource
    case 'release': return member.release.resource
    case 'file': return member.nodeFile.resource
    case 'document': return undefined
    default: return member.resource
  }
}

/** Mirror sets for a Konflux build task: nothing applies them to a cluster. (`tekton-` where a path was flattened into a name.) */
const BUILD_TASK = /(?:(?:^|\/)\.tekton\/|tekton-)images-mirror-set\.ya?ml$/

/** Tells what is judged from what is only named in the report. */
export function classify(resources: readonly Resource[], broken: readonly Document[], gunzip: Gunzip): { members: Candidate[]; skipped: Skipped[] } {
  const skipped: Skipped[] = []
  const skip = ({ document, path }: Place, reason: Skipped['reason'], message: string) => skipped.push({ file: outermost(document).file.path, line: locate(document, path).line, reason, message })
  const members = broken.map((document): Candidate => {
    const { path: file, place } = outermost(document).file
    return { file, place, type: 'document', document }
  })
  const trusted = trustNamed(resources)
  for (const resource of resources) {
    const reason = unjudged(resource)
    if (reason) skip(placeOf(resource, []), ...reason)
    else members.push(...candidates(resource, skip, gunzip, trusted))
  }
  return { members, skipped: [...new Map(skipped.map((one) => [JSON.stringify(one), one])).values()] }
}

/** Why a resource that holds a mirror set is not judged. */
function unjudged(resource: Resource): [reason: Skipped['reason'], message: string] | undefined {
  if (!meantKind(resource.kind)) {
    const inside = speaks(resource.document) ? carried(resource) : undefined
    return inside ? ['carrier', inside] : undefined
  }
  if (own(resource.value, '$patch') !== undefined) return ['carrier', `a Kustomize patch of ${title(resource)} is not applied`]
  if (BUILD_TASK.test(resource.document.file.path) && !resource.document.file.live) return ['not-applied', `${title(resource)} is read by a build task and not applied to a cluster`]
  return undefined
}

type Skip = (place: Place, reason: Skipped['reason'], message: string) => void

function candidates(resource: Resource, skip: Skip, gunzip: Gunzip, trusted: ReturnType<typeof trustNamed>): Candidate[] {
  const member = memberOf(resource)
  const problem = (message: string) => skip(placeOf(resource, []), 'placeholder', discreet(message))
  const found: Candidate[] = []
  if (isImageConfig(resource)) found.push({ ...member, type: 'image', image: imageConfig(resource, problem), identity: title(resource) })
  for (const release of releasesOf(resource)) {
    const { cluster } = release
    found.push({ ...member, type: 'release', release, ...(cluster ? { cluster } : {}), ...(release.identity === undefined ? {} : { identity: release.identity }) })
  }
  if (isRendered(resource)) return [rendered(resource, member, gunzip)]
  const uses = imageUses(resource)
  const owner = found.find(({ type, cluster }) => type === 'release' && cluster !== undefined)?.cluster // a release is pulled by its own cluster
  if (uses.length > 0) found.push({ ...member, ...(owner === undefined ? {} : { cluster: owner }), type: 'uses', resource, uses })
  const { files, broken, unread } = nodeFiles(resource, gunzip)
  found.push(...files.map((nodeFile): Candidate => ({ ...member, type: 'file', nodeFile })), ...broken.map((document): Candidate => ({ ...member, type: 'document', document })))
  for (const { place, reason, message } of unread) skip(place, reason, message)
  if (meantKind(resource.kind)) found.push(mirrors(resource, member, problem))
  found.push(...settingsOf(resource, trusted).map((one): Candidate => ({ ...member, type: 'setting', resource, ...one })))
  return found
}

/** What the operator wrote is no configuration, but tells what became of it. */
function rendered(resource: Resource, member: Member, gunzip: Gunzip): Candidate {
  const { files, broken, unread } = nodeFiles(resource, gunzip)
  return { ...member, type: 'rendered', resource, files: broken.length + unread.length > 0 ? undefined : files }
}

function memberOf(resource: Resource): Member {
  const { path: file, place } = outermost(resource.document).file
  return { file, place, ...resource.root, ...(resource.managed === undefined ? {} : { managed: resource.managed }), ...(resource.cluster ? { cluster: resource.cluster } : {}) }
}

function mirrors(resource: Resource, member: Member, problem: (message: string) => void): Candidate {
  if (!hasMirrorKind(resource) || resource.apiVersion !== MIRROR_KINDS[resource.kind].apiVersion) return { ...member, type: 'misplaced', resource }
  const set = mirrorSet(resource)
  if (set.open.length > 0) problem(`parts of ${title(set)} are placeholders such as \`${set.open[0]}\``)
  const open = set.entries.flatMap((entry) => entry.placeholder ?? [])
  if (open.length > 0) problem(`${open.length} of ${set.entries.length} entries of ${title(set)} hold a placeholder such as \`${open[0]}\``)
  return { ...member, type: 'set', set, ...(set.name === '' || !set.complete ? {} : { identity: `${resource.madeOf === undefined ? '' : 'made '}${title(set)}` }) }
}

function hasMirrorKind(resource: Resource): resource is Resource & { kind: MirrorKind } {
  return isMirrorKind(resource.kind)
}
