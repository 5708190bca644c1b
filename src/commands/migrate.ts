import { UserError } from '../error.ts'
import type { Flags, Outcome } from '../flags.ts'
import type { File } from '../manifests/document.ts'
import { STREAM } from '../manifests/place.ts'
import { isRelevant } from '../openshift/kinds.ts'
import { MENTION } from '../migrate/mention.ts'
import { type Migration, migrate } from '../migrate/migrate.ts'
import { ansi, plain } from '../report/color.ts'
import { migrateJson, migratePatch, migrateText } from '../report/migrate.ts'
import { visible } from '../report/line.ts'
import { list } from '../report/summary.ts'
import { withTexts } from '../reading/sources.ts'
import { STDIN } from '../sources/disk.ts'
import { readPaths } from '../sources/paths.ts'
import { distinct, realOf, rewrite } from '../sources/rewrite.ts'
import { form } from './form.ts'
import { optionsOf } from './options.ts'
import { oneFormat } from './outputs.ts'

export const HELP = `mirrorproof migrate - ICSP to IDMS in place, with proof that no image pull changes

Usage
  mirrorproof migrate [PATH...] [--write | --check] [flags]
  mirrorproof migrate [PATH...] --to FORM [flags]

  Turns each ImageContentSourcePolicy of a cluster of OpenShift 4.14 or later into an ImageDigestMirrorSet, where it stands: comments, order, quotes, line
  ends and everything else stay as they are. The imageContentSources of an install-config become imageDigestSources. What names the old kind
  elsewhere (Kustomize, Argo CD, RBAC) changes with it where that is certain, and is listed where it is not. For each cluster, what nodes get and how
  every image is pulled is compared before and after, and the safe order of steps is printed; what cannot be proved is not converted.

  PATH is a file, a folder, a glob or - for standard input, which is printed as it is then; none means the current folder.

Flags
  --dry-run             print a unified diff and change nothing; the default
  --write               change the files
  --check               print what is left to migrate, and exit with 1 where something is
  --include-4.13        in clusters on 4.13, too: there, builds and imports into image streams read ICSPs only
  --to FORM             print the mirrors of one cluster in another form instead: auto, icsp, idms, install-config, hosted-cluster, registries-conf or
                        assisted (docs/migrating.md)
  --openshift X.Y[.Z]   the OpenShift version of all clusters, over what is declared; without one, the newest is assumed
  --cluster NAME        this cluster only (repeatable); what it has in common with others changes only where it is due in all of them
  --config FILE         the configuration; else the nearest .mirrorproof.yaml
  --format FORMAT       text (default) or json (schema/migrate.schema.json)
  --output FILE         write the result to FILE
  --quiet               of the text, the diff alone

Exit status
  0  all that is due was converted, or could be; with --check, nothing is left
  1  something cannot be converted as it stands; with --check, something is left; with --to, the form cannot carry it
  2  wrong usage or configuration
  3  a file cannot be read or written

Examples
  mirrorproof migrate --openshift 4.16
  mirrorproof migrate clusters/ --write
  mirrorproof migrate clusters/ --check
  oc get icsp org -o yaml | mirrorproof migrate - > idms.yaml
  mirrorproof migrate clusters/prod --to install-config
`

type State = 'dry-run' | 'written' | 'check'

/** How many things that were not read are named. */
const MOST = 10

