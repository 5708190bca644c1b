import type { Judged } from './check.ts'
import { nodesOf } from './cluster/node.ts'
import { gather } from './cluster/registries.ts'
import { locate, type Site } from './manifests/position.ts'
import type { AttemptFact, ImageFact } from './policy/facts.ts'
import { Places } from './policy/places.ts'
import { imageFacts, pullsOf } from './policy/pulls.ts'

/** How an image is pulled: the locations that are contacted, in order; where there are none, why. */
export interface Route {
  /** Of the entry of registries.conf that decides; null where none does. */
  prefix: string | null
  attempts: AttemptFact[]
  error: string | null
}

/** A pull that goes elsewhere than before. */
export interface RouteChange {
  image: string
  /** What is pulled, normalised. */
  reference: string
  cluster: string
  before: Route
  after: Route
  /** Where the image is used, after the change. */
  sites: Site[]
}

/** The pulls of a cluster that go elsewhere than before; of images that were pulled before, too, and of which both routes are known. */
export function routesOf(old: Judged, now: Judged): RouteChange[] {
  const [before, after] = [imagesOf(old), imagesOf(now)]
  return [...after.images].flatMap(([image, fact]) => {
    const earlier = before.images.get(image)
    const [from, to] = [earlier && routeOf(earlier), routeOf(fact)]
    if (!from || goesAs(from) === goesAs(to)) return []
    return [{ image, reference: fact.reference, cluster: now.name, before: from, after: to, sites: [fact, ...fact.more].map(({ at }) => locate(after.places.documents[at.doc]!, at.path, at.key)) }]
  })
}

/** Which entry decides is of no account where the locations are the same. */
function goesAs({ attempts, error }: Route): string {
  return JSON.stringify([attempts, error])
}

function imagesOf(judged: Judged): { images: Map<string, ImageFact>; places: Places } {
  const places = new Places()
  const gathered = gather(judged.members, judged.version)
  const pulls = pullsOf(judged, gathered, nodesOf(gathered, judged.version), () => undefined, places)
  return { places, images: new Map((pulls ? imageFacts(pulls) : []).map((fact) => [fact.image, fact])) }
}

function routeOf({ route, attempts, error, entry }: ImageFact): Route {
  const open = attempts.filter(({ blocked }) => blocked === undefined)
  const prefix = entry?.prefix ?? null
  if (route === 'fails' || route === 'rejected') return { prefix, attempts: [], error: error ?? null }
  return { prefix, attempts: open, error: open.length === 0 ? 'every location is blocked' : null }
}
