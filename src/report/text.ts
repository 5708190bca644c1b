import type { Report } from '../check.ts'
import type { Site } from '../manifests/position.ts'
import type { Finding, Waived } from '../policy/finding.ts'
import type { Mend } from '../policy/mend.ts'
import type { Paint } from './color.ts'
import { line, uncommanded } from './line.ts'
import { probeText } from './probe.ts'
import { suggestion } from './suggestion.ts'
import { list, MOST, summary } from './summary.ts'
import { excuse } from './waiver.ts'

/** Characters that a terminal shows two columns wide. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g

/**
 * A report for people: for each finding a line that can be searched for, a frame of the source, related sites and the fix; then what was not
 * checked; then what was read. With `quiet`, without frames and notes; with `showWaived`, findings that do not count, too.
 */
export function text(report: Report, paint: Paint, quiet: boolean, showWaived: boolean): string {
  const shown = report.findings.map((finding) => (quiet ? head(finding, paint) : block(finding, report.mends.of(finding), report.clusters.length > 1, paint)))
  if (showWaived) shown.push(...report.waived.map((waived) => (quiet ? head(waived, paint) : excused(waived, paint))))
  const blocks = quiet && shown.length > 0 ? [shown.join('\n')] : shown
  const skipped = report.skipped.map((skip) => line(`${skip.file}${skip.line ? `:${skip.line}` : ''}: not checked: ${skip.message}`))
  if (skipped.length > 0) blocks.push(skipped.join('\n'))
  blocks.push(line(summary(report, showWaived).join('; ')))
  if (report.probed) blocks.push(probeText(report.probed, paint, quiet))
  return `${blocks.join('\n\n')}\n`
}

/** The line of a finding that can be searched for. */
export function head(finding: Finding | Waived, paint: Paint): string {
  const { site, level, message, rule } = finding
  const [place, sentence] = [line(at(site)), line(` ${message} `)]
  const word = 'waiver' in finding ? paint('dim', `waived ${level}:`) : paint(level, `${level}:`)
  return `${paint('bold', `${place}:`)} ${word}${sentence}${paint('dim', `[${rule}]`)}`
}

/** The line of a finding that does not count, and why it does not. */
export function excused(waived: Waived, paint: Paint): string {
  return `${head(waived, paint)}\n   ${paint('dim', '=')} ${line(excuse(waived.waiver))}`
}

/** A finding with its frame, related sites, fix, and what would mend it. */
export function block(finding: Finding, mend: Mend | undefined, severalClusters: boolean, paint: Paint): string {
  const gutter = finding.excerpt === null ? '  ' : ' '.repeat(String(finding.site.line).length)
  const notes = finding.related.slice(0, MOST).map(({ message, site }) => `${at(site)}: ${message}`)
  if (finding.related.length > MOST) notes.push(`and ${finding.related.length - MOST} more places`)
  if (finding.inner) notes.unshift(`at \`${finding.inner}\` of what this string holds`)
  if (severalClusters) notes.push(`in ${list(finding.clusters)}`)
  notes.push(`fix: ${finding.fix}`)
  if (mend) notes.push(`suggestion: ${suggestion(mend)}`)
  const frame = finding.excerpt === null ? [] : frameOf(finding.excerpt, finding.site, gutter, paint)
  return [head(finding, paint), ...frame, ...notes.map((note) => `${gutter} ${paint('dim', '=')} ${line(note)}`)].join('\n')
}

function frameOf(excerpt: string, site: Site, gutter: string, paint: Paint): string[] {
  const visible = uncommanded(excerpt.replace(/[^\t\P{C}]/gu, '\ufffd'))
  const end = site.endLine === site.line ? site.endColumn : visible.length + 1
  const before = visible.slice(0, site.column - 1).replace(WIDE, '  ').replace(/[^\t]/g, ' ')
  const bar = paint('dim', '|')
  return [`${gutter} ${bar}`, `${paint('dim', String(site.line))} ${bar} ${visible}`, `${gutter} ${bar} ${before}${paint('error', '^'.repeat(Math.max(end - site.column, 1)))}`]
}

function at({ file, line, column }: Site): string {
  return `${file}:${line}:${column}`
}
