import { check, type CheckOptions, type Report } from '../check.ts'
import { compare, type Comparison } from '../compare.ts'
import { type ApiObject, fileOf, placeOf } from '../live/object.ts'
import type { File } from '../manifests/document.ts'
import type { Finding } from '../policy/finding.ts'
import { notMoved } from './moved.ts'
import type { Means } from './settings.ts'
import { sourcesOf } from './sources.ts'
import type { Change } from './state.ts'
import { isGenerated } from './watched.ts'

/** A request, as far as it is judged; without `object` it deletes, without `oldObject` it creates. */
export interface Request {
  object: ApiObject | undefined
  oldObject: ApiObject | undefined
  dryRun: boolean
  /** Nothing is to be said of other objects: too little is known of them. */
  alone: boolean
}

/** What a request does to the cluster. */
export interface Verdict {
  /** What it adds or makes worse. */
  findings: Finding[]
  /** What it mends. */
  gone: number
  /** On the nodes. */
  effect: Comparison['clusters'][number]['effect'] | 'none'
  /** Objects that other requests were allowed to change a moment ago, and that the cluster is yet to tell of. */
  pending: string[]
}

const NONE: ReadonlySet<string> = new Set()
/** How long, in milliseconds, the API server is given to tell of what was allowed. */
const PENDING = 10_000

/** Judges requests against the objects of the cluster. */
export class Judge {
  #means: Means
  readonly #now: () => number
  readonly #files = new Map<string, File>()
  #seen: ReadonlySet<string> = new Set()
  /** Undefined is an object that is to be gone. */
  readonly #pending = new Map<string, { file: File | undefined; since: number }>()
  /** Of the objects as they are now, with what is pending. */
  #report: { report: Report; day: string } | undefined

  constructor(means: Means, now: () => number = Date.now) {
    this.#means = means
    this.#now = now
  }

  /** Judges by something else from now on. */
  use(means: Means): void {
    this.#means = means
    this.#report = undefined
  }

  /** The cluster told of objects. */
  change({ put, gone, seen }: Change): void {
    this.#seen = new Set(seen)
    for (const file of put) {
      this.#files.set(file.place, file)
      this.#pending.delete(file.place)
    }
    for (const place of gone) {
      this.#files.delete(place)
      this.#pending.delete(place)
    }
    this.#report = undefined
  }

  /** What a request would do. What it is allowed to do is taken for done from then on, unless it is a dry run. */
  review({ object, oldObject, dryRun, alone }: Request): Verdict {
    const place = placeOf((object ?? oldObject)!)
    const [file, oldFile] = [object && fileOf(object), oldObject && fileOf(oldObject)]
    const options = this.#means.options()
    if (alone) {
      const { findings } = compare(this.#judge(oldFile ? [oldFile] : [], options, NONE), this.#judge(file ? [file] : [], options, NONE))
      return { findings: findings.new, gone: findings.gone.length, effect: 'none', pending: [] }
    }
    this.#expire()
    const pending = [...this.#pending.keys()].filter((one) => one !== place)
    const known = this.#known(place)
    // The API server knows better than we do what it is about to change.
    const before = known?.text === oldFile?.text ? this.#current(options) : this.#judge(this.#with(place, oldFile), options)
    const after = this.#judge(this.#with(place, file), options)
    const { findings, clusters: [cluster] } = compare(before, after)
    const added = notMoved(findings.new, findings.gone)
    if (!dryRun && !this.#means.denies(added)) {
      this.#pending.set(place, { file, since: this.#now() })
      this.#report = { report: after, day: options.today }
    }
    return { findings: added, gone: findings.gone.length, effect: cluster?.effect ?? 'none', pending }
  }

  /** What is wrong with the cluster as it told us that it is, with what its operator made of it. */
  audit(): Finding[] {
    const options = this.#means.options()
    const { findings } = this.#judge([...this.#files.values()], options)
    this.#current(options) // so that the next request does not wait for it
    return findings
  }

  #current(options: CheckOptions): Report {
    if (this.#report?.day !== options.today) this.#report = { report: this.#judge(this.#all(), options), day: options.today }
    return this.#report.report
  }

  #judge(files: readonly File[], options: CheckOptions, seen = this.#seen): Report {
    return check(sourcesOf(files, options.name, seen), files.length, options, this.#means.engines)
  }

  #expire(): void {
    for (const [place, { since }] of this.#pending) {
      if (Math.abs(this.#now() - since) < PENDING) continue // a clock may be set back by an hour
      this.#pending.delete(place)
      this.#report = undefined
    }
  }

  #known(place: string): File | undefined {
    const pending = this.#pending.get(place)
    return pending ? pending.file : this.#files.get(place)
  }

  /** What a request is judged beside. */
  #all(): File[] {
    const files = new Map(this.#files)
    for (const [place, { file }] of this.#pending) {
      if (file) files.set(place, file)
      else files.delete(place)
    }
    return [...files.values()].filter((file) => !isGenerated(file))
  }

  /** The objects with one as a request has it. */
  #with(place: string, file: File | undefined): File[] {
    return [...this.#all().filter((one) => one.place !== place), ...(file ? [file] : [])]
  }
}
