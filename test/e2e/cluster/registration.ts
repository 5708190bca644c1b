import { readFileSync } from 'node:fs'
import { loadAll } from 'js-yaml'
import { mirrorproof } from '../../command.ts'
import type { Cluster } from '../cluster.ts'
import { eventually } from './process.ts'
import type { Service } from './service.ts'

interface Manifest {
  kind: string
  metadata: { name: string }
  webhooks?: { clientConfig: unknown }[]
}

/** The namespace and the ServiceAccount of what `mirrorproof install` writes. */
export const ACCOUNT = ['mirrorproof', 'mirrorproof'] as const

/** What `mirrorproof install` prints. */
export function installed(flags: string[] = []): string {
  const { code, stdout, stderr } = mirrorproof(['install', '--image', 'registry.example.com/mirrorproof:test', ...flags])
  if (code !== 0) throw new Error(`mirrorproof install: ${stderr}`)
  return stdout
}

let count = 0

/**
 * Registers the webhook as `mirrorproof install` does, but by its address, for a cluster without nodes runs no pods behind a Service.
 * Resolves once the API server asks one of the services.
 */
export async function register(cluster: Cluster, port: number, services: readonly Service[], flags: string[] = []): Promise<void> {
  const registration = (loadAll(installed(flags)) as Manifest[]).find(({ kind }) => kind === 'ValidatingWebhookConfiguration')!
  const clientConfig = { url: `https://127.0.0.1:${port}/validate`, caBundle: readFileSync(cluster.ca).toString('base64') }
  const own = { ...registration, webhooks: registration.webhooks!.map((webhook) => ({ ...webhook, clientConfig })) }
  const { code, stderr } = await cluster.kubectl(['apply', '--filename', '-'], JSON.stringify(own))
  if (code !== 0) throw new Error(stderr)
  const name = `probe-${++count}`
  await eventually('the API server asks the webhook', async () => {
    await cluster.api('POST', '/apis/config.openshift.io/v1/imagedigestmirrorsets?dryRun=All', mirrorSet('ImageDigestMirrorSet', name, [{ source: `probe.example.com/${name}`, mirrors: ['mirror.example.net/probe'] }]))
    return services.some(({ lines }) => lines.some((line) => line['name'] === name))
  })
}

export interface Entry {
  source: string
  mirrors?: string[]
  mirrorSourcePolicy?: 'NeverContactSource' | 'AllowContactingSource'
}

const LISTS = { ImageDigestMirrorSet: 'imageDigestMirrors', ImageTagMirrorSet: 'imageTagMirrors', ImageContentSourcePolicy: 'repositoryDigestMirrors' } as const

/** A mirror set of any kind. */
export function mirrorSet(kind: keyof typeof LISTS, name: string, entries: Entry[], metadata: object = {}) {
  const apiVersion = kind === 'ImageContentSourcePolicy' ? 'operator.openshift.io/v1alpha1' : 'config.openshift.io/v1'
  return { apiVersion, kind, metadata: { name, ...metadata }, spec: { [LISTS[kind]]: entries } }
}

/** A ClusterVersion of this release, which a cluster of these tests has but for its status, which is written by itself. */
export async function setVersion(cluster: Cluster, version: string): Promise<void> {
  const image = `quay.io/openshift-release-dev/ocp-release@sha256:${'0'.repeat(64)}`
  const time = '2026-01-01T00:00:00Z'
  const path = '/apis/config.openshift.io/v1/clusterversions'
  const object = { apiVersion: 'config.openshift.io/v1', kind: 'ClusterVersion', metadata: { name: 'version' }, spec: { clusterID: '00000000-0000-4000-8000-000000000000', channel: '' } }
  await cluster.api('POST', path, object)
  const { body } = await cluster.api('GET', `${path}/version`)
  const status = {
    desired: { version, image }, observedGeneration: 1, versionHash: 'x', availableUpdates: null,
    history: [{ state: 'Completed', startedTime: time, completionTime: time, version, image, verified: true }],
  }
  const { status: code, body: said } = await cluster.api('PUT', `${path}/version/status`, { ...(body as object), status })
  if (code !== 200) throw new Error(JSON.stringify(said))
}
