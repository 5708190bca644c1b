import type { NewFinding } from '../compare.ts'
import type { ClusterChange } from '../impact.ts'
import { discreet } from '../manifests/discreet.ts'
import type { Skipped } from '../manifests/document.ts'
import type { Finding } from '../policy/finding.ts'
import { type Change, effectText, headline, isTold } from './diff.ts'
import { at, collapsed, fenced, graph } from './graph.ts'
import { visible } from './line.ts'
import { bytes, code, inline } from './markup.ts'
import { grouped } from './routes.ts'
import { unified } from './unified.ts'

/** How much of a change is told; what is too long is left out from the end of this list on. */
interface Detail {
  files: boolean
  fixes: boolean
  unchanged: boolean
  /** How many of anything are listed before the rest is counted. */
  most: number
}

const DETAILS: readonly Detail[] = [
  { files: true, fixes: true, unchanged: true, most: Infinity },
  { files: true, fixes: true, unchanged: false, most: 200 },
  { files: false, fixes: true, unchanged: false, most: 100 },
  { files: false, fixes: false, unchanged: false, most: 30 },
]

/**
 * A change for whom reviews it: what gets worse, what happens to nodes, where images come from then. Of at most `limit` bytes in UTF-8: GitHub takes comments of
 * 65,536 characters, and job summaries of 1 MiB.
 */
export function diffMarkdown(change: Change, limit = 60_000, notes: readonly string[] = []): string {
  for (const detail of DETAILS) {
    const made = page(change, detail, notes)
    if (bytes(made) <= limit) return made
  }
  return `${title(change)}\nAll of it would be too long here; the text format tells more.\n`
}

function page(change: Change, detail: Detail, notes: readonly string[]): string {
  const { findings, skipped } = change
  const cut = DETAILS.indexOf(detail) > 0 ? ['\nSome of it is left out, for all would be too long here; the text format tells more.\n'] : []
  return [
    title(change), ...notes.map((note) => `\n${inline(note)}\n`), ...cut,
    worse(findings.new, detail),
    nodes(change, detail),
    routes(change, detail),
    collapsed(`${findings.gone.length} mended`, list(findings.gone, detail, told)),
    detail.unchanged ? collapsed(`${findings.unchanged.length} as before`, list(findings.unchanged, detail, told)) : '',
    collapsed(`${skipped.after.length} not checked`, list(skipped.after, detail, unchecked)),
  ].join('')
}

function title(change: Change): string {
  return `### mirrorproof: ${inline(headline(change))}\n\n${inline(change.head)} compared with ${code(change.base)}\n`
}

function list<T>(items: readonly T[], { most }: Detail, show: (item: T) => string): string {
  const rest = items.length > most ? `- and ${items.length - most} more\n` : ''
  return items.slice(0, most).map((item) => `- ${show(item)}\n`).join('') + rest
}

function worse(findings: readonly NewFinding[], detail: Detail): string {
  return findings.length === 0 ? '' : `\n#### What gets worse\n\n${list(findings, detail, (finding) => {
    const was = finding.was === null ? '' : ` (was: ${finding.was})`
    const fix = detail.fixes ? `\n  - **fix** ${inline(finding.fix)}` : ''
    return `${told(finding)}${was}${fix}`
  })}`
}

function told({ level, message, rule, site }: Finding): string {
  return `**${level}** ${at(site)} ${inline(message)} ${code(rule)}`
}

function unchecked({ file, line, message }: Skipped): string {
  return `${code(`${file}${line ? `:${line}` : ''}`)} ${inline(message)}`
}

function nodes({ clusters }: Change, detail: Detail): string {
  const some = clusters.filter(isTold)
  if (some.length === 0) return ''
  const shown = list(some, detail, (cluster) => `${clusters.length > 1 ? `**${inline(cluster.name)}** ` : ''}${inline(effectText(cluster))}${upgrade(cluster)}${cluster.incomplete ? '; part of its configuration cannot be read, so there may be more' : ''}`)
  const files = detail.files ? some.flatMap(({ name, files: changed }) => changed.map((file) => collapsed(`${file.path}${clusters.length > 1 ? ` of ${name}` : ''}`, fenced('diff', patch(file))))) : []
  return `\n#### What happens to nodes\n\n${shown}${files.join('')}`
}

function upgrade({ refused, upgrade: stalls }: ClusterChange): string {
  const why = refused === null ? '' : `; **the operator refuses the objects**: ${inline(discreet(refused))}`
  if (!stalls) return why
  return `${why}; **upgrades ${stalls.becomes === 'blocked' ? 'stall from now on' : 'no longer stall'}**${refused === null ? `: ${inline(discreet(stalls.why))}` : ''}`
}

function patch(file: ClusterChange['files'][0]): string {
  return unified(file).split('\n').map(visible).join('\n')
}

function routes({ routes: all, clusters }: Change, detail: Detail): string {
  if (all.length === 0) return ''
  const groups = grouped(all)
  const several = clusters.length > 1
  const shown = list(groups, detail, ({ images, cluster, before, after, routes: [first] }) => {
    const [site] = first!.sites
    return `${code(images)}${several ? ` in ${inline(cluster)}` : ''}${site ? ` (${at(site)})` : ''}\n  - before: ${inline(before)}\n  - now: ${inline(after)}`
  })
  return `\n#### Where images come from\n${graph(groups, several)}\n${shown}`
}
