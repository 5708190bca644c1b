import type { Candidate } from './cluster/candidate.ts'
import type { Group } from './cluster/group.ts'
import { imagesOf } from './cluster/images.ts'
import { clusters, type Options } from './clusters.ts'
import type { Skipped } from './manifests/document.ts'
import type { Version } from './openshift/version.ts'
import type { Engine } from './policy/engine.ts'
import { type Finding, findings } from './policy/finding.ts'
import { facts } from './policy/input.ts'
import { Places } from './policy/places.ts'
import type { Sources } from './reading/sources.ts'

/** What a run found, and what it did not look at. */
export interface Report {
  findings: Finding[]
  clusters: { name: string; version: Version | undefined; disconnected: boolean; mirrorSets: number; images: number }[]
  skipped: Skipped[]
  /** Files that were looked at, documents that were parsed, resources that were judged. */
  read: { files: number; documents: number; resources: number }
}

/** Manifests in, findings out: what every door calls. `engines` hold the built-in rules and the user's own; `looked` counts the files that were looked at to find them. */
export function check(sources: Sources, looked: number, options: Options, engines: readonly Engine[]): Report {
  const { groups, strays, documents, skipped } = clusters(sources, options)
  const places = new Places()
  const failures: Skipped[] = []
  const evaluate = (group: Group<Candidate>, names: string[]) => {
    const known = facts(group, places, [])
    return engines.flatMap((engine) => {
      const judged = engine.evaluate(known, places)
      failures.push(...judged.failures)
      return judged.verdicts.map((verdict) => ({ clusters: names, verdict }))
    })
  }
  const verdicts = groups.flatMap((group) => evaluate(group, [group.name]))
  if (strays.length > 0) verdicts.push(...evaluate({ name: '', version: undefined, disconnected: false, declared: true, own: undefined, why: '', members: strays }, []))
  const sets = (group: Group<Candidate>) => group.members.filter((member) => member.type === 'set')
  return {
    findings: findings(verdicts, places, new Map(engines.flatMap(({ rules }) => rules).map((rule) => [rule.id, rule]))),
    clusters: groups.map((group) => ({ name: group.name, version: group.version, disconnected: group.disconnected, mirrorSets: sets(group).length, images: imagesOf(group.members).size })),
    skipped: [...failures, ...skipped],
    read: { files: looked, documents, resources: new Set(groups.flatMap(sets)).size },
  }
}
