import { type Comment, comments } from '../manifests/comment.ts'
import type { File } from '../manifests/document.ts'
import { locate, outermost, type Site } from '../manifests/position.ts'
import { own, placeOf, type Resource, WAIVERS } from '../manifests/resource.ts'
import type { At } from './facts.ts'
import type { Places } from './places.ts'
import { type Configured, readWaiver, type Said } from './waiver.ts'

/** A waiver of a run. */
export type Written = Said & {
  /** In which file (`File.place`). */
  place: string
  site: Site
  at: At
} & (Of<'comment', Pick<Comment, 'lines' | 'readable'>> | Of<'annotation', { objects: Set<Resource> }> | Of<'configuration', Pick<Configured, 'paths' | 'object'>>)

type Of<By extends string, Reach> = { by: By } & Reach

/** All waivers that files, objects and the configuration hold. `places` numbers where they stand. */
export function waiversOf(files: readonly File[], resources: Iterable<Resource>, configured: readonly Configured[], places: Places): Written[] {
  return [
    ...files.flatMap((file) => comments(file).map((one): Written => {
      const { document, text, lines, readable } = one
      return { ...readWaiver(text), by: 'comment', place: file.place, site: locate(document, []), at: places.document(document), lines, readable }
    })),
    ...annotations(resources, places),
    ...configured.map(({ rule, paths, object, reason, until, place }): Written => ({
      rules: [rule], until, reason, by: 'configuration', place: place.document.file.place, site: locate(place.document, place.path), at: places.place(place),
      ...(paths ? { paths } : {}), ...(object ? { object } : {}),
    })),
  ]
}

/** Each line of the annotation is a waiver. What Kustomize puts on many objects, or builds many of, is one. */
function annotations(resources: Iterable<Resource>, places: Places): Written[] {
  const path = ['metadata', 'annotations', WAIVERS]
  const found = new Map<string, Written & { by: 'annotation' }>()
  for (const resource of resources) {
    const value = own(own(own(resource.value, 'metadata'), 'annotations'), WAIVERS)
    if (value === undefined) continue
    const { document, path: whole } = placeOf(resource, path)
    const at = places.at(resource, path)
    for (const line of linesOf(value)) {
      const key = JSON.stringify([at.doc, whole, line])
      const same = found.get(key)
      if (same) same.objects.add(resource)
      else found.set(key, { ...readWaiver(line), by: 'annotation', place: outermost(document).file.place, site: locate(document, whole), at, objects: new Set([resource]) })
    }
  }
  return [...found.values()]
}

/** The lines of an annotation that say something; one that says nothing is there to be told of an annotation without any. */
function linesOf(value: unknown): string[] {
  const lines = typeof value === 'string' ? value.split(/[\r\n]+/).filter((line) => line.trim() !== '') : []
  return lines.length > 0 ? lines : ['']
}
