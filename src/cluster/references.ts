import type { Path } from '../manifests/document.ts'
import { own, type Resource } from '../manifests/resource.ts'
import { isMirrorKind } from '../openshift/kinds.ts'
import { lookalikes } from './lookalikes.ts'
import { type Pull, pulls, shapeOf } from './pulls.ts'

/** An image that a resource makes a node (or the cluster) pull. */
export interface ImageUse {
  /** As written, trimmed of nothing but the transport of a URL (`docker://`); put together where a custom resource writes it in parts. */
  image: string
  /** Where it stands in the resource's value. */
  path: Path
  /** It is in a field that is known to be pulled; false for a field of a custom resource that only looks like one. */
  certain: boolean
}

/** API groups of custom resources that pull nothing they name, or that name what others pull. */
const SILENT = new Set([
  'admissionregistration.k8s.io', 'apiextensions.k8s.io', 'apiregistration.k8s.io', 'certificates.k8s.io', 'coordination.k8s.io', 'discovery.k8s.io',
  'networking.k8s.io', 'rbac.authorization.k8s.io', 'scheduling.k8s.io', 'snapshot.storage.k8s.io', 'storage.k8s.io', 'gateway.networking.k8s.io',
  'authorization.openshift.io', 'config.openshift.io', 'image.openshift.io', 'oauth.openshift.io', 'project.openshift.io', 'quota.openshift.io',
  'route.openshift.io', 'security.openshift.io', 'template.openshift.io', 'user.openshift.io', 'mirror.openshift.io',
  'kustomize.config.k8s.io', 'config.kubernetes.io', 'kustomize.toolkit.fluxcd.io', 'helm.toolkit.fluxcd.io', 'source.toolkit.fluxcd.io',
  'image.toolkit.fluxcd.io', 'helm.cattle.io', 'backstage.io', 'cert-manager.io', 'external-secrets.io', 'k8s.cni.cncf.io', 'nmstate.io',
  'kyverno.io', 'policy.sigstore.dev', 'constraints.gatekeeper.sh', 'templates.gatekeeper.sh', 'config.stackrox.io',
])

/**
 * Every image reference of a resource, in the order of the document. Placeholders are left out, and so are the images that an image stream puts in
 * their place. Resources that stand inside this one (`objects` of a Template, a Policy) are to be asked for themselves.
 */
export function imageUses({ apiVersion, kind, value }: Pick<Resource, 'apiVersion' | 'kind' | 'value'>): ImageUse[] {
  if (kind === '') return []
  const [group] = apiVersion.includes('/') ? apiVersion.split('/', 1) as [string] : ['']
  const shape = shapeOf(group, kind)
  if (shape) {
    const replaced = replacements(group, kind, value)
    return pulls(value, shape).filter((pull) => !replaced(pull)).map((pull) => ({ ...pull, certain: true }))
  }
  if (!group.includes('.') || SILENT.has(group) || isMirrorKind(kind)) return []
  return lookalikes(value).map((pull) => ({ ...pull, certain: false }))
}

/** Which containers of a workload get their image from an image stream, whatever is written: OpenShift's image trigger controller. */
function replacements(group: string, kind: string, value: Record<string, unknown>): (pull: Pull) => boolean {
  const triggers = kind === 'DeploymentConfig' ? changes(value) : group === 'apps' || kind === 'CronJob' ? annotated(value) : []
  if (triggers.length === 0) return () => false
  return ({ path }) => {
    const [list, index, field] = path.slice(-3)
    if (field !== 'image' || (list !== 'containers' && list !== 'initContainers')) return false
    const name = own(path.slice(0, -1).reduce((node: unknown, key) => (node as Record<string, unknown>)[key], value), 'name')
    return triggers.some((trigger) => (trigger.list ?? list) === list && (trigger.name === name || trigger.index === index))
  }
}

interface Trigger {
  /** Undefined for containers of either list. */
  list?: string
  name?: string
  index?: number
}

/** The ImageChange triggers of a DeploymentConfig; one that is not automatic changes nothing. */
function changes(value: Record<string, unknown>): Trigger[] {
  const triggers = own(own(value, 'spec'), 'triggers')
  return list(triggers).flatMap((trigger): Trigger[] => {
    const change = own(trigger, 'imageChangeParams')
    if (own(change, 'automatic') !== true || own(own(change, 'from'), 'kind') !== 'ImageStreamTag') return []
    return list(own(change, 'containerNames')).flatMap((name) => (typeof name === 'string' ? [{ name }] : []))
  })
}

const FIELD = /\b(containers|initContainers)\[(?:(\d+)|\?\(@\.name==?["']([^"']+)["']\))\]\.image$/

/** The triggers that `oc set triggers` writes into an annotation of other workloads. */
function annotated(value: Record<string, unknown>): Trigger[] {
  const text = own(own(own(value, 'metadata'), 'annotations'), 'image.openshift.io/triggers')
  return list(json(text)).flatMap((trigger) => {
    const field = own(trigger, 'fieldPath')
    const match = typeof field === 'string' ? FIELD.exec(field) : undefined
    if (!match || String(own(trigger, 'paused')) === 'true' || own(own(trigger, 'from'), 'kind') !== 'ImageStreamTag') return []
    return [{ list: match[1]!, ...(match[2] === undefined ? { name: match[3]! } : { index: Number(match[2]) }) }]
  })
}

function json(text: unknown): unknown {
  if (typeof text !== 'string') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
