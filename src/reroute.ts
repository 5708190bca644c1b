import { imagesOf } from './cluster/images.ts'
import { nodesOf } from './cluster/node.ts'
import { gather } from './cluster/registries.ts'
import type { Cluster } from './clusters.ts'
import { locate, type Site } from './manifests/position.ts'
import type { AttemptFact } from './policy/facts.ts'
import { type Routed, routed } from './policy/pulls.ts'
import { same } from './pairs.ts'
import type { NodeConfiguration } from './registries/node.ts'
import type { Applied } from './registries/operator.ts'
import { formatReference, pulled } from './registries/reference.ts'

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
export function routesOf(old: Cluster, now: Cluster): RouteChange[] {
  const [before, after] = [nodeOf(old), nodeOf(now)]
  if (!before || !after) return []
  const earlier = imagesOf(old.members)
  return [...imagesOf(now.members)].flatMap(([image, uses]) => {
    const read = uses.filter(({ by }) => by !== 'other')
    const [from, to] = earlier.has(image) && read.length > 0 ? [routed(image, before), routed(image, after)] : []
    if (!from || !to || goesAs(routeOf(from)) === goesAs(routeOf(to))) return []
    const sites = read.map(({ document, path }) => locate(document, path))
    return [{ image, reference: formatReference(pulled(to.reference)), cluster: now.name, before: routeOf(from), after: routeOf(to), sites }]
  })
}

/** A pull that an entry decided before and none does now, or that can no longer work, in any of the clusters that there were before. */
export function astray(before: readonly Cluster[], after: readonly Cluster[]): RouteChange | undefined {
  const old = new Map(before.map((one) => [one.name, one]))
  for (const now of after) {
    const then = old.get(now.name)
    const lost = then && !same(then.members, now.members) && routesOf(then, now).find((one) => (one.before.prefix !== null && one.after.prefix === null) || (one.before.error === null && one.after.error !== null))
    if (lost) return lost
  }
  return undefined
}

/** What decides pulls; undefined where the operator refuses the configuration, or nodes cannot read theirs. */
function nodeOf({ members, version }: Cluster): { node: NodeConfiguration; applied: Applied } | undefined {
  const nodes = nodesOf(gather(members, version), version)
  return nodes.refused !== undefined || 'error' in nodes.node ? undefined : { node: nodes.node, applied: nodes.applied }
}

/** Which entry decides is of no account where the locations are the same. */
function goesAs({ attempts, error }: Route): string {
  return JSON.stringify([attempts, error])
}

function routeOf({ route, attempts, error, entry }: Routed): Route {
  const open = attempts.filter(({ blocked }) => blocked === undefined)
  const prefix = entry?.prefix ?? null
  if (route === 'fails' || route === 'rejected') return { prefix, attempts: [], error: error ?? null }
  return { prefix, attempts: open, error: open.length === 0 ? 'every location is blocked' : null }
}
