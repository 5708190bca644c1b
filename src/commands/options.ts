import type { CheckOptions } from '../check.ts'
import { type Configuration, NOTHING, parseConfig, requireRules } from '../config.ts'
import { UserError } from '../error.ts'
import type { Flags } from '../flags.ts'
import { STREAM } from '../manifests/place.ts'
import { parseVersion, type Version } from '../openshift/version.ts'
import { readConfig } from '../sources/config.ts'
import { type Disk, STDIN } from '../sources/disk.ts'
import { display } from '../sources/display.ts'
import { isWhole } from '../sources/whole.ts'
import { BUILT_IN } from './own.ts'

/** What is judged, where that is not simply files of today. */
export interface Setting {
  /** Where PATHs are looked up. */
  disk?: Disk | undefined
  /** The context of the running cluster that takes their place. */
  live?: string | undefined
}

/** What the flags and the configuration file say about rules and the clusters that PATHs are for. */
export function optionsOf(paths: readonly string[], flags: Flags, { disk, live }: Setting = {}): CheckOptions & Pick<Configuration, 'policies' | 'named'> & { baselineFile: Configuration['baseline'] } {
  const openshift = versionOf(flags, 'openshift')
  const next = versionOf(flags, 'next')
  const { place, clusters: all, levels, upgrades, policies, waivers, requireReasons, baseline, named } = configOf(paths, flags, disk)
  const running = live === undefined ? undefined : runningName(live, all.map(({ name }) => name), flags.cluster)
  const clusters = running === undefined ? all : all.filter(({ name }) => name === running)
  return {
    clusters, levels, policies, named, waivers, requireReasons, baselineFile: baseline,
    today: today(),
    whole: running === undefined && isWhole(paths, place, clusters.flatMap((cluster) => cluster.paths)),
    upgrades: next ? { all: { version: next, said: `--next ${flags.next}` }, clusters: new Map() } : upgrades,
    name: running ?? common(paths),
    ...(openshift ? { version: openshift } : {}),
    ...(flags.disconnected === undefined ? {} : { disconnected: flags.disconnected }),
    ...(flags.cluster ? { only: flags.cluster } : {}),
    ...(paths.includes(STDIN) && clusters.length > 0 ? { stream: { place: STREAM, cluster: streamCluster(clusters.map(({ name }) => name), flags.cluster) } } : {}),
  }
}

/** What the configuration file for PATHs says; `place` is that of the file, where there is one. */
export function configOf(paths: readonly string[], flags: Flags, disk?: Disk): Configuration & { place?: string } {
  const found = readConfig(paths, flags.config, disk)
  const config = found ? parseConfig(found.file, found.place) : NOTHING
  if (config.policies.length === 0) requireRules(config.named, BUILT_IN) // else whoever loads those says
  return found ? { ...config, place: found.file.place } : config
}

/** The day that it is here, as YYYY-MM-DD. */
export function today(): string {
  const now = new Date()
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
}

/** Standard input lies in no folder, so where clusters are declared it has to be said which one it is for. */
function streamCluster(declared: string[], picked: string[] = declared): string {
  if (picked.length === 1) return picked[0]!
  throw new UserError(`standard input is for one cluster; name it by --cluster (${declared.join(', ')})`)
}

/** A running cluster is called as its context is, or as the cluster of the configuration that --cluster says it is. */
function runningName(context: string, declared: string[], picked: string[] = []): string {
  const [name = context, second] = picked.filter((one) => declared.includes(one))
  if (second !== undefined) throw new UserError(`a running cluster is one of those that the configuration declares; --cluster names ${name} and ${second}`)
  return name
}

/** The folder around all PATHs is what a lone cluster is called. */
function common(paths: readonly string[]): string {
  if (paths.length > 1) return '.'
  return paths[0] === STDIN ? STREAM : display(paths[0]!)
}

/** The version that --openshift or --next gives. */
export function versionOf(flags: Flags, flag: 'openshift' | 'next'): Version | undefined {
  const text = flags[flag]
  const version = text === undefined ? undefined : parseVersion(text)
  if (text !== undefined && !version) throw new UserError(`--${flag} takes a version such as 4.16 or 4.16.3, not ${text}`)
  return version
}

/** The value of a flag that takes one of a few. */
export function oneOf<T extends string>(flag: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value)
  if (found === undefined) throw new UserError(`--${flag} takes ${allowed.join(', ')}, not ${value}`)
  return found
}
