import type { Options } from '../clusters.ts'
import { parseConfig } from '../config.ts'
import { UserError } from '../error.ts'
import type { Flags } from '../flags.ts'
import { parseVersion, type Version } from '../openshift/version.ts'
import { readConfig } from '../sources/config.ts'
import { display, STDIN, STREAM } from '../sources/paths.ts'

/** What the flags and the configuration file say about the clusters that PATHs are for, and the folders of the user's own rules, absolute. */
export function optionsOf(paths: string[], flags: Flags): Options & { policies: string[] } {
  const openshift = versionOf(flags)
  const { clusters, policies } = configOf(paths, flags)
  return {
    clusters,
    policies,
    name: common(paths),
    ...(openshift ? { version: openshift } : {}),
    ...(flags.disconnected === undefined ? {} : { disconnected: flags.disconnected }),
    ...(flags.cluster ? { only: flags.cluster } : {}),
    ...(paths.includes(STDIN) && clusters.length > 0 ? { stream: { place: STREAM, cluster: streamCluster(clusters.map(({ name }) => name), flags.cluster) } } : {}),
  }
}

/** What the configuration file for PATHs says. */
export function configOf(paths: string[], flags: Flags): ReturnType<typeof parseConfig> {
  const config = readConfig(paths, flags.config)
  return config ? parseConfig(config.file, config.place) : { clusters: [], policies: [] }
}

/** Standard input lies in no folder, so where clusters are declared it has to be said which one it is for. */
function streamCluster(declared: string[], picked: string[] = declared): string {
  if (picked.length === 1) return picked[0]!
  throw new UserError(`standard input is for one cluster; name it by --cluster (${declared.join(', ')})`)
}

/** The folder around all PATHs is what a lone cluster is called. */
function common(paths: string[]): string {
  if (paths.length > 1) return '.'
  return paths[0] === STDIN ? STREAM : display(paths[0]!)
}

/** The version that --openshift gives. */
export function versionOf({ openshift }: Flags): Version | undefined {
  const version = openshift === undefined ? undefined : parseVersion(openshift)
  if (openshift !== undefined && !version) throw new UserError(`--openshift takes a version such as 4.16 or 4.16.3, not ${openshift}`)
  return version
}

/** The value of a flag that takes one of a few. */
export function oneOf<T extends string>(flag: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value)
  if (found === undefined) throw new UserError(`--${flag} takes ${allowed.join(', ')}, not ${value}`)
  return found
}
