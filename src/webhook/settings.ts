import type { CheckOptions } from '../check.ts'
import { type Configuration, NOTHING, parseConfig, requireRules } from '../config.ts'
import { UserError } from '../error.ts'
import type { Flags } from '../flags.ts'
import type { Mode } from '../install/setting.ts'
import { enginesOf } from '../commands/engines.ts'
import { today, versionOf } from '../commands/options.ts'
import { readConfig } from '../sources/config.ts'
import { FILES } from '../sources/disk.ts'
import type { Engine } from '../policy/engine.ts'
import { denies } from './verdict.ts'

/** A cluster works with what these find, and to have it may be what mends one, or the only way to another order. A configuration may say otherwise. */
const WORKING = [['deprecated-icsp', 'warning'], ['mirror-order-cycle', 'warning']] as const

/** What flags say of judging. */
export interface Settings {
  flags: Pick<Flags, 'config' | 'openshift' | 'next' | 'disconnected' | 'cluster'>
  mode: Mode
  /** What the configuration said when it was read; else it is read where it is needed. */
  text?: string
}

/** The same with the text of the configuration, so that whoever takes another one's place later judges by what that one judged by. @throws UserError where it cannot be read. */
export function withText(settings: Settings): Settings {
  const { config } = settings.flags
  return config === undefined ? settings : { ...settings, text: readConfig([], config)!.file.text }
}

/** What requests are judged by. */
export interface Means {
  engines: readonly Engine[]
  /** Asked for each time, for they hold the day. */
  options: () => CheckOptions
  denies(findings: readonly { level: string }[]): boolean
}

/** What flags and configuration say of the cluster. @throws UserError for what is wrong with them. */
export function optionsOf({ flags, text }: Settings): { options: () => CheckOptions; policies: string[]; named: Configuration['named'] } {
  const found = flags.config === undefined ? undefined : readConfig([], flags.config, text === undefined ? FILES : { ...FILES, bytes: () => Buffer.from(text) })
  const { clusters, policies, named, levels, upgrades, waivers, requireReasons } = found ? parseConfig(found.file, found.place) : NOTHING
  const [openshift, next] = [versionOf(flags as Flags, 'openshift'), versionOf(flags as Flags, 'next')]
  const [first, second] = clusters.filter(({ name }) => !flags.cluster || flags.cluster.includes(name))
  if (flags.cluster && !first) throw new UserError(`the configuration declares no cluster ${flags.cluster.join(', ')}`)
  if (second) throw new UserError(`the configuration declares several clusters; name this one by --cluster (${clusters.map(({ name }) => name).join(', ')})`)
  // The objects of the cluster are its own, wherever the paths of its declaration lead.
  const cluster = { name: 'cluster', ...first, paths: [] }
  const options = (): CheckOptions => ({
    clusters: [cluster], name: cluster.name, levels: { ...levels, all: new Map([...WORKING, ...levels.all]) }, waivers, requireReasons, configuredOnly: true, today: today(), lenient: true,
    upgrades: next ? { all: { version: next, said: `--next ${flags.next}` }, clusters: new Map() } : upgrades,
    ...(openshift ? { version: openshift } : {}),
    ...(flags.disconnected === undefined ? {} : { disconnected: flags.disconnected }),
  })
  return { options, policies, named }
}

/** The same, with the rules. @throws UserError for what is wrong with them. */
export async function meansOf(settings: Settings): Promise<Means> {
  const { options, policies, named } = optionsOf(settings)
  const engines = await enginesOf(policies)
  requireRules(named, engines.flatMap(({ rules }) => rules.map(({ id }) => id)))
  return { engines, options, denies: (findings) => denies(settings.mode, findings) }
}
