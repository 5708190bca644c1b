import type { Judged, Report } from './check.ts'
import { gather } from './cluster/registries.ts'
import { nodesOf } from './cluster/node.ts'
import { Unsafe } from './manifests/extent.ts'
import type { File } from './manifests/document.ts'
import type { Finding } from './policy/finding.ts'
import { isWorse } from './policy/levels.ts'
import { bare } from './policy/match.ts'
import { type Mend, type Revision, textsWith } from './policy/mend.ts'
import { type Sources, withTexts } from './reading/sources.ts'

/** A finding, and what mends it. */
export interface Mended {
  finding: Finding
  mend: Mend
}

/** What mending comes to; nothing is written yet. */
export interface Fix<S extends Sources = Sources> {
  mended: Mended[]
  /** What has one right answer and is not done all the same; `why` is a clause. */
  left: (Mended & { why: string })[]
  /** The files that change, as they were read, and their new texts. */
  files: { file: File; text: string }[]
  /** What there is then, and what is found in it. */
  sources: S
  report: Report
}

/** What was reached so far, and what is found in it. */
interface State<S extends Sources> {
  sources: S
  report: Report
}

/** What is mended may let something else be seen that can be mended, too; more rounds than these are nobody's manifests. */
const MOST_ROUNDS = 10
/** How often all is judged again for one run, which is what mending costs. */
const MOST_TRIALS = 60

/**
 * Mends all findings of a report that have one right answer: the files are edited, judged again by `judge`, and an edit stays where its findings are gone and no new one has come.
 * Where two edits overlap, the first one wins. What is not among the files of `sources`, or not `wanted`, is left alone.
 */
export function fix<S extends Sources>(sources: S, report: Report, judge: (sources: S) => Report, wanted: (finding: Finding) => boolean = () => true): Fix<S> {
  const trials = { left: MOST_TRIALS }
  const mended: Mended[] = []
  let state: State<S> = { sources, report }
  let left: Fix['left'] = []
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { able, unable } = sorted(state, wanted)
    const done = settled(state, firstOf(able), judge, trials)
    left = [...unable, ...done.refused]
    if (done.accepted.length === 0) break
    mended.push(...done.accepted)
    state = done.state
  }
  const texts = new Map(state.sources.files.map((file) => [file.place, file]))
  const reached = (file: File) => texts.get(file.place) ?? state.sources.open(file.place)!
  const touched = new Map(mended.flatMap(({ mend }) => mend.changes.map(({ file }) => [file.place, file])))
  const original = new Map(sources.files.map((file) => [file.place, file]))
  const files = [...touched.values()].map((file) => ({ file: original.get(file.place) ?? sources.open(file.place)!, text: reached(file).text }))
  return { mended, left, files: files.filter(({ file, text }) => file.text !== text), ...state }
}

/** What has one right answer, by whether its files may be edited. */
function sorted({ sources, report }: State<Sources>, wanted: (finding: Finding) => boolean): { able: Mended[]; unable: Fix['left'] } {
  const given = new Set([...sources.files.map(({ place }) => place), ...sources.passed])
  const result: ReturnType<typeof sorted> = { able: [], unable: [] }
  for (const finding of report.findings) {
    const mend = wanted(finding) ? report.mends.of(finding) : undefined
    if (!mend?.certain) continue
    const files = mend.changes.map(({ file }) => file)
    const outside = files.find(({ place }) => !given.has(place))
    if (files.some(({ live }) => live)) result.unable.push({ finding, mend, why: 'it is an object of a running cluster and no file of yours' })
    else if (outside) result.unable.push({ finding, mend, why: `${outside.path} lies outside of what is checked, so that others may build on it` })
    else result.able.push({ finding, mend })
  }
  return result
}

/** Those whose changes overlap with none before them; the others' turn comes in the next round. */
function firstOf(able: readonly Mended[]): Mended[] {
  const taken = new Map<string, Revision[]>()
  return able.filter(({ mend: { changes } }) => {
    if (changes.some((change) => taken.get(change.file.place)?.some((other) => collide(change, other)))) return false
    for (const change of changes) push(taken, change.file.place, change)
    return true
  })
}

/** The same change, asked for twice, is one. */
function collide(one: Revision, other: Revision): boolean {
  if (one.start === other.start && one.end === other.end) return one.text !== other.text
  return one.start < other.end && other.start < one.end
}

interface Settled<S extends Sources> {
  accepted: Mended[]
  refused: Fix['left']
  state: State<S>
}

