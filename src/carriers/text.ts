import type { Place } from '../manifests/document.ts'
import { belonging, inside, isObject, type Resource } from '../manifests/resource.ts'
import { unwrap } from '../manifests/unwrap.ts'
import { mentions } from '../openshift/kinds.ts'
import { type Budget, type Contents, holding } from './contents.ts'
import { embedded } from './embedded.ts'

/** The resources of a manifest in a string of `carrier`. A text that mentions nothing of interest is passed over, whatever it is. */
export function manifestsIn(carrier: Resource, text: string, within: Place, budget: Budget): Contents {
  if (!mentions(text)) return holding([])
  const documents = embedded(text, within, budget)
  if (!documents) return { resources: [], broken: [], unread: [{ place: within, reason: 'template', message: 'a template that is no YAML until it is rendered' }] }
  const broken = documents.filter(({ problem }) => problem && !problem.readable)
  const resources = documents.flatMap((document) => (document.problem && !document.problem.readable ? [] : unwrap(document)))
  return { resources: resources.map((one) => ({ ...one, ...belonging(carrier) })), broken, unread: [] }
}

/** The objects of a list in a resource, as resources of their own. */
export function items(carrier: Resource, path: (string | number)[], list: unknown): Resource[] {
  return Array.isArray(list) ? list.flatMap((item: unknown, index) => (isObject(item) ? [inside(carrier, [...path, index], item)] : [])) : []
}
