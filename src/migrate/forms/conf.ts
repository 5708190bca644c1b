import { yaml } from '../../manifests/write.ts'
import { isWildcard } from '../../registries/location.ts'
import { readRegistries } from '../../registries/node.ts'
import { renderHostConf } from '../../registries/render.ts'
import type { Mirrors, Printed } from './form.ts'
import { isHost, notInstallable, refused } from './location.ts'
import { lostEntries, lostPolicies, lostTags } from './loss.ts'

/** A registries.conf for a host beside the cluster: the tables of its nodes. */
export function hostConf({ registries, search, version }: Mirrors): Printed {
  return { text: renderHostConf(registries, version, search), losses: [], errors: unreadable({ registries, search, version }), notes: [] }
}

const FORM = 'the assisted installer'

/**
 * The ConfigMap that `mirrorRegistryRef` of an AgentServiceConfig, an InfraEnv or an AgentClusterInstall names. All of it serves the hosts while they are discovered; of the installed cluster,
 * the service makes mirrors for pulls by digest, from `location` alone (openshift/assisted-service pkg/mirrorregistries/parser.go), and hands them to the installer.
 */
export function assisted({ name, entries, registries, search, version }: Mirrors): Printed {
  const digests = entries.filter(({ pull }) => pull === 'digest')
  const hosts = entries.filter(({ source }) => isHost(source))
  const wildcards = digests.filter(({ source }) => isWildcard(source))
  const sources = new Set(entries.filter((entry) => !hosts.includes(entry)).map(({ source }) => source))
  const kept = registries.filter(({ scope }) => sources.has(scope)) // what Image/cluster adds is no mirror
  const carried = digests.filter((entry) => !hosts.includes(entry) && !wildcards.includes(entry))
  return {
    text: carried.length > 0 ? configMap(name, renderHostConf(kept, version, search)) : '',
    losses: [
      ...lostEntries(hosts, `${FORM} takes repositories, and no registry without one`),
      ...lostEntries(wildcards, `${FORM} reads no wildcard; they serve the hosts while they are installed, and not the installed cluster`),
      ...lostTags(entries.filter((entry) => !hosts.includes(entry)), `the cluster that ${FORM} makes`, 'they serve the hosts while they are installed; apply the ImageTagMirrorSet of --to idms afterwards', false),
      ...lostPolicies(carried, `the cluster that ${FORM} makes`),
    ],
    errors: [...unreadable({ registries: kept, search, version }), ...refused(carried, FORM, notInstallable)],
    notes: ['the namespace is that of the assisted service; where the mirrors have a certificate of your own authority, `ca-bundle.crt` belongs beside registries.conf'],
  }
}

function configMap(name: string, conf: string): string {
  const metadata = { name: name === 'mirrors' ? name : `${name}-mirrors`, namespace: 'multicluster-engine', labels: { app: 'assisted-service' } }
  const block = conf.replace(/^(?=.)/gm, '    ')
  return `${yaml({ apiVersion: 'v1', kind: 'ConfigMap', metadata })}data:\n  registries.conf: |\n${block}`
}

/** What nodes of 4.15 and older are given may be what nobody can read. */
function unreadable({ registries, search, version }: Pick<Mirrors, 'registries' | 'search' | 'version'>): string[] {
  try {
    readRegistries(registries, search, version)
    return []
  } catch (error) {
    return [`no host can read this: ${(error as Error).message}`]
  }
}
