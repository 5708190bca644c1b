import { type AST, getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser'

/** A place in a text; lines and columns count from 1, `endColumn` is the column after the last character. */
export interface Span {
  line: number
  column: number
  endLine: number
  endColumn: number
}

/** A TOML document: its value, and where in the text a part of it stands. */
export interface Toml {
  value: unknown
  locate(path: readonly (string | number)[]): Span | undefined
}

/**
 * Reads TOML 1.0, as nodes do.
 * @throws Error with the line, and never an excerpt of the text.
 */
export function parseToml(text: string): Toml {
  try {
    const program = parseTOML(text, { tomlVersion: '1.0' })
    const spans = new Map<string, Span>()
    for (const entry of program.body[0].body) {
      if (entry.type === 'TOMLTable') {
        spans.set(JSON.stringify(entry.resolvedKey), span(entry.key))
        for (const pair of entry.body) note(pair, entry.resolvedKey, spans)
      } else note(entry, [], spans)
    }
    return { value: getStaticTOMLValue(program), locate: (path) => spans.get(JSON.stringify(path)) }
  } catch (error) {
    throw new Error(error instanceof ParseError ? `toml: line ${error.lineNumber}: ${error.message}` : 'toml: nested too deeply', { cause: error })
  }
}

function note({ key, value }: AST.TOMLKeyValue, above: readonly (string | number)[], spans: Map<string, Span>): void {
  place(value, [...above, ...key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value))], spans)
}

function place(value: AST.TOMLContentNode, path: (string | number)[], spans: Map<string, Span>): void {
  spans.set(JSON.stringify(path), span(value))
  if (value.type === 'TOMLArray') value.elements.forEach((element, index) => place(element, [...path, index], spans))
  if (value.type === 'TOMLInlineTable') for (const pair of value.body) note(pair, path, spans)
}

function span({ loc }: { loc: AST.SourceLocation }): Span {
  return { line: loc.start.line, column: loc.start.column + 1, endLine: loc.end.line, endColumn: loc.end.column + 1 }
}
