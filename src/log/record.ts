import { opened } from './quote.ts'
import type { Line } from './text.ts'

/** What a program said at once, on one line or several. */
export interface Record {
  text: string
  /** Its first line, from 1. */
  number: number
}

const START = new RegExp(`^\\s{0,20}(?:[$#%] |##|\\* |time="|level=|\\{ ?"|"[\\w.]{1,40}" ?:|${[
  '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \\d]\\d \\d\\d:', '\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:', '[IWEF]\\d{4} \\d\\d:', '(?:TRAC|DEBU|INFO|WARN|ERRO|FATA)\\[\\d{4,}\\]', '(?:\\d{1,6}[smhd]){1,3} ', '<(?:invalid|unknown)> ',
  '(?:Normal|Warning) {1,20}[A-Z]', 'Error: ', 'Trying to pull ', 'Copying (?:blob|config) ', 'Getting image ', 'Writing manifest', 'Storing signatures', 'LAST SEEN', 'Events:',
].join('|')})`)
const FAILURE = /Mirrors also failed|Failed to pull image|Error: |initializing source|image pull failed|Back-off pulling|Accessing |Trying to /

/** A mirror of a final error on a line of its own, whatever is put before each line. */
const MIRROR = /^.{0,80}?(?=\[[\w.-]{1,255}(?::\d{1,5})?\/\S{1,600}: )/
/** A message that YAML has on several lines. */
const FOLDED = /^\s{0,40}(?:- )?message: '(?:[^']|'')*$/

/** Where mail, chats and terminals break lines. */
const USUAL = [72, 76, 78, 80, 100, 120, 132]
const MOST = { characters: 65_536, lines: 400 }

/** Whether what was said before has ended where this line begins. */
export function isStart(text: string): boolean {
  return text.trim() === '' || START.test(text)
}

/** The widths at which lines were broken in the middle of words, by how often a line of that width is followed by one that begins nothing new. */
export function widths(lines: readonly Line[]): Set<number> {
  const counts = new Map<number, number>()
  for (let index = 0; index + 1 < lines.length; index++) {
    const { columns } = lines[index]!
    if (columns >= 40 && !isStart(lines[index + 1]!.text)) counts.set(columns, (counts.get(columns) ?? 0) + 1)
  }
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const widest = Math.max(...counts.keys())
  return new Set([...counts].flatMap(([columns, count]) => ((count > 1 && count > all / 5 && columns === widest) || USUAL.includes(columns) ? [columns] : [])))
}

/** Puts lines together to records. */
export class Records {
  widths: ReadonlySet<number> = new Set()
  #open: (Record & { columns: number; lines: number }) | undefined
  readonly #told: (record: Record) => void

  constructor(told: (record: Record) => void) {
    this.#told = told
  }

  /** Whether the line begins a record. */
  add(line: Line, number: number): boolean {
    const open = this.#open
    const more = open && open.lines < MOST.lines && open.text.length < MOST.characters ? this.#more(open, line) : undefined
    if (open && more !== undefined) {
      Object.assign(open, { text: `${open.text}${more}`, columns: line.columns, lines: open.lines + 1 })
      return false
    }
    this.end()
    this.#open = { text: line.text, number, columns: line.columns, lines: 1 }
    return true
  }

  end(): void {
    const open = this.#open
    this.#open = undefined
    if (open) this.#told({ text: open.text, number: open.number })
  }

  /** Forgets the line that was added last. */
  drop(): void {
    this.#open = undefined
  }

  /** What the next line goes on with; undefined where it does not. */
  #more(open: { text: string; columns: number }, next: Line): string | undefined {
    const stamp = open.text.endsWith(']') && open.text.includes('Mirrors also failed') ? MIRROR.exec(next.text)?.[0] : undefined
    if (stamp !== undefined) return `\n${next.text.slice(stamp.length)}`
    if (FOLDED.test(open.text)) return ` ${next.text.trimStart()}`
    const glue = isStart(next.text) ? undefined : this.#glue(open, next)
    return glue === undefined ? undefined : `${glue}${next.text}`
  }

  /** What stood between a line and the one that goes on with it; undefined where it does not. */
  #glue({ text, columns }: { text: string; columns: number }, next: Line): string | undefined {
    if (this.widths.has(columns)) return ''
    if (this.widths.has(columns + 1) || opened(text, text.length).length > 0) return ' '
    const [word] = next.text.trimStart().split(' ', 1)
    const long = columns > 60 && !text.slice(-columns).trim().includes(' ') // a digest does not fit into a line
    const broken = long || [...USUAL, ...this.widths].some((width) => columns <= width && columns + 1 + word!.length > width)
    return broken && FAILURE.test(text) ? ' ' : undefined
  }
}
