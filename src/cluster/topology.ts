import { isInstallConfig } from '../carriers/install.ts'
import { own, type Resource } from '../manifests/resource.ts'
import type { Candidate } from './candidate.ts'

/** Whether manifests say that a cluster has one node: its install-config, its Infrastructure while it runs, or what the assisted service installs it from. Such a cluster is never drained. */
export function isSingleNode(members: readonly Candidate[], cluster: string): boolean {
  return members.some((member) => member.type === 'release' && saysOne(member.release.resource, cluster))
}

function saysOne(resource: Resource, cluster: string): boolean {
  const { kind, value } = resource
  const spec = own(value, 'spec')
  if (isInstallConfig(resource)) return own(own(value, 'controlPlane'), 'replicas') === 1 && workers(own(value, 'compute')) === 0
  if (kind === 'Infrastructure') return own(own(value, 'status'), 'controlPlaneTopology') === 'SingleReplica' && own(own(value, 'status'), 'infrastructureTopology') === 'SingleReplica'
  if (kind === 'AgentClusterInstall') return own(own(spec, 'provisionRequirements'), 'controlPlaneAgents') === 1 && (own(own(spec, 'provisionRequirements'), 'workerAgents') ?? 0) === 0
  if (kind === 'ClusterInstance') return count(own(spec, 'nodes')) === 1
  const clusters = kind === 'SiteConfig' ? own(spec, 'clusters') : undefined
  return Array.isArray(clusters) && clusters.some((one: unknown) => own(one, 'clusterName') === cluster && count(own(one, 'nodes')) === 1)
}

function count(list: unknown): number {
  return Array.isArray(list) ? list.length : 0
}

/** Where no pool says how many, the installer makes three. */
function workers(pools: unknown): number {
  return Array.isArray(pools) ? (pools as unknown[]).reduce((sum: number, pool) => sum + Number(own(pool, 'replicas') ?? 3), 0) : 3
}
