import { type Candidate, resourceOf } from './cluster/candidate.ts'
import type { Group } from './cluster/group.ts'
import { imagesOf } from './cluster/images.ts'
import { type Cluster, clusters, type Options } from './clusters.ts'
import type { File, Skipped } from './manifests/document.ts'
import { outermost } from './manifests/position.ts'
import type { Version } from './openshift/version.ts'
import type { Baseline } from './policy/baseline.ts'
import type { Engine } from './policy/engine.ts'
import { type Finding, findings, type Waived } from './policy/finding.ts'
import { NOWHERE } from './policy/input.ts'
import { Judge } from './policy/judge.ts'
import type { Levels } from './policy/levels.ts'
import type { Mends } from './policy/mend.ts'
import { Places } from './policy/places.ts'
import { type Leniency, settle } from './policy/settle.ts'
import { nextOf, type Upgrades } from './policy/upgrade.ts'
import type { ProbedImage } from './diagnosis/answer.ts'
import type { Sources } from './reading/sources.ts'

/** What a user makes of clusters, of rules and of findings. */
export interface CheckOptions extends Options, Leniency {
  levels?: Levels
  upgrades?: Upgrades
  /** The sources are all that belongs together: what is not found in them is not there. */
  whole?: boolean
}

/** A cluster that was judged. */
export interface Judged extends Cluster {
  /** The version that was looked ahead to. */
  next: Version | undefined
  mirrorSets: number
  images: number
}

/** What a run found, and what it did not look at. */
export interface Report {
  findings: Finding[]
  /** What would mend them. */
  mends: Mends
  /** Findings that do not count. */
  waived: Waived[]
  /** Where there is one. */
  baseline?: Baseline
  clusters: Judged[]
  /** What the registries answered, where they were asked. */
  probed?: ProbedImage[]
  skipped: Skipped[]
  /** Files that were looked at, documents that were parsed, resources that were judged. */
  read: { files: number; documents: number; resources: number }
}

/**
 * Manifests in, findings out: what every door calls. `engines` hold the built-in rules and the user's own; `looked` counts the files that were looked at to find them.
 * @throws UserError where `only` names a cluster that there is not, or an upgrade is none.
 */
export function check(sources: Sources, looked: number, options: CheckOptions, engines: readonly Engine[]): Report {
  const { groups: found, strays, documents, skipped } = clusters(sources, options)
  const { levels = { all: new Map(), clusters: new Map(), overrides: [] }, upgrades = { clusters: new Map() } } = options
  const groups = found.map((group) => ({ ...group, next: nextOf(upgrades, group, options.lenient) }))
  const places = new Places()
  const judge = new Judge(engines, levels, places)
  const rules = new Map(engines.flatMap((engine) => engine.rules).map((rule) => [rule.id, rule]))
  const judgements = groups.flatMap((group) => judge.cluster(group, [group.name], group.next))
  if (strays.length > 0) judgements.push(...judge.cluster({ ...NOWHERE, members: strays }, []))
  const members = [...groups.flatMap((group) => group.members), ...strays]
  const resources = new Set(members.flatMap((member) => resourceOf(member) ?? []))
  const settled = settle(findings(judgements, places, rules), {
    files: filesOf(sources, places), resources, rules, judge, places, levels,
    clusters: groups.map(({ name }) => name), whole: options.whole === true && options.only === undefined,
    judged: new Set([...resources].map(({ document }) => outermost(document).file.place)),
  }, options)
  const sets = (group: Group<Candidate>) => group.members.filter((member) => member.type === 'set')
  return {
    ...settled,
    clusters: groups.map((group) => ({ ...group, mirrorSets: sets(group).length, images: imagesOf(group.members).size })),
    skipped: [...judge.failures, ...skipped],
    read: { files: looked, documents, resources: new Set(groups.flatMap(sets)).size },
  }
}

/** Those that were given, and those that others led to: something may be found in them, too. */
function filesOf({ files }: Sources, { documents }: Places): File[] {
  return [...new Map([...documents.map((document) => outermost(document).file), ...files].map((file) => [file.place, file])).values()]
}
