import type { Report } from '../check.ts'
import { STREAM } from '../manifests/place.ts'
import type { Skipped } from '../manifests/document.ts'
import { LEVELS } from '../policy/engine.ts'
import type { Finding } from '../policy/finding.ts'
import type { Mend, Mends } from '../policy/mend.ts'
import { line, uncommanded, visible } from './line.ts'
import { suggestion } from './suggestion.ts'
import { summary } from './summary.ts'

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const
/** How many things that were not checked are named; an annotation is no place for a list. */
const FEW = 5

/** A report as workflow commands, which GitHub turns into annotations, and a last line for who reads the log. Files have to be relative to the repository. */
export function github(report: Report): string {
  return `${annotations(report.findings, report.mends)}${unchecked(report.skipped)}${line(summary(report, true).join('; '))}\n`
}

/**
 * Findings as annotations, one a line; the most important ones first, because GitHub shows the first ten of each level in a step: what stands in
 * files of which `isChanged` says so, then by level, then by place.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function annotations(findings: readonly Finding[], mends: Mends, isChanged: (file: string) => boolean = () => false): string {
  const files = new Map([...new Set(findings.map(({ site }) => site.file))].map((file) => [file, isChanged(file)]))
  const weight = ({ site, level }: Finding) => (files.get(site.file) ? 0 : LEVELS.length) + LEVELS.indexOf(level)
  return findings.toSorted((a, b) => weight(a) - weight(b)).map((one) => annotation(one, mends.of(one))).join('')
}

function annotation({ rule, level, message, fix, site }: Finding, mend: Mend | undefined): string {
  const { file, line: row, column, endLine, endColumn } = site
  const columns = endLine === row ? { col: column, endColumn } : {} // GitHub drops columns of what spans several lines
  const place = file === STREAM ? {} : { file, line: row, endLine, ...columns }
  return command(COMMANDS[level], { ...place, title: rule }, `${line(message)} [${rule}]\n${line(`fix: ${fix}`)}${mend ? `\n${line(`suggestion: ${suggestion(mend)}`)}` : ''}`)
}

/** A word on the run itself, at no place in a file. */
export function notice(level: 'error' | 'warning' | 'notice', message: string): string {
  return command(level, { title: 'mirrorproof' }, line(message))
}

/** What was not checked, in one annotation: a hundred templates must not take the place of findings. */
function unchecked(skipped: readonly Skipped[]): string {
  if (skipped.length === 0) return ''
  const failed = skipped.filter(({ reason }) => reason === 'rule')
  const named = [...failed, ...skipped.filter(({ reason }) => reason !== 'rule')].slice(0, FEW).map(({ file, line: row, message }) => line(`${file}${row ? `:${row}` : ''}: ${message}`))
  if (skipped.length > FEW) named.push(`and ${skipped.length - FEW} more`)
  return command(failed.length > 0 ? 'warning' : 'notice', { title: `${skipped.length} not checked` }, named.join('\n'))
}

function command(name: 'error' | 'warning' | 'notice', properties: Record<string, string | number>, message: string): string {
  const pairs = Object.entries(properties).map(([key, value]) => `${key}=${property(String(value))}`)
  return `::${name} ${pairs.join(',')}::${data(message)}\n`
}

/** What follows the second `::`. The runner turns these back, so that a line break in the text does not end the command. */
export function data(text: string): string {
  const shown = text.split(/([\r\n])/).map((part, index) => (index % 2 === 0 ? uncommanded(visible(part)) : part)).join('')
  return shown.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** The value of a property, which a comma or a colon would end. */
export function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
