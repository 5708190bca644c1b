import type { Path, Place } from '../manifests/document.ts'
import { placeOf, type Resource, title } from '../manifests/resource.ts'
import type { Candidate } from './candidate.ts'

/** Where an image is used. */
export interface Use extends Place {
  /** Where the object that uses it lies, as `Member` has it. */
  place: string
  file: string
  resource: Resource
  /** In the resource. */
  part: Path
  title: string
  certain: boolean
  by: Puller
}

/** Who pulls: a node, an import into an image stream, a build, or somebody who knows nothing of mirrors. */
export type Puller = 'node' | 'import' | 'build' | 'other'

/** The images of a cluster as they are written, with where they are used. */
export function imagesOf(members: readonly Candidate[]): Map<string, Use[]> {
  const images = new Map<string, Use[]>()
  for (const member of members) {
    if (member.type !== 'uses') continue
    const { resource } = member
    for (const { image, path, certain } of member.uses) {
      const use = { ...placeOf(resource, path), place: member.place, file: member.file, resource, part: path, title: title(resource), certain, by: puller(resource, path) }
      const same = images.get(image)
      if (same) same.push(use)
      else images.set(image, [use])
    }
  }
  return images
}

const PULLERS: Record<string, Puller> = {
  ImageStream: 'import', ImageStreamTag: 'import', ImageStreamImport: 'import', BuildConfig: 'build', Build: 'build', AgentServiceConfig: 'other',
}

/** The importer pods of CDI fetch a disk by its URL themselves. */
function puller({ kind }: Resource, path: Path): Puller {
  if (path.at(-1) === 'url') return 'other'
  return Object.hasOwn(PULLERS, kind) ? PULLERS[kind]! : 'node'
}
