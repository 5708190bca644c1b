import type { Candidate } from '../cluster/candidate.ts'
import type { Group } from '../cluster/group.ts'
import { lacksMirrors } from '../cluster/running.ts'
import { nodesOf } from '../cluster/node.ts'
import { gather, hostedCluster } from '../cluster/registries.ts'
import type { Document } from '../manifests/document.ts'
import { own, type Resource, title } from '../manifests/resource.ts'
import { meantKind, MIRROR_KINDS } from '../openshift/kinds.ts'
import { kindsExclude } from '../registries/refusal.ts'
import type { Facts, ImageFact, UnreadableFact } from './facts.ts'
import type { Places } from './places.ts'
import { collisions, imageFacts, pullsOf } from './pulls.ts'
import { answer, defectFacts, repeatedImages, setFacts, setsOf } from './sets.ts'
import { settingFacts } from './settings.ts'
import type { MisplacedFact } from './setfacts.ts'

/** What lies in no cluster. */
export const NOWHERE = { name: '', version: undefined, disconnected: false, declared: true, own: undefined, why: '' } satisfies Omit<Group<Candidate>, 'members'>

/** The facts of one cluster. `places` numbers what they point to. */
export function facts(group: Group<Candidate>, places: Places, rules: string[]): Facts {
  const gathered = gather(group.members, group.version)
  const nodes = nodesOf(gathered, group.version)
  const sets = setsOf(group)
  const sourceOf = (scope: string) => sets.sources.get(scope)
  const pulls = pullsOf(group, gathered, nodes, sourceOf, places)
  const images = pulls ? imageFacts(pulls) : []
  const ofSets = setFacts(sets, group, pulls, images, places)
  const hosted = hostedCluster(group.members)
  return {
    rules,
    cluster: {
      name: group.name,
      version: group.version ?? null,
      disconnected: group.disconnected,
      declared: group.declared,
      kindsExclude: answer(kindsExclude(group.version)),
      ...(nodes.refused === undefined ? {} : { refused: nodes.refused }),
      incomplete: gathered.open.length > 0 || lacksMirrors(group),
      running: group.running !== undefined,
      unseen: [...(group.running?.unseen ?? [])].sort(),
      ...(hosted ? { hosted: title(hosted) } : {}),
      release: { repository: gathered.configuration.release.name, assumed: gathered.releaseAssumed },
      written: nodes.refused === undefined ? new TextEncoder().encode(nodes.applied.files[0]!.content).length : 0,
    },
    ...ofSets,
    repeats: [...ofSets.repeats, ...repeatedImages(group.members.flatMap((member) => (member.type === 'image' ? [member.image.resource] : [])), places)],
    images,
    imageHosts: counted(images),
    collisions: collisions(images),
    ...settingFacts(group, { running: group.running, gathered, nodes, pulls, sourceOf, places, images, ...ofSets }),
    defects: group.members.flatMap((member) => {
      if (member.type === 'set') return defectFacts(member.set.kind, member.set.resource, places)
      return member.type === 'image' ? defectFacts('Image', member.image.resource, places) : []
    }),
    misplaced: group.members.flatMap((member) => (member.type === 'misplaced' ? [misplacedFact(member.resource, places)] : [])),
    waivers: [],
    unreadable: group.members.flatMap((member) => (member.type === 'document' ? [unreadableFact(member.document, places)] : [])),
  }
}

function counted(images: readonly ImageFact[]): Record<string, number> {
  const hosts = new Map<string, number>()
  for (const { host } of images) hosts.set(host, (hosts.get(host) ?? 0) + 1)
  return Object.fromEntries(hosts)
}

function misplacedFact(resource: Resource, places: Places): MisplacedFact {
  const { kind, apiVersion } = resource
  const meant = meantKind(kind)!
  const expected = { kind: meant, apiVersion: MIRROR_KINDS[meant].apiVersion }
  const listed = own(own(resource.value, 'spec'), MIRROR_KINDS[meant].list) !== undefined
  const fields = { kind: places.at(resource, ['kind']), apiVersion: places.at(resource, ['apiVersion']) }
  return { title: title(resource), kind, apiVersion, expected, listed, fields, at: places.at(resource, [kind === meant && apiVersion !== '' ? 'apiVersion' : 'kind']) }
}

function unreadableFact(document: Document, places: Places): UnreadableFact {
  const { message, readable } = document.problem!
  return { message, readable, at: places.document(document) }
}
