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

/** The same sources, with other texts for some files, by place; nothing is read again. */
export function withTexts<S extends Sources>(sources: S, texts: ReadonlyMap<string, string>): S {
  const changed = new Map<string, File>()
  const now = (file: File): File => {
    const text = texts.get(file.place)
    if (text === undefined) return file
    const known = changed.get(file.place) ?? { ...file, text }
    changed.set(file.place, known)
    return known
  }
  const open = (place: string) => {
    const file = sources.open(place)
    return file && now(file)
  }
  return { ...sources, files: sources.files.map(now), open }
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
