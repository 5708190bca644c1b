import type { Path } from '../manifests/document.ts'
import { belonging, inside, isObject, own, placeOf, type Resource, resource, text } from '../manifests/resource.ts'
import { mentions } from '../openshift/kinds.ts'
import { type Budget, type Contents, holding, type Surroundings, together } from './contents.ts'
import { embedded } from './embedded.ts'
import { items } from './text.ts'

/** The policies inside an ACM Policy. */
export function policy(carrier: Resource): Contents {
  if (own(own(carrier.value, 'spec'), 'disabled') === true) return holding([])
  const path = ['spec', 'policy-templates']
  const templates = own(own(carrier.value, 'spec'), 'policy-templates')
  if (!Array.isArray(templates)) return holding([])
  return holding(templates.flatMap((one: unknown, index) => {
    const definition = own(one, 'objectDefinition')
    return isObject(definition) ? [inside(carrier, [...path, index, 'objectDefinition'], definition)] : []
  }))
}

/** The objects that a ConfigurationPolicy of ACM wants to be there. */
export function configurationPolicy(carrier: Resource, { budget }: Surroundings): Contents {
  const spec = own(carrier.value, 'spec')
  const listed = wanted(own(spec, 'object-templates')).map(([path, definition]) => inside(carrier, ['spec', 'object-templates', ...path], definition))
  const raw = own(spec, 'object-templates-raw')
  return together([holding(listed), typeof raw === 'string' ? rawTemplates(carrier, raw, budget) : holding([])])
}

function wanted(templates: unknown): [path: Path, definition: Record<string, unknown>][] {
  return (Array.isArray(templates) ? (templates as unknown[]) : []).flatMap((one, index) => {
    const definition = own(one, 'objectDefinition')
    const absent = text(own(one, 'complianceType')).toLowerCase() === 'mustnothave'
    return isObject(definition) && !absent ? [[[index, 'objectDefinition'], definition] as [Path, Record<string, unknown>]] : []
  })
}

/** It is a Go template; only where nothing in it is one, it can be read as it stands. */
function rawTemplates(carrier: Resource, raw: string, budget: Budget): Contents {
  if (!mentions(raw)) return holding([])
  const within = placeOf(carrier, ['spec', 'object-templates-raw'])
  const documents = raw.includes('{{') ? undefined : embedded(raw, within, budget)
  if (!documents) return { resources: [], broken: [], unread: [{ place: within, reason: 'template', message: '`object-templates-raw` is a template that is filled in on the hub' }] }
  const broken = documents.filter(({ problem }) => problem && !problem.readable)
  const resources = documents.flatMap((document) => wanted(document.value).map(([path, definition]) => resource(definition, { document, path, ...belonging(carrier) })))
  return { resources, broken, unread: [] }
}

/** The manifests of a ManifestWork, which are for the cluster that its namespace is called after. */
export function manifestWork(carrier: Resource): Contents {
  const { namespace } = carrier
  const found = items(carrier, ['spec', 'workload', 'manifests'], own(own(own(carrier.value, 'spec'), 'workload'), 'manifests'))
  return holding(namespace === undefined ? found : found.map((one) => ({ ...one, cluster: namespace })))
}

export function manifestWorkReplicaSet(carrier: Resource): Contents {
  const workload = own(own(own(carrier.value, 'spec'), 'manifestWorkTemplate'), 'workload')
  return holding(items(carrier, ['spec', 'manifestWorkTemplate', 'workload', 'manifests'], own(workload, 'manifests')))
}

/** The resources of a SyncSet of Hive, which are for the clusters that it names, or, of a SelectorSyncSet, for those with some labels. */
export function syncSet(carrier: Resource, { budget }: Surroundings): Contents {
  const spec = own(carrier.value, 'spec')
  const found = items(carrier, ['spec', 'resources'], own(spec, 'resources'))
  const refs = own(spec, 'clusterDeploymentRefs')
  const clusters = (Array.isArray(refs) ? (refs as unknown[]) : []).map((ref) => text(own(ref, 'name'))).filter((name) => name !== '')
  const patches = own(spec, 'patches')
  const unread = (Array.isArray(patches) ? (patches as unknown[]) : []).flatMap((patch, index) => (mentions(`kind: ${text(own(patch, 'kind'))}`)
    ? [{ place: placeOf(carrier, ['spec', 'patches', index]), reason: 'carrier' as const, message: `the patch of ${text(own(patch, 'kind'))} in ${carrier.kind}/${carrier.name} is not applied: it changes an object on the cluster` }] : []))
  const most = Math.ceil(budget.objects / Math.max(found.length, 1))
  const resources = clusters.length === 0 ? found : [...new Set(clusters)].slice(0, most).flatMap((cluster) => found.map((one) => ({ ...one, cluster })))
  return { resources, broken: [], unread }
}
