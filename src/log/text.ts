/** What a terminal, a journal or syslog leaves of colours. */
const ANSI = /(?:\u001b|#033|\\x1b|\\u001b|\\e)\[[0-9;?]{0,30}[A-Za-z]|\u001b\][^\u0007\u001b]{0,500}(?:\u0007|\u001b\\)/g
/** What journald makes of a text with control characters, such as colours. */
const BYTES = /"MESSAGE" ?: ?\[([\d, ]{1,300000})\]/
const PLAIN = /^[\t\x20-\x7e]*$/

/** What chats and word processors make of what was pasted into them. */
const TYPOGRAPHY: [pattern: RegExp, instead: string][] = [
  [/[\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033]/g, '"'], [/[\u2018\u2019\u201a\u201b\u2032]/g, "'"], [/[\u2010-\u2013\u2212\ufe63\uff0d]/g, '-'], [/\u2014/g, '--'],
  [/\u2026/g, '...'], [/[\u00a0\u2000-\u200a\u202f\u3000]/g, ' '], [/[\u00ad\u200b-\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069]/g, ''], [/[\u0000-\u0008\u000b-\u001f\u007f]/g, ''],
]

/** What becomes of quotes on their way through HTML. */
const ENTITIES: Record<string, string> = { '&quot;': '"', '&#34;': '"', '&#39;': "'", '&apos;': "'", '&lt;': '<', '&gt;': '>', '&nbsp;': ' ', '&amp;': '&' }

/** A line as its program wrote it, and how many columns it took. */
export interface Line {
  text: string
  columns: number
}

export function clean(raw: string): Line {
  const told = raw.includes('"MESSAGE"') ? raw.replace(BYTES, (_, bytes: string) => `"MESSAGE":${JSON.stringify(new TextDecoder().decode(Uint8Array.from(bytes.split(','), Number)))}`) : raw
  const shown = told.includes('[') ? told.replace(ANSI, '') : told
  const plain = shown.includes('&') ? shown.replace(/&(?:quot|#3[49]|apos|lt|gt|nbsp|amp);/g, (entity) => ENTITIES[entity]!) : shown
  const own = plain.startsWith('>') ? plain.replace(/^(?:> ?){1,10}/, '') : plain
  const text = PLAIN.test(own) ? own : TYPOGRAPHY.reduce((done, [pattern, instead]) => done.replace(pattern, instead), own)
  return { text, columns: shown.replace(/\r$/, '').length }
}
