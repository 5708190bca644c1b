import type { Place } from '../manifests/document.ts'

/** What a waiver says, in a comment behind `ignore`, in a line of an annotation, or in the configuration. */
export interface Said {
  /** The ids of rules, each once. Whether there are such is for others to say. */
  rules: string[]
  /** The last day on which it holds, as YYYY-MM-DD; null where it has no end. */
  until: string | null
  /** Empty where none is given. */
  reason: string
  /** Why it says nothing that counts. */
  malformation?: Malformation
}

/** `no-rule`: it names none; `no-date`: `until` is `found`; `two-dates`: it is given twice; `too-long`: nobody wrote it by hand. */
export interface Malformation {
  problem: 'no-rule' | 'no-date' | 'two-dates' | 'too-long'
  found?: string
}

/** A waiver of the configuration file, and where it stands there. */
export interface Configured {
  rule: string
  /** Folders and files, absolute; undefined for all. */
  paths?: readonly string[]
  object?: Named
  reason: string
  until: string | null
  place: Place
}

/** An object as people name it; without a namespace, in whichever. */
export interface Named {
  kind: string
  namespace?: string
  name: string
}

/** In characters. */
const LONGEST = 2_000
/** How much is told of what is no date, and of what is no rule. */
export const SHOWN = 40
/** People write it in other ways, too; one that was not read as a date would hold forever. */
const UNTIL = /(?<![\w-])until(?:\s*[=:]\s*([^\s)]*)|\s+(\d{4}-\d[\w-]*))/gi

/** Reads `rule-id[,rule-id…] [until=YYYY-MM-DD] [reason…]`; the date may stand behind the reason, too. */
export function readWaiver(text: string): Said {
  const nothing = { rules: [], until: null, reason: '' }
  if (text.length > LONGEST) return { ...nothing, malformation: { problem: 'too-long' } }
  const [names = ''] = /^[^\s,=]+(?:\s*,\s*[^\s,=]+)*(?=[\s,]|$)/.exec(text.trim()) ?? []
  if (names === '') return { ...nothing, malformation: { problem: 'no-rule' } }
  const rest = text.trim().slice(names.length)
  const rules = [...new Set(names.split(',').map((name) => name.trim()))]
  const dates = [...rest.matchAll(UNTIL)].map(([, date, bare]) => date ?? bare!)
  const reason = rest.replace(UNTIL, '').replace(/^[\s,]+|\s+$/g, '')
  const wrong = dates.find((date) => !isDate(date))
  if (wrong !== undefined) return { rules, until: null, reason, malformation: { problem: 'no-date', found: wrong.slice(0, SHOWN) } }
  if (dates.length > 1) return { rules, until: null, reason, malformation: { problem: 'two-dates' } }
  return { rules, until: dates[0] ?? null, reason }
}

/** Whether a text is a day of the calendar, as YYYY-MM-DD. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/** `Kind/name` or `Kind/namespace/name`; undefined for anything else. */
export function readObject(text: string): Named | undefined {
  const parts = text.split('/')
  if (parts.length < 2 || parts.length > 3 || parts.some((part) => part.trim() === '')) return undefined
  const [kind, second, third] = parts as [string, string, string?]
  return third === undefined ? { kind, name: second } : { kind, namespace: second, name: third }
}
