import type { Mode } from '../install/setting.ts'
import type { Finding } from '../policy/finding.ts'
import { field } from '../openshift/shape.ts'
import { line } from '../report/line.ts'
import type { Verdict } from './judge.ts'
import type { Answer } from './review.ts'

/** The API server cuts a warning behind so many characters where there are many, and drops what goes beyond 4,096 in all, those of other webhooks included. */
const LONGEST = 256
const MOST_WARNINGS = 8
/** Findings that a denial names. */
const MOST_FINDINGS = 10

/** How an answer comes about. */
export interface Basis {
  mode: Mode
  /** The resource version of the state that it rests on; empty where nothing is known. */
  state: string
  /** In seconds, the age of that state; where set, it was too old, and the object was judged alone. */
  stale?: number
}

export function isError({ level }: { level: string }): boolean {
  return level === 'error'
}

/** Whether findings deny the request that adds them. */
export function denies(mode: Mode, findings: readonly { level: string }[]): boolean {
  return mode === 'enforce' && findings.some(isError)
}

/** What the API server is told of a request. */
export function answerOf({ findings, pending }: Pick<Verdict, 'findings' | 'pending'>, { mode, state, stale }: Basis): Answer {
  const errors = findings.filter(isError)
  const denied = denies(mode, findings)
  const rests = stale === undefined ? `resourceVersion ${state}${pending.length > 0 ? ` and ${pending.length} change${pending.length === 1 ? '' : 's'} that the cluster is yet to tell of` : ''}` : 'the object alone'
  const audit = { 'judged-by': rests, ...(findings.length > 0 ? { findings: findings.map(({ rule, level }) => `${level} ${rule}`).join(', ') } : {}) }
  if (mode === 'audit') return { allowed: true, warnings: [], audit }
  // An object by itself is easily taken for wrong where only another one is missing.
  const told = findings.filter((one) => (stale === undefined ? one.level !== 'info' : isError(one)) && !(denied && isError(one)))
  const warnings = [...(stale === undefined ? [] : [judgedAlone(stale)]), ...told.map(short)]
  return { allowed: !denied, ...(denied ? { message: denial(errors, pending, rests) } : {}), warnings: few(warnings), audit }
}

function judgedAlone(stale: number): string {
  return Number.isFinite(stale) ? `mirrorproof judged this object alone: what it knows of the cluster is ${Math.round(stale)} s old` : 'mirrorproof judged this object alone: it does not know the cluster yet'
}

/** In full: what is wrong, where, and what to do. */
function denial(errors: readonly Finding[], pending: readonly string[], rests: string): string {
  const shown = errors.slice(0, MOST_FINDINGS)
  // What several findings of a rule have in common is said once, with the last of them.
  const lines = shown.map((one, index) => `${one.rule}: ${at(one)}: ${line(one.message)}${shown[index + 1]?.rule === one.rule ? '' : `\n  fix: ${line(one.fix)}`}`)
  const more = errors.length > MOST_FINDINGS ? [`and ${errors.length - MOST_FINDINGS} more`] : []
  const hint = pending.length > 0 ? ['another change was allowed a moment ago; where it did not come about after all, try again'] : []
  const pair = errors.some(({ site, related }) => related.some((one) => one.site.file !== site.file)) ? ['where several objects have to change together, take what they disagree on out of all but one of them first, or have it waived until all are changed'] : []
  return [`${errors.length === 1 ? 'this' : `these ${errors.length} errors`} would break image pulls or stop all mirror changes (mirrorproof, judged by ${rests}):`, ...lines, ...more, ...pair, ...hint].join('\n')
}

/** On one line. */
function short(one: Finding): string {
  const text = `${one.rule}: ${at(one)}: ${line(one.message)}`
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`
}

/** The object, and the field in it. */
function at({ object, path, site }: Finding): string {
  const named = object ? `${object.kind}/${[object.namespace, object.name].filter((part) => part).join('/')}` : site.file
  return path.length > 0 ? `${named} ${field(path)}` : named
}

function few(warnings: readonly string[]): string[] {
  return warnings.length <= MOST_WARNINGS ? [...warnings] : [...warnings.slice(0, MOST_WARNINGS - 1), `mirrorproof has ${warnings.length - MOST_WARNINGS + 1} more warnings; its log holds all of them`]
}
