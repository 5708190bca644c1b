import type { ParseArgsConfig } from 'node:util'

/** Every command takes all of these, so that a script may pass the same ones everywhere; the help of each names those that matter to it. */
export const FLAGS = {
  openshift: { type: 'string' },
  next: { type: 'string' },
  disconnected: { type: 'boolean' },
  cluster: { type: 'string', multiple: true },
  config: { type: 'string' },
  live: { type: 'boolean' },
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  format: { type: 'string', multiple: true },
  output: { type: 'string' },
  'fail-on': { type: 'string' },
  color: { type: 'string' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies NonNullable<ParseArgsConfig['options']>

/** What registries are asked with. */
const PROBE = { probe: { type: 'boolean' }, deep: { type: 'boolean' }, authfile: { type: 'string' }, ca: { type: 'string' } } as const

/** Flags of one command alone, by its name. */
export const OWN_FLAGS: Record<string, NonNullable<ParseArgsConfig['options']>> = {
  check: { fix: { type: 'boolean' }, 'dry-run': { type: 'boolean' }, 'show-waived': { type: 'boolean' }, baseline: { type: 'string' }, 'write-baseline': { type: 'string' }, ...PROBE },
  trace: { in: { type: 'string', multiple: true }, 'registries-conf': { type: 'string' }, log: { type: 'string' }, ...PROBE },
  rules: { opa: { type: 'string' } },
  migrate: { to: { type: 'string' }, write: { type: 'boolean' }, check: { type: 'boolean' }, 'dry-run': { type: 'boolean' }, 'include-4.13': { type: 'boolean' } },
  diff: { base: { type: 'string' }, head: { type: 'string' } },
  serve: {
    'tls-cert': { type: 'string' }, 'tls-key': { type: 'string' }, 'client-ca': { type: 'string' }, listen: { type: 'string' },
    mode: { type: 'string' }, workloads: { type: 'boolean' }, events: { type: 'boolean' }, 'stale-after': { type: 'string' }, drain: { type: 'string' },
  },
  install: {
    namespace: { type: 'string' }, image: { type: 'string' }, mode: { type: 'string' }, workloads: { type: 'boolean' }, 'failure-policy': { type: 'string' }, 'cert-manager': { type: 'boolean' },
  },
}

/** What a command is told. */
export interface Flags {
  openshift?: string
  next?: string
  disconnected?: boolean
  cluster?: string[]
  config?: string
  /** What is judged is a running cluster. */
  live?: boolean
  /** Each a format, or FORMAT=FILE. */
  format?: string[]
  output?: string
  'fail-on'?: string
  'show-waived'?: boolean
  fix?: boolean
  quiet?: boolean
  baseline?: string
  'write-baseline'?: string
  in?: string[]
  'registries-conf'?: string
  log?: string
  /** The registries themselves are asked. */
  probe?: boolean
  deep?: boolean
  authfile?: string
  ca?: string
  opa?: string
  base?: string
  head?: string
  to?: string
  write?: boolean
  check?: boolean
  'dry-run'?: boolean
  'include-4.13'?: boolean
  kubeconfig?: string
  context?: string
  'tls-cert'?: string
  'tls-key'?: string
  'client-ca'?: string
  listen?: string
  mode?: string
  workloads?: boolean
  events?: boolean
  'stale-after'?: string
  drain?: string
  namespace?: string
  image?: string
  'failure-policy'?: string
  'cert-manager'?: boolean
  /** Whether the output is coloured. */
  color: boolean
  /** Whether files are coloured, too. */
  colorFiles: boolean
}

/** What a command has to say, and how the program ends. */
export interface Outcome {
  output: string
  /** What goes to files beside the output. */
  files?: { path: string; content: string }[]
  code: 0 | 1 | 2 | 3
  /** What is to be known beside the output; goes to stderr. */
  notes?: string[]
}
