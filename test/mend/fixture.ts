import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Report } from '../../src/check.ts'
import { judge, type Means, meansFor } from '../../src/commands/judge.ts'
import { type Fix, fix } from '../../src/fix.ts'
import { FLAGS, type Flags, OWN_FLAGS } from '../../src/flags.ts'
import { isRelevant } from '../../src/openshift/kinds.ts'
import { FILES } from '../../src/sources/disk.ts'
import { readPaths, type Sources } from '../../src/sources/paths.ts'

/** A folder, read, judged and mended; nothing is written. */
export interface Run {
  before: Report
  made: Fix
  /** What is found when the new texts are read from a disk. */
  again(): Promise<{ report: Report; made: Fix }>
}

/** Mends a folder as `check --fix` does. */
export async function mend(folder: string, args: string[]): Promise<Run> {
  const { values, positionals } = parseArgs({ args, options: { ...FLAGS, ...OWN_FLAGS['check'] }, allowPositionals: true })
  const paths = positionals.length > 0 ? positionals.map((path) => join(folder, path)) : [folder]
  const flags = { ...values, ...(values.config === undefined ? {} : { config: join(folder, values.config) }) } as unknown as Flags
  const means = await meansFor(paths, flags)
  const sources = await readPaths(paths, isRelevant)
  const before = of(sources, means)
  const made = fix(sources, before, (some: Sources) => of(some, means))
  return {
    before, made,
    again: async () => {
      const texts = new Map(made.files.map(({ file, text }) => [file.place, text]))
      const disk = { ...FILES, bytes: (place: string) => (texts.has(place) ? Buffer.from(texts.get(place)!) : FILES.bytes(place)) }
      const read = await readPaths(paths, isRelevant, { disk })
      const report = of(read, means)
      return { report, made: fix(read, report, (some: Sources) => of(some, means)) }
    },
  }
}

function of(sources: Sources, { options, engines }: Means): Report {
  return judge(sources, options, engines)
}

/** The rest of the command line of a case. */
export function argsOf(folder: string): string[] {
  return existsSync(join(folder, 'args')) ? readFileSync(join(folder, 'args'), 'utf8').trim().split(' ') : []
}
