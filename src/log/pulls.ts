import type { Event, Program } from './event.ts'
import { keyOf, nameOf } from './name.ts'
import type { Class } from './class.ts'
import { endpoints, isLater, sourceOf } from './outcome.ts'
import { added, alike, attempt, isByPod, position, pullOf, type Round, says, serve, tell, type Told } from './round.ts'
import { conceal } from './secret.ts'

/** A location that was tried. */
export interface Observed {
  /** Null where the log does not say which one. */
  reference: string | null
  outcome: 'ok' | 'failed' | 'unknown'
  class: Class | null
  /** Why it failed, in the words of the program; null where it did not, or the log does not say. */
  message: string | null
  /** Where the log says so, from 1. */
  line: number
  /** The file that the program has credentials for it from; null where it says that it has none, undefined where it says nothing. */
  login: string | null | undefined
}

/** One image that a log tells of: how its pull went the last time. */
export interface Pull {
  /** Normalised; the last location that was tried where the log does not name it. */
  image: string
  named: boolean
  programs: Program[]
  attempts: Observed[]
  outcome: 'ok' | 'failed' | 'unknown'
  /** One location alone was there to be tried, and it is the one of the image. */
  alone: boolean
  /** How often it was tried. */
  times: number
  /** Where the log says that a node could not pull it, before somebody tried by hand; null where it does not. */
  podFailed: number | null
  line: number
}

/** What is known of a log besides its pulls. */
export interface Log {
  pulls: Pull[]
  /** Files with registries that the program read. */
  configurations: string[]
  /** The program was given a file of credentials. */
  authfile: boolean
  /** Images that were left out, for there are too many. */
  dropped: number
}

/** More images than one node ever tells of at a time, than it pulls at once, than there are locations for one. */
const MOST = { images: 1_000, open: 100, attempts: 100, configurations: 50 }
/** Where programs look for credentials that were given none. */
const OWN = /\/containers\/(?:\d+\/)?auth\.json$|\.docker\/config\.json$|\.dockercfg$/

/** Puts the events of a log together to pulls. Several may go on at the same time, as CRI-O does. */
export class Pulls {
  #open: Round[] = []
  #current: Round | undefined
  readonly #told = new Map<string, Told>()
  readonly #configurations = new Set<string>()
  #process = 0
  #authfile = false
  #dropped = 0

  add(event: Event, line: number): void {
    switch (event.type) {
      case 'program': this.#authfile ||= event.authfile; break
      case 'configuration': this.#configuration(event.path); break
      case 'begin': this.#begin(event, line); break
      case 'try': this.#try(event.reference, line); break
      case 'login': this.#login(event); break
      case 'credentials': this.#authfile ||= !OWN.test(event.file); break
      case 'fail': this.#fail(event.reference, event.error, line); break
      case 'served': this.#served(event.image, line); break
      case 'written': this.#written(line); break
      case 'done': this.#done(event.image, line); break
      case 'end': this.#end(event, line); break
      case 'again': this.#again(event, line); break
      case 'misnamed': this.#misnamed(event, line); break
    }
  }

  result(): Log {
    for (const round of this.#open) this.#settle(round)
    const pulls = [...this.#told].map(([image, told]) => pullOf(image, told)).sort((a, b) => a.line - b.line)
    return { pulls, configurations: [...this.#configurations], authfile: this.#authfile, dropped: this.#dropped }
  }

  #configuration(path: string): void {
    if (this.#configurations.size < MOST.configurations) this.#configurations.add(conceal(path))
    this.#process++
    for (const round of this.#open) if (round.attempts.length === 0) round.process = this.#process
  }

  #begin({ image, program, completes }: { image: string; program: Program; completes?: string }, line: number): void {
    const short = completes ? this.#open.find((one) => one.image === completes && one.attempts.length === 0) : undefined
    if (short) Object.assign(short, { image, key: keyOf(image) })
    const same = this.#open.find((one) => one.image === image)
    if (same && same.attempts.length > 0) this.#settle(same)
    const round = same && same.attempts.length === 0 ? same : this.#start(image, line)
    round.programs.add(program)
    round.process = this.#process
    this.#current = round
  }

  #try(reference: string, line: number): void {
    let round = this.#route(reference, line)
    const known = round.attempts.find((one) => one.reference === reference)
    if (known && known === round.attempts.at(-1) && known.outcome === 'unknown') return
    if (known || round.attempts.length === MOST.attempts) {
      this.#settle(round)
      round = this.#start(round.image, line, reference, round.image ?? round.guess)
    }
    round.attempts.push(attempt(reference, line))
    this.#current = round
  }

  #login({ repository, file }: { repository: string; file: string | null }): void {
    const last = this.#current?.attempts.at(-1)
    if (last?.reference && nameOf(last.reference) === repository) last.login = file && conceal(file)
    if (file !== null) this.#authfile ||= !OWN.test(file)
  }

  #fail(reference: string, error: string, line: number): void {
    const waiting = this.#open.findLast((one) => one.attempts.some((tried) => tried.reference === reference && tried.outcome === 'unknown'))
    if (!waiting) this.#try(reference, line)
    const round = waiting ?? this.#current!
    tell(round.attempts.find((one) => one.reference === reference && one.outcome === 'unknown')!, error, line)
  }

  #served(image: string, line: number): void {
    const nameless = this.#current?.image === undefined && this.#current?.key === keyOf(image) ? this.#current : undefined
    if (nameless) nameless.image = image // the program that tries it says so next
    serve(this.#named(image), line)
  }

  /** podman and skopeo do not say of what. */
  #written(line: number): void {
    const round = this.#current
    if (round?.image !== undefined && this.#open.includes(round)) this.#done(round.image, line)
  }

  /** What CRI-O pulled is named by digest, whatever was asked for. */
  #done(image: string, line: number): void {
    const byName = () => this.#open.findLast((one) => one.image !== undefined && nameOf(one.image) === nameOf(image))
    const round = this.#named(image) ?? byName() ?? (this.#told.get(image)?.round.outcome === 'ok' ? undefined : this.#start(image, line))
    if (!round) return
    serve(round, line)
    round.outcome = 'ok'
    this.#settle(round)
  }

