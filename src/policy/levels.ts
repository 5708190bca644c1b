import { contains } from '../manifests/place.ts'
import { type Level, LEVELS } from './engine.ts'

/** What a user makes of a rule: its findings have this level, or there are none. */
export type Setting = Level | 'off'
/** By the id of a rule. */
export type Settings = ReadonlyMap<string, Setting>

/** The levels that a user gives rules; clusters go before `all`, and overrides before both. */
export interface Levels {
  all: Settings
  /** By the name of a cluster. */
  clusters: ReadonlyMap<string, Settings>
  /** For what stands in these files and folders (absolute). Of several that name a rule the last one counts. */
  overrides: readonly { paths: readonly string[]; rules: Settings }[]
}

/** Whether a rule can yield anything in a cluster; otherwise nobody needs to evaluate it. */
export function isAsked({ all, clusters, overrides }: Levels, rule: string, cluster: string): boolean {
  const setting = clusters.get(cluster)?.get(rule) ?? all.get(rule)
  return setting !== 'off' || overrides.some(({ rules }) => rules.has(rule) && rules.get(rule) !== 'off')
}

/** What the user makes of a rule's verdicts in a file (`File.place`) of a cluster; undefined where that is left to the rule. */
export function settingOf({ all, clusters, overrides }: Levels, rule: string, cluster: string, place: string): Setting | undefined {
  const override = overrides.findLast(({ paths, rules }) => rules.has(rule) && paths.some((path) => contains(path, place)))
  return override?.rules.get(rule) ?? clusters.get(cluster)?.get(rule) ?? all.get(rule)
}

/** What one side of a change says of rules that the other does not, where they find less for it: `RULE: off`, and in which cluster or place. */
export function turnedDown(before: Levels | undefined, after: Levels | undefined, shown: (place: string) => string): string[] {
  const earlier = new Map(said(before, shown))
  const rank = (setting: Setting | undefined) => (setting === undefined ? 0 : setting === 'off' ? LEVELS.length : LEVELS.indexOf(setting))
  return said(after, shown).filter(([where, setting]) => rank(setting) > rank(earlier.get(where))).map(([where, setting]) => where.replace('\n', `: ${setting}`))
}

function said({ all, clusters, overrides }: Levels = { all: new Map(), clusters: new Map(), overrides: [] }, shown: (place: string) => string): [where: string, setting: Setting][] {
  const each = (settings: Settings, where: string) => [...settings].map(([rule, setting]): [string, Setting] => [`${rule}\n${where}`, setting])
  return [
    ...each(all, ''), ...[...clusters].flatMap(([cluster, settings]) => each(settings, ` in ${cluster}`)),
    ...overrides.flatMap(({ paths, rules }) => paths.flatMap((path) => each(rules, ` in ${shown(path)}`))),
  ]
}

/** Whether a level is worse than another one. */
export function isWorse(level: Level, other: Level): boolean {
  return LEVELS.indexOf(level) < LEVELS.indexOf(other)
}

/** Whether a finding of a level fails a run that fails from another one on. */
export function isFailing(level: Level, failOn: Level | 'never'): boolean {
  return failOn !== 'never' && !isWorse(failOn, level)
}
