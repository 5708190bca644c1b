import type { CheckOptions } from '../check.ts'
import { imageUses } from '../cluster/references.ts'
import { gather } from '../cluster/registries.ts'
import { clusters } from '../clusters.ts'
import type { ApiObject } from '../live/object.ts'
import type { File } from '../manifests/document.ts'
import { clusterTarget, type Target, trace, type Trace } from '../trace.ts'
import { sourcesOf } from './sources.ts'
import { isGenerated } from './watched.ts'

/** Images whose answer is remembered. */
const MOST = 10_000

/** Tells, without asking any rule, the images that surely come from somewhere. */
export class Pulls {
  #options: () => CheckOptions
  readonly #files: () => readonly File[]
  #target: { target: Target; mirrors: ReadonlySet<string> } | undefined
  readonly #served = new Map<string, boolean>()

  constructor(options: () => CheckOptions, files: () => readonly File[]) {
    this.#options = options
    this.#files = files
  }

  /** Goes by other options from now on. */
  use(options: () => CheckOptions): void {
    this.#options = options
    this.changed()
  }

  /** The objects of the cluster are others now. */
  changed(): void {
    this.#target = undefined
    this.#served.clear()
  }

  /** Whether every image of a workload has a location that can serve it, as far as the cluster's registries tell. */
  served({ apiVersion, kind, ...value }: ApiObject): boolean {
    return imageUses({ apiVersion, kind, value }).every(({ image }) => this.#has(image))
  }

  #has(image: string): boolean {
    const known = this.#served.get(image)
    if (known !== undefined) return known
    const served = this.#trace(image)
    if (this.#served.size >= MOST) this.#served.clear()
    this.#served.set(image, served)
    return served
  }

  #trace(image: string): boolean {
    this.#target ??= targetOf(this.#files().filter((file) => !isGenerated(file)), this.#options())
    const { target, mirrors } = this.#target
    return trace(image, target).some((one) => !one.hopeless && (!target.disconnected || reachable(one, mirrors)))
  }
}

/** In a disconnected cluster, by a mirror, or because the image itself is in a registry that mirrors are in. */
function reachable({ reference, steps }: Trace, mirrors: ReadonlySet<string>): boolean {
  return mirrors.has(hostOf(reference)) || steps.some(({ mirror, reference: tried, blocked }) => mirror && tried !== null && blocked === null)
}

function targetOf(files: readonly File[], options: CheckOptions): { target: Target; mirrors: Set<string> } {
  const [group] = clusters(sourcesOf(files, options.name, new Set()), options).groups
  const none = { name: options.name, version: options.version, disconnected: options.disconnected ?? false, declared: true, own: undefined, why: '', members: [] }
  const { members, version } = group ?? none
  const target = clusterTarget(group ?? none, gather(members, version), false)
  const entries = 'entries' in target.node ? target.node.entries : []
  return { target, mirrors: new Set(entries.flatMap((entry) => entry.mirrors.map(({ location }) => hostOf(location)))) }
}

function hostOf(location: string): string {
  return location.split('/', 1)[0]!
}
