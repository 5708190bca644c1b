import { accessOf, UNKNOWN_ACCESS } from '../diagnosis/access.ts'
import { gather } from '../cluster/registries.ts'
import { UserError } from '../error.ts'
import type { Flags, Outcome } from '../flags.ts'
import { ansi, plain } from '../report/color.ts'
import { traceJson, traceText } from '../report/trace.ts'
import { readConfFiles } from '../sources/conf.ts'
import { clusterTarget, nodeTarget, trace } from '../trace.ts'
import { load, passedOver } from './load.ts'
import type { Predicted } from './log.ts'
import { oneOf, versionOf } from './options.ts'
import { oneFormat } from './outputs.ts'
import { askTraces, requireProbe } from './probe.ts'

export const HELP = `mirrorproof trace - every location that will be tried for an image, in order, and why

Usage
  mirrorproof trace IMAGE... [--in PATH]... [flags]
  mirrorproof trace IMAGE... --live [--context NAME] [flags]
  mirrorproof trace IMAGE... --registries-conf FILE
  mirrorproof trace [IMAGE...] --log FILE|- [--in PATH]... [flags]
  mirrorproof trace IMAGE... --probe [--deep] [--authfile FILE] [--ca FILE]

  Follows image references as CRI-O does through the registries.conf that the Machine Config Operator writes from the manifests in
  PATH, in each cluster. An image is a reference as in a pod (quay.io/org/app:1.2, ...@sha256:...); a short name is looked up in the
  cluster's search registries.

  With --log it reads what podman, skopeo, CRI-O or kubelet said of pulls (podman pull --log-level debug, journalctl -u crio, oc describe pod, oc get
  events; mixed, cut off, pasted from a chat), says which locations were tried, why each one failed and what to change, and where the node does not do
  what the manifests say. Without IMAGE it tells of every image in the log.

Flags
  --in PATH                manifests: a file, a folder, a glob or - for standard input (repeatable); none means the current folder
  --registries-conf FILE   a node's own file and the drop-ins in FILE.d/*.conf in place of manifests; - reads it from standard input
  --log FILE               one log of pulls, held against what is predicted; - reads it from standard input
  --live                   the running cluster of the kubeconfig in place of manifests
  --kubeconfig FILE        the kubeconfig; else that of KUBECONFIG, else ~/.kube/config
  --context NAME           a context of the kubeconfig, over its current one
  --probe                  ask the registries themselves, from here, whether they have the image (docs/probing.md)
  --deep                   with --probe, ask for every platform and every layer, too
  --authfile FILE          with --probe, credentials: a pull secret, an auth.json or a config.json; else where podman and docker keep theirs
  --ca FILE                with --probe, authorities to trust beside those of the manifests and of this system
  --openshift X.Y[.Z]      the OpenShift version of all clusters, over what is declared; without one, the newest is assumed
  --disconnected           the nodes of all clusters cannot reach public registries
  --cluster NAME           this cluster only (repeatable)
  --config FILE            the configuration; else the nearest .mirrorproof.yaml
  --format FORMAT          text (default) or json (schema/trace.schema.json)
  --output FILE            write the result to FILE
  --fail-on never          exit with 0 for a pull that cannot succeed, too
  --color WHEN             auto (default), always or never; NO_COLOR counts too
  --quiet                  of the text, only the first line of each trace and what was answered in all; no notes on stderr

Exit status
  0  some location may serve each image; with --probe, one does; with --log, each was pulled, or the log ends before it tells
  1  an image cannot be pulled: every location is blocked, nodes cannot read their configuration, or the operator refuses the objects; with
     --log, too: the log shows that it could not; with --probe: no location hands it out, or the one that nodes take lacks a part of it
  2  wrong usage or configuration, an image that cannot be parsed, a cluster that there is not
  3  the job could not be done, the log tells nothing of an image, or --probe was interrupted

Examples
  mirrorproof trace quay.io/org/app:1.2 --in clusters/prod --openshift 4.18
  oc debug node/worker-0 -- cat /host/etc/containers/registries.conf | mirrorproof trace quay.io/org/app:1.2 --registries-conf -
  oc adm node-logs worker-0 -u crio | mirrorproof trace --log - --in clusters/prod
  mirrorproof trace quay.io/org/app:1.2 --in clusters/prod --probe --deep --authfile pull-secret.json
`

