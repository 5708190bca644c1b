import type { Amendment } from '../manifests/amend.ts'
import { discreet } from '../manifests/discreet.ts'
import { valueAt } from '../manifests/resource.ts'

const PAST = { replace: 'replaced', rename: 'renamed', remove: 'removed', add: 'added' } as const
/** In characters; what is longer is no help in a line. */
const LONGEST = 120
/** How many things of a kind are named. */
const MOST = 8

/** What amendments do, as a clause in the present and in the past. */
export function phrase(amendments: readonly Amendment[]): { present: string; past: string } {
  const parts = new Map<string, { op: keyof typeof PAST; objects: string[] }>()
  for (const one of amendments) {
    const { op } = one.edit
    const part = parts.get(op) ?? { op, objects: [] }
    parts.set(op, part)
    const object = objectOf(one)
    if (!part.objects.includes(object)) part.objects.push(object)
  }
  const clause = (verb: (op: keyof typeof PAST) => string) => [...parts.values()].map(({ op, objects }) => `${verb(op)} ${few(objects)}`).join(' and ')
  return { present: clause((op) => op), past: clause((op) => PAST[op]) }
}

function few(objects: readonly string[]): string {
  return objects.length > MOST ? `${objects.slice(0, MOST).join(', ')} and ${objects.length - MOST} more` : objects.join(', ')
}

function objectOf({ document, edit }: Amendment): string {
  const old = valueAt(document.value, edit.path)
  const last = edit.path.at(-1)
  switch (edit.op) {
    case 'replace': return `${shown(old)} by ${quoted(edit.value)}`
    case 'rename': return `${quoted(String(last))} to ${quoted(edit.key)}`
    case 'add': return `${quoted(edit.value)} to ${quoted(String(last))}`
    case 'remove': return typeof last === 'number' ? shown(old) : quoted(String(last))
  }
}

/** What stands there, where that is a text that can be shown. */
function shown(value: unknown): string {
  return typeof value === 'string' && value !== '' && !/[\r\n]/.test(value) && discreet(value) === value ? quoted(value) : 'what stands there'
}

function quoted(text: string): string {
  return `\`${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}\``
}
