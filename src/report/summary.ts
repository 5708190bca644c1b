import type { Report } from '../check.ts'
import { LEVELS } from '../policy/engine.ts'
import type { Finding } from '../policy/finding.ts'

/** How many related sites and clusters of one finding are listed before the rest is only counted. */
export const MOST = 8

/** What a report says in its last line, as clauses: first the findings by level, then what was read, what was not, and what is assumed. */
export function summary({ findings, waived, clusters, skipped, read, baseline }: Report, showWaived: boolean): string[] {
  const parts = [`${counts(findings)}${upgrades(findings, clusters)}`, `${plural(read.resources, 'mirror set')} in ${plural(clusters.length, 'cluster')}, of ${plural(read.files, 'file')}`]
  if (skipped.length > 0) parts.push(`${skipped.length} not checked`)
  if (baseline?.gone) parts.push(`${baseline.gone} of the baseline ${baseline.gone === 1 ? 'is' : 'are'} gone (--write-baseline)`)
  const mirrored = clusters.filter(({ mirrorSets }) => mirrorSets > 0)
  const some = (of: typeof mirrored, word: string) => (clusters.length > 1 ? `${word} ${list(of.map(({ name }) => name))}` : '')
  const unknown = mirrored.filter(({ version }) => !version)
  if (unknown.length > 0) parts.push(`OpenShift version not known${some(unknown, ' of')} (--openshift)`)
  const assumed = mirrored.filter(({ reachKnown }) => !reachKnown)
  if (assumed.length > 0) parts.push(`taken as connected${some(assumed, ':')} (--disconnected)`)
  if (waived.length > 0) parts.push(`${waived.length} waived${showWaived ? '' : ' (--show-waived)'}`)
  return parts
}

/** `4 errors, 1 warning`, or `no findings`. */
export function counts(findings: readonly Finding[]): string {
  const levels = LEVELS.flatMap((level) => {
    const count = findings.filter((finding) => finding.level === level).length
    return count > 0 ? [plural(count, level)] : []
  })
  return levels.length > 0 ? levels.join(', ') : 'no findings'
}

/** How many of the findings an upgrade brings, for each version that some cluster goes to. */
function upgrades(findings: readonly Finding[], clusters: Report['clusters']): string {
  const versions = [...new Set(clusters.flatMap(({ next }) => next?.text ?? []))]
  const brought = versions.map((version) => {
    const count = findings.filter(({ next }) => next === version).length
    return `to ${version}: ${count > 0 ? plural(count, 'finding') : 'nothing new'}`
  })
  return brought.length > 0 ? ` (upgrade ${brought.join(', ')})` : ''
}

export function list(names: readonly string[]): string {
  return names.length > MOST ? `${names.slice(0, MOST).join(', ')} and ${names.length - MOST} more` : names.join(', ')
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
