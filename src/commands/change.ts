import { resolve } from 'node:path'
import type { CheckOptions, Report } from '../check.ts'
import { compare } from '../compare.ts'
import { isUserError } from '../error.ts'
import type { Flags } from '../flags.ts'
import { isRelevant } from '../openshift/kinds.ts'
import { turnedDown } from '../policy/levels.ts'
import type { Rule } from '../policy/rule.ts'
import type { Change } from '../report/diff.ts'
import { list } from '../report/summary.ts'
import type { Disk } from '../sources/disk.ts'
import { readConfig } from '../sources/config.ts'
import { display } from '../sources/display.ts'
import { readSides, type Sides } from '../sources/sides.ts'
import { judge, meansFor } from './judge.ts'
import { optionsOf } from './options.ts'

/** Both sides of a change, judged and compared. */
export interface Changed {
  change: Change
  /** What is there after the change. */
  after: Report
  rules: readonly Rule[]
  notes: string[]
}

/**
 * Judges both sides of a change, each by its own configuration, and compares them. `called` says how the user calls them.
 * @throws UserError as `check` does for what is there after the change.
 */
export async function changed(paths: readonly string[], flags: Flags, sides: Sides, called: { base: string; head: string }): Promise<Changed> {
  const { options, engines, rules } = await meansFor(paths, flags, { disk: sides.after })
  const sources = await readSides(paths, isRelevant, sides)
  const after = judge(sources.after, options, engines)
  const { options: earlier, own, notes } = optionsBefore(paths, flags, sides.before, options, called.base)
  const { baseline } = options
  const before = judge(sources.before, { ...earlier, lenient: true, ...(baseline ? { baseline } : {}) }, engines)
  return { change: { ...compare(before, after), ...called, skipped: { before: before.skipped, after: after.skipped } }, after, rules, notes: [...(sides.note === undefined ? [] : [sides.note]), ...notes, ...softened(own?.levels, options.levels)] }
}

/** A change may turn down the rules that it is judged by. */
function softened(before: CheckOptions['levels'], after: CheckOptions['levels']): string[] {
  const down = turnedDown(before, after, display)
  return down.length > 0 ? [`the change turns rules down in the configuration (${list(down)}): what they find is told as mended, as before or not at all`] : []
}

/** The configuration of that time (`own`); where there was none, or none that can be read, today's. */
function optionsBefore(paths: readonly string[], flags: Flags, disk: Disk, today: CheckOptions, base: string): { options: CheckOptions; own?: CheckOptions; notes: string[] } {
  try {
    const there = flags.config === undefined ? readConfig(paths, undefined, disk) !== undefined : disk.stat(resolve(flags.config)) !== undefined
    const own = there ? optionsOf(paths, flags, { disk }) : undefined
    return { options: own ?? today, ...(own ? { own } : {}), notes: [] }
  } catch (error) {
    if (!isUserError(error)) throw error
    return { options: today, notes: [`the configuration at ${base} cannot be used (${error.message}), so that both sides are judged by today's`] }
  }
}
