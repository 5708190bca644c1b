import type { Place } from '../manifests/document.ts'
import { placeOf, title } from '../manifests/resource.ts'
import type { Candidate } from './candidate.ts'

/** Where an image is used. */
export interface Use extends Place {
  title: string
  certain: boolean
}

/** The images of a cluster as they are written, with where they are used. */
export function imagesOf(members: readonly Candidate[]): Map<string, Use[]> {
  const images = new Map<string, Use[]>()
  for (const member of members) {
    if (member.type !== 'uses') continue
    for (const { image, path, certain } of member.uses) {
      const use = { ...placeOf(member.resource, path), title: title(member.resource), certain }
      const same = images.get(image)
      if (same) same.push(use)
      else images.set(image, [use])
    }
  }
  return images
}
