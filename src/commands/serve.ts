import { UserError } from '../error.ts'
import type { Flags, Outcome } from '../flags.ts'
import { MODES } from '../install/setting.ts'
import { oneOf, versionOf } from './options.ts'

export const HELP = `mirrorproof serve - a validating webhook that answers what the Machine Config Operator would only log

Usage
  mirrorproof serve --tls-cert FILE --tls-key FILE [flags]

  Follows the mirror sets, Image/cluster, MachineConfigs and their pools, ClusterVersion and trust ConfigMaps of the cluster, and judges each
  change of them by what it does to the cluster as it is: what a change adds or makes worse is denied or told; what is wrong already never is.
  \`mirrorproof install\` prints the manifests that it runs by.

Flags
  --tls-cert FILE         the certificate that the service shows, PEM; read again when it changes
  --tls-key FILE          its key
  --client-ca FILE        take reviews from clients only whose certificate is of this authority
  --listen HOST:PORT      where to listen; :8443 where it is not said
  --kubeconfig FILE       the API server to follow; else KUBECONFIG, ~/.kube/config, or the cluster that the service runs in
  --context NAME          of the kubeconfig
  --mode MODE             enforce (default): deny what breaks the cluster; warn: tell; audit: only log and count
  --workloads             warn of images of workloads that no location can serve, too
  --events                write an Event when two changes that were right by themselves are wrong together
  --config FILE           levels, waivers and rules of your own, for the whole cluster; read again when it changes
  --cluster NAME          of the clusters that the configuration declares, the one that this is
  --openshift X.Y[.Z]     the OpenShift version, over what ClusterVersion says
  --next X.Y[.Z]          the version that the cluster goes to next
  --disconnected          its nodes cannot reach public registries
  --stale-after SECONDS   judge objects by themselves when what is known of the cluster is older than this (300)
  --drain SECONDS         go on answering for so long when told to end (5)

  POST /validate takes admission.k8s.io/v1 AdmissionReviews; GET /healthz, /readyz and /metrics are for probes and Prometheus.

Exit status
  0  told to end by SIGTERM or SIGINT
  2  wrong usage or configuration
  3  the job could not be done
`

/** `mirrorproof serve`: answers until it is told to end. */
export async function run(args: string[], flags: Flags): Promise<Outcome> {
  if (args.length > 0) throw new UserError(`serve takes no PATH (${args[0]}); what it judges by is in --config`)
  const { 'tls-cert': cert, 'tls-key': key, 'client-ca': clientCa } = flags
  if (cert === undefined || key === undefined) throw new UserError('serve needs --tls-cert and --tls-key')
  versionOf(flags, 'openshift')
  versionOf(flags, 'next')
  const plan = {
    files: { cert, key, ...(clientCa === undefined ? {} : { clientCa }) },
    listen: listenOf(flags.listen ?? ':8443'),
    kubeconfig: flags.kubeconfig, context: flags.context,
    settings: { flags: pick(flags), mode: oneOf('mode', flags.mode ?? 'enforce', MODES) },
    workloads: flags.workloads === true, events: flags.events === true,
    staleAfter: secondsOf('stale-after', flags['stale-after'] ?? '300'),
    drain: secondsOf('drain', flags.drain ?? '5'),
  }
  const { serve } = await import('../webhook/serve.ts')
  await serve(plan)
  return { output: '', code: 0 }
}

/** What a thread can be told. */
function pick({ config, openshift, next, disconnected, cluster }: Flags) {
  return { ...(config === undefined ? {} : { config }), ...(openshift === undefined ? {} : { openshift }), ...(next === undefined ? {} : { next }), ...(disconnected === undefined ? {} : { disconnected }), ...(cluster ? { cluster } : {}) }
}

function listenOf(text: string): { host: string; port: number } {
  const [, bracketed, host, port] = /^(?:\[([\da-fA-F:.]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text) ?? []
  if (port === undefined || Number(port) > 65_535) throw new UserError(`--listen takes HOST:PORT, such as :8443 or 127.0.0.1:8443, not ${text}`)
  return { host: bracketed ?? host ?? '', port: Number(port) }
}

function secondsOf(flag: string, text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new UserError(`--${flag} takes a number of seconds, not ${text}`)
  return Number(text)
}
