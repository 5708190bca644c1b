import { existsSync, realpathSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { baseOf, isCompared } from '../action/base.ts'
import { readEvent } from '../action/event.ts'
import { type Inputs, readInputs } from '../action/input.ts'
import { type Found, report } from '../action/report.ts'
import { isUserError, UserError } from '../error.ts'
import type { Flags, Outcome } from '../flags.ts'
import { isRefused } from '../impact.ts'
import { isFailing } from '../policy/levels.ts'
import { plain } from '../report/color.ts'
import { diffText } from '../report/diff.ts'
import { annotations, notice } from '../report/github.ts'
import { text } from '../report/text.ts'
import type { Repository } from '../sources/git.ts'
import { display } from '../sources/display.ts'
import { repository as around } from '../sources/root.ts'
import { repositoryFor, revisions } from '../sources/sides.ts'
import { changed } from './change.ts'
import { failures, judged } from './judge.ts'

export const HELP = `mirrorproof action - what the GitHub Action runs; docs/action.md tells of its inputs and outputs

Usage
  mirrorproof action

  Reads what a runner of GitHub Actions hands to an action, in the environment: INPUT_*, GITHUB_EVENT_PATH and the like.
`

/** `mirrorproof action`: the door of the GitHub Action. */
export async function run(): Promise<Outcome> {
  try {
    return await act(readInputs(process.env))
  } catch (error) {
    if (!isUserError(error)) throw error
    return { output: notice('error', error.message), code: error.code }
  }
}

async function act(inputs: Inputs): Promise<Outcome> {
  const workspace = folder(process.env['GITHUB_WORKSPACE'] ?? '.', '.')
  const start = folder(inputs.workingDirectory ?? '.', workspace)
  const found = await find(inputs, workspace, start)
  const { after, change, notes } = found
  const { replaced, problems } = report(inputs, workspace, start, found)
  const failed = failures(after)
  const fresh = change?.findings.new ?? after.findings
  const counting = inputs.failOnExisting ? [...fresh, ...(change?.findings.unchanged ?? [])] : fresh
  const { failOn } = inputs
  const failing = failOn !== 'never' && (counting.some(({ level }) => isFailing(level, failOn)) || change?.clusters.some(isRefused) === true)
  const output = [
    change ? diffText(change, plain, false) : text(after, plain, false, false),
    ...[...notes, ...replaced].map((note) => notice('warning', note)),
    ...[...failed, ...problems].map((problem) => notice('error', problem)),
    ...(inputs.annotations ? [annotations(fresh, after.mends, found.touched), annotations(counting.slice(fresh.length), after.mends, found.touched)] : []),
  ]
  return { output: output.join(''), code: failed.length + problems.length > 0 ? 3 : failing ? 1 : 0 }
}

/** Where a folder is once links are followed, as the current folder is. @throws UserError where there is none. */
function folder(path: string, start: string): string {
  const place = resolve(start, path)
  if (!existsSync(place) || !statSync(place).isDirectory()) throw new UserError(`there is no folder ${path}`)
  return realpathSync(place)
}

async function find(inputs: Inputs, workspace: string, start: string): Promise<Found> {
  const places = inputs.paths.length > 0 ? inputs.paths.map((path) => resolve(start, path)) : [start]
  const event = readEvent(process.env)
  const { repository, why } = isCompared(event, inputs.base) ? opened(places) : {}
  process.chdir(repository?.root ?? around(start) ?? workspace) // GitHub knows files from the root of the repository
  const paths = places.map(display)
  const flags: Flags = {
    ...(inputs.openshift === undefined ? {} : { openshift: inputs.openshift }), ...(inputs.disconnected === undefined ? {} : { disconnected: inputs.disconnected }),
    ...(inputs.config === undefined ? {} : { config: display(resolve(start, inputs.config)) }), color: false, colorFiles: false,
  }
  const base = repository ? baseOf(repository, event, inputs.base) : why === undefined ? undefined : { missing: why }
  if (repository && base && 'commit' in base) {
    const sides = revisions(repository, base.commit, undefined)
    const { change, after, rules, notes } = await changed(paths, flags, sides, { base: base.commit.slice(0, 12), head: 'what is checked out' })
    return { after, rules, change, touched: (file) => !sides.same(resolve(file)), notes: [...(base.note === undefined ? [] : [base.note]), ...notes] }
  }
  const { report: after, rules } = await judged(paths, flags)
  return { after, rules, change: undefined, touched: () => false, notes: base && 'missing' in base ? [`nothing is compared, and all that is here counts: ${base.missing}`] : [] }
}

/** The repository that PATHs lie in, or why there is none. */
function opened(paths: readonly string[]): { repository?: Repository; why?: string } {
  try {
    return { repository: repositoryFor(paths) }
  } catch (error) {
    if (!isUserError(error)) throw error
    return { why: error.message }
  }
}
