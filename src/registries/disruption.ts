import { since, type Version } from '../openshift/version.ts'
import { tableOf, type Table } from './conf.ts'
import { REGISTRIES_CONF } from './node.ts'
import { type Applied, POLICY_JSON } from './operator.ts'
import { SEARCH } from './render.ts'

/** What a change does to each node, one after the other: nothing, CRI-O reads its configuration again, with the node drained before, or the node restarts. */
export interface Disruption {
  effect: 'none' | 'reload' | 'drain' | 'reboot'
  /** A clause that says why it is no less. */
  reason: string
}

/** What nodes have: what the operator wrote, and what they read in place of its registries.conf, with the registries for short names that it names. */
export type Written = Pick<Applied, 'registries' | 'files'> & { own?: { tables: readonly Table[]; search: readonly string[] } }

/**
 * What it costs the nodes of a cluster to go from one configuration to the other, unless a NodeDisruptionPolicy (4.17+) or the ConfigMap
 * `image-registry-override-drain` (4.14+) says otherwise. A cluster of one node is never drained.
 * Follows calculatePostConfigChangeActionFromMCDiffs, isDrainRequired and isSafeContainerRegistryConfChanges of openshift/machine-config-operator.
 */
export function disruption(before: Written, after: Written, version: Version | undefined, singleNode: boolean): Disruption {
  const changed = changedFiles(before, after)
  if (changed.length === 0) return { effect: 'none', reason: 'no file changes' }
  const restarting = changed.find((path) => !reloads(path, version))
  if (restarting !== undefined) return { effect: 'reboot', reason: `${restarting} changes` }
  const unsafe = changed.includes(REGISTRIES_CONF) ? drained(before, after, version) : undefined
  if (unsafe === undefined) return { effect: 'reload', reason: `${changed.join(' and ')} ${changed.length > 1 ? 'change' : 'changes'} in no way that drains` }
  return singleNode ? { effect: 'reload', reason: `${unsafe}, but a cluster of one node is not drained` } : { effect: 'drain', reason: unsafe }
}

function changedFiles(before: Written, after: Written): string[] {
  const content = (files: Written['files']) => new Map(files.map(({ path, content: text }) => [path, text]))
  const [old, now] = [content(before.files), content(after.files)]
  return [...new Set([...old.keys(), ...now.keys()])].filter((path) => old.get(path) !== now.get(path))
}

/** registries.conf since 4.7, policy.json since 4.10; no other file of ours. */
function reloads(path: string, version: Version | undefined): boolean {
  return (path === REGISTRIES_CONF && since(version, 4, 7)) || (path === POLICY_JSON && since(version, 4, 10))
}

/** Why nodes are drained, or undefined where they are not. Up to 4.7 they always were. */
function drained(before: Written, after: Written, version: Version | undefined): string | undefined {
  if (!since(version, 4, 8)) return `${REGISTRIES_CONF} changes`
  const [earlier, later] = [before.own?.search ?? SEARCH, after.own?.search ?? SEARCH]
  if (earlier.some((registry, index) => later[index] !== registry)) return 'the registries for short names are others, or in another order'
  const tables = ({ registries, own }: Written) => new Map((own?.tables ?? registries.map((registry) => tableOf(registry, since(version, 4, 13)))).map((table) => [table.prefix || table.location, table]))
  const [old, now] = [tables(before), tables(after)]
  for (const scope of old.keys()) if (!now.has(scope)) return `\`${scope}\` is no longer there`
  for (const [scope, table] of now) {
    const known = old.get(scope)
    const unsafe = known ? changedTable(known, table, since(version, 4, 13)) : newTable(table, since(version, 4, 13))
    if (unsafe !== undefined) return `\`${scope}\` ${unsafe}`
  }
  return undefined
}

/** From 4.13 on it is each mirror that has to say so (`perMirror`), though a whole table may; before, only the table could. */
function newTable({ mirrors, mirrorByDigestOnly }: Table, perMirror: boolean): string | undefined {
  if (mirrorByDigestOnly && (!perMirror || mirrors.length === 0)) return undefined
  if (mirrors.length === 0) return 'is new and has no mirrors'
  const other = mirrors.find(({ pullFromMirror }) => !perMirror || pullFromMirror !== DIGEST_ONLY)
  if (!other) return undefined
  return mirrorByDigestOnly ? `is new and says mirror-by-digest-only, which its mirror \`${other.location}\` has to say itself` : `is new and has a mirror for tags, \`${other.location}\``
}

const DIGEST_ONLY = 'digest-only'

/** A mirror that stands there twice, for digests and for tags, is compared by where it stands first, and so drains with any change. */
function changedTable(old: Table, now: Table, perMirror: boolean): string | undefined {
  if (JSON.stringify(old) === JSON.stringify(now)) return undefined
  if (old.prefix !== now.prefix || old.location !== now.location) return 'stands for another location'
  if (old.blocked !== now.blocked) return now.blocked ? 'becomes blocked' : 'is no longer blocked'
  if (old.insecure !== now.insecure) return now.insecure ? 'becomes insecure' : 'is no longer insecure'
  if (!perMirror && old.mirrorByDigestOnly !== now.mirrorByDigestOnly) return now.mirrorByDigestOnly ? 'becomes one for digests only' : 'is no longer for digests only'
  const find = (table: Table, location: string) => table.mirrors.find((mirror) => mirror.location === location)
  const gone = old.mirrors.find(({ location }) => !find(now, location))
  if (gone) return `loses its mirror \`${gone.location}\``
  for (const { location, pullFromMirror } of now.mirrors) {
    const earlier = find(old, location)
    const digestOnly = pullFromMirror === DIGEST_ONLY || (!earlier && now.mirrorByDigestOnly)
    if (pullFromMirror !== earlier?.pullFromMirror && !digestOnly) return `gets a mirror for tags, \`${location}\``
  }
  return undefined
}
