import { type Comparison, type NewFinding } from '../compare.ts'
import { type ClusterChange, isRefused } from '../impact.ts'
import { discreet } from '../manifests/discreet.ts'
import type { Skipped } from '../manifests/document.ts'
import type { Finding } from '../policy/finding.ts'
import type { Route, RouteChange } from '../reroute.ts'
import type { Paint } from './color.ts'
import { finding, type JsonFinding, type JsonSkipped, type JsonWaived, waived } from './json.ts'
import { line } from './line.ts'
import { grouped, type RouteGroup } from './routes.ts'
import { plural } from './summary.ts'
import { block, excused, head } from './text.ts'
import { unified } from './unified.ts'

/** What was compared: two sides, called as the user calls them, and what was not read on either. */
export interface Change extends Comparison {
  base: string
  head: string
  skipped: { before: readonly Skipped[]; after: readonly Skipped[] }
}

/** What `diff --format json` prints. Fields are only ever added. */
export interface DiffReport {
  version: 1
  base: string
  head: string
  findings: {
    /** What the change makes worse; `was` is the level that it had before, null where it was not there. */
    new: (JsonFinding & { was: 'error' | 'warning' | 'info' | null })[]
    gone: JsonFinding[]
    /** What does not count from now on: it was not there before, or counted. */
    waived: JsonWaived[]
    unchanged: number
  }
  /** Pulls that go elsewhere. */
  routes: {
    image: string
    cluster: string
    /** The locations that are contacted, in order. */
    before: string[]
    after: string[]
    /** Why nothing is contacted, or the pull is refused; else null. */
    beforeError: string | null
    afterError: string | null
    /** Where the image is used. */
    sites: { file: string; line: number; column: number }[]
  }[]
  clusters: {
    name: string
    /** Of a cluster that is `new` or `gone`, nothing was, or is, here. */
    state: 'changed' | 'same' | 'new' | 'gone'
    /** What happens to each node, one after the other. Unknown where the operator refused the objects before, and of a cluster that is gone. */
    effect: 'none' | 'reload' | 'drain' | 'reboot' | 'unknown'
    reason: string
    /** In the operator's words, why it applies none of the objects now; else null. */
    refused: string | null
    /** Whether the operator's refusal, in this version or the next, begins or ends to stall upgrades; else null. */
    upgrade: { becomes: 'blocked' | 'unblocked'; why: string } | null
    /** A unified diff of /etc/containers/registries.conf; null where it stays the same. */
    registriesConf: string | null
    /** All files of nodes that change. */
    files: string[]
    /** What only an installer reads changes, which a cluster that is installed does not notice. */
    installer: boolean
    /** Something that may hold mirror configuration could not be read. */
    incomplete: boolean
  }[]
  /** What was met after the change and not judged. */
  skipped: JsonSkipped[]
  summary: { new: { errors: number; warnings: number; infos: number }; gone: number; unchanged: number; routes: number; drains: number; reboots: number }
}

export const REGISTRIES_CONF = '/etc/containers/registries.conf'

/** A change as one JSON object. */
export function diffJson(change: Change): string {
  return `${JSON.stringify(diffReport(change), null, 2)}\n`
}

/** What `diffJson` prints. */
export function diffReport({ base, head: now, findings, mends, routes, clusters, skipped }: Change): DiffReport {
  const count = (level: Finding['level']) => findings.new.filter((one) => one.level === level).length
  return {
    version: 1, base, head: now,
    findings: { new: findings.new.map((one) => ({ ...finding(one, mends.of(one)), was: one.was })), gone: findings.gone.map((one) => finding(one, undefined)), waived: findings.waived.map(waived), unchanged: findings.unchanged.length },
    routes: routes.map(({ image, cluster, before, after, sites }) => ({
      image, cluster, before: references(before), after: references(after), beforeError: before.error, afterError: after.error, sites: sites.map(({ file, line: at, column }) => ({ file, line: at, column })),
    })),
    clusters: clusters.map(({ files, refused, reason, upgrade, ...cluster }) => ({
      ...cluster, reason: discreet(reason), refused: refused === null ? null : discreet(refused), upgrade: upgrade && { ...upgrade, why: discreet(upgrade.why) },
      registriesConf: files.filter(({ path }) => path === REGISTRIES_CONF).map(unified)[0] ?? null, files: files.map(({ path }) => path),
    })),
    skipped: [...skipped.after],
    summary: {
      new: { errors: count('error'), warnings: count('warning'), infos: count('info') }, gone: findings.gone.length, unchanged: findings.unchanged.length,
      routes: routes.length, drains: having('drain', clusters).length, reboots: having('reboot', clusters).length,
    },
  }
}

