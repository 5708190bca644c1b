import { own, text } from './resource.ts'

const MADE = new Set(['Pod', 'Job', 'ReplicaSet', 'ReplicationController'])
/** What makes those of a running cluster and pulls the same images, or, as a node does, those of the release. */
const MAKERS = new Set(['ReplicaSet', 'ReplicationController', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Deployment', 'DeploymentConfig', 'Rollout', 'CatalogSource', 'Build', 'TaskRun', 'Node'])

/** Whether an object is what a controller made of another one that is read, too: a Pod of a Deployment, a Job of a CronJob. */
export function isMade(object: unknown): boolean {
  const owners = own(own(object, 'metadata'), 'ownerReferences')
  return MADE.has(text(own(object, 'kind'))) && Array.isArray(owners) && owners.some((owner: unknown) => own(owner, 'controller') === true && MAKERS.has(text(own(owner, 'kind'))))
}