/** Tries mends together; where that is no good, each half of them, so that those are found that are to blame. */
function settled<S extends Sources>(start: State<S>, wanted: readonly Mended[], judge: (sources: S) => Report, trials: { left: number }): Settled<S> {
  const result: Settled<S> = { accepted: [], refused: [], state: start }
  const waiting = wanted.length > 0 ? [wanted] : []
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const reached = trials.left-- > 0 ? tried(start, [...result.accepted, ...next], judge) : 'too much else of what was tried was no good'
    if (typeof reached !== 'string') {
      result.accepted.push(...next)
      result.state = reached
    } else if (next.length === 1 || trials.left <= 0) result.refused.push(...next.map((one) => ({ ...one, why: reached })))
    else waiting.push(next.slice(next.length >> 1), next.slice(0, next.length >> 1))
  }
  return result
}

/** What is reached by these mends together; or why not, as a clause. */
function tried<S extends Sources>(start: State<S>, mends: readonly Mended[], judge: (sources: S) => Report): State<S> | string {
  try {
    const sources = withTexts(start.sources, textsWith(mends.map(({ mend }) => mend)))
    const report = judge(sources)
    return objection(start.report, report, mends) ?? { sources, report }
  } catch (error) {
    if (error instanceof Unsafe) return error.message
    throw error
  }
}

/** Why mends are no good, as a clause; undefined where they are: what they mend is gone, nothing new is found, and all is read that was read before. */
function objection(before: Report, after: Report, mends: readonly Mended[]): string | undefined {
  const known = new Set(before.skipped.map(skipOf))
  const unread = after.skipped.find((one) => !known.has(skipOf(one)))
  if (unread) return `then ${unread.file} would not be checked: ${unread.message}`
  if (after.read.resources < before.read.resources) return 'then a mirror set would not be found any more'
  const fresh = unmatched(before, after, mends)
  if (fresh.length === 0) return undefined
  const uncovered = covered(before.clusters, after.clusters)
  const blame = fresh.find((one) => one.next !== null || one.clusters.length === 0 || !one.clusters.every((name) => uncovered.has(name)))
  return blame && `then there would be ${blame.rule} at ${blame.site.file}:${blame.site.line}`
}

function skipOf({ file, message }: Report['skipped'][number]): string {
  return `${file}\n${message}`
}

/**
 * The findings of after that nothing was found in place of before, apart from what is mended. What an edit touches has another value, and so another fingerprint: it is known by its rule and line.
 * A mere remark in the place of something worse that is gone is what that hid, as where a source that nothing was called by begins to count.
 */
function unmatched(before: Report, after: Report, mends: readonly Mended[]): Finding[] {
  const gone = new Set(mends.map(({ finding }) => finding))
  const moved = shift(mends.flatMap(({ mend }) => mend.changes))
  let left = before.findings.filter((finding) => !gone.has(finding))
  let fresh = after.findings
  const keys: [(one: Finding) => string, (one: Finding) => string][] = [
    [(one) => JSON.stringify([bare(one), one.site.file, one.next]), (one) => JSON.stringify([bare(one), one.site.file, one.next])],
    [({ rule, site: { file, line } }) => JSON.stringify([rule, file, moved(file, line)]), ({ rule, site: { file, line } }) => JSON.stringify([rule, file, line])],
  ]
  for (const [ofBefore, ofAfter] of keys) {
    const pool = new Map<string, Finding[]>()
    for (const one of left) push(pool, ofBefore(one), one)
    fresh = fresh.filter((one) => {
      const partners = pool.get(ofAfter(one)) ?? []
      const index = partners.findIndex((old) => !isWorse(one.level, old.level))
      if (index >= 0) partners.splice(index, 1)
      return index < 0
    })
    left = [...pool.values()].flat()
  }
  const worse = [...gone, ...left].filter(({ level }) => level !== 'info').map(({ site: { file, line } }) => JSON.stringify([file, moved(file, line)]))
  const hidden = new Set(worse)
  return fresh.filter(({ level, site: { file, line } }) => level !== 'info' || !hidden.has(JSON.stringify([file, line])))
}

/** Where a line is after changes. */
function shift(changes: readonly Revision[]): (file: string, line: number) => number {
  const once = [...new Map(changes.map((one) => [JSON.stringify([one.file.place, one.start, one.end]), one])).values()]
  return (file, line) => once.reduce((sum, { site, text }) => (site.file === file && site.line < line ? sum + text.split('\n').length - 1 - (site.endLine - site.line) : sum), line)
}

/** The clusters whose operator refused everything before and does not now: what else is wrong with them could not be seen, and is not the fault of what mended that. */
function covered(before: readonly Judged[], after: readonly Judged[]): Set<string> {
  const refused = ({ members, version }: Judged) => nodesOf(gather(members, version), version).refused !== undefined
  const old = new Set(before.filter(refused).map(({ name }) => name))
  return new Set(after.filter((one) => old.has(one.name) && !refused(one)).map(({ name }) => name))
}

function push<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}
