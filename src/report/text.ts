import type { Report } from '../check.ts'
import type { Site } from '../manifests/position.ts'
import { LEVELS } from '../policy/engine.ts'
import type { Finding } from '../policy/finding.ts'
import type { Paint } from './color.ts'

/** How many related sites and clusters of one finding are listed before the rest is only counted. */
const MOST = 8

/**
 * A report for people: for each finding a line that can be searched for, a frame of the source, related sites and the fix; then what was not
 * checked; then what was read. With `quiet`, without frames and notes.
 */
export function text(report: Report, paint: Paint, quiet: boolean): string {
  const shown = report.findings.map((finding) => (quiet ? head(finding, paint) : block(finding, report.clusters.length > 1, paint)))
  const blocks = quiet && shown.length > 0 ? [shown.join('\n')] : shown
  const skipped = report.skipped.map(({ file, line, message }) => line1(`${file}${line ? `:${line}` : ''}: not checked: ${message}`))
  if (skipped.length > 0) blocks.push(skipped.join('\n'))
  blocks.push(summary(report))
  return `${blocks.join('\n\n')}\n`
}

/** One line: no control characters, and nothing that a CI system takes for a command (`::` at its start, `##[` anywhere). */
function line1(content: string): string {
  const safe = content.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return uncommanded(safe.replace(/^(\s*):(?=:)/, '$1\\u003a'))
}

function uncommanded(content: string): string {
  return content.replace(/##(?=\[|vso\[)/g, '#\\u0023')
}

function head({ site, level, message, rule }: Finding, paint: Paint): string {
  const [place, sentence] = [line1(at(site)), line1(` ${message} `)]
  return `${paint('bold', `${place}:`)} ${paint(level, `${level}:`)}${sentence}${paint('dim', `[${rule}]`)}`
}

function block(finding: Finding, severalClusters: boolean, paint: Paint): string {
  const gutter = finding.excerpt === null ? '  ' : ' '.repeat(String(finding.site.line).length)
  const notes = finding.related.slice(0, MOST).map(({ message, site }) => `${at(site)}: ${message}`)
  if (finding.related.length > MOST) notes.push(`and ${finding.related.length - MOST} more places`)
  if (severalClusters) notes.push(`in ${list(finding.clusters)}`)
  notes.push(`fix: ${finding.fix}`)
  const frame = finding.excerpt === null ? [] : frameOf(finding.excerpt, finding.site, gutter, paint)
  return [head(finding, paint), ...frame, ...notes.map((note) => `${gutter} ${paint('dim', '=')} ${line1(note)}`)].join('\n')
}

function frameOf(excerpt: string, site: Site, gutter: string, paint: Paint): string[] {
  const visible = uncommanded(excerpt.replace(/[^\t\P{C}]/gu, '\ufffd'))
  const end = site.endLine === site.line ? site.endColumn : visible.length + 1
  const before = visible.slice(0, site.column - 1).replace(/[^\t]/g, ' ')
  const bar = paint('dim', '|')
  return [`${gutter} ${bar}`, `${paint('dim', String(site.line))} ${bar} ${visible}`, `${gutter} ${bar} ${before}${paint('error', '^'.repeat(Math.max(end - site.column, 1)))}`]
}

function at({ file, line, column }: Site): string {
  return `${file}:${line}:${column}`
}

function summary({ findings, clusters, skipped, read }: Report): string {
  const levels = LEVELS.flatMap((level) => {
    const count = findings.filter((finding) => finding.level === level).length
    return count > 0 ? [plural(count, level)] : []
  })
  const parts = [
    levels.length > 0 ? levels.join(', ') : 'no findings',
    `${plural(read.resources, 'mirror set')} in ${plural(clusters.length, 'cluster')}, of ${plural(read.files, 'file')}`,
  ]
  if (skipped.length > 0) parts.push(`${skipped.length} not checked`)
  const unknown = clusters.filter(({ version, mirrorSets }) => !version && mirrorSets > 0).map(({ name }) => name)
  if (unknown.length > 0) parts.push(`OpenShift version not known${clusters.length > 1 ? ` of ${list(unknown)}` : ''} (--openshift)`)
  return line1(parts.join('; '))
}

function list(names: readonly string[]): string {
  return names.length > MOST ? `${names.slice(0, MOST).join(', ')} and ${names.length - MOST} more` : names.join(', ')
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
