import type { Document, Place, Skipped } from '../manifests/document.ts'
import { locate } from '../manifests/position.ts'
import { own, placeOf, type Resource, title } from '../manifests/resource.ts'
import { isMirrorKind, meantKind, MIRROR_KINDS, type MirrorKind, WITHOUT_EFFECT } from '../openshift/kinds.ts'
import { parseReference, type Reference } from '../registries/reference.ts'
import { carried } from './carrier.ts'
import type { Member } from './group.ts'
import { type ImageConfig, imageConfig, isImageConfig } from './image.ts'
import { type MirrorSet, mirrorSet } from './mirrors.ts'

/** What lands in a cluster and can be judged. */
export type Candidate = Member & (
  | { type: 'set'; set: MirrorSet }
  | { type: 'image'; image: ImageConfig }
  | { type: 'release'; release: Reference }
  | { type: 'misplaced'; resource: Resource }
  | { type: 'document'; document: Document }
)

/** Mirror sets for a Konflux build task: nothing applies them to a cluster. (`tekton-` where a path was flattened into a name.) */
const BUILD_TASK = /(?:(?:^|\/)\.tekton\/|tekton-)images-mirror-set\.ya?ml$/

/** Tells what is judged from what is only named in the report. */
export function classify(documents: readonly Document[], resources: ReadonlyMap<Document, Resource[]>): { members: Candidate[]; skipped: Skipped[] } {
  const members: Candidate[] = []
  const skipped: Skipped[] = []
  for (const document of documents) {
    const { path: file, place } = document.file
    const skip = (at: Place, reason: Skipped['reason'], message: string) => skipped.push({ file, line: locate(at.document, at.path).line, reason, message })
    if (document.problem) members.push({ file, place, type: 'document', document })
    const found = resources.get(document)!
    const inside = found.length === 0 && carried(document.value, 'a document that is no manifest')
    if (inside) skip({ document, path: [] }, 'carrier', inside)
    for (const resource of found) {
      const reason = unjudged(resource)
      if (reason) skip(placeOf(resource, []), ...reason)
      else members.push(...candidates(resource, (why, message) => skip(placeOf(resource, []), why, message)))
    }
  }
  return { members, skipped }
}

/** Why a resource that holds a mirror set is not judged. */
function unjudged(resource: Resource): [reason: Skipped['reason'], message: string] | undefined {
  if (resource.kind === WITHOUT_EFFECT) return ['not-applied', `${title(resource)} has no effect: the API server accepts it, and nothing reads it`]
  if (!meantKind(resource.kind)) {
    const inside = carried(resource.value, title(resource) || 'an object without a kind')
    return inside ? ['carrier', inside] : undefined
  }
  if (own(resource.value, '$patch') !== undefined) return ['carrier', `a Kustomize patch of ${title(resource)} is not applied`]
  if (BUILD_TASK.test(resource.document.file.path)) return ['not-applied', `${title(resource)} is read by a build task and not applied to a cluster`]
  return undefined
}

function candidates(resource: Resource, problem: (reason: 'placeholder' | 'not-applied', message: string) => void): Candidate[] {
  const { path: file, place } = resource.document.file
  if (isImageConfig(resource)) return [{ file, place, type: 'image', image: imageConfig(resource, problem), identity: title(resource) }]
  const release = releaseImage(resource)
  if (release) return [{ file, place, type: 'release', release, identity: 'ClusterVersion' }]
  if (!meantKind(resource.kind)) return []
  if (!hasMirrorKind(resource) || resource.apiVersion !== MIRROR_KINDS[resource.kind].apiVersion) return [{ file, place, type: 'misplaced', resource }]
  const set = mirrorSet(resource)
  const open = set.entries.flatMap((entry) => entry.placeholder ?? [])
  if (open.length > 0) problem('placeholder', `${open.length} of ${set.entries.length} entries of ${title(set)} hold a placeholder such as \`${open[0]}\``)
  return [{ file, place, type: 'set', set, ...(set.name === '' || !set.complete ? {} : { identity: title(set) }) }]
}

function hasMirrorKind(resource: Resource): resource is Resource & { kind: MirrorKind } {
  return isMirrorKind(resource.kind)
}

/** The release image that the cluster has, by which the operator goes; else the one that is asked for. */
function releaseImage({ kind, apiVersion, name, value }: Resource): Reference | undefined {
  if (kind !== 'ClusterVersion' || apiVersion !== 'config.openshift.io/v1' || name !== 'version') return undefined
  const images = [own(own(own(value, 'status'), 'desired'), 'image'), own(own(own(value, 'spec'), 'desiredUpdate'), 'image')]
  return images.flatMap((image) => {
    const reference = typeof image === 'string' ? parseReference(image) : undefined
    return reference && !('error' in reference) ? [reference] : []
  })[0]
}
