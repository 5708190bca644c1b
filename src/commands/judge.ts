import { check, type Report } from '../check.ts'
import { requireRules } from '../config.ts'
import type { Flags } from '../flags.ts'
import { isRelevant } from '../openshift/kinds.ts'
import type { Rule } from '../policy/rule.ts'
import { readPaths } from '../sources/paths.ts'
import { baselineOf, writeBaseline } from './baseline.ts'
import { enginesOf } from './engines.ts'
import { optionsOf } from './options.ts'

/** What is found in PATHs, and the rules that were asked. @throws UserError as reading, the configuration and `check` do. */
export async function judged(paths: readonly string[], flags: Flags): Promise<{ report: Report; rules: readonly Rule[] }> {
  const options = optionsOf(paths, flags)
  const baseline = baselineOf(flags, options.baselineFile)
  const sources = await readPaths(paths, isRelevant)
  const engines = await enginesOf(options.policies)
  const rules = engines.flatMap((one) => one.rules)
  requireRules(options.named, rules.map(({ id }) => id))
  const report = check(sources, sources.looked, { ...options, ...(baseline ? { baseline } : {}) }, engines)
  if (flags['write-baseline'] !== undefined) writeBaseline(flags['write-baseline'], report.baseline!.entries)
  report.skipped.unshift(...sources.skipped)
  return { report, rules }
}

/** Rules of the user's own that failed: what they would have found is not known. */
export function failures({ skipped }: Report): string[] {
  return skipped.filter(({ reason }) => reason === 'rule').map(({ file, message }) => `${file}: ${message}`)
}
