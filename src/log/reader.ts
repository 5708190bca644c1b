import { Records, type Record, widths } from './record.ts'
import { clean } from './text.ts'

/** What is read as a whole before anything is passed over. Nobody pastes more from a terminal or a chat, which break lines anywhere, in a word of `INTEREST`, too. */
const HEAD = 1 << 20
const LONGEST_LINE = 1 << 20

/** What a line holds at least that tells of a pull. */
const INTEREST = new RegExp([
  'Trying to ', 'Accessing ', 'Mirrors also failed', '[Pp]ulling ', 'Pulled ', 'pull(?:ed)? image', 'image pull failed', 'initializing (?:image from )?source', 'Error parsing image', 'IsRunningImageAllowed',
  '/manifests/', 'redentials (?:for|matching) ', 'registries configuration', '(?:reading|writing) (?:config )?blob', 'determining manifest', 'choosing an image', 'parsing image conf', 'ource image rejected', 'ErrImagePull', 'PullImage', 'Writing manifest to image', 'PersistentPreRunE', 'apply default image tag', '"MESSAGE" ?: ?\\[',
].join('|'), 'g')

/** Chunks of a log become records, in constant memory. Of what follows its first part, lines of no interest are passed over unseen. */
export class Reader {
  #rest: Uint8Array[] = []
  #size = 0
  #head: string[] | undefined = []
  #headSize = 0
  #number = 1
  #following = false
  #wide: TextDecoder | undefined
  #begun = false
  readonly #records: Records

  constructor(told: (record: Record) => void) {
    this.#records = new Records(told)
  }

  /** How many lines were read. */
  get lines(): number {
    return this.#number - 1
  }

  push(given: Uint8Array): void {
    const chunk = this.#narrow(given)
    const cut = chunk.lastIndexOf(10) + 1
    if (cut === 0 && this.#size + chunk.length < LONGEST_LINE) return this.#keep(chunk)
    const until = cut === 0 ? chunk.length : cut
    const block = new Uint8Array(this.#size + until)
    let at = 0
    for (const piece of this.#rest) {
      block.set(piece, at)
      at += piece.length
    }
    block.set(chunk.subarray(0, until), at)
    this.#rest = []
    this.#size = 0
    this.#block(new TextDecoder().decode(block))
    if (until < chunk.length) this.#keep(chunk.slice(until))
  }

  end(): void {
    if (this.#size > 0) this.push(new Uint8Array([10]))
    this.#endHead()
    this.#records.end()
  }

  #keep(piece: Uint8Array): void {
    this.#rest.push(piece.slice())
    this.#size += piece.length
  }

  /** What PowerShell writes to a file is UTF-16. */
  #narrow(chunk: Uint8Array): Uint8Array {
    if (!this.#begun && chunk.length > 1) {
      this.#begun = true
      if (chunk[0] === 0xff && chunk[1] === 0xfe) this.#wide = new TextDecoder('utf-16le')
    }
    return this.#wide ? new TextEncoder().encode(this.#wide.decode(chunk, { stream: true })) : chunk
  }

  #block(text: string): void {
    if (!this.#head) return this.#pass(text)
    this.#head.push(text)
    this.#headSize += text.length
    if (this.#headSize >= HEAD) this.#endHead()
  }

  #endHead(): void {
    if (!this.#head) return
    const raw = this.#head.join('').split('\n')
    if (raw.at(-1) === '') raw.pop()
    this.#head = undefined
    const lines = raw.map(clean)
    this.#records.widths = widths(lines)
    for (const line of lines) this.#records.add(line, this.#number++)
    this.#following = true
  }

  #pass(text: string): void {
    let from = 0
    while (from < text.length) {
      if (!this.#following) {
        INTEREST.lastIndex = from
        const found = INTEREST.exec(text)
        from = this.#count(text, from, found ? text.lastIndexOf('\n', found.index) + 1 : text.length)
        if (!found) return
      }
      from = this.#line(text, from)
    }
  }

  /** Reads one line. The lines after one of interest may go on with it. */
  #line(text: string, from: number): number {
    const end = text.indexOf('\n', from)
    const raw = text.slice(from, end < 0 ? text.length : end)
    INTEREST.lastIndex = 0
    const begins = this.#records.add(clean(raw), this.#number)
    if (end >= 0) this.#number++
    this.#following = !begins || INTEREST.test(raw)
    if (!this.#following) this.#records.drop()
    return end < 0 ? text.length : end + 1
  }

  #count(text: string, from: number, until: number): number {
    for (let at = text.indexOf('\n', from); at >= 0 && at < until; at = text.indexOf('\n', at + 1)) this.#number++
    return until
  }
}
