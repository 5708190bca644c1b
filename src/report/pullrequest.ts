import type { Change } from './diff.ts'
export function diffMarkdown(change: Change): string { return `${change.base}\n` }
