import { isObject } from '../manifests/resource.ts'
import { LEVELS, type Proposal } from './engine.ts'
import type { Places } from './places.ts'

/** In characters. */
const LONGEST = 10_000

/** What is wrong with what a rule yields where a Verdict is due; undefined where nothing is. */
export function fault(finding: unknown, places: Places): string | undefined {
  if (finding === undefined) return '`findings` is no set, or there is none'
  if (!isObject(finding)) return `a finding is ${shown(finding)}, which is no object`
  const { level, message, at, related = [] } = finding
  if (!LEVELS.some((one) => one === level)) return `the level of a finding is ${shown(level)}, which is none of ${LEVELS.join(', ')}`
  if (typeof message !== 'string' || message === '') return `the message of a finding is ${shown(message)}, which is no text`
  if (message.length > LONGEST) return `the message of a finding has ${message.length} characters, of at most ${LONGEST}`
  if (!isAt(at, places)) return `the at of a finding is ${shown(at)}, which is that of no fact`
  if (!Array.isArray(related)) return `related is ${shown(related)}, which is no list`
  for (const one of related as unknown[]) {
    if (!isObject(one) || typeof one['message'] !== 'string') return `related holds ${shown(one)}, which has no message that is a text`
    if (one['message'].length > LONGEST) return `a message in related has ${one['message'].length} characters, of at most ${LONGEST}`
    if (!isAt(one['at'], places)) return `the at in related is ${shown(one['at'])}, which is that of no fact`
  }
  return faultOfEdits(finding, places)
}

/** What an edit needs beside `op` and `at`. */
const NEEDS: Record<Proposal['op'], string | undefined> = { replace: 'value', rename: 'key', remove: undefined, add: 'value' }

function faultOfEdits({ edits = [], certain = true }: Record<string, unknown>, places: Places): string | undefined {
  if (typeof certain !== 'boolean') return `certain is ${shown(certain)}, which is neither true nor false`
  if (!Array.isArray(edits)) return `edits is ${shown(edits)}, which is no list`
  for (const edit of edits as unknown[]) {
    if (!isObject(edit) || typeof edit['op'] !== 'string' || !Object.hasOwn(NEEDS, edit['op'])) return `edits holds ${shown(edit)}, whose op is none of ${Object.keys(NEEDS).join(', ')}`
    const { op, at } = edit as { op: Proposal['op']; at: unknown }
    const need = NEEDS[op]
    if (need !== undefined && (typeof edit[need] !== 'string' || edit[need] === '')) return `edits holds ${shown(edit)}, which has no ${need} that is a text`
    if (need !== undefined && (edit[need] as string).length > LONGEST) return `the ${need} of an edit has ${(edit[need] as string).length} characters, of at most ${LONGEST}`
    if (!isAt(at, places)) return `the at of an edit is ${shown(at)}, which is that of no fact`
  }
  return undefined
}

function isAt(value: unknown, { documents, objects }: Places): boolean {
  if (!isObject(value)) return false
  const { doc, path, key = false, object } = value
  const steps = Array.isArray(path) && path.every((step) => typeof step === 'string' || isIndex(step, Infinity))
  return steps && isIndex(doc, documents.length) && (object === undefined || isIndex(object, objects.length)) && typeof key === 'boolean'
}

function isIndex(value: unknown, length: number): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < length
}

/** A value as JSON, cut where it is long. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing'
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
