import type { Path } from '../manifests/document.ts'
import type { MirrorKind } from '../openshift/kinds.ts'
import type { Defect } from '../openshift/shape.ts'
import type { Version } from '../openshift/version.ts'
import type { Harm, Malformation } from '../registries/location.ts'

/** What rules judge: one cluster, everything joined that a rule would otherwise have to search for. Indexes point into the lists here. */
export interface Facts {
  /** The Rego packages to evaluate: rule ids with `_` for `-`. */
  rules: string[]
  cluster: ClusterFact
  mirrorSets: MirrorSetFact[]
  entries: EntryFact[]
  sources: SourceFact[]
  overlaps: OverlapFact[]
  repeats: RepeatFact[]
  defects: DefectFact[]
  misplaced: MisplacedFact[]
  unreadable: UnreadableFact[]
}

/** Where something stands: a document of the run and a path into it. A rule copies it into its finding. */
export interface At {
  doc: number
  path: Path
  /** The key is meant, not its value. */
  key?: boolean
}

export interface ClusterFact {
  name: string
  /** Null where it is not known. */
  version: Version | null
  disconnected: boolean
  /** Declared in the configuration file; otherwise guessed from the layout of the folders. */
  declared: boolean
  /** ICSP and the two newer kinds exclude each other; null where that depends on a version, or its patch, that is not known. */
  kindsExclude: boolean | null
}

export interface MirrorSetFact {
  kind: MirrorKind
  name: string
  /** `Kind/name`. */
  title: string
  pull: 'digest' | 'tag'
  /** Equal for objects that surely meet in this cluster; where it differs, that they do is a guess from the layout of the folders. */
  home: string
  /** A later object of the same kind and name takes its place. */
  superseded: boolean
  at: At
}

/** An entry of a mirror set. Entries with placeholders are not here. */
export interface EntryFact {
  set: number
  source: LocationFact
  mirrors: LocationFact[]
  /** As written; null where it is not set. */
  policy: 'NeverContactSource' | 'AllowContactingSource' | null
  /** Some mirror is not the source itself. */
  effective: boolean
  /** This or another entry gives the source a mirror for the same kind of pull. */
  mirrored: boolean
  /** Indexes of mirrors that stand earlier in the same list too. */
  repeated: number[]
  at: At
}

export interface LocationFact {
  value: string
  /** Absent where the location is well formed: in Rego, null would be true. */
  malformation?: Malformation
  wildcard: boolean
  /** The operator refuses it by its form, and all mirror configuration with it; null where that depends on the version, which is not known. */
  refused: boolean | null
  /** What it does to the nodes where the operator lets it through; absent where it does no harm. */
  harm?: Harm
  at: At
}

/** Everything that is said about one source, by exact string. */
export interface SourceFact {
  source: string
  entries: number[]
  /** The different policies of its entries; unset counts as AllowContactingSource. */
  policies: string[]
  digest: MergedFact | null
  tag: MergedFact | null
}

/** The mirrors of a source for one kind of pull, merged from all its entries. */
export interface MergedFact {
  /** In the order of registries.conf. The source itself is among them only where it would be tried before some mirror. */
  mirrors: string[]
  /** The lists contradict each other's order. */
  contradictory: boolean
  /** The entries that they come from. */
  entries: number[]
}

/** A source inside another one. A node uses the narrower entry alone. */
export interface OverlapFact {
  broad: number
  narrow: number
  digest: HiddenFact | null
  tag: HiddenFact | null
}

/** For one kind of pull for which the broader source has mirrors. */
export interface HiddenFact {
  /** The mirrors of the broader source, as they would read for the narrower one. */
  expected: string[]
  /** The mirrors that the narrower source has. */
  found: string[]
  /** Those expected that are not among them. */
  lost: string[]
}

/** Objects of one kind and name with different content; the last is the one that stays. */
export interface RepeatFact {
  sets: number[]
}

export interface DefectFact {
  set: number
  problem: Defect['problem']
  field: string
  found: string | null
  expected: string[]
  at: At
}

/** A mirror kind under an apiVersion that does not have it. */
export interface MisplacedFact {
  kind: MirrorKind
  title: string
  apiVersion: string
  expected: string
  at: At
}

export interface UnreadableFact {
  message: string
  /** The document was read all the same, with a loss. */
  readable: boolean
  at: At
}
