import type { Report } from '../check.ts'
import type { Site } from '../manifests/position.ts'
import { LEVELS } from '../policy/engine.ts'
import type { Finding } from '../policy/finding.ts'
import type { Paint } from './color.ts'
import { line, uncommanded } from './line.ts'

/** How many related sites and clusters of one finding are listed before the rest is only counted. */
const MOST = 8
/** Characters that a terminal shows two columns wide. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g

/**
 * A report for people: for each finding a line that can be searched for, a frame of the source, related sites and the fix; then what was not
 * checked; then what was read. With `quiet`, without frames and notes.
 */
export function text(report: Report, paint: Paint, quiet: boolean): string {
  const shown = report.findings.map((finding) => (quiet ? head(finding, paint) : block(finding, report.clusters.length > 1, paint)))
  const blocks = quiet && shown.length > 0 ? [shown.join('\n')] : shown
  const skipped = report.skipped.map((skip) => line(`${skip.file}${skip.line ? `:${skip.line}` : ''}: not checked: ${skip.message}`))
  if (skipped.length > 0) blocks.push(skipped.join('\n'))
  blocks.push(summary(report))
  return `${blocks.join('\n\n')}\n`
}

function head({ site, level, message, rule }: Finding, paint: Paint): string {
  const [place, sentence] = [line(at(site)), line(` ${message} `)]
  return `${paint('bold', `${place}:`)} ${paint(level, `${level}:`)}${sentence}${paint('dim', `[${rule}]`)}`
}

function block(finding: Finding, severalClusters: boolean, paint: Paint): string {
  const gutter = finding.excerpt === null ? '  ' : ' '.repeat(String(finding.site.line).length)
  const notes = finding.related.slice(0, MOST).map(({ message, site }) => `${at(site)}: ${message}`)
  if (finding.related.length > MOST) notes.push(`and ${finding.related.length - MOST} more places`)
  if (finding.inner) notes.unshift(`at \`${finding.inner}\` of what this string holds`)
  if (severalClusters) notes.push(`in ${list(finding.clusters)}`)
  notes.push(`fix: ${finding.fix}`)
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

function summary({ findings, clusters, skipped, read, baseline }: Report): string {
  const levels = LEVELS.flatMap((level) => {
    const count = findings.filter((finding) => finding.level === level).length
    return count > 0 ? [plural(count, level)] : []
  })
  const parts = [
    `${levels.length > 0 ? levels.join(', ') : 'no findings'}${upgrades(findings, clusters)}`,
    `${plural(read.resources, 'mirror set')} in ${plural(clusters.length, 'cluster')}, of ${plural(read.files, 'file')}`,
  ]
  if (skipped.length > 0) parts.push(`${skipped.length} not checked`)
  if (baseline?.gone) parts.push(`${baseline.gone} of the baseline ${baseline.gone === 1 ? 'is' : 'are'} gone (--write-baseline)`)
  const mirrored = clusters.filter(({ mirrorSets }) => mirrorSets > 0)
  const some = (of: typeof mirrored, word: string) => (clusters.length > 1 ? `${word} ${list(of.map(({ name }) => name))}` : '')
  const unknown = mirrored.filter(({ version }) => !version)
  if (unknown.length > 0) parts.push(`OpenShift version not known${some(unknown, ' of')} (--openshift)`)
  const assumed = mirrored.filter(({ reachKnown }) => !reachKnown)
  if (assumed.length > 0) parts.push(`taken as connected${some(assumed, ':')} (--disconnected)`)
  return line(parts.join('; '))
}

/** How many of the findings an upgrade brings, for each version that some cluster goes to. */
function upgrades(findings: readonly Finding[], clusters: Report['clusters']): string {
  const versions = [...new Set(clusters.flatMap(({ next }) => next?.text ?? []))]
  const counts = versions.map((version) => {
    const count = findings.filter(({ next }) => next === version).length
    return `to ${version}: ${count > 0 ? plural(count, 'finding') : 'nothing new'}`
  })
  return counts.length > 0 ? ` (upgrade ${counts.join(', ')})` : ''
}

function list(names: readonly string[]): string {
  return names.length > MOST ? `${names.slice(0, MOST).join(', ')} and ${names.length - MOST} more` : names.join(', ')
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
