import type { ParseArgsConfig } from 'node:util'

/** Every command takes all of these, so that a script may pass the same ones everywhere; the help of each names those that matter to it. */
export const FLAGS = {
  openshift: { type: 'string' },
  next: { type: 'string' },
  disconnected: { type: 'boolean' },
  cluster: { type: 'string', multiple: true },
  config: { type: 'string' },
  format: { type: 'string' },
  output: { type: 'string' },
  'fail-on': { type: 'string' },
  color: { type: 'string' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies NonNullable<ParseArgsConfig['options']>

/** Flags of one command alone, by its name. */
export const OWN_FLAGS: Record<string, NonNullable<ParseArgsConfig['options']>> = {
  check: { baseline: { type: 'string' }, 'write-baseline': { type: 'string' } },
  trace: { in: { type: 'string', multiple: true }, 'registries-conf': { type: 'string' } },
  rules: { opa: { type: 'string' } },
}

/** What a command is told. */
export interface Flags {
  openshift?: string
  next?: string
  disconnected?: boolean
  cluster?: string[]
  config?: string
  format?: string
  'fail-on'?: string
  quiet?: boolean
  baseline?: string
  'write-baseline'?: string
  in?: string[]
  'registries-conf'?: string
  opa?: string
  /** Whether the output is coloured. */
  color: boolean
}

/** What a command has to say, and how the program ends. */
export interface Outcome {
  output: string
  code: 0 | 1 | 2 | 3
  /** What is to be known beside the output; goes to stderr. */
  notes?: string[]
}
