import type { Gunzip } from '../carriers/embedded.ts'
import type { File } from '../manifests/document.ts'

/** Where manifests come from. */
export interface Sources {
  /** Those that are worth reading. */
  files: readonly File[]
  /** The places of files that were looked at and hold nothing of interest. */
  passed: ReadonlySet<string>
  /** A file at a place, whatever it holds; undefined where there is none or it cannot be read. */
  open(place: string): File | undefined
  gunzip: Gunzip
  /** The running clusters that some of the files are objects of. */
  running?: readonly Running[]
}

/** A running cluster: what it holds is here, but for what could not be read. */
export interface Running {
  /** The folder that its objects lie in. */
  place: string
  name: string
  /** How it is known, in a sentence. */
  why: string
  /** The kinds of which it may hold objects that are not here. */
  unseen: ReadonlySet<string>
  /** It lies beneath manifests that are yet to be applied to it: their mirror configuration takes the place of its own. */
  beneath?: true
}
