import { isRefused } from '../impact.ts'
import { UserError } from '../error.ts'
import type { Flags, Outcome } from '../flags.ts'
import { isFailing } from '../policy/levels.ts'
import { LEVELS } from '../policy/engine.ts'
import { diffJson, diffText } from '../report/diff.ts'
import { diffMarkdown } from '../report/pullrequest.ts'
import { sidesOf } from '../sources/sides.ts'
import { against } from './against.ts'
import { type Changed, changed } from './change.ts'
import { failures } from './judge.ts'
import { oneOf } from './options.ts'
import { outputsOf, paintOf, produce } from './outputs.ts'
import { connectionOf } from './source.ts'

export const HELP = `mirrorproof diff - what a change does: findings, routes of image pulls, nodes that drain

Usage
  mirrorproof diff [PATH...] --base REV|PATH [--head REV] [flags]
  mirrorproof diff [PATH...] --live [--context NAME] [flags]

  Compares two states of the manifests in PATH: which findings are new or mended, which image pulls go elsewhere than before, how
  registries.conf changes on the nodes of each cluster, whether nodes are drained or restarted for it, and whether an upgrade stalls.

  PATH is a file, a folder, a glob or - for standard input; none means the current folder. With --live, what was before is a running
  cluster, and what is after is that cluster once PATH is applied to it: mirror sets that PATH does not hold are gone then, and all
  other objects stay as they are where PATH says nothing of them, so that the images of running workloads are followed, too.

Flags
  --base REV|PATH       what was before: a git revision, which is read from git itself, or a file or folder in the place of PATH
  --head REV            what is after: a git revision; else the files as they are
  --live                compare with the running cluster of the kubeconfig, in place of --base and --head
  --kubeconfig FILE     the kubeconfig; else that of KUBECONFIG, else ~/.kube/config
  --context NAME        a context of the kubeconfig, over its current one
  --openshift X.Y[.Z]   the OpenShift version of all clusters, over what is declared
  --next X.Y[.Z]        the version that all clusters go to next, over what is declared
  --disconnected        the nodes of all clusters cannot reach public registries
  --cluster NAME        judge this cluster only (repeatable)
  --config FILE         the configuration, of each side its own; else the nearest .mirrorproof.yaml
  --format FORMAT       text (default), json (schema/diff.schema.json) or markdown, for a comment
  --format FORMAT=FILE  write this format to FILE; several formats at once are several --format, of which one may go without a FILE
  --output FILE         write the format that has no FILE of its own to FILE
  --fail-on LEVEL       exit with 1 for what gets worse from this level on: error (default), warning, info or never
  --color WHEN          auto (default), always or never; NO_COLOR counts too
  --quiet               of the text, only the first line of each finding, and no files

Exit status
  0  nothing gets worse
  1  findings that were not there before or were milder, or the operator now refuses what it took before
  2  wrong usage or configuration, no such revision
  3  the job could not be done, or a rule of your own failed

Examples
  mirrorproof diff --base main
  mirrorproof diff clusters/prod --live --context prod-admin
  mirrorproof diff clusters/ --base v1.4 --head v1.5 --format markdown
  kustomize build overlays/prod | mirrorproof diff - --base prod-as-it-was.yaml
`

/** `mirrorproof diff`: what a change does. */
export async function run(given: string[], flags: Flags): Promise<Outcome> {
  const paths = given.length > 0 ? given : ['.']
  const outputs = outputsOf(flags.format, ['text', 'json', 'markdown'], flags.output)
  const failOn = oneOf('fail-on', flags['fail-on'] ?? 'error', [...LEVELS, 'never'])
  if (flags.live && (flags.base ?? flags.head) !== undefined) throw new UserError('--live says what to compare with, so --base and --head do not go with it')
  const connection = await connectionOf(flags)
  const { change, after, notes } = connection ? await against(paths, flags, connection) : await between(paths, flags)
  const failed = failures(after)
  const worse = failOn !== 'never' && (change.findings.new.some(({ level }) => isFailing(level, failOn)) || change.clusters.some(isRefused))
  const made = await produce(outputs, (output) => {
    if (output.format === 'json') return diffJson(change)
    return output.format === 'markdown' ? diffMarkdown(change) : diffText(change, paintOf(output, flags), flags.quiet ?? false)
  })
  return { ...made, code: failed.length > 0 ? 3 : worse ? 1 : 0, notes: [...notes, ...failed] }
}

/** Two states of the manifests. */
async function between(paths: readonly string[], flags: Flags): Promise<Changed> {
  if (flags.base === undefined) throw new UserError('say what to compare with by --base, a git revision or a path, or by --live; mirrorproof diff --help shows how')
  return changed(paths, flags, sidesOf(paths, flags.base, flags.head), { base: flags.base, head: flags.head ?? 'what is here' })
}
