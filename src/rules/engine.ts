import { UserError } from '../error.ts'
import type { Engine, Verdict } from '../policy/engine.ts'
import { fault } from '../policy/fault.ts'
import type { Places } from '../policy/places.ts'
import { packageOf, type Rule } from '../policy/rule.ts'
import { type Compiled, compiled } from './folder.ts'
import { type Answer, asker } from './thread.ts'

/** How long a rule may take for a cluster, in milliseconds. */
const LIMIT = 10_000

/**
 * An engine for each folder of users' own rules. `taken` are the ids of rules that are there already.
 * @throws UserError where a folder has to be built, or two rules are called the same.
 */
export function engines(folders: readonly string[], taken: readonly string[]): Engine[] {
  const all = [...new Set(folders)].map(compiled)
  distinct(all.flatMap(({ rules }) => rules), taken)
  return all.map((one) => engine(one))
}

/** @throws UserError where two rules are called the same. */
export function distinct(rules: readonly (Rule & { file: string })[], taken: readonly string[]): void {
  const files = new Map(taken.map((id) => [id, 'a built-in rule']))
  for (const { id, file } of rules) {
    const other = files.get(id)
    if (other !== undefined) throw new UserError(`${file}: ${other} is called ${id}, too`)
    files.set(id, file)
  }
}

/**
 * Runs users' own rules, each on its own, so that none keeps another from being heard. What fails is said once a rule, and one that had to be
 * stopped is not tried again. `limit` is in milliseconds, for a rule and a cluster.
 */
export function engine({ module, rules }: Compiled, limit = LIMIT): Engine {
  const ask = asker(module, limit)
  const failed = new Set<string>()
  const stuck = new Set<string>()
  return {
    rules,
    evaluate(facts, places) {
      const judged = rules.filter(({ id }) => facts.rules.includes(packageOf(id)) && !stuck.has(id)).map((rule) => {
        const answer = ask({ ...facts, rules: [packageOf(rule.id)] })
        if ('stuck' in answer) stuck.add(rule.id)
        return { rule, ...weighed(answer, rule, places) }
      })
      const news = judged.filter(({ rule, problem }) => problem !== undefined && !failed.has(rule.id))
      for (const { rule } of news) failed.add(rule.id)
      return {
        verdicts: judged.flatMap(({ verdicts }) => verdicts),
        failures: news.map(({ rule: { id, file }, problem }) => ({ file, reason: 'rule', message: `the rule ${id} failed${facts.cluster.name === '' ? '' : ` on cluster ${facts.cluster.name}`}: ${problem}` })),
      }
    },
  }
}

/** What can be used of what a rule yields, and the first thing that cannot. */
function weighed(answer: Answer, { id }: Rule, places: Places): { verdicts: Verdict[]; problem?: string } {
  if ('problem' in answer) return { verdicts: [], problem: answer.problem }
  const faults = answer.findings.map((finding) => fault(finding, places))
  const problem = faults.find((one) => one !== undefined)
  const sound = answer.findings.filter((_, index) => faults[index] === undefined) as Verdict[]
  return { verdicts: sound.map((verdict) => ({ ...verdict, rule: id })), ...(problem === undefined ? {} : { problem }) }
}