/** `mirrorproof migrate`: plans, proves, prints, and writes where it is told to. */
export async function run(given: string[], flags: Flags): Promise<Outcome> {
  const wanted = (['dry-run', 'write', 'check'] as const).filter((flag) => flags[flag])
  if (wanted.length > 1) throw new UserError(`--${wanted[0]} and --${wanted[1]} do not go together`)
  if (flags.to !== undefined) return form(given, flags, flags.to)
  if (flags.live) throw new UserError('files are migrated, not the objects of a running cluster; migrate --live --to idms prints those in another form')
  const paths = given.length > 0 ? given : ['.']
  if (paths.includes(STDIN) && paths.length > 1) throw new UserError('standard input is migrated by itself, without other paths')
  if (paths.includes(STDIN) && flags.write) throw new UserError('standard input is printed as it is then; there is no file for --write to change')
  const format = oneFormat('migrate', flags.format, ['text', 'json'])
  const migration = await migrated(paths, flags)
  const notes = notesOf(migration, flags)
  const stuck = migration.stuck.length > 0
  if (paths.includes(STDIN) && format === 'text' && !flags.check) return { output: streamed(migration), code: stuck ? 1 : 0, notes: [...notes, ...(flags.quiet && !stuck ? '' : migrateText(migration, 'written', (_, text) => text)).trimEnd().split('\n').filter((line) => line !== '')] }
  const failed = flags.write ? rewrite(migration.files).failed : []
  const state: State = flags.check ? 'check' : flags.write && failed.length === 0 ? 'written' : 'dry-run'
  const left = stuck || (flags.check === true && migration.moves.length > 0)
  return {
    output: format === 'json' ? migrateJson(migration, state === 'written') : failed.length > 0 ? '' : told(migration, state, flags),
    code: failed.length > 0 ? 3 : left ? 1 : 0,
    notes: [...notes, ...failed.map(({ path, why }) => `${path} is not written: ${why}`)],
  }
}

async function migrated(paths: readonly string[], flags: Flags): Promise<Read> {
  const options = optionsOf(paths, flags)
  const relevant = (text: string) => isRelevant(text) || MENTION.test(text)
  const sources = await readPaths(paths, relevant)
  const migration = migrate(sources, options, { from413: flags['include-4.13'] === true }, (texts) => withTexts(sources, byAllNames(texts, sources.files)))
  const stream = sources.files.find(({ place }) => place === STREAM)
  return { ...migration, files: distinct(migration.files), unread: [...sources.skipped, ...migration.unread], stream }
}

interface Read extends Migration {
  /** Standard input, where it was read. */
  stream: File | undefined
}

/** A file that is met by several names changes under all of them. */
function byAllNames(texts: ReadonlyMap<string, string>, files: readonly File[]): ReadonlyMap<string, string> {
  const real = new Map(files.map((file) => [file.place, realOf(file)]))
  const byReal = new Map([...texts].map(([place, text]) => [real.get(place)!, text]))
  return new Map([...byReal, ...files.flatMap(({ place }) => (byReal.has(real.get(place)!) ? [[place, byReal.get(real.get(place)!)!] as const] : []))])
}

function streamed({ files, stream }: Read): string {
  return files.find(({ file }) => file.place === STREAM)?.text ?? stream?.text ?? ''
}

function told(migration: Migration, state: State, { quiet, color }: Flags): string {
  const patch = state === 'dry-run' ? shown(migratePatch(migration), color) : ''
  if (quiet) return patch
  const text = migrateText(migration, state, color ? ansi : plain)
  return patch === '' ? text : `${patch}\n${text}`
}

/** On a terminal, without what controls one. */
function shown(patch: string, color: boolean): string {
  return color ? patch.split('\n').map((line) => visible(line.replaceAll('\t', '    ').replace(/\r$/, ''))).join('\n') : patch
}

/** What is assumed, and what was not read. */
function notesOf({ clusters, moves, unread }: Migration, { quiet }: Flags): string[] {
  if (quiet) return []
  const concerned = new Set(moves.flatMap((move) => move.clusters))
  const unknown = clusters.filter(({ name, version }) => !version && concerned.has(name)).map(({ name }) => name)
  return [
    ...unread.slice(0, MOST).map(({ file, line, message }) => `${file}${line ? `:${line}` : ''}: not looked at: ${message}`),
    ...(unread.length > MOST ? [`${unread.length - MOST} more were not looked at; mirrorproof check names them`] : []),
    ...(unknown.length > 0 ? [`the OpenShift version of ${list(unknown)} is not known; the newest is assumed (--openshift). Before 4.13 there is no ImageDigestMirrorSet`] : []),
  ]
}
