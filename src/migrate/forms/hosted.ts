import { yaml } from '../../manifests/write.ts'
import { type Entry, siteOf } from './entry.ts'
import type { Mirrors, Printed } from './form.ts'
import { malformed, refused, sourceFirst } from './location.ts'
import { lostPolicies, lostTags } from './loss.ts'

const FORM = 'a HostedCluster'

/** How many sources a HostedCluster holds, how many mirrors each, and how many characters a location (hypershift/api ImageContentSource). */
const MOST = 255

/** `imageContentSources` of a HostedCluster, as a merge patch, which puts the list in the place of the one that is there. */
export function hostedCluster({ entries }: Mirrors): Printed {
  const carried = entries.filter(({ pull }) => pull === 'digest')
  const items = carried.map(({ source, mirrors }) => ({ source, mirrors }))
  return {
    text: items.length > 0 ? yaml({ spec: { imageContentSources: items } }) : '',
    losses: [...lostTags(entries, FORM, 'a hosted cluster has no other place for them, so let images be pulled by digest', true), ...lostPolicies(carried, FORM)],
    errors: [...tooMany(carried), ...carried.flatMap(tooMuch), ...refused(carried, 'the API server', malformed), ...sourceFirst(carried, false)],
    notes: ['the patch takes the place of the whole list, and all NodePools of the HostedCluster are rolled out anew'],
  }
}

function tooMany(entries: readonly Entry[]): string[] {
  return entries.length > MOST ? [`${FORM} holds ${MOST} sources, and there are ${entries.length}: mirror namespaces in place of repositories`] : []
}

function tooMuch({ source, mirrors, parts: [part] }: Entry): string[] {
  const long = [source, ...mirrors].find((location) => location.length > MOST)
  return [
    ...(mirrors.length > MOST ? [`${siteOf(part!, 'source')}: \`${source}\` has ${mirrors.length} mirrors, and ${FORM} holds ${MOST} of a source`] : []),
    ...(long === undefined ? [] : [`${siteOf(part!, 'source')}: \`${long.slice(0, 60)}…\` has ${long.length} characters, and ${FORM} takes ${MOST}`]),
  ]
}
