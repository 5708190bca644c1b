import type { Report } from '../check.ts'
import type { Skipped } from '../manifests/document.ts'
import { type Level, LEVELS } from '../policy/engine.ts'
import type { Finding, Waived } from '../policy/finding.ts'
import { groups } from './groups.ts'
import { bytes, code, inline } from './markup.ts'
import { counts, list, MOST, plural, summary } from './summary.ts'
import { suggester } from './suggester.ts'
import { excuse } from './waiver.ts'

export interface MarkdownOptions {
  /** Lists findings that do not count. */
  showWaived: boolean
  /** How many bytes of UTF-8 it may take: GitHub cuts nothing, but drops a job summary of more than 1 MiB. */
  limit?: number
  /** What is to be known beside the findings. */
  notes?: readonly string[]
}

/**
 * A report for a comment or a job summary: the counts, the findings of each file, what was not checked. Where that is longer than `limit`, without fixes
 * and excerpts; where that is too long, too, the worst findings, and the others by rule; at the least, the counts.
 */
export function markdown(report: Report, { showWaived, limit = 1_000_000, notes = [] }: MarkdownOptions): string {
  const said = notes.map(inline)
  const pages = [
    () => page(report, showWaived, said, full(report.clusters.length > 1, suggester(report.mends))),
    () => page(report, showWaived, [...said, 'Fixes and excerpts are left out, for all of it would be too long here.'], entry),
    () => shortened(report, limit, said),
  ]
  for (const make of pages) {
    const made = make()
    if (bytes(made) <= limit) return made
  }
  return head(report, false, [...said, 'Nothing more fits in here.'])
}

function page(report: Report, showWaived: boolean, notes: string[], show: (finding: Finding) => string): string {
  const [failed, unchecked] = [true, false].map((wanted) => report.skipped.filter(({ reason }) => (reason === 'rule') === wanted)) as [Skipped[], Skipped[]]
  return [
    head(report, showWaived, notes),
    ...failed.map((skip) => `\n**A rule failed.** ${skippedText(skip)}\n`),
    byFile(report.findings, show),
    collapsed(showWaived ? report.waived : [], 'waived', (waived) => `${place(waived)} ${excuseOf(waived)}`),
    collapsed(unchecked, 'not checked', skippedText),
  ].join('')
}

function head(report: Report, showWaived: boolean, notes: string[]): string {
  const [found, ...others] = summary(report, showWaived)
  return `### mirrorproof: ${inline(found!)}\n\n${others.map(inline).join('; ')}\n${notes.map((note) => `\n${note}\n`).join('')}`
}

function byFile(findings: readonly Finding[], show: (finding: Finding) => string): string {
  return groups(findings, ({ site }) => site.file).map(([file, of]) => `${heading(file)}${of.map(show).join('')}`).join('')
}

function heading(file: string): string {
  return `\n#### ${code(file)}\n\n`
}

function entry({ level, message, site, rule }: Finding): string {
  return `- **${level}** ${site.line}:${site.column} ${inline(message)} ${code(rule)}\n`
}

function full(severalClusters: boolean, shown: (finding: Finding) => string): (finding: Finding) => string {
  return (finding) => {
    const { excerpt, related, clusters, fix } = finding
    const notes = related.slice(0, MOST).map((one) => `${code(`${one.site.file}:${one.site.line}`)} ${inline(one.message)}`)
    if (related.length > MOST) notes.push(`and ${related.length - MOST} more places`)
    if (excerpt?.trim()) notes.unshift(code(excerpt.trim()))
    if (severalClusters && clusters.length > 0) notes.push(`in ${inline(list(clusters))}`)
    return `${entry(finding)}${[...notes, `**fix** ${inline(fix)}${shown(finding)}`].map((note) => `  - ${note}\n`).join('')}`
  }
}

function place({ level, message, site, rule }: Finding): string {
  return `${code(`${site.file}:${site.line}`)} ${level}: ${inline(message)} ${code(rule)}`
}

function excuseOf({ waiver }: Waived): string {
  return inline(excuse(waiver))
}

function skippedText({ file, line, message }: Skipped): string {
  return `${code(`${file}${line ? `:${line}` : ''}`)} ${inline(message)}`
}

function collapsed<T>(items: readonly T[], what: string, show: (item: T) => string): string {
  return items.length === 0 ? '' : `\n<details><summary>${items.length} ${what}</summary>\n\n${items.map((item) => `- ${show(item)}\n`).join('')}\n</details>\n`
}

/** As many findings as fit, the worst first, and the others by rule. */
function shortened(report: Report, limit: number, notes: string[]): string {
  const worst = report.findings.toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
  const fixed = head(report, false, [...notes, told(report.findings.length, report.findings.length)])
  let left = limit - bytes(fixed) - bytes(table(worst))
  const files = new Set<string>()
  const listed: Finding[] = []
  for (const finding of worst) {
    left -= bytes(entry(finding)) + (files.has(finding.site.file) ? 0 : bytes(heading(finding.site.file)))
    if (left < 0) break
    files.add(finding.site.file)
    listed.push(finding)
  }
  return `${head(report, false, [...notes, told(listed.length, worst.length)])}${byFile(listed, entry)}${table(worst.slice(listed.length))}`
}

function told(listed: number, all: number): string {
  return `All of it would be too long here: ${listed} of ${plural(all, 'finding')} are listed, the worst first, without fixes and excerpts; the others are counted. What was not checked, the text format names.`
}

function table(findings: readonly Finding[]): string {
  if (findings.length === 0) return ''
  const rules = groups(findings, ({ rule, level }) => JSON.stringify([rule, level])).map(([key, of]) => ({ key: JSON.parse(key) as [string, Level], count: of.length }))
  return `\n| rule | level | not listed |\n|---|---|---|\n${rules.map(({ key: [rule, level], count }) => `| ${code(rule)} | ${level} | ${count} |\n`).join('')}\n${counts(findings)} not listed\n`
}
