import type { CheckOptions, Report } from '../check.ts'
import { UserError } from '../error.ts'
import { type Fix, fix } from '../fix.ts'
import type { Flags, Outcome } from '../flags.ts'
import { STREAM } from '../manifests/place.ts'
import { isRelevant } from '../openshift/kinds.ts'
import type { Engine } from '../policy/engine.ts'
import type { Rule } from '../policy/rule.ts'
import { fixPatch, fixText } from '../report/fix.ts'
import { STDIN } from '../sources/disk.ts'
import type { Sources } from '../sources/paths.ts'
import { distinct, rewrite } from '../sources/rewrite.ts'
import { failures, judge, meansFor } from './judge.ts'
import type { Output } from './outputs.ts'
import { sourceOf } from './source.ts'

/** What is left once all is mended that can be, and how that is told beside the report on it. */
export interface Fixed {
  report: Report
  rules: readonly Rule[]
  tell(outcome: Outcome): Outcome
}

/**
 * Mends what has one right answer in PATHs, and writes it unless it is a dry run.
 * @throws UserError for flags that do not go together, and as reading and judging do.
 */
export async function fixed(given: readonly string[], flags: Flags, outputs: readonly Output<string>[]): Promise<Fixed> {
  if (flags['write-baseline'] !== undefined) throw new UserError('--fix mends findings and --write-baseline sets them aside; mend first, then write what is left')
  const isText = outputs.some(({ file, format }) => file === undefined && format === 'text')
  const isStream = given.includes(STDIN)
  if (isStream && given.length > 1) throw new UserError('standard input is mended by itself, without other paths')
  const own = outputs.find(({ file }) => file === undefined)
  if (isStream && own && own.format !== 'text') throw new UserError(`--fix prints standard input as it is then; write the report to a file: --format ${own.format}=FILE`)
  const source = await sourceOf(given, flags)
  const { options, engines, rules } = await meansFor(source.paths, flags, { live: source.live })
  const sources = await source.read(isRelevant, 'everything', options.name)
  const found = judge(sources, options, engines)
  if (failures(found).length > 0) return { report: found, rules, tell: (outcome) => ({ ...outcome, notes: [...(outcome.notes ?? []), 'nothing is mended, for a rule of your own failed'] }) }
  const made = mending(sources, found, options, engines)
  const dryRun = flags['dry-run'] === true
  const failed = dryRun || isStream ? [] : rewrite(distinct(made.files)).failed
  if (failed.length > 0) return { report: found, rules, tell: (outcome) => ({ ...outcome, code: 3, notes: [...(outcome.notes ?? []), ...failed.map(({ path, why }) => `${path} is not mended: ${why}`)] }) }
  const stream = isStream ? sources.files.find(({ place }) => place === STREAM)?.text ?? '' : undefined
  return { report: made.report, rules, tell: (outcome) => told(outcome, made, { dryRun, isText, stream }) }
}

/** Clusters that nobody picked have a say, too: they may share what is edited. */
function mending(sources: Sources, found: Report, { only, ...options }: CheckOptions, engines: readonly Engine[]): Fix {
  const all = (some: Sources) => judge(some, options, engines)
  if (only === undefined) return fix(sources, found, all)
  const picked = new Set(found.clusters.map(({ name }) => name))
  const made = fix(sources, all(sources), all, ({ clusters }) => clusters.some((name) => picked.has(name)))
  return { ...made, report: judge(made.sources, { ...options, only }, engines) }
}

/** What was mended goes before the report where that is a text, and else beside it; standard input goes out as it is then. */
function told(outcome: Outcome, made: Fix, { dryRun, isText, stream }: { dryRun: boolean; isText: boolean; stream: string | undefined }): Outcome {
  const [text, patch] = [fixText(made, dryRun), dryRun ? fixPatch(made) : '']
  const notes = outcome.notes ?? []
  if (stream !== undefined) return { ...outcome, output: dryRun ? patch : made.files[0]?.text ?? stream, notes: [...notes, ...lines(text), ...lines(outcome.output)] }
  if (!isText) return { ...outcome, notes: [...notes, ...lines(text)] }
  return { ...outcome, output: `${patch === '' ? '' : `${patch}\n`}${text}\n${outcome.output}` }
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}
