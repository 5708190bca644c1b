import { UserError } from '../error.ts'
import { isObject } from '../manifests/resource.ts'
import { type Level, LEVELS } from './engine.ts'
import type { Finding } from './finding.ts'
import { isWorse } from './levels.ts'
import { bare, match, standing } from './match.ts'

/** A finding that was there when the baseline was written. */
export interface Entry {
  rule: string
  level: Level
  /** `Kind/name` or `Kind/namespace/name`. */
  object: string | null
  file: string
  /** Without the number that tells it from others that are alike: which of them is the second changes with the lines around. */
  fingerprint: string
}

/** What became of a baseline in a run. */
export interface Baseline {
  entries: readonly Entry[]
  /** How many of them are no longer found; null where that cannot be told, for the run looked at a part only. */
  gone: number | null
}

const KIND = 'mirrorproof-baseline'
const VERSION = 1
const FINGERPRINT = /^[0-9a-f]{16}$/

/** What a baseline keeps of a finding. */
export function entryOf({ rule, level, object, site, fingerprint }: Finding): Entry {
  return { rule, level, object: nameOf(object), file: site.file, fingerprint: bare({ fingerprint }) }
}

/** `Kind/name` or `Kind/namespace/name`. */
export function nameOf(object: Pick<NonNullable<Finding['object']>, 'kind' | 'namespace' | 'name'> | null): string | null {
  return object && [object.kind, object.namespace, object.name].filter((part) => part !== undefined).join('/')
}

/** A baseline as a file: one finding a line, in an order that depends on nothing but the findings. */
export function baselineText(entries: readonly Entry[]): string {
  const lines = entries
    .map(({ rule, level, object, file, fingerprint }) => ({ key: [file, rule, object ?? '', fingerprint, level].join('\0'), line: JSON.stringify({ rule, level, object, file, fingerprint }) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ line }) => line)
  return `{"kind":"${KIND}","version":${VERSION},"findings":[${lines.length > 0 ? `\n${lines.join(',\n')}\n` : ''}]}\n`
}

/**
 * Reads what `baselineText` wrote; `name` is what the file is called.
 * @throws UserError where it is something else.
 */
export function parseBaseline(text: string, name: string): Entry[] {
  const fail = (problem: string): never => {
    throw new UserError(`${name} ${problem}; mirrorproof check --write-baseline ${name} writes a new one`)
  }
  const value = json(text)
  if (!value) return fail('is no JSON')
  const { kind, version, findings } = isObject(value.json) ? value.json : {}
  if (kind !== KIND) return fail('is no baseline')
  if (version !== VERSION) return fail(`is a baseline of another version of mirrorproof`)
  if (!Array.isArray(findings)) return fail('is no baseline: it has no list of findings')
  const wrong = findings.findIndex((one) => !isEntry(one))
  return wrong < 0 ? (findings as Entry[]) : fail(`is no baseline: finding ${wrong + 1} of ${findings.length} lacks a rule, a level, a file or a fingerprint`)
}

/**
 * What a baseline makes of findings: those that are in it and are no worse do not count. `stands` says which objects are in which files: what is there has not moved. `gone` is how many of its entries are no longer found.
 */
export function compared<T extends { finding: Finding }>(entries: readonly Entry[], found: readonly T[], stands: ReadonlySet<string>): { kept: T[]; waived: T[]; gone: number } {
  const { pairs, before } = match(entries, found.map((one) => ({ one, fingerprint: one.finding.fingerprint, level: one.finding.level, file: one.finding.site.file })), { before: ({ object, file }) => stands.has(standing(object, file)) })
  const waived = new Set(pairs.flatMap(([entry, { one, level }]) => (isWorse(level, entry.level) ? [] : [one])))
  return { kept: found.filter((one) => !waived.has(one)), waived: [...waived], gone: before.length }
}

function json(text: string): { json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

function isEntry(one: unknown): boolean {
  if (!isObject(one)) return false
  const { rule, level, file, fingerprint } = one
  return typeof rule === 'string' && LEVELS.some((known) => known === level) && typeof file === 'string' && typeof fingerprint === 'string' && FINGERPRINT.test(fingerprint)
}
