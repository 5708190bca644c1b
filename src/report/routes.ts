import { discreet } from '../manifests/discreet.ts'
import type { Route, RouteChange } from '../reroute.ts'
import { plural } from './summary.ts'

/** Pulls of one cluster that change in the same way, told together. */
export interface RouteGroup {
  cluster: string
  /** What they pull: one image, or how many below what. */
  images: string
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

/** Puts together the pulls that change in the same way, the largest groups first. */
export function grouped(routes: readonly RouteChange[]): RouteGroup[] {
  const groups = new Map<string, { common: string; from: Step[]; to: Step[]; routes: RouteChange[] }>()
  for (const route of routes) {
    const rest = restOf(route)
    const [from, to] = [steps(route.before, rest), steps(route.after, rest)]
    const common = route.reference.slice(0, route.reference.length - rest.length)
    const key = JSON.stringify([route.cluster, common, from, to, route.before.error, route.after.error])
    const group = groups.get(key)
    if (group) group.routes.push(route)
    else groups.set(key, { common, from, to, routes: [route] })
  }
  return [...groups.values()].map((group) => (group.routes.length === 1 ? alone(group.routes[0]!) : together(group))).sort((a, b) => b.routes.length - a.routes.length)
}

function alone(route: RouteChange): RouteGroup {
  const [from, to] = [steps(route.before, ''), steps(route.after, '')]
  return { cluster: route.cluster, images: discreet(route.image), from, to, before: words(from, route.before), after: words(to, route.after), routes: [route] }
}

function together({ common, from, to, routes }: { common: string; from: Step[]; to: Step[]; routes: RouteChange[] }): RouteGroup {
  const [first] = routes as [RouteChange]
  return { cluster: first.cluster, images: `${plural(routes.length, 'image')} below ${common.replace(/\/$/, '')}`, from, to, before: words(from, first.before), after: words(to, first.after), routes }
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
