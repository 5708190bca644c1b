import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { check } from '../check.ts'
import { requireRules } from '../config.ts'
import type { Flags, Outcome } from '../flags.ts'
import { HOME, version } from '../home.ts'
import { isRelevant } from '../openshift/kinds.ts'
import { engine, LEVELS } from '../policy/engine.ts'
import { RULES } from '../policy/rules.generated.ts'
import { ansi, plain } from '../report/color.ts'
import { json } from '../report/json.ts'
import { sarif } from '../report/sarif.ts'
import { text } from '../report/text.ts'
import { readPaths } from '../sources/paths.ts'
import { baselineOf, writeBaseline } from './baseline.ts'
import { oneOf, optionsOf } from './options.ts'
import { ownEngines } from './own.ts'

export const HELP = `mirrorproof check - find what breaks image mirroring in the manifests of OpenShift clusters

Usage
  mirrorproof check [PATH...] [flags]

  Reads ImageContentSourcePolicy, ImageDigestMirrorSet and ImageTagMirrorSet manifests, works out which of them meet in one
  cluster and what the Machine Config Operator would make of them, and reports what is wrong with it.

  PATH is a file, a folder, a glob or - for standard input; none means the current folder. Of a folder, all files are read that end
  in .yaml, .yml or .json, dot-folders too, without .git and node_modules. Links that lead out of the folder are not followed.

Flags
  --openshift X.Y[.Z]     the OpenShift version of all clusters, over what is declared
  --next X.Y[.Z]          the version that all clusters go to next, over what is declared: what will break there is a warning
  --disconnected          the nodes of all clusters cannot reach public registries
  --cluster NAME          judge this cluster only (repeatable)
  --config FILE           the configuration: clusters, upgrades, levels of rules; else .mirrorproof.yaml in the first PATH or the
                          nearest folder above it, no further up than the git repository
  --format FORMAT         text (default), json (schema/check.schema.json) or sarif (2.1.0)
  --baseline FILE         findings that are in it, and have become no worse, do not count; over the one that the configuration names
  --write-baseline FILE   write all findings to it, so that from now on only new ones count
  --output FILE           write the report to FILE
  --fail-on LEVEL         exit with 1 from this level on: error (default), warning, info or never
  --color WHEN            auto (default), always or never; NO_COLOR counts too
  --quiet                 of the text, only the first line of each finding

Exit status
  0  nothing at or above --fail-on
  1  findings
  2  wrong usage or configuration
  3  the job could not be done, or a rule of your own failed

Examples
  mirrorproof check clusters/ --openshift 4.16 --disconnected
  mirrorproof check clusters/ --next 4.18 --fail-on warning
  kustomize build overlays/prod | mirrorproof check - --openshift 4.18
  mirrorproof check --format sarif --output mirrorproof.sarif
`

/** `mirrorproof check`: reads PATHs, judges, prints. */
export async function run(paths: string[], flags: Flags): Promise<Outcome> {
  const given = paths.length > 0 ? paths : ['.']
  const format = oneOf('format', flags.format ?? 'text', ['text', 'json', 'sarif'])
  const failOn = oneOf('fail-on', flags['fail-on'] ?? 'error', [...LEVELS, 'never'])
  const options = optionsOf(given, flags)
  const baseline = baselineOf(flags, options.baselineFile)
  const sources = await readPaths(given, isRelevant)
  const engines = [engine(policy(), RULES), ...(await ownEngines(options.policies))]
  const rules = engines.flatMap((one) => one.rules)
  requireRules(options.named, rules.map(({ id }) => id))
  const report = check(sources, sources.looked, { ...options, ...(baseline ? { baseline } : {}) }, engines)
  if (flags['write-baseline'] !== undefined) writeBaseline(flags['write-baseline'], report.baseline!.entries)
  report.skipped.unshift(...sources.skipped)
  const failing = report.findings.some(({ level }) => failOn !== 'never' && LEVELS.indexOf(level) <= LEVELS.indexOf(failOn))
  const output = format === 'json' ? json(report) : format === 'sarif' ? sarif(report, rules, version()) : text(report, flags.color ? ansi : plain, flags.quiet ?? false)
  const failed = report.skipped.filter(({ reason }) => reason === 'rule')
  return { output, code: failed.length > 0 ? 3 : failing ? 1 : 0, notes: failed.map(({ file, message }) => `${file}: ${message}`) }
}

function policy(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(HOME, 'policies/policy.wasm')))
}
