import { yaml } from '../../manifests/write.ts'
import { since } from '../../openshift/version.ts'
import { isWildcard } from '../../registries/location.ts'
import type { Mirrors, Printed } from './form.ts'
import { isHost, notInstallable, refused, sourceFirst } from './location.ts'
import { lostEntries, lostPolicies, lostTags } from './loss.ts'

const FORM = 'an install-config'

/**
 * The list of an install-config, under the name that the installer of the version knows. Hosts as sources and mirrors are taken since 4.10 (openshift/installer PR 5346), `sourcePolicy`
 * since 4.21 (PR 10050).
 */
export function installConfig({ version, entries }: Mirrors): Printed {
  const digests = entries.filter(({ pull }) => pull === 'digest')
  const wildcards = digests.filter(({ source }) => isWildcard(source))
  const hosts = since(version, 4, 10) ? [] : digests.filter(({ source, mirrors }) => [source, ...mirrors].some(isHost))
  const carried = digests.filter((entry) => !wildcards.includes(entry) && !hosts.includes(entry))
  const policies = since(version, 4, 21)
  const items = carried.map(({ source, mirrors, policy }) => ({ source, mirrors, sourcePolicy: policies ? policy : undefined }))
  const list = since(version, 4, 14) ? 'imageDigestSources' : 'imageContentSources'
  return {
    text: items.length > 0 ? yaml({ [list]: items }) : '',
    losses: [
      ...lostTags(entries, FORM, 'hand the ImageTagMirrorSet of --to idms to the installer as a manifest', policies),
      ...lostEntries(wildcards, `${FORM} takes no wildcard as a source; hand them to the installer as an ImageDigestMirrorSet (--to idms)`),
      ...lostEntries(hosts, `the installer of OpenShift ${version?.text} takes repositories, and no registry without one`),
      ...(policies ? [] : lostPolicies(carried, `${FORM} before OpenShift 4.21`)),
    ],
    errors: [...refused(carried, 'the installer', notInstallable), ...sourceFirst(carried, policies)],
    notes: policies && carried.some(({ policy }) => policy) ? ['`sourcePolicy` is new in OpenShift 4.21: openshift-install explain installconfig.imageDigestSources tells whether your installer knows it'] : [],
  }
}
