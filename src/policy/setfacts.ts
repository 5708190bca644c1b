import type { Maker } from '../manifests/resource.ts'
import type { MirrorKind } from '../openshift/kinds.ts'
import type { Defect } from '../openshift/shape.ts'
import type { Harm, Malformation, Mismatch } from '../registries/location.ts'
import type { Answer, At } from './facts.ts'

export interface MirrorSetFact {
  kind: MirrorKind
  name: string
  /** `Kind/name`. */
  title: string
  /** Nobody wrote it as such: what makes it, as an install-config or a HostedCluster. */
  madeOf?: string
  maker?: Maker
  /** Of an ICSP: an ImageDigestMirrorSet has all of its entries too. */
  replacedBy?: string
  /** It stands in a ConfigMap, as the manifests of a NodePool do. */
  inConfigMap: boolean
  /** How many entries it has as written, and how many bytes it is as JSON. */
  size: number
  bytes: number
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
  /** The location that is meant, where that can be told. */
  meant?: MeantFact
  at: At
}

/** A location that is probably meant by a malformed one. */
export interface MeantFact {
  value: string
  /** It can be nothing else: only a slash at its end, `https://` or `docker://` is too much. */
  certain: boolean
}

/** An entry of a mirror set that no later object replaces and that holds no placeholder. */
export interface EntryFact {
  /** Its index in `mirrorSets`. */
  set: number
  source: ValueFact & {
    /** Why it matches no image, or only such as are written as oddly. */
    mismatch?: Mismatch
  }
  mirrors: MirrorFact[]
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

/** A mirror of an entry. */
export interface MirrorFact extends ValueFact {
  /** It names no registry, so that nodes cannot rewrite to it. */
  mismatch?: 'no-registry'
  /** The registries.conf entry that nodes find for it in turn. */
  entry?: {
    prefix: string
    blocked: boolean
    /** The mirror sets' source that it is, by index. */
    source?: number
    /** Where it is blocked. */
    at?: At
  }
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
  /** The images that it decides about, by index; absent where there are none. */
  images?: { digest: number[]; tag: number[] }
  /** How much of what lies in it policy.json accepts; absent where it is all. */
  allowed?: 'some' | 'none'
  /** The blocked registry by which it is rejected, but for what is allowed. */
  rejectedBy?: string
}

/** The mirrors of a source for one kind of pull, merged from all its entries. */
export interface MergedFact {
  /** In the order of registries.conf. The source itself is among them only where it would be tried before some mirror. */
  mirrors: string[]
  /** The lists contradict each other's order. */
  contradictory: boolean
  /** Already those of objects that surely meet do. */
  certain: boolean
  /** Mirrors of one list stand between those of another. */
  interleaved?: true
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
  title: string
  objects: At[]
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
  /** The name of the field beside it, or the value, that is probably meant; it is certain where nothing else is spelt like it. */
  meant?: { name: string; certain: boolean }
  at: At
}

/** A mirror kind under an apiVersion that does not have it, or spelt as it is not. */
export interface MisplacedFact {
  title: string
  kind: string
  /** Empty where there is none. */
  apiVersion: string
  expected: { kind: MirrorKind; apiVersion: string }
  /** Its entries stand in the list of the kind that is meant. */
  listed: boolean
  /** Where the two stand; what it does not say, it has from the list around it. */
  fields: { kind: At; apiVersion: At }
  at: At
}
