/** A path into a document: keys and indexes, never a dotted string. */
export type Path = readonly (string | number)[]

/** The text of one file, as a source of manifests hands it on. */
export interface File {
  /** As shown to the user: relative to the current folder where that is possible, with `/`. */
  path: string
  /** Its absolute path, which tells files apart; that of standard input is its `path`. */
  place: string
  /** Without a byte order mark. Offsets count UTF-16 units, as SARIF and editors do. */
  text: string
  /** Named by the user, so every document in it is read, whatever it holds. */
  named: boolean
  /** An object of a running cluster: it is applied, and what only the API server sets is no mistake in it. */
  live?: true
  /** When that object was last changed, as RFC 3339, its status aside; where the API server says so. */
  changed?: string
}

/** One YAML document, or what stands where one should be; or a comment, which stands for itself. */
export interface Document {
  file: File
  /** Where its text begins and ends in `file.text`. */
  start: number
  end: number
  /** Which of the documents between `start` and `end` (more than one only after a `...` line). */
  index: number
  /** As the API server would decode it; undefined where there is a `problem` that prevents it. */
  value: unknown
  /** What is wrong with the document itself. */
  problem?: Problem
  /** The string that holds it, where it is written inside another document; then all of it is blamed on that string. */
  within?: Place
  /** It is a comment, from `start` to `end`, and `value` is its text. */
  comment?: true
}

/** A node of a document. */
export interface Place {
  document: Document
  path: Path
}

export interface Problem {
  /** A clause that reads on after "cannot be read: ". Never an excerpt of the text. */
  message: string
  /** Offset in `file.text`. */
  offset: number
  /** The document could be read all the same, with a loss that `message` names. */
  readable: boolean
}

/** What was met and not judged, or a rule of the user's own that failed. `reason` is for scripts, `message` for people. */
export interface Skipped {
  file: string
  line?: number
  reason: 'template' | 'placeholder' | 'carrier' | 'not-applied' | 'no-cluster' | 'too-large' | 'unreadable' | 'symlink' | 'submodule' | 'lfs' | 'forbidden' | 'rule'
  message: string
}
