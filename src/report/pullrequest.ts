import type { NewFinding } from '../compare.ts'
import type { ClusterChange } from '../impact.ts'
import { discreet } from '../manifests/discreet.ts'
import type { Skipped } from '../manifests/document.ts'
import { LEVELS } from '../policy/engine.ts'
import type { Finding } from '../policy/finding.ts'
import type { Mends } from '../policy/mend.ts'
import { type Change, clauses, effectText, isTold } from './diff.ts'
import { at, collapsed, fenced, graph, short } from './graph.ts'
import { groups as groupsBy } from './groups.ts'
import { visible } from './line.ts'
import { bytes, code, inline } from './markup.ts'
import { grouped, type Step } from './routes.ts'
import { suggester } from './suggester.ts'
import { list as names } from './summary.ts'
import { unified } from './unified.ts'
import { excuse } from './waiver.ts'

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
  const { findings, mends, skipped } = change
  const cut = DETAILS.indexOf(detail) > 0 ? ['\nSome of it is left out, for all would be too long here; the text format tells more.\n'] : []
  return [
    title(change), ...notes.map((note) => `\n${inline(note)}\n`), ...cut,
    worse(findings.new, mends, detail),
    findings.waived.length > 0 ? `\n#### What is waived from now on\n\n${list(findings.waived, detail, (one) => `${told(one)}: ${inline(excuse(one.waiver))}`)}` : '',
    nodes(change, detail),
    routes(change, detail),
    collapsed(`${findings.gone.length} mended`, list(findings.gone, detail, told)),
    detail.unchanged ? collapsed(`${findings.unchanged.length} as before`, list(findings.unchanged, detail, told)) : '',
    collapsed(`${skipped.after.length} not checked`, list(skipped.after, detail, unchecked)),
  ].join('')
}

function title(change: Change): string {
  const { worse: found, waived, mended, routes: moved, nodes: touched, unchecked: left } = clauses(change)
  const both = `${code(change.base)} → ${inline(change.head)}`
  return `### mirrorproof: ${inline([...found, ...waived, ...touched, ...moved].join('; '))}\n\n${[both, ...[...mended, ...left].map(inline)].join('; ')}\n`
}

function list<T>(items: readonly T[], { most }: Detail, show: (item: T) => string): string {
  const rest = items.length > most ? `- and ${items.length - most} more\n` : ''
  return items.slice(0, most).map((item) => `- ${show(item)}\n`).join('') + rest
}

function worse(findings: readonly NewFinding[], mends: Mends, detail: Detail): string {
  const shown = suggester(mends)
  const worst = findings.toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
  return findings.length === 0 ? '' : `\n#### What gets worse\n\n${list(worst, detail, (finding) => {
    const was = finding.was === null ? '' : ` (was: ${finding.was})`
    const fix = detail.fixes ? `\n  - **fix** ${inline(finding.fix)}${shown(finding)}` : ''
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
  const some = clusters.filter(isTold).sort((a, b) => SEVERE.indexOf(b.effect) - SEVERE.indexOf(a.effect))
  if (some.length === 0) return ''
  const of = (all: readonly { name: string }[]) => names(all.map(({ name }) => name))
  const shown = list(groupsBy(some, happening), detail, ([what, same]) => (clusters.length > 1 ? `**${inline(of(same))}**: ${what}` : what))
  const patches = groupsBy(some.flatMap(({ name, files }) => files.map((file) => ({ name, path: file.path, diff: patch(file) }))), ({ path, diff }) => JSON.stringify([path, diff]))
  const files = detail.files ? patches.map(([, same]) => collapsed(`${same[0]!.path}${clusters.length > 1 ? ` of ${of(same)}` : ''}`, fenced('diff', same[0]!.diff))) : []
  return `\n#### What happens to nodes\n\n${shown}${files.join('')}`
}

/** The least first. */
const SEVERE: readonly ClusterChange['effect'][] = ['none', 'reload', 'unknown', 'drain', 'reboot']

function happening(cluster: ClusterChange): string {
  return `${inline(effectText(cluster))}${upgrade(cluster)}${cluster.incomplete ? '; part of its configuration cannot be read, so there may be more' : ''}`
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
  const shown = list(groups, detail, ({ named, cluster, from, to, before, after, routes: [first] }) => {
    const [site] = first!.sites
    return `${inline(named)}${several ? ` in ${inline(cluster)}` : ''}${site ? ` (${at(site)})` : ''}\n  - before: ${way(from, before)}\n  - now: ${way(to, after)}`
  })
  return `\n#### Where images come from\n${graph(groups, several)}\n${shown}`
}

/** The locations in their order; where there are none, why. */
function way(steps: readonly Step[], words: string): string {
  return steps.map(({ location, insecure }) => `${code(short(location))}${insecure ? ' (TLS not verified)' : ''}`).join(', then ') || inline(words)
}
