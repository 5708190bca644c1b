import type { BundleFact } from './bundle.ts'
import type { Path } from '../manifests/document.ts'
import type { Version } from '../openshift/version.ts'
import type { Malformation } from '../registries/location.ts'
import type { WaiverFact } from './waiverfacts.ts'
import type { DefectFact, EntryFact, LocationFact, MeantFact, MirrorSetFact, MisplacedFact, OverlapFact, RepeatFact, SourceFact, ValueFact } from './setfacts.ts'

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
  /** None where the operator refuses the configuration, or nodes cannot read theirs: then nothing is known of pulls. */
  images: ImageFact[]
  /** Images of different registries that a wildcard source sends to one place; indexes into `images`. */
  collisions: { images: number[]; reference: string }[]
  /** The registries that mirrors are on, by `host[:port]`. */
  hosts: Record<string, HostFact>
  /** How many images name a registry, by `host[:port]`. */
  imageHosts: Record<string, number>
  /** Of the two repositories that a release is made of, which have a mirror; empty for a release from elsewhere. */
  release: { repository: string; mirrored: boolean; source?: number }[]
  /** What the lists of Image/cluster name. */
  scopes: ScopeFact[]
  /** Image/cluster, where there is one; several where it is there twice. */
  imageConfigs: ImageConfigFact[]
  /** ConfigMaps of certificate authorities for registries. */
  trust: TrustFact[]
  /** ConfigMaps of certificate authorities for all registries. */
  bundles: BundleFact[]
  credentials: CredentialFact[]
  /** What MachineConfigs write to registries.conf or beside it. */
  files: FileFact[]
  pools: PoolFact[]
  /** What the operator wrote for pools of nodes, as a running cluster or a copy of its objects shows it. */
  rendered: RenderedFact[]
  catalogs: CatalogsFact[]
  signatures: SignatureFact[]
  /** Objects that the API server takes and nothing reads. */
  inert: { title: string; at: At }[]
  /** Objects that hold what only the API server sets; `remove` is all of it, also what alone is no sign of a dump. */
  dumps: { title: string; fields: string[]; at: At; remove: At[] }[]
  /** What the assisted service does not pass on to clusters. */
  dropped: { title: string; reason: 'all' | 'tag-only' | 'prefix' | 'no-location'; location: string; at: At }[]
  /** What is not to count. Judged for the whole run at once, after everything else: then there is nothing but these in the facts, and in those of a cluster there are none. */
  waivers: WaiverFact[]
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
  /** In the operator's words, why it applies no mirror configuration at all. */
  refused?: string
  /** Some of its mirror configuration could not be read. */
  incomplete: boolean
  /** It is a running cluster: all its objects are here, but for those of kinds that are `unseen`. */
  running: boolean
  /** Kinds of which a running cluster may hold objects that could not be read, so that nothing rests on their absence. */
  unseen: string[]
  /** The HostedCluster that it is. */
  hosted?: string
  /** In bytes, the registries.conf that nodes get. */
  written: number
  /** Where the release image comes from; the usual place is assumed where no object names it. */
  release: { repository: string; assumed: boolean }
}

/** An image, in whatever form it is written there, and how nodes pull it. */
export interface ImageFact {
  /** As written. */
  image: string
  /** What is pulled: normalised, with a tag or a digest. */
  reference: string
  by: 'digest' | 'tag'
  /** `host[:port]`; of a short name, the search registry's. */
  host: string
  /** The repository, with its host. */
  repository: string
  /** The search registry or alias that completed a short name. */
  completedBy?: string
  /** Nodes, imports into image streams, builds, and where each of them does first. */
  pullers: { by: 'node' | 'import' | 'build'; title: string; at: At }[]
  /** It stands in a field that is known to be pulled; else in a field of a custom resource that looks like one. */
  certain: boolean
  /** `fails`: before anything is contacted; `rejected`: by policy.json; `mirrors`: from one, or else the source; `source`: from there alone; `nowhere`: all is blocked. */
  route: 'mirrors' | 'source' | 'nowhere' | 'fails' | 'rejected'
  attempts: AttemptFact[]
  /** In the node's words, why it fails or is rejected. */
  error?: string
  /** Of a rejected image, the scope that rejects it; absent where none allows it. */
  rejectedBy?: string
  /** The registries.conf entry that decides, where there is one. */
  entry?: {
    prefix: string
    /** The mirror sets' source that it is, by index. */
    source?: number
    /** The kinds of pull for which it has mirrors. */
    serves: ('digest' | 'tag')[]
    /** The prefix ends before the port of the image, which is then written behind the mirror. */
    splitsPort: boolean
    at?: At
  }
  at: At
  title: string
  /** As in MirrorSetFact. */
  home: string
  folder: string
  /** Where else it is used, the first few. */
  more: { title: string; at: At }[]
  /** How often it is used in all. */
  count: number
}

export interface AttemptFact {
  reference: string
  mirror: boolean
  insecure?: boolean
  /** The prefix of the entry that blocks it. */
  blocked?: string
}

export interface HostFact {
  /** How many entries name it. */
  count: number
  /** One of those. */
  at: At
  /** Another one that is named much more often and differs by a letter, or by its port. */
  near?: { host: string; count: number; by: 'letter' | 'port' }
  /** Whether the ConfigMap of `additionalTrustedCA` has its certificate authority, or all mirrors on it are insecure; unknown where that ConfigMap is not here, or nodes trust a bundle for all registries. */
  trusted: Answer
}

