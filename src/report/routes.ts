import { discreet } from '../manifests/discreet.ts'
import type { Route, RouteChange } from '../reroute.ts'
import { groups } from './groups.ts'
import { list, plural } from './summary.ts'

/** Pulls that change in the same way, told together. */
export interface RouteGroup {
  /** The names of the clusters. */
  cluster: string
  /** What they pull: one image, or how many below what. */
  images: string
  /** The same, with what is an image or a part of one in backticks. */
  named: string
  /** The locations in their order, without what is the same for the image itself. */
  from: Step[]
  to: Step[]
  /** The same in words. */
  before: string
  after: string
  routes: RouteChange[]
}

/** A location that is tried: a repository, or what lies around several. */
export interface Step {
  location: string
  mirror: boolean
  insecure: boolean
}

/** Puts together the pulls that change in the same way, also where several clusters share them, the largest groups first. */
export function grouped(routes: readonly RouteChange[]): RouteGroup[] {
  const byCluster = new Map<string, { common: string; from: Step[]; to: Step[]; routes: RouteChange[] }>()
  for (const route of routes) {
    const rest = restOf(route)
    const [from, to] = [steps(route.before, rest), steps(route.after, rest)]
    const common = route.reference.slice(0, route.reference.length - rest.length)
    const key = JSON.stringify([route.cluster, common, from, to, route.before.error, route.after.error])
    const group = byCluster.get(key)
    if (group) group.routes.push(route)
    else byCluster.set(key, { common, from, to, routes: [route] })
  }
  const told = [...byCluster.values()].map((group) => (group.routes.length === 1 ? alone(group.routes[0]!) : together(group)))
  return groups(told, ({ from, to, before, after, routes: some }) => JSON.stringify([from, to, before, after, some.map(({ image }) => image)])).map(([, same]) => shared(same)).sort((a, b) => b.routes.length - a.routes.length)
}

function shared(same: readonly RouteGroup[]): RouteGroup {
  return { ...same[0]!, cluster: list(same.map(({ cluster }) => cluster)), routes: same.flatMap(({ routes }) => routes) }
}

function alone(route: RouteChange): RouteGroup {
  const [from, to] = [steps(route.before, ''), steps(route.after, '')]
  return { cluster: route.cluster, images: discreet(route.image), named: `\`${discreet(route.image)}\``, from, to, before: words(from, route.before), after: words(to, route.after), routes: [route] }
}

function together({ common, from, to, routes }: { common: string; from: Step[]; to: Step[]; routes: RouteChange[] }): RouteGroup {
  const [first] = routes as [RouteChange]
  const [many, below] = [plural(routes.length, 'image'), common.replace(/\/$/, '')]
  return { cluster: first.cluster, images: `${many} below ${below}`, named: `${many} below \`${below}\``, from, to, before: words(from, first.before), after: words(to, first.after), routes }
}

/** What an image and all locations that are tried for it end in, in whole steps of the path: what stands behind the narrower of the two entries, where that is so. */
function restOf({ reference, before, after }: RouteChange): string {
  const all = [...before.attempts, ...after.attempts].map((attempt) => attempt.reference)
  const path = reference.split('/').slice(1).map((_, index, { length }) => `/${reference.split('/').slice(index - length).join('/')}`)
  const common = path.filter((rest) => all.every((one) => one.endsWith(rest)))
  const longest = Math.max(...[before, after].map(({ prefix }) => prefix?.length ?? 0))
  return common.find((rest) => reference.length - rest.length >= longest) ?? common.at(-1) ?? ''
}

function steps({ attempts }: Route, rest: string): Step[] {
  return attempts.map(({ reference, mirror, insecure = false }) => ({ location: discreet(rest === '' ? reference : reference.slice(0, -rest.length)), mirror, insecure }))
}

function words(all: readonly Step[], { error }: Route): string {
  const tried = all.map(({ location, insecure }) => `${location}${insecure ? ' (TLS not verified)' : ''}`).join(', then ')
  return error === null ? tried : `nowhere: ${discreet(error)}`
}