  #again({ image, program }: { image: string; program: Program }, line: number): void {
    if ((this.#told.get(image)?.round.outcome ?? 'ok') !== 'ok' || this.#open.some((one) => one.image === image && one.attempts.length > 0)) return
    const round = this.#named(image) ?? this.#start(image, line)
    round.programs.add(program)
    round.outcome = 'failed'
    this.#settle(round)
  }

  #misnamed({ image, error }: { image: string; error: string }, line: number): void {
    const why = attempt(null, line)
    tell(why, error, line)
    this.#settle({ image: conceal(image), guess: undefined, key: '', programs: new Set(['kubelet']), attempts: [why], outcome: 'failed', alone: false, line, process: this.#process })
  }

  #end({ image, error, program }: { image: string | undefined; error: string; program: Program | undefined }, line: number): void {
    const source = image ?? sourceOf(error)
    const open = source === undefined ? this.#current : this.#named(source, error)
    const before = open || source === undefined ? undefined : this.#told.get(source)?.round
    const tried = open ?? (before?.outcome === 'failed' && isLater(error) ? before : undefined)
    const { parts, alone } = endpoints(error, source ?? open?.image, tried?.attempts.map(({ reference }) => reference))
    const known = source ?? parts.at(-1)?.reference
    if (!open && !known) return
    const repeats = before?.outcome === 'failed' && parts.every((one) => before.attempts.some((tried) => says(tried, one)))
    const round = open ?? (repeats ? before : this.#start(source, line, known!))
    if (program) round.programs.add(program)
    for (const { reference, error: why } of parts) {
      const one = round.attempts.find((tried) => tried.reference === reference) ?? added(round, attempt(reference, line))
      if (one.outcome !== 'failed' || one.message === null) tell(one, why, line)
    }
    if (parts.length > 1) round.attempts.sort((a, b) => position(parts, a) - position(parts, b))
    round.alone = alone && round.attempts.length === 1
    round.outcome = 'failed'
    if (!repeats) this.#settle(round)
  }

  /** The open round that a location belongs to: mirrors are asked for the same digest or tag as the source. */
  #route(reference: string, line: number): Round {
    const key = keyOf(reference)
    const fitting = this.#open.filter((one) => one.key === key && one.process === this.#process)
    const own = fitting.find(({ image }) => image === reference)
    if (own) return own
    const likeness = fitting.map((round) => alike(round, reference))
    const most = Math.max(...likeness)
    const likely = most > 0 || reference.includes('@') ? fitting.filter((_, index) => likeness[index] === most) : []
    if ((likely.length > 0 ? likely : fitting).includes(this.#current!)) return this.#current!
    return likely.at(-1) ?? this.#start(undefined, line, reference, this.#guess(reference))
  }

  /** The image that a location was tried for the last time. */
  #guess(reference: string): string | undefined {
    let found: string | undefined
    for (const [image, { round }] of this.#told) if (image === reference || round.attempts.some((one) => one.reference === reference)) found = image
    return found
  }

  /** The open round of an image that is now named. A tag is that of many images: `error` has to name what was tried, or the repositories have to be alike. */
  #named(image: string, error = ''): Round | undefined {
    const told = (one: Round) => image.includes('@') || alike(one, image) > 0 || one.attempts.some(({ reference }) => reference !== null && error.includes(nameOf(reference)))
    const fits = (one: Round | undefined): one is Round => one !== undefined && (one.image === image || (one.image === undefined && one.key === keyOf(image) && told(one)))
    const current = fits(this.#current) ? this.#current : undefined
    const round = current ?? this.#open.findLast((one) => one.image === image) ?? this.#open.findLast(fits)
    if (round) round.image = image
    return round
  }

  #start(image: string | undefined, line: number, reference = image!, guess?: string): Round {
    if (this.#open.length >= MOST.open) this.#settle(this.#open[0]!)
    const round: Round = { image, guess, key: keyOf(reference), programs: new Set(), attempts: [], outcome: 'unknown', alone: false, line, process: this.#process }
    this.#open.push(round)
    return round
  }

  /** A round is over. One that tells nothing does not replace one that does. */
  #settle(round: Round): void {
    this.#open = this.#open.filter((one) => one !== round)
    if (this.#current === round) this.#current = undefined
    const image = round.image ?? round.guess ?? round.attempts.at(-1)?.reference ?? undefined
    if (image === undefined) return
    const before = this.#told.get(image)
    const tells = round.outcome !== 'unknown' || round.attempts.some(({ outcome }) => outcome !== 'unknown')
    this.#told.delete(image)
    const podFailed = isByPod(round) || !before ? null : isByPod(before.round) && before.round.outcome === 'failed' ? before.round.line : before.podFailed
    this.#told.set(image, { round: before && !tells ? before.round : round, times: (before?.times ?? 0) + (round.attempts.length > 0 || !before ? 1 : 0), podFailed })
    if (this.#told.size > MOST.images) {
      this.#told.delete(this.#told.keys().next().value!)
      this.#dropped++
    }
  }
}
