import { type ApiObject, fileOf, placeOf } from '../live/object.ts'
import type { File } from '../manifests/document.ts'
import type { Watched } from './watched.ts'

/** How long a watch may be silent and still count as being heard from, in milliseconds: the API server sends a bookmark about every minute. */
const SILENCE = 90_000

/** What is known of a kind: that it is not yet, is all here, is none that this cluster has, or may not be read. */
export type Standing = 'unknown' | 'listed' | 'absent' | 'forbidden'

interface Followed {
  standing: Standing
  files: Map<string, File>
  /** In milliseconds; of the last word from the API server. */
  heard: number
  connected: boolean
  resourceVersion: string
}

/** What changed: files that are new or others now, the places of those that are gone, and of which kinds all objects are known now. */
export interface Change {
  put: File[]
  gone: string[]
  seen: string[]
}

/** The objects of the cluster, as the API server last told of them. */
export class State {
  readonly #kinds: Map<string, Followed>
  readonly #now: () => number
  readonly #uids = new Map<string, string | undefined>()
  /** Told of every change. */
  changed: (change: Change) => void = () => undefined
  /** Told once, when it is complete. */
  completed: () => void = () => undefined
  /** Told of objects that are left out, and why. */
  omitted: (place: string, why: string) => void = () => undefined

  constructor(watched: readonly Watched[], now: () => number = Date.now) {
    this.#now = now
    this.#kinds = new Map(watched.map(({ kind }) => [kind, { standing: 'unknown', files: new Map(), heard: now(), connected: false, resourceVersion: '' }]))
  }

  /** All objects of a kind; of one that is not there, or may not be read, none. */
  replace(kind: string, standing: Standing, objects: readonly ApiObject[], resourceVersion: string): void {
    const followed = this.#kinds.get(kind)!
    const [complete, stood] = [this.complete, followed.standing]
    for (const object of objects) this.#uids.set(placeOf(object), object.metadata.uid)
    const files = new Map(objects.flatMap((object) => this.#file(object) ?? []).map((file) => [file.place, file]))
    const put = [...files.values()].filter(({ place, text }) => followed.files.get(place)?.text !== text)
    const gone = [...followed.files.keys()].filter((place) => !files.has(place))
    const kept = (file: File) => (followed.files.get(file.place)?.text === file.text ? followed.files.get(file.place)! : file)
    for (const place of gone) this.#uids.delete(place)
    Object.assign(followed, { standing, files: new Map([...files].map(([place, file]) => [place, kept(file)])), resourceVersion })
    this.heard(kind)
    if (put.length + gone.length > 0 || standing !== stood) this.changed({ put, gone, seen: this.seen })
    if (!complete && this.complete) this.completed()
  }

  /** One object of a kind; undefined where `place` is gone. */
  apply(kind: string, place: string, object: ApiObject | undefined, resourceVersion: string): void {
    const followed = this.#kinds.get(kind)!
    const file = object && this.#file(object)
    followed.resourceVersion = resourceVersion
    this.heard(kind)
    if (object) this.#uids.set(place, object.metadata.uid)
    if (file) followed.files.set(place, file)
    else if (!followed.files.delete(place)) return
    if (!object) this.#uids.delete(place)
    this.changed({ put: file ? [file] : [], gone: file ? [] : [place], seen: this.seen })
  }

  /** One object that cannot be read must not keep all others from being known. */
  #file(object: ApiObject): File | undefined {
    try {
      return fileOf(object)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.omitted(placeOf(object), error.message)
      return undefined
    }
  }

  /** The API server was heard from. */
  heard(kind: string, resourceVersion?: string): void {
    const followed = this.#kinds.get(kind)!
    followed.heard = this.#now()
    followed.connected = true
    if (resourceVersion) followed.resourceVersion = resourceVersion
  }

  lost(kind: string): void {
    const followed = this.#kinds.get(kind)!
    // Up to this moment it was heard from.
    if (followed.connected) followed.heard = Math.max(followed.heard, this.#now() - SILENCE)
    followed.connected = false
  }

  /** Every kind was listed, is none that there is, or may not be read. */
  get complete(): boolean {
    return [...this.#kinds.values()].every(({ standing }) => standing !== 'unknown')
  }

  /** How long ago, in seconds, all of it was surely so. */
  get age(): number {
    const now = this.#now()
    const ages = [...this.#kinds.values()].map(({ heard, connected }) => (connected && now - heard < SILENCE ? 0 : Math.abs(now - heard)))
    return Math.max(...ages) / 1000
  }

  /** The resource version that the API server was last heard of with: they count up for all kinds together. */
  get resourceVersion(): string {
    const versions = [...this.#kinds.values()].map((followed) => followed.resourceVersion).filter((version) => /^\d+$/.test(version))
    return versions.sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).at(-1) ?? ''
  }

  /** Of the object at a place. */
  uid(place: string): string | undefined {
    return this.#uids.get(place)
  }

  get files(): File[] {
    return [...this.#kinds.values()].flatMap(({ files }) => [...files.values()])
  }

  /** The kinds of which all objects are known. */
  get seen(): string[] {
    return [...this.#kinds].filter(([, { standing }]) => standing === 'listed' || standing === 'absent').map(([kind]) => kind)
  }

  /** The kinds that the API server has not yet told of. */
  get unknown(): string[] {
    return [...this.#kinds].filter(([, { standing }]) => standing === 'unknown').map(([kind]) => kind)
  }
}