function references({ attempts }: Route): string[] {
  return attempts.map(({ reference }) => reference)
}

export function having(effect: ClusterChange['effect'], clusters: readonly ClusterChange[]): ClusterChange[] {
  return clusters.filter((cluster) => cluster.effect === effect)
}

/** How many clusters, and groups of pulls, are told of one by one. */
const MOST = 20

/** A change for people: what is worse, what is mended, what happens to nodes, which pulls go elsewhere; then a line that sums it up. */
export function diffText(change: Change, paint: Paint, quiet: boolean): string {
  const { findings, mends, routes, clusters } = change
  const several = clusters.length > 1
  const worse = findings.new.map((one) => (quiet ? head(one, paint) : [block(one, mends.of(one), several, paint), ...milder(one)].join('\n')))
  const excuses = findings.waived.map((one) => (quiet ? head(one, paint) : excused(one, paint)))
  const mended = findings.gone.map((one) => line(`mended: ${one.site.file}: ${one.level}: ${one.message} [${one.rule}]`))
  const touched = clusters.filter(isTold)
  const blocks = [
    ...(quiet && worse.length > 0 ? [worse.join('\n')] : worse),
    ...(excuses.length > 0 ? [excuses.join('\n')] : []),
    ...(mended.length > 0 ? [mended.join('\n')] : []),
    ...touched.slice(0, MOST).map((cluster) => clusterText(cluster, several, paint, quiet)),
    ...(touched.length > MOST ? [`and ${touched.length - MOST} more clusters (--format json lists all)`] : []),
    ...(routes.length > 0 ? [routesText(routes, several, paint)] : []),
    ...notChecked(change),
    summary(change),
  ]
  return `${blocks.join('\n\n')}\n`
}

function milder({ was, level }: NewFinding): string[] {
  return was === null ? [] : [`   = it was ${was === 'info' ? 'an info' : `a ${was}`} before, and is ${level === 'error' ? 'an error' : `a ${level}`} now`]
}

/** Whether there is anything to tell of a cluster. */
export function isTold({ files, effect, upgrade, refused, installer }: ClusterChange): boolean {
  return files.length > 0 || effect !== 'none' || upgrade !== null || refused !== null || installer
}

const EFFECTS: Record<ClusterChange['effect'], string> = {
  none: 'nodes stay as they are', reload: 'nodes are not drained, CRI-O reads its configuration again', drain: 'each node is drained', reboot: 'each node restarts', unknown: 'what happens to nodes is not known',
}

/** What happens to the nodes of a cluster, in a sentence. */
export function effectText({ effect, reason }: Pick<ClusterChange, 'effect' | 'reason'>): string {
  return `${EFFECTS[effect]}: ${discreet(reason)}`
}

function clusterText(cluster: ClusterChange, several: boolean, paint: Paint, quiet: boolean): string {
  const { name, files, refused, upgrade, incomplete } = cluster
  const lines = [`${several ? `${paint('bold', line(`${name}:`))} ` : ''}${line(effectText(cluster))}`]
  if (refused !== null) lines.push(line(`  the operator refuses the objects: ${discreet(refused)}`))
  if (upgrade) lines.push(line(`  upgrades ${upgrade.becomes === 'blocked' ? 'stall from now on' : 'no longer stall'}: ${discreet(upgrade.why)}`))
  if (incomplete) lines.push('  part of its configuration cannot be read, so there may be more')
  if (quiet) return lines.join('\n')
  return [...lines, ...files.flatMap((file) => unified(file).trimEnd().split('\n').map((one) => `  ${paint(one.startsWith('-') ? 'error' : one.startsWith('+') ? 'info' : 'dim', line(one))}`))].join('\n')
}

