import type { Version } from '../../openshift/version.ts'
import type { Registry } from '../../registries/merge.ts'
import type { Entry } from './entry.ts'

/** The forms in which the mirrors of a cluster can be printed. */
export const FORMS = ['icsp', 'idms', 'install-config', 'hosted-cluster', 'registries-conf', 'assisted'] as const

export type Form = (typeof FORMS)[number]

/** The mirrors of one cluster. */
export interface Mirrors {
  /** What objects are called that have no name of their own: one that the API server takes. */
  name: string
  /** Undefined counts as the newest. */
  version: Version | undefined
  entries: readonly Entry[]
  /** What nodes get of them, with what else of registries.conf comes from Image/cluster. */
  registries: readonly Registry[]
  /** The registries for short names, where they are not the usual ones. */
  search: readonly string[] | undefined
}

/** Something that a form does not carry. */
export interface Loss {
  /** The source of which nodes would get other mirrors for it. */
  source: string
  /** `FILE:LINE: …`, in one line. */
  message: string
}

/** What is printed; with errors, nothing is. */
export interface Printed {
  text: string
  losses: Loss[]
  /** Why the result would not be accepted, or would not work: each a line, `FILE:LINE: …`. */
  errors: string[]
  /** What is to be known of the result. */
  notes: string[]
}
