import type { Candidate } from '../cluster/candidate.ts'
import type { Group } from '../cluster/group.ts'
import type { Skipped } from '../manifests/document.ts'
import { outermost } from '../manifests/position.ts'
import type { Version } from '../openshift/version.ts'
import type { Engine, Verdict } from './engine.ts'
import type { Facts } from './facts.ts'
import type { Judgement } from './finding.ts'
import { facts, NOWHERE } from './input.ts'
import { isAsked, type Levels, settingOf } from './levels.ts'
import type { Places } from './places.ts'
import { concerns, packageOf, type Rule } from './rule.ts'
import { type Outlook, outlook, reported } from './upgrade.ts'
import type { WaiverFact } from './waiverfacts.ts'

/** Waivers that are judged at a time: of a million, not all of them have to fit into the rules' memory. */
const MOST_WAIVERS = 2_000

/** Asks rules, and gives what they say the levels that the user wants. `places` is what the facts' numbers stand for. */
export class Judge {
  /** The rules that could not say all that they have to. */
  readonly failures: Skipped[] = []
  /** Something of some cluster is not known, so that a rule may have been silent for that. */
  partial = false
  readonly #engines: readonly Engine[]
  readonly #levels: Levels
  readonly #places: Places

  constructor(engines: readonly Engine[], levels: Levels, places: Places) {
    this.#engines = engines
    this.#levels = levels
    this.#places = places
  }

  /** What is wrong with a cluster, and what will be on the `next` version; `names` are those of the clusters that it is said of. */
  cluster(group: Group<Candidate>, names: string[], next?: Version): Judgement[] {
    const on = (version: Version | undefined) => {
      const known = facts({ ...group, version }, this.#places, [])
      this.partial ||= known.cluster.refused !== undefined || known.cluster.incomplete || known.cluster.unseen.length > 0 || known.files.some(({ error }) => error !== undefined)
      return this.#ask(known, group.name, () => true)
    }
    const now = on(group.version)
    const all = next ? outlook(now, on(next), next) : now.map((verdict): Outlook => ({ verdict, next: null }))
    return all.flatMap((one) => this.#weighed(one, group.name, names))
  }

  /** What is wrong with waivers. */
  waivers(all: readonly WaiverFact[]): Judgement[] {
    const empty = facts({ ...NOWHERE, members: [] }, this.#places, [])
    const judgements: Judgement[] = []
    for (let start = 0; start < all.length; start += MOST_WAIVERS) {
      const verdicts = this.#ask({ ...empty, waivers: all.slice(start, start + MOST_WAIVERS) }, NOWHERE.name, isAboutWaivers)
      judgements.push(...verdicts.flatMap((verdict) => this.#weighed({ verdict, next: null }, NOWHERE.name, [])))
    }
    return judgements
  }

  #ask(known: Facts, cluster: string, wanted: (rule: Rule) => boolean): Verdict[] {
    return this.#engines.flatMap((engine) => {
      const rules = engine.rules.filter((rule) => wanted(rule) && isAsked(this.#levels, rule.id, cluster) && concerns(rule, known)).map(({ id }) => packageOf(id))
      const { verdicts, failures } = engine.evaluate({ ...known, rules }, this.#places)
      this.failures.push(...failures)
      return verdicts
    })
  }

  #weighed(one: Outlook, cluster: string, names: string[]): Judgement[] {
    const { rule, at } = one.verdict
    const verdict = reported(one, settingOf(this.#levels, rule, cluster, outermost(this.#places.documents[at.doc]!).file.place))
    return verdict ? [{ clusters: names, verdict, next: one.next?.text ?? null }] : []
  }
}

/** Whether a rule judges waivers: what it finds cannot be waived. */
export function isAboutWaivers({ facts: lists }: Rule): boolean {
  return lists?.includes('waivers') === true
}
