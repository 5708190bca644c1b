import type { Finding } from '../policy/finding.ts'
import type { Mends } from '../policy/mend.ts'
import { fenced } from './graph.ts'
import { inline } from './markup.ts'
import { suggested, suggestion } from './suggestion.ts'

/** How many diffs a page shows. */
const MOST = 20

/** What Markdown shows below a finding of what would mend it, within a list in a list: a line, and where it has one right answer its diff, of the first of them. */
export function suggester(mends: Mends): (finding: Finding) => string {
  let left = MOST
  return (finding) => {
    const mend = mends.of(finding)
    if (!mend) return ''
    const diff = mend.certain && left > 0 ? suggested(mend) : undefined
    if (diff !== undefined) left--
    const block = diff === undefined ? '' : `\n\n${fenced('diff', diff).trimEnd().split('\n').map((line) => `    ${line}`).join('\n')}\n`
    return `\n  - **suggestion** ${inline(suggestion(mend))}${block}`
  }
}