/** `mirrorproof trace`: where images are pulled from. */
export async function run(images: string[], flags: Flags): Promise<Outcome> {
  if (images.length === 0 && flags.log === undefined) throw new UserError('name an image to trace; mirrorproof trace --help shows how')
  const format = oneFormat('trace', flags.format, ['text', 'json'])
  const failOn = oneOf('fail-on', flags['fail-on'] ?? 'error', ['error', 'warning', 'info', 'never'])
  requireProbe(flags)
  if (flags.log !== undefined && flags.probe) throw new UserError('--log tells of a pull that was, and --probe asks what is now; one at a time')
  const predicted = flags['registries-conf'] === undefined ? await fromManifests(flags) : fromNode(flags['registries-conf'], flags)
  if (flags.log !== undefined) return (await import('./log.ts')).runLog(images, predicted, { ...flags, log: flags.log, format, failOn })
  const { targets, notes } = predicted
  const followed = images.flatMap((image) => targets.flatMap((target) => trace(image, target).map((one) => ({ trace: one, target }))))
  const traces = followed.map((one) => one.trace)
  const asked = flags.probe ? await askTraces(followed, flags) : undefined
  const hopes = asked ? traces.filter((one) => asked.result.get(one)!.conclusion.by !== 'nothing') : traces.filter(({ hopeless }) => !hopeless)
  const served = new Set(hopes.map(({ image, cluster }) => JSON.stringify([image, cluster])))
  const failing = failOn !== 'never' && traces.some(({ image, cluster }) => !served.has(JSON.stringify([image, cluster])))
  return {
    output: format === 'json' ? traceJson(traces, asked?.result) : traceText(traces, flags.color ? ansi : plain, flags.quiet ?? false, asked?.result),
    code: asked?.note !== undefined ? 3 : failing ? 1 : 0,
    notes: [...(flags.quiet ? [] : notes), ...(asked?.note === undefined ? [] : [asked.note])],
  }
}

async function fromManifests(flags: Flags): Promise<Predicted> {
  const { clusters, options, called, notes, incomplete } = await load(flags.in ?? [], flags)
  const targets = clusters.map(({ group, gathered }) => clusterTarget(group, gathered, incomplete))
  const passed = clusters.flatMap(({ group, gathered }, index) => passedOver(group.name, gathered, targets[index]!.ignored))
  if (targets.length > 0) return { targets, accesses: clusters.map(({ group }) => accessOf(group)), notes: [...notes, ...passed], empty: false }
  const none = { name: '', version: options.version, disconnected: options.disconnected ?? false, declared: false, own: undefined, why: '', members: [] }
  return { targets: [{ ...clusterTarget(none, gather([], undefined), incomplete), cluster: null }], accesses: [UNKNOWN_ACCESS], empty: true, notes: [...notes, `there is no mirror configuration in ${called}`] }
}

function fromNode(file: string, flags: Flags): Predicted {
  if (flags.in ?? flags.cluster ?? flags.live) throw new UserError('--registries-conf takes the place of manifests, so --in, --live and --cluster do not go with it')
  const version = versionOf(flags, 'openshift')
  const target = nodeTarget(readConfFiles(file), version, flags.disconnected ?? false)
  const slashed = 'entries' in target.node && target.node.entries.some((entry) => entry.mirrors.some(({ from }) => from.location.endsWith('/')))
  const alone = file === '-' ? ['of the node only this file was read: drop-ins, such as the one with search registries, and policy.json may say otherwise'] : []
  const note = 'a mirror ends with a slash: up to OpenShift 4.19 every pull through its entry fails; 4.20 and later is assumed (--openshift)'
  return { targets: [target], accesses: [UNKNOWN_ACCESS], empty: false, notes: [...alone, ...(slashed && !version ? [note] : [])] }
}
