import type { Document } from '../manifests/document.ts'
import { inside, isObject, own, type Resource } from '../manifests/resource.ts'
import { configMap, secret } from './configmap.ts'
import { budget, type Contents, holding, labels, type Surroundings, type Unread } from './contents.ts'
import { policyGenerator, policyGenTemplate } from './generator.ts'
import { agentClusterInstall, agentServiceConfig, clusterInstance, hostedCluster, infraEnv, installConfig, isInstallConfig, nodePool, siteConfig } from './install.ts'
import { configurationPolicy, manifestWork, manifestWorkReplicaSet, policy, syncSet } from './policy.ts'
import { template } from './template.ts'

type Carrier = (resource: Resource, surroundings: Surroundings) => Contents

/** What carries other objects, by kind and the API group that it is in. */
const CARRIERS: Record<string, [group: RegExp, carrier: Carrier]> = {
  Template: [/^(?:template\.openshift\.io\/)?v1$/, template],
  Policy: [/^policy\.open-cluster-management\.io\//, policy],
  ConfigurationPolicy: [/^policy\.open-cluster-management\.io\//, configurationPolicy],
  PolicyGenerator: [/^policy\.open-cluster-management\.io\//, policyGenerator],
  PolicyGenTemplate: [/^ran\.openshift\.io\//, policyGenTemplate],
  ManifestWork: [/^work\.open-cluster-management\.io\//, manifestWork],
  ManifestWorkReplicaSet: [/^work\.open-cluster-management\.io\//, manifestWorkReplicaSet],
  SyncSet: [/^hive\.openshift\.io\//, syncSet],
  SelectorSyncSet: [/^hive\.openshift\.io\//, syncSet],
  ConfigMap: [/^v1$/, configMap],
  Secret: [/^v1$/, secret],
  ClusterInstance: [/^siteconfig\.open-cluster-management\.io\//, clusterInstance],
  SiteConfig: [/^ran\.openshift\.io\//, siteConfig],
  AgentClusterInstall: [/^extensions\.hive\.openshift\.io\//, agentClusterInstall],
  AgentServiceConfig: [/^agent-install\.openshift\.io\//, agentServiceConfig],
  InfraEnv: [/^agent-install\.openshift\.io\//, infraEnv],
  HostedCluster: [/^hypershift\.openshift\.io\//, hostedCluster],
  NodePool: [/^hypershift\.openshift\.io\//, nodePool],
}

/** What they hold is for clusters that are chosen by labels, where they say which. */
const SELECTIONS: Record<string, (value: Record<string, unknown>) => string> = {
  Policy: () => '',
  ConfigurationPolicy: () => '',
  PolicyGenerator: () => '', // each of its policies has its own
  PolicyGenTemplate: (value) => labels(own(own(value, 'spec'), 'bindingRules')),
  SelectorSyncSet: (value) => labels(own(own(own(value, 'spec'), 'clusterDeploymentSelector'), 'matchLabels')),
  ManifestWorkReplicaSet: () => '',
}

/** Carriers in carriers are followed to this depth; no real one goes past four. */
const MOST_DEEP = 16

/** A resource and all that stands inside it. */
export function unpack(outer: Resource, surroundings: Omit<Surroundings, 'budget'>): { resources: Resource[]; broken: Document[]; unread: Unread[] } {
  const result: ReturnType<typeof unpack> = { resources: [], broken: [], unread: [] }
  const waiting: { resource: Resource; depth: number }[] = [{ resource: outer, depth: 0 }]
  const left = budget()
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { resource, depth } = next
    result.resources.push(resource)
    const carrier = carrierOf(resource)
    if (!carrier) continue
    const { resources, broken, unread } = carrier(Object.hasOwn(SELECTIONS, resource.kind) ? { ...resource, managed: SELECTIONS[resource.kind]!(resource.value) || resource.managed || '' } : resource, { ...surroundings, budget: left })
    for (const one of broken) result.broken.push(one)
    for (const one of unread) result.unread.push(one)
    const kept = depth < MOST_DEEP ? resources.slice(0, Math.max(left.objects, 0)) : []
    left.objects -= kept.length
    if (kept.length < resources.length) result.unread.push({ place: { document: resource.document, path: resource.path }, reason: 'carrier', message: 'it holds more objects, or deeper inside of each other, than are read' })
    for (const inner of kept.toReversed()) waiting.push({ resource: inner, depth: depth + 1 })
  }
  return result
}

/** Whether what a resource holds is taken apart. */
export function isCarrier(resource: Resource): boolean {
  return carrierOf(resource) !== undefined
}

/** The items of a list in another carrier; those of a document are its resources already. */
function list({ kind, apiVersion, ...carrier }: Resource): Contents {
  const items = own(carrier.value, 'items') as unknown[]
  const type = { apiVersion: kind === 'List' ? '' : apiVersion, kind: kind.slice(0, -'List'.length) }
  return holding(items.flatMap((item, index) => (isObject(item) ? [inside({ kind, apiVersion, ...carrier }, ['items', index], item, type)] : [])))
}

function carrierOf(resource: Resource): Carrier | undefined {
  if (isInstallConfig(resource)) return installConfig
  if (resource.kind.endsWith('List') && Array.isArray(own(resource.value, 'items'))) return list
  const [group, carrier] = Object.hasOwn(CARRIERS, resource.kind) ? CARRIERS[resource.kind]! : []
  return group?.test(resource.apiVersion) ? carrier : undefined
}
