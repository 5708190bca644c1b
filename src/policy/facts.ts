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
  /** All ICSP, IDMS and ITMS. */
  mirrorSets: MirrorSetFact[]
  /** Malformed sources and mirrors, and wildcards. */
  locations: LocationFact[]
  /** What is in force: of objects that no later one replaces, without placeholders. */
  entries: EntryFact[]
  /** What the entries say, by source. */
  sources: SourceFact[]
  /** Sources inside others. */
  overlaps: OverlapFact[]
  /** Objects that replace others. */
  repeats: RepeatFact[]
  /** What the API server refuses or drops. */
  defects: DefectFact[]
  /** Kinds and apiVersions that do not go together. */
  misplaced: MisplacedFact[]
  /** Documents that cannot be read. */
  unreadable: UnreadableFact[]
}

/** Where something stands: a document of the run and a path into it. A rule copies it into its finding. */
export interface At {
  /** A number of a document in this run. */
  doc: number
  /** Keys, and indexes from 0. */
  path: Path
  /** The key is meant, not its value. */
  key?: boolean
  /** The object of the run that it belongs to; of a document that is none, nothing. */
  object?: number
}

export interface ClusterFact {
  name: string
  /** Null where it is not known. */
  version: Version | null
  /** Its nodes cannot reach public registries. */
  disconnected: boolean
  /** Declared in the configuration file; otherwise guessed from the layout of the folders. */
  declared: boolean
  /** Whether ICSP and the two newer kinds exclude each other; unknown where that depends on a version, or its patch, that is not known. */
  kindsExclude: Answer
}

export interface MirrorSetFact {
  kind: MirrorKind
  name: string
  /** `Kind/name`. */
  title: string
  /** Nobody wrote it as such: what makes it, as an install-config or a HostedCluster. */
  madeOf?: string
  /** The pulls that it is for. */
  pull: 'digest' | 'tag'
  /** Equal for objects that surely meet in this cluster; where it differs, that they do is no more than possible. */
  home: string
  /** Where it differs and the cluster is not declared, that the objects meet is a guess from the layout of the folders. */
  folder: string
  /** A later object of the same kind and name takes its place. */
  superseded: boolean
  at: At
}

/** A source or mirror that is malformed or a wildcard, in any object. Those that hold a placeholder are not here. */
export interface LocationFact {
  /** Its index in `mirrorSets`. */
  set: number
  role: 'source' | 'mirror'
  value: string
  /** Absent for a wildcard where one is allowed: in Rego, null would be true. */
  malformation?: Malformation
  /** The operator refuses it by its form, and all mirror configuration with it; unknown where that depends on a version that is not known. */
  refused: Answer
  /** What it does to nodes where the operator lets it through; absent where it does no harm. */
  harm?: Harm
  at: At
}

export type Answer = 'yes' | 'no' | 'unknown'

/** An entry of a mirror set that no later object replaces and that holds no placeholder. */
export interface EntryFact {
  /** Its index in `mirrorSets`. */
  set: number
  source: ValueFact
  mirrors: ValueFact[]
  /** As written; null where it is not set. */
  policy: 'NeverContactSource' | 'AllowContactingSource' | null
  /** Some mirror is not the source itself. */
  effective: boolean
  /** This or another entry gives the source a mirror for the same kind of pull. */
  mirrored: boolean
  /** The broader source whose mirrors serve it, where no entry gives it any. */
  coveredBy?: string
  /** Indexes of mirrors that stand earlier in the same list too. */
  repeated: number[]
}

export interface ValueFact {
  value: string
  at: At
}

/** Everything that is said about one source, by exact string. */
export interface SourceFact {
  source: string
  /** Indexes in `entries`. */
  entries: number[]
  /** The different policies of its entries; unset counts as AllowContactingSource. */
  policies: string[]
  /** Null where it has no mirrors for pulls by digest. */
  digest: MergedFact | null
  /** Null where it has no mirrors for pulls by tag. */
  tag: MergedFact | null
}

/** The mirrors of a source for one kind of pull, merged from all its entries. */
export interface MergedFact {
  /** In the order of registries.conf. The source itself is among them only where it would be tried before some mirror. */
  mirrors: string[]
  /** The lists contradict each other's order. */
  contradictory: boolean
  /** Already those of objects that surely meet do. */
  certain: boolean
  /** The entries that they come from. */
  entries: number[]
}

/** A source inside another one. A node uses the narrower entry alone. */
export interface OverlapFact {
  /** An index in `sources`. */
  broad: number
  /** An index in `sources`. */
  narrow: number
  /** What is hidden of pulls by digest. */
  digest: HiddenFact | null
  /** What is hidden of pulls by tag. */
  tag: HiddenFact | null
}

/** For one kind of pull for which the broader source has mirrors. */
export interface HiddenFact {
  /** The narrower source has mirrors of its own for it. */
  mirrored: boolean
  /** How many mirrors of the broader source are not tried for the narrower one. */
  lost: number
  /** The first of them, as they would read there. */
  examples: string[]
  /** All of those are on registries that the narrower source uses too. */
  sameRegistries: boolean
}

/** Objects of one kind and name with different content; the last is the one that stays. */
export interface RepeatFact {
  /** Indexes in `mirrorSets`. */
  sets: number[]
}

export interface DefectFact {
  kind: string
  /** `Kind/name`. */
  title: string
  problem: Defect['problem']
  /** As people write it: `spec.imageDigestMirrors[0].mirrors`. */
  field: string
  /** What is there: a type, or the value where one of a list is meant. */
  found: string | null
  /** What would be right: types, values, or the field that was probably meant. */
  expected: string[]
  at: At
}

/** A mirror kind under an apiVersion that does not have it, or spelt as it is not. */
export interface MisplacedFact {
  title: string
  kind: string
  /** Empty where there is none. */
  apiVersion: string
  expected: { kind: MirrorKind; apiVersion: string }
  at: At
}

export interface UnreadableFact {
  /** A clause that reads on after "cannot be read: ". */
  message: string
  /** The document was read all the same, with a loss. */
  readable: boolean
  at: At
}
