import { check, type CheckOptions, type Report } from '../check.ts'
import { requireRules } from '../config.ts'
import type { Flags } from '../flags.ts'
import { isRelevant } from '../openshift/kinds.ts'
import type { Engine } from '../policy/engine.ts'
import type { Rule } from '../policy/rule.ts'
import type { Sources } from '../sources/paths.ts'
import { baselineOf, writeBaseline } from './baseline.ts'
import { enginesOf } from './engines.ts'
import { optionsOf, type Setting } from './options.ts'
import { sourceOf } from './source.ts'

/** What PATHs on a disk are judged by: what flags and configuration say, and rules. */
export interface Means {
  options: CheckOptions
  engines: readonly Engine[]
  rules: readonly Rule[]
}

/** @throws UserError for what is wrong with flags, configuration, baseline or rules. */
export async function meansFor(paths: readonly string[], flags: Flags, setting: Setting = {}): Promise<Means> {
  const { baselineFile, ...said } = optionsOf(paths, flags, setting)
  const baseline = baselineOf(flags, baselineFile, setting.disk)
  const engines = await enginesOf(said.policies)
  const rules = engines.flatMap((one) => one.rules)
  requireRules(said.named, rules.map(({ id }) => id))
  return { options: { ...said, ...(baseline ? { baseline } : {}) }, engines, rules }
}

/** Judges sources; what could not be read is told first. @throws UserError as `check` does. */
export function judge(sources: Sources, options: CheckOptions, engines: readonly Engine[]): Report {
  const report = check(sources, sources.looked, options, engines)
  report.skipped.unshift(...sources.skipped)
  return report
}

/** What is found in PATHs, or in a running cluster, and the rules that were asked. @throws UserError as reading, `meansFor` and `check` do. */
export async function judged(given: readonly string[], flags: Flags): Promise<{ report: Report; rules: readonly Rule[] }> {
  const source = await sourceOf(given, flags)
  const { options, engines, rules } = await meansFor(source.paths, flags, { live: source.live })
  const report = judge(await source.read(isRelevant, 'everything', options.name), options, engines)
  if (flags['write-baseline'] !== undefined) writeBaseline(flags['write-baseline'], report.baseline!.entries)
  return { report, rules }
}

/** Rules of the user's own that failed: what they would have found is not known. */
export function failures({ skipped }: Report): string[] {
  return skipped.filter(({ reason }) => reason === 'rule').map(({ file, message }) => `${file}: ${message}`)
}
