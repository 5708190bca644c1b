import type { Candidate } from './cluster/candidate.ts'
import type { Group } from './cluster/group.ts'
import { imagesOf } from './cluster/images.ts'
import { clusters, type Options } from './clusters.ts'
import type { Skipped } from './manifests/document.ts'
import { outermost } from './manifests/position.ts'
import type { Version } from './openshift/version.ts'
import type { Engine } from './policy/engine.ts'
import { type Finding, findings, type Judgement } from './policy/finding.ts'
import { facts } from './policy/input.ts'
import { isAsked, type Levels, settingOf } from './policy/levels.ts'
import { Places } from './policy/places.ts'
import type { Rule } from './policy/rule.ts'
import type { Sources } from './reading/sources.ts'

/** What a user makes of clusters and of rules. */
export interface CheckOptions extends Options {
  levels?: Levels
}

/** What a run found, and what it did not look at. */
export interface Report {
  findings: Finding[]
  clusters: { name: string; version: Version | undefined; disconnected: boolean; mirrorSets: number; images: number }[]
  skipped: Skipped[]
  /** Files that were looked at, documents that were parsed, resources that were judged. */
  read: { files: number; documents: number; resources: number }
}

/**
 * Manifests in, findings out: what every door calls. `looked` counts the files that were looked at to find them.
 * @throws UserError where `only` names a cluster that there is not.
 */
export function check(sources: Sources, looked: number, options: CheckOptions, engine: Engine, rules: readonly Rule[]): Report {
  const { groups, strays, documents, skipped } = clusters(sources, options)
  const { levels = { all: new Map(), clusters: new Map(), overrides: [] } } = options
  const places = new Places()
  const judge = (group: Group<Candidate>, names: string[]): Judgement[] => {
    const packages = rules.filter(({ id }) => isAsked(levels, id, group.name)).map(({ id }) => id.replaceAll('-', '_'))
    return engine.evaluate(facts(group, places, packages)).flatMap((verdict) => {
      const setting = settingOf(levels, verdict.rule, group.name, outermost(places.documents[verdict.at.doc]!).file.place)
      return setting === 'off' ? [] : [{ clusters: names, verdict: { ...verdict, level: setting ?? verdict.level } }]
    })
  }
  const judgements = groups.flatMap((group) => judge(group, [group.name]))
  if (strays.length > 0) judgements.push(...judge({ name: '', version: undefined, disconnected: false, declared: true, own: undefined, why: '', members: strays }, []))
  const sets = (group: Group<Candidate>) => group.members.filter((member) => member.type === 'set')
  return {
    findings: findings(judgements, places, new Map(rules.map((rule) => [rule.id, rule]))),
    clusters: groups.map((group) => ({
      name: group.name, version: group.version, disconnected: group.disconnected, mirrorSets: sets(group).length, images: imagesOf(group.members).size,
    })),
    skipped,
    read: { files: looked, documents, resources: new Set(groups.flatMap(sets)).size },
  }
}
