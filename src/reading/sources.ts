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
}
