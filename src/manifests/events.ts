import { type Event, parseEvents, YAMLException } from 'js-yaml'
import { MOST_DEEP } from './yaml.ts'

/** Each repair costs another parse, so of a large text few are made; in characters. */
const MOST_WORK = 200_000_000

/**
 * The events of a YAML text, and the text that they point into: of the same length, with the same characters at the same places, but for line breaks and comments.
 * Go's decoder reads `[` and `{` on whatever the indentation of their lines, as in `mirrors: [` … `]` at the start of a line; js-yaml insists on YAML's rule.
 * @throws YAMLException
 */
export function eventsOf(text: string): { events: Event[]; source: string } {
  let source = text
  let first: unknown
  for (let repairs = 0; ; repairs++) {
    try {
      return { events: parseEvents(source, { maxDepth: MOST_DEEP }), source }
    } catch (error) {
      const at = error instanceof YAMLException && error.reason === 'deficient indentation' ? error.mark?.position : undefined
      const joined = at === undefined || repairs * text.length > MOST_WORK ? source : joinLines(source, at)
      first ??= error
      if (joined === source) throw first
      source = joined
    }
  }
}

/** From the line of `at` to the end of the flow collection that it lies in, without its line breaks and comments; those right before it are gone too. */
function joinLines(text: string, at: number): string {
  const end = closing(text, at)
  let start = text.lastIndexOf('\n', at - 1)
  while (start > 0 && /^[ \t]*(?:#.*)?\r?$/.test(text.slice(text.lastIndexOf('\n', start - 1) + 1, start))) start = text.lastIndexOf('\n', start - 1)
  const line = text.lastIndexOf('\n', start - 1) + 1
  if (start <= 0) return text
  const part = text.slice(line, end)
  const joined = part.replace(TOKEN, (token) => (token[0] === '"' || token[0] === '\'' ? token : ' '.repeat(token.length)))
  return text.slice(0, line) + joined + text.slice(end)
}

/** A quoted string, a comment, a line break. */
const TOKEN = /"(?:[^"\\]|\\[^])*"|'(?:[^']|'')*'|(?<=^|[\s,[\]{}])#[^\r\n]*|[\r\n]/g

/** The end of the innermost flow collection that is open at an offset. */
function closing(text: string, at: number): number {
  const token = /"(?:[^"\\]|\\[^])*"|'(?:[^']|'')*'|(?<=[\s,[\]{}])#[^\r\n]*|[[\]{}]/g
  token.lastIndex = at
  let depth = 0
  for (let match = token.exec(text); match; match = token.exec(text)) {
    if (match[0] === '[' || match[0] === '{') depth++
    else if ((match[0] === ']' || match[0] === '}') && --depth < 0) return match.index
  }
  return text.length
}
