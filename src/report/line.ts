/** One line: no control characters, and nothing that a CI system takes for a command (`::` at its start, `##[` anywhere). */
export function line(content: string): string {
  return uncommanded(visible(content).replace(/^(\s*):(?=:)/, '$1\\u003a'))
}

/** Control characters, line breaks and what turns the direction of text around are shown as `\uXXXX`. */
export function visible(content: string): string {
  return content.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

export function uncommanded(content: string): string {
  return content.replace(/##(?=\[|vso\[)/g, '#\\u0023')
}