function routesText(routes: readonly RouteChange[], several: boolean, paint: Paint): string {
  const groups = grouped(routes)
  const shown = groups.slice(0, MOST).map((group) => groupText(group, several, paint))
  const rest = groups.slice(MOST).reduce((sum, { routes: some }) => sum + some.length, 0)
  return [...shown, ...(rest > 0 ? [`and ${plural(rest, 'pull')} more (--format json lists all)`] : [])].join('\n')
}

function groupText({ cluster, images, before, after, routes: [first] }: RouteGroup, several: boolean, paint: Paint): string {
  const site = first!.sites[0]
  return [
    `${paint('bold', line(several ? `${images} in ${cluster}` : images))} ${paint('dim', line(site ? `${site.file}:${site.line}:${site.column}` : ''))}`,
    `  before: ${line(before)}`, `  now:    ${line(after)}`,
  ].join('\n')
}

function notChecked({ skipped }: Change): string[] {
  const lines = skipped.after.map((one) => line(`${one.file}${one.line ? `:${one.line}` : ''}: not checked: ${one.message}`))
  const told = new Set(skipped.after.map(({ file, message }) => JSON.stringify([file, message])))
  const earlier = skipped.before.filter(({ file, message }) => !told.has(JSON.stringify([file, message]))).map((one) => line(`${one.file}: not checked before the change: ${one.message}`))
  return lines.length + earlier.length > 0 ? [[...lines, ...earlier].join('\n')] : []
}

function summary(change: Change): string {
  return line(`${headline(change)}; ${change.head} compared with ${change.base}`)
}

/** What a change does, in a line. */
export function headline(change: Change): string {
  const { worse, waived: excuses, mended, routes, nodes, unchecked } = clauses(change)
  return [...worse, ...excuses, ...mended, ...routes, ...nodes, ...unchecked].join('; ')
}

/** What a change does, in clauses. */
export function clauses({ findings, routes, clusters, skipped }: Change): Record<'worse' | 'waived' | 'mended' | 'routes' | 'nodes' | 'unchecked', string[]> {
  const counts = (['error', 'warning', 'info'] as const).flatMap((level) => {
    const count = findings.new.filter((one) => one.level === level).length
    return count > 0 ? [plural(count, `new ${level}`)] : []
  })
  const effects = ([['drain', 'drained'], ['reboot', 'restarted']] as const).flatMap(([effect, word]) => {
    const some = having(effect, clusters)
    return some.length > 0 ? [`nodes ${clusters.length > 1 ? `of ${names(some)} ` : ''}are ${word}`] : []
  })
  const refused = clusters.filter(isRefused)
  const worse = [...(counts.length > 0 ? [counts.join(', ')] : []), ...(refused.length > 0 ? [`the operator refuses the objects${clusters.length > 1 ? ` of ${names(refused)}` : ''}`] : [])]
  return {
    worse: worse.length > 0 ? worse : ['nothing is worse'],
    waived: findings.waived.length > 0 ? [`${findings.waived.length} newly waived`] : [],
    mended: [...(findings.gone.length > 0 ? [`${findings.gone.length} mended`] : []), ...(findings.unchanged.length > 0 ? [`${findings.unchanged.length} as before`] : [])],
    routes: routes.length > 0 ? [`${plural(routes.length, 'pull')} ${routes.length === 1 ? 'goes' : 'go'} elsewhere`] : [],
    nodes: effects,
    unchecked: skipped.after.length > 0 ? [`${skipped.after.length} not checked`] : [],
  }
}

function names(clusters: readonly ClusterChange[]): string {
  const shown = clusters.slice(0, 3).map(({ name }) => name).join(', ')
  return clusters.length > 3 ? `${shown} and ${clusters.length - 3} more clusters` : shown
}
