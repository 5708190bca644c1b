import { line, uncommanded, visible } from './line.ts'

/** What would be markup or HTML within a line. */
const MARKUP = /[\\`*_~[\]<>&|$#@^!]/g
const ENTITIES: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '|': '&#124;' }
/** After these a mention, a reference, an address or an emoji would go on. */
const BROKEN = /(@|[#!~$&^%](?=[\w"])|:(?=\/\/|[a-z][\w-]*:)|(?<=www)\.|(?<=(?<![a-z])gh)-)/i
/** Has no width. */
const NOTHING = '&#8203;'

/**
 * A text as Markdown of one line in which it stands for itself, in a paragraph, a list or a table; what it holds in backticks becomes a code span.
 * GitHub and GitLab look for mentions, references and links in what is rendered as well, where a backslash is gone already: these are broken by a character of no width.
 */
export function inline(text: string): string {
  const parts = line(text).trim().split(/`([^`]+)`/)
  const between = (index: number) => index > 0 && index < parts.length - 1
  const shown = parts.map((part, index) => (index % 2 === 1 ? code(part) : part === '' && between(index) ? NOTHING : escaped(part))).join('')
  return shown.replace(/^(?=[-+=])|(?<=^\d+)(?=[.)])/, '\\')
}

function escaped(text: string): string {
  return text.split(BROKEN).map((part, index) => (index % 2 === 0 ? part.replace(MARKUP, escape) : `${escape(part)}${NOTHING}`)).join('')
}

function escape(char: string): string {
  return ENTITIES[char] ?? `\\${char}`
}

/** A code span of one line, whatever it holds. A `|` would end a cell, so that such a text becomes HTML. */
export function code(text: string): string {
  const shown = uncommanded(visible(text))
  if (shown.includes('|')) return `<code>${shown.replace(/[^a-z0-9 /]/giu, (char) => `&#${char.codePointAt(0)};${char === '@' ? NOTHING : ''}`)}</code>`
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length))
  const fence = '`'.repeat(longest + 1)
  const space = shown === '' || /^[` ]|[` ]$/.test(shown) ? ' ' : ''
  return `${fence}${space}${shown}${space}${fence}`
}

/** How long a text is in UTF-8. */
export function bytes(text: string): number {
  return new TextEncoder().encode(text).length
}
