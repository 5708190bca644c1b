export type Paint = (style: 'error' | 'warning' | 'info' | 'bold' | 'dim', text: string) => string

const CODES = { error: 31, warning: 33, info: 36, bold: 1, dim: 2 } as const

export const plain: Paint = (_, text) => text
export const ansi: Paint = (style, text) => `\u001b[${CODES[style]}m${text}\u001b[0m`
