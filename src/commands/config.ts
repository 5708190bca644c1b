import { readDocument, requireRules } from '../config.ts'
import { effective, flagOf, type Said } from '../effective.ts'
import type { Flags, Outcome } from '../flags.ts'
import { nextOf } from '../policy/upgrade.ts'
import { configJson, configText } from '../report/config.ts'
import { readConfig } from '../sources/config.ts'
import { STDIN } from '../sources/disk.ts'
import { display } from '../sources/display.ts'
import { optionsOf } from './options.ts'
import { oneFormat } from './outputs.ts'
import { BUILT_IN, ownEngines } from './own.ts'

export const HELP = `mirrorproof config - the configuration that is in force, and what says each value

Usage
  mirrorproof config [PATH...] [flags]

  Prints which configuration file holds for PATH and why, and all that can be configured: each value with the line or the flag that
  says it, and what is not set with what holds then. The text is YAML that can be saved again in place of the file.

  PATH is what you would give to mirrorproof check; none means the current folder.

Flags
  --config FILE           the configuration; else .mirrorproof.yaml in the first PATH or the nearest folder above it, no further up
                          than the git repository
  --openshift X.Y[.Z]     the OpenShift version of all clusters, over what is declared
  --next X.Y[.Z]          the version that all clusters go to next, over what is declared
  --disconnected          the nodes of all clusters cannot reach public registries
  --format FORMAT         text (default) or json (schema/config-report.schema.json)
  --output FILE           write the result to FILE

Exit status
  0  printed
  2  wrong usage or configuration

Examples
  mirrorproof config clusters/prod
  mirrorproof config --format json | jq '.config.clusters'
`

/** `mirrorproof config`: what is configured, and where. */
export async function run(given: string[], flags: Flags): Promise<Outcome> {
  const path = given.find((one) => one !== STDIN) ?? '.'
  const format = oneFormat('config', flags.format, ['text', 'json'])
  await validate(path, flags)
  const found = readConfig([path], flags.config)
  const said: Said = {
    ...(flags.openshift === undefined ? {} : { openshift: flags.openshift }), ...(flags.next === undefined ? {} : { next: flags.next }), ...(flags.disconnected === undefined ? {} : { disconnected: flags.disconnected }),
  }
  const around = display(path)
  const inForce = {
    file: found?.file.path ?? null,
    why: flags.config !== undefined ? '--config names it' : found ? `the nearest one in or above ${around}` : `there is no .mirrorproof.yaml in or above ${around}, up to the git repository`,
    flags: Object.entries(said).map(([name, value]) => flagOf(name as keyof Said, value)),
    settings: effective(found && readDocument(found.file), said),
  }
  return { output: format === 'json' ? configJson(inForce) : configText(inForce), code: 0 }
}

/** @throws UserError for whatever is wrong with the configuration or the flags: what `check` would refuse of them. */
async function validate(path: string, flags: Flags): Promise<void> {
  const { clusters, version, upgrades, policies, named } = optionsOf([path], flags)
  const own = (await ownEngines(policies)).flatMap(({ rules }) => rules.map(({ id }) => id))
  requireRules(named, [...BUILT_IN, ...own])
  for (const one of clusters) nextOf(upgrades ?? { clusters: new Map() }, { name: one.name, version: version ?? one.version })
}
