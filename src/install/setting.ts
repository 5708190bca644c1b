/** What the webhook is to be, on one cluster. */
export interface Settings {
  namespace: string
  /** The reference of the image that runs. */
  image: string
  mode: Mode
  /** Ask it about workloads, too. */
  workloads: boolean
  /** What the API server does with changes of mirrors that it cannot ask about. */
  failurePolicy: FailurePolicy
  /** Certificates come from cert-manager, on any Kubernetes; else from OpenShift's service CA. */
  certManager: boolean
  /** Flags that are handed on to `mirrorproof serve`. */
  serve: readonly string[]
  /** The text of the `.mirrorproof.yaml` that the ConfigMap holds. */
  config: string
  /** The version of mirrorproof. */
  version: string
}

export const MODES = ['enforce', 'warn', 'audit'] as const
export type Mode = (typeof MODES)[number]

export const FAILURE_POLICIES = ['Ignore', 'Fail'] as const
export type FailurePolicy = (typeof FAILURE_POLICIES)[number]

/** Where the image stands that nobody named: on a host that cannot exist (RFC 2606). */
export const UNFILLED = 'registry.invalid/mirrorproof'

const CONFIG = `\
# What the administrators of this cluster allow, as in any .mirrorproof.yaml. It is read again when it changes.
#
# rules:                            # other levels of rules: error, warning, info or off
#   deprecated-icsp: off
# waivers:                          # findings that deny nothing
# - rule: conflicting-source-policy
#   object: ImageDigestMirrorSet/legacy
#   reason: goes with the move to the new registry
#   until: 2027-01-31
`

/** What holds where nothing else is said. */
export function defaults(version: string): Settings {
  return {
    namespace: 'mirrorproof', image: `${UNFILLED}:${version}`, mode: 'enforce', workloads: false, failurePolicy: 'Ignore', certManager: false, serve: [], config: CONFIG, version,
  }
}
