/** No log line nests quotes deeper. */
const DEEPEST = 6

/**
 * What a program said from `at` on: up to the end of the string in which that stands, with its escapes undone, however often it was quoted
 * on its way (a message of CRI-O in one of kubelet in a line of JSON). A string that is cut off ends with the text.
 */
export function unquoted(text: string, at: number): string {
  const open = opened(text, at)
  const depth = open.length
  if (depth === 0) return text.slice(at)
  const backslashes = open.at(-1)!
  let end = text.length
  for (let quote = text.indexOf('"', at); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    if (escapes(text, quote) <= backslashes) {
      end = quote - escapes(text, quote)
      break
    }
  }
  let said = text.slice(at, Math.max(end, at))
  for (let level = 0; level < Math.log2(backslashes + 1) + 1; level++) said = unescaped(said)
  return said
}

/** The quotes that are open at a place, outermost first, by how many backslashes stand before each. */
export function opened(text: string, at: number): number[] {
  const open: number[] = []
  for (let quote = text.indexOf('"'); quote >= 0 && quote < at; quote = text.indexOf('"', quote + 1)) {
    const backslashes = escapes(text, quote)
    while (open.length > 0 && open.at(-1)! > backslashes) open.pop()
    if (open.at(-1) === backslashes) open.pop()
    else if (open.length < DEEPEST) open.push(backslashes)
  }
  return open
}

function escapes(text: string, quote: number): number {
  let from = quote
  while (from > 0 && text[from - 1] === '\\' && quote - from < 2 ** DEEPEST) from--
  return quote - from
}

const ESCAPES: Record<string, string> = { n: '\n', r: '', t: '\t' }

function unescaped(text: string): string {
  return text.includes('\\') ? text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex: string | undefined, one: string) => (hex === undefined ? ESCAPES[one] ?? one : String.fromCharCode(Number.parseInt(hex, 16)))) : text
}
