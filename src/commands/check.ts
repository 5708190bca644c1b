import { UserError } from '../error.ts'
import type { Flags, Outcome } from '../flags.ts'
import { LEVELS } from '../policy/engine.ts'
import { isFailing } from '../policy/levels.ts'
import { unserved } from '../diagnosis/answer.ts'
import { probeNotes } from '../report/probe.ts'
import { FORMATS, formatted } from './formats.ts'
import { askClusters } from './asked.ts'
import { failures, judged } from './judge.ts'
import { oneOf } from './options.ts'
import { outputsOf, produce } from './outputs.ts'
import { requireProbe } from './probe.ts'

export const HELP = `mirrorproof check - find what breaks image mirroring in the manifests of OpenShift clusters

Usage
  mirrorproof check [PATH...] [flags]
  mirrorproof check --live [--context NAME] [flags]
  mirrorproof check [PATH...] --fix [--dry-run] [flags]
  mirrorproof check [PATH...] --probe [--deep] [--authfile FILE] [--ca FILE]

  Reads ImageContentSourcePolicy, ImageDigestMirrorSet and ImageTagMirrorSet manifests, works out which of them meet in one
  cluster and what the Machine Config Operator would make of them, and reports what is wrong with it.

  PATH is a file, a folder, a glob or - for standard input; none means the current folder. Of a folder, all files are read that end
  in .yaml, .yml or .json, dot-folders too, without .git and node_modules. Links that lead out of the folder are not followed.
  With --live, the objects of a running cluster take the place of PATH, and what its operator made of them is judged, too. So it is in
  the folder that oc adm must-gather writes.

  With --fix, what has one right answer is mended in the files, and everything else in them stays as it is: a slash at the end of a location, a
  misspelt field, a mirror that stands twice. All is judged again: what would bring a new finding is not mended. The report and the exit
  status are those of what is left. Standard input is printed, mended; the report goes to standard error.

Flags
  --openshift X.Y[.Z]     the OpenShift version of all clusters, over what is declared
  --next X.Y[.Z]          the version that all clusters go to next, over what is declared: what will break there is a warning
  --disconnected          the nodes of all clusters cannot reach public registries
  --live                  the running cluster of the kubeconfig in place of PATH
  --kubeconfig FILE       the kubeconfig; else that of KUBECONFIG, else ~/.kube/config, else the one of a pod
  --context NAME          a context of the kubeconfig, over its current one
  --cluster NAME          judge this cluster only (repeatable); with --live, a cluster of the configuration that the running one is
  --config FILE           the configuration: clusters, upgrades, levels of rules; else .mirrorproof.yaml in the first PATH or the
                          nearest folder above it, no further up than the git repository
  --format FORMAT         text (default), json (schema/check.schema.json), sarif (2.1.0), github (annotations of GitHub Actions), markdown,
                          junit (XML) or codequality (GitLab); with --probe, imageset: an ImageSetConfiguration of the images on no mirror
  --format FORMAT=FILE    write this format to FILE; several formats at once are several --format, of which one may go without a FILE
  --baseline FILE         findings that are in it, and have become no worse, do not count; over the one that the configuration names
  --write-baseline FILE   write all findings to it, so that from now on only new ones count
  --fix                   mend what has one right answer
  --dry-run               with --fix: print a unified diff and change nothing; the exit status is that of --fix
  --probe                 ask the registries themselves, from here, for every image of every cluster (docs/probing.md)
  --deep                  with --probe, ask for every platform and every layer, too
  --authfile FILE         with --probe, credentials: a pull secret, an auth.json or a config.json; else where podman and docker keep theirs
  --ca FILE               with --probe, authorities to trust beside those of the manifests and of this system
  --output FILE           write the format that has no FILE of its own to FILE
  --fail-on LEVEL         exit with 1 from this level on: error (default), warning, info or never
  --color WHEN            auto (default), always or never; NO_COLOR counts too
  --quiet                 of the text, only the first line of each finding
  --show-waived           show findings that somebody waived, too; they never count

Exit status
  0  nothing at or above --fail-on
  1  findings; with --probe, too: no location serves an image
  2  wrong usage or configuration
  3  the job could not be done, a file could not be written, a rule of your own failed, or --probe was interrupted

Examples
  mirrorproof check clusters/ --openshift 4.16 --disconnected
  mirrorproof check clusters/ --next 4.18 --fail-on warning
  kustomize build overlays/prod | mirrorproof check - --openshift 4.18
  mirrorproof check --live --context prod-admin
  mirrorproof check must-gather.local.4711/
  mirrorproof check clusters/ --fix --dry-run
  mirrorproof check --probe --authfile pull-secret.json --format text --format imageset=imageset.yaml
  mirrorproof check --format sarif=mirrorproof.sarif --format text
`

/** `mirrorproof check`: reads PATHs, judges, prints. */
export async function run(paths: string[], flags: Flags): Promise<Outcome> {
  const outputs = outputsOf(flags.format, FORMATS, flags.output)
  const failOn = oneOf('fail-on', flags['fail-on'] ?? 'error', [...LEVELS, 'never'])
  requireProbe(flags)
  if (!flags.probe && outputs.some(({ format }) => format === 'imageset')) throw new UserError('an imageset lists what the mirrors lack, so --format imageset goes with --probe, which asks them')
  if (flags['dry-run'] && !flags.fix) throw new UserError('--dry-run shows what --fix would do, so it goes with --fix')
  if (flags.fix && flags.probe) throw new UserError('--fix changes files and --probe asks registries; do one after the other')
  const { report, rules, tell } = flags.fix ? await (await import('./fix.ts')).fixed(paths, flags, outputs) : { ...await judged(paths, flags), tell: (outcome: Outcome) => outcome }
  const asked = flags.probe ? await askClusters(report.clusters, flags) : undefined
  if (asked) report.probed = asked.result.images
  const failing = report.findings.some(({ level }) => isFailing(level, failOn)) || (failOn !== 'never' && unserved(report.probed ?? []).length > 0)
  const failed = [...failures(report), ...(asked?.note === undefined ? [] : [asked.note])]
  const made = await produce(outputs, (output) => formatted(output, report, rules, failOn, flags))
  return tell({ ...made, code: failed.length > 0 ? 3 : failing ? 1 : 0, notes: [...failed, ...(asked?.result.passed ?? []), ...probeNotes(report.probed ?? [], outputs.map(({ format }) => format))] })
}
