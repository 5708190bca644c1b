import type { Candidate } from './cluster/candidate.ts'
import type { Group } from './cluster/group.ts'
import { imagesOf } from './cluster/images.ts'
import { type Cluster, clusters, type Options } from './clusters.ts'
import type { Skipped } from './manifests/document.ts'
import { outermost } from './manifests/position.ts'
import type { Version } from './openshift/version.ts'
import type { Engine } from './policy/engine.ts'
import { type Finding, findings, type Judgement, type Waived } from './policy/finding.ts'
import { facts } from './policy/input.ts'
import { isAsked, type Levels, settingOf } from './policy/levels.ts'
import { Places } from './policy/places.ts'
import { concerns, packageOf } from './policy/rule.ts'
import { nextOf, type Outlook, outlook, reported, type Upgrades } from './policy/upgrade.ts'
import type { Sources } from './reading/sources.ts'

/** What a user makes of clusters and of rules. */
export interface CheckOptions extends Options {
  levels?: Levels
  upgrades?: Upgrades
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
  /** Findings that do not count. */
  waived: Waived[]
  clusters: Judged[]
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
  const places = new Places()
  const failures: Skipped[] = []
  const groups = found.map((group) => ({ ...group, next: nextOf(upgrades, group) }))
  const judge = (group: Group<Candidate>, names: string[], next?: Version): Judgement[] => {
    const on = (version: Version | undefined) => {
      const known = facts({ ...group, version }, places, [])
      return engines.flatMap((engine) => {
        const asked = engine.rules.filter((rule) => isAsked(levels, rule.id, group.name) && concerns(rule, known)).map(({ id }) => packageOf(id))
        const { verdicts, failures: failed } = engine.evaluate({ ...known, rules: asked }, places)
        failures.push(...failed)
        return verdicts
      })
    }
    const now = on(group.version)
    const all = next ? outlook(now, on(next), next) : now.map((verdict): Outlook => ({ verdict, next: null }))
    return all.flatMap((one) => {
      const { rule, at } = one.verdict
      const verdict = reported(one, settingOf(levels, rule, group.name, outermost(places.documents[at.doc]!).file.place))
      return verdict ? [{ clusters: names, verdict, next: one.next?.text ?? null }] : []
    })
  }
  const judgements = groups.flatMap((group) => judge(group, [group.name], group.next))
  if (strays.length > 0) judgements.push(...judge({ name: '', version: undefined, disconnected: false, declared: true, own: undefined, why: '', members: strays }, []))
  const sets = (group: Group<Candidate>) => group.members.filter((member) => member.type === 'set')
  return {
    findings: findings(judgements, places, new Map(engines.flatMap(({ rules }) => rules).map((rule) => [rule.id, rule]))),
    waived: [],
    clusters: groups.map((group) => ({ ...group, mirrorSets: sets(group).length, images: imagesOf(group.members).size })),
    skipped: [...failures, ...skipped],
    read: { files: looked, documents, resources: new Set(groups.flatMap(sets)).size },
  }
}
