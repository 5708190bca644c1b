import { resolve } from 'node:path'
import { check, type CheckOptions, type Report } from '../check.ts'
import { compare } from '../compare.ts'
import { requireRules } from '../config.ts'
import { isUserError } from '../error.ts'
import type { Flags } from '../flags.ts'
import { isRelevant } from '../openshift/kinds.ts'
import type { Engine } from '../policy/engine.ts'
import type { Rule } from '../policy/rule.ts'
import type { Change } from '../report/diff.ts'
import type { Disk } from '../sources/disk.ts'
import type { Sources } from '../sources/paths.ts'
import { readConfig } from '../sources/config.ts'
import { readSides, type Sides } from '../sources/sides.ts'
import { baselineOf } from './baseline.ts'
import { enginesOf } from './engines.ts'
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
  const { baselineFile, ...said } = optionsOf(paths, flags, sides.after)
  const baseline = baselineOf(flags, baselineFile, sides.after)
  const options = { ...said, ...(baseline ? { baseline } : {}) }
  const sources = await readSides(paths, isRelevant, sides)
  const engines = await enginesOf(options.policies)
  const rules = engines.flatMap((engine) => engine.rules)
  requireRules(options.named, rules.map(({ id }) => id))
  const after = judge(sources.after, options, engines)
  const { options: earlier, notes } = optionsBefore(paths, flags, sides.before, options, called.base)
  const before = judge(sources.before, { ...earlier, lenient: true, ...(baseline ? { baseline } : {}) }, engines)
  return { change: { ...compare(before, after), ...called, skipped: { before: before.skipped, after: after.skipped } }, after, rules, notes: [...(sides.note === undefined ? [] : [sides.note]), ...notes] }
}

function judge(sources: Sources, options: CheckOptions, engines: readonly Engine[]): Report {
  const report = check(sources, sources.looked, options, engines)
  report.skipped.unshift(...sources.skipped)
  return report
}

/** The configuration of that time; where there was none, or none that can be read, today's. */
function optionsBefore(paths: readonly string[], flags: Flags, disk: Disk, today: CheckOptions, base: string): { options: CheckOptions; notes: string[] } {
  try {
    const there = flags.config === undefined ? readConfig(paths, undefined, disk) !== undefined : disk.stat(resolve(flags.config)) !== undefined
    return { options: there ? optionsOf(paths, flags, disk) : today, notes: [] }
  } catch (error) {
    if (!isUserError(error)) throw error
    return { options: today, notes: [`the configuration at ${base} cannot be used (${error.message}), so that both sides are judged by today's`] }
  }
}
