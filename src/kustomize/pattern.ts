/** Longer than any name or image reference that Kubernetes takes; longer ones are not matched. */
const MOST_LONG = 1024
const MOST_QUANTIFIERS = 3

/**
 * A pattern in Go's syntax as an expression of ours, or undefined where it is none or where matching it may take long: Go matches in linear time,
 * and we do not, so that what nests or heaps up quantifiers is left alone.
 */
export function pattern(source: string, end = ''): ((text: string) => boolean) | undefined {
  const insensitive = source.startsWith('(?i)')
  const body = insensitive ? source.slice('(?i)'.length) : source
  if (!isTame(body)) return undefined
  let expression: RegExp
  try {
    expression = new RegExp(`^(?:${body})${end}$`, insensitive ? 'i' : '')
  } catch {
    return undefined
  }
  return (text) => text.length <= MOST_LONG && expression.test(text)
}

function isTame(source: string): boolean {
  if (/^[\w./:@-]*$/.test(source)) return true
  if (/\\[^.\-/dwsDWS+*?()[\]{}|^$]|\[\[:|\(\?[^:]|\)[*+{]/.test(source)) return false
  const bare = source.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '').replace(/\(\?:/g, '(')
  return (bare.match(/[*+{]/g)?.length ?? 0) <= MOST_QUANTIFIERS && (bare.match(/\?/g)?.length ?? 0) <= MOST_QUANTIFIERS
}
