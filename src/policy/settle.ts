import type { File } from '../manifests/document.ts'
import { outermost } from '../manifests/position.ts'
import type { Resource } from '../manifests/resource.ts'
import { type Baseline, compared, type Entry, entryOf, nameOf } from './baseline.ts'
import { cover } from './cover.ts'
import { byPlace, type Finding, findings, type Placed, type Waived } from './finding.ts'
import { isAboutWaivers, type Judge } from './judge.ts'
import { type Levels, settingOf } from './levels.ts'
import { standing } from './match.ts'
import { Mends } from './mend.ts'
import type { Places } from './places.ts'
import type { Rule } from './rule.ts'
import type { Configured } from './waiver.ts'
import { waiverFacts } from './waiverfacts.ts'
import { type Written, waiversOf } from './waivers.ts'

/** What is not to count. */
export interface Leniency {
  /** The day of the run, as YYYY-MM-DD. */
  today: string
  /** The waivers of the configuration file. */
  waivers?: readonly Configured[]
  /** A waiver has to give a reason. */
  requireReasons?: boolean
  /** Comments and annotations waive nothing: whoever may write an object is not who may waive. */
  configuredOnly?: boolean
  /** Findings that were there before; `anew`: all that are there now. */
  baseline?: readonly Entry[] | 'anew'
}

/** What a run looked at. */
export interface Run {
  /** Those that the user asked for, and others that findings stand in. */
  files: readonly File[]
  resources: Iterable<Resource>
  rules: ReadonlyMap<string, Rule>
  judge: Judge
  places: Places
  levels: Levels
  /** The names of its clusters. */
  clusters: readonly string[]
  /** It looked at all that there is, so what was not found is not there. */
  whole: boolean
  /** The files (`File.place`) with objects that were judged. */
  judged: ReadonlySet<string>
}

/** Tells findings that count from those that do not, and adds what is wrong with the waivers themselves. */
export function settle(found: readonly Placed[], run: Run, { today, waivers = [], requireReasons = false, configuredOnly = false, baseline }: Leniency): { findings: Finding[]; mends: Mends; waived: Waived[]; baseline?: Baseline } {
  const written = configuredOnly ? waiversOf([], [], waivers, run.places) : waiversOf(run.files, run.resources, waivers, run.places)
  const { kept, waived, met } = cover(found, written, today)
  const rules = new Set(run.rules.keys())
  const fixed = new Set([...rules].filter((id) => isAboutWaivers(run.rules.get(id)!)))
  const facts = waiverFacts(written, met, { rules, fixed, requireReasons, today, isTold: (rule, waiver) => isTold(rule, waiver, run) })
  const about = facts.length > 0 ? findings(run.judge.waivers(facts), run.places, run.rules) : []
  const entries = baseline === 'anew' ? kept.map(({ finding }) => entryOf(finding)) : baseline
  const old = entries && compared(entries, kept, standingIn(run))
  const counting = [...(old?.kept ?? kept), ...about]
  return {
    findings: counting.map(({ finding }) => finding).sort(byPlace),
    mends: new Mends(counting, run.places),
    waived: [...waived, ...(old?.waived ?? []).map(({ finding }): Waived => ({ ...finding, waiver: { by: 'baseline', reason: '', until: null, site: null } }))].sort(byPlace),
    ...(old ? { baseline: { entries: entries!, gone: run.whole ? old.gone : null } } : {}),
  }
}

function standingIn({ files, resources }: Run): Set<string> {
  return new Set([...files.map(({ path }) => standing(null, path)), ...[...resources].map((one) => standing(nameOf(one), outermost(one.document).file.path))])
}

/** Whether what a waiver covers would have been found, had it been there: where all was looked at, and the rule is on in every cluster. */
function isTold(rule: string, waiver: Written, { judge, levels, clusters, whole, judged }: Run): boolean {
  if (!whole || judge.partial || judge.failures.length > 0 || clusters.length === 0) return false
  if (waiver.by === 'comment' && !(waiver.readable && judged.has(waiver.place))) return false
  const places = waiver.by === 'configuration' ? waiver.paths ?? [''] : [waiver.place]
  return clusters.every((cluster) => places.every((place) => settingOf(levels, rule, cluster, place) !== 'off'))
}