export interface ScopeFact {
  list: 'insecure' | 'blocked' | 'allowed' | 'search'
  /** As the field is called. */
  field: string
  value: string
  malformation?: Malformation
  /** The registry that is meant, where that can be told. */
  meant?: MeantFact
  /** The operator refuses it by its form, and all of its configuration with it. */
  refused: Answer
  /** The operator passes over it, for the release image is there. */
  ignored: boolean
  /** The wildcard source that it lies in, which the operator cannot have beside it. */
  wildcard?: number
  /** The source whose mirrors it takes, for it has none of its own: not the nearest, but the one that the operator comes to first. */
  inherits?: number
  /** Of an insecure registry: a mirror on the same host with another port, which it does not cover, and its mirror set. */
  near?: ValueFact & { set: number }
  /** Of a blocked registry: what policy.json rejects by it, by index, and the parts of a release. */
  rejects?: { sources: number[]; images: number[]; release: string[] }
  /** Of a search registry: the kinds of pull for which some source in it or around it has mirrors. */
  serves?: ('digest' | 'tag')[]
  /** As in MirrorSetFact. */
  home: string
  folder: string
  at: At
}

export interface ImageConfigFact {
  /** Blocked and allowed registries are both set: which the operator refuses; which only the API server does, since 4.18. */
  conflict?: 'operator' | 'api-server'
  /** `allowedRegistries` is set. */
  restricted: boolean
  /** Of what clusters pull from without anybody naming it, the registries and repositories that `allowedRegistries` leaves out. */
  lacks: string[]
  /** The ConfigMap of `additionalTrustedCA`: `elsewhere` is here in another namespace, `other` is another one that holds certificate authorities for registries; `nowhere`: a running cluster has none by that name there. */
  trusted?: { name: string; state: 'found' | 'elsewhere' | 'other' | 'absent' | 'nowhere'; at: At; found?: { title: string; at: At } }
  /** As in MirrorSetFact. */
  home: string
  folder: string
  at: At
}

export interface TrustFact {
  title: string
  keys: {
    key: string
    /** The registry that it is for. */
    host: string
    /** A mirror's host of the same name with another port, where no mirror is on this one. */
    near?: string
    at: At
  }[]
  at: At
}

export interface CredentialFact {
  title: string
  /** Hosts of mirrors that it has no credentials for. */
  lacks: { host: string; at: At }[]
  at: At
}

export interface FileFact {
  title: string
  /** On the node. */
  path: string
  /** The pool of nodes that it is for. */
  pool: string
  /** Another MachineConfig's file takes its place there, or the operator's own. */
  overwritten: boolean
  dropIn: boolean
  /** In the node's words, why it can read no configuration at all. */
  error?: string
  /** Of a drop-in, the entries that nodes use in place of a mirrored source, by its index; `lost` are the kinds of pull that have no mirror left, `gone` the mirrors that are not there. */
  replaces: { prefix: string; source: number; blocked: boolean; lost: ('digest' | 'tag')[]; gone: string[]; at: At }[]
  at: At
}

export interface PoolFact {
  title: string
  paused: boolean
  /** How far the registries.conf that the operator wrote got; absent where that cannot be told. `rendering`: not into what the nodes are to have; `rolling`: not onto all of them. */
  rollout?: {
    state: 'done' | 'rendering' | 'rolling'
    machines: number
    updated: number
    /** In the operator's words, why it gets no further. */
    degraded?: string
    at: At
  }
  at: At
}

/** The registries.conf in a MachineConfig that the operator keeps. */
export interface RenderedFact {
  /** The pool of nodes that it is for; the pools that are nobody's own have that of `worker`. */
  pool: string
  title: string
  /** `differs` from what these objects give, or `refused`: the operator writes nothing of them; `unknown` where some of them may not be here. */
  state: 'same' | 'differs' | 'refused' | 'unknown'
  /** Where it differs, the registries that it lacks, those that nothing here asks for, and those of which it says something else. */
  lacks: string[]
  besides: string[]
  otherwise: string[]
  /** When it was last written, as RFC 3339; absent where nothing says so. */
  written?: string
  /** The objects that were changed after that, the earliest first. */
  changed: { title: string; time: string; at: At }[]
  at: At
}

export interface CatalogsFact {
  title: string
  /** The default catalogs that are on and whose image no mirror serves; none where nothing is known of pulls. */
  unmirrored: string[]
  at: At
}

/** A scope of an ImagePolicy or ClusterImagePolicy. */
export interface SignatureFact {
  title: string
  scope: string
  /** The mirror that it names, where it is no source. */
  mirror?: string
  /** Where that stands. */
  mirrorAt?: At
  /** It is that mirror or a part of it; else it is wider. */
  within?: boolean
  /** Images are called by that name. */
  called: boolean
  /** Why the operator refuses it. */
  refused?: 'not-allowed' | 'blocked'
  at: At
}

export type Answer = 'yes' | 'no' | 'unknown'

export interface UnreadableFact {
  /** A clause that reads on after "cannot be read: ". */
  message: string
  /** The document was read all the same, with a loss. */
  readable: boolean
  at: At
}
