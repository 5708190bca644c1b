import { appendFileSync, existsSync, statSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { relative, resolve } from 'node:path'
import { baseOf } from '../action/base.ts'
import { readEvent } from '../action/event.ts'
import { type Inputs, readInputs } from '../action/input.ts'
import type { Report } from '../check.ts'
import { isRefused } from '../compare.ts'
import { isUserError, UserError } from '../error.ts'
import type { Flags, Outcome } from '../flags.ts'
import { version } from '../home.ts'
import { LEVELS } from '../policy/engine.ts'
import { isFailing } from '../policy/levels.ts'
import type { Rule } from '../policy/rule.ts'
import { plain } from '../report/color.ts'
import { type Change, diffReport, diffText, having } from '../report/diff.ts'
import { annotations, notice } from '../report/github.ts'
import { checkReport } from '../report/json.ts'
import { markdown } from '../report/markdown.ts'
import { diffMarkdown } from '../report/pullrequest.ts'
import { sarif } from '../report/sarif.ts'
import { text } from '../report/text.ts'
import { write } from '../sources/file.ts'
import { type Repository, repositoryOf } from '../sources/git.ts'
import { revisions } from '../sources/sides.ts'
import { changed } from './change.ts'
import { failures, judged } from './judge.ts'
import { oneOf } from './options.ts'

export const HELP = `mirrorproof action - what the GitHub Action runs; docs/action.md tells of its inputs and outputs

Usage
  mirrorproof action

  Reads what a runner of GitHub Actions hands to an action, in the environment: INPUT_*, GITHUB_EVENT_PATH and the like.
`

/** GitHub drops the summary of a step that is longer than 1 MiB. */
const SUMMARY = 1_000_000

/** What a run of the Action found: with a change, where there was something to compare with; else `alone` says why there was not. */
interface Found {
  after: Report
  rules: readonly Rule[]
  change: Change | undefined
  /** The places that the change touches. */
  touched: (file: string) => boolean
  notes: string[]
}

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
  const start = resolve(process.env['GITHUB_WORKSPACE'] ?? '.', inputs.workingDirectory ?? '.')
  if (!existsSync(start) || !statSync(start).isDirectory()) throw new UserError(`there is no folder ${inputs.workingDirectory ?? start}`)
  const failOn = oneOf('fail-on', inputs.failOn ?? 'error', [...LEVELS, 'never'])
  const found = await find(inputs, start)
  const { after, change, notes } = found
  const [broken, unwritten] = [failures(after), report(inputs, start, found)]
  const fresh = change?.findings.new ?? after.findings
  const failing = (inputs.failOnExisting ? after.findings : fresh).some(({ level }) => isFailing(level, failOn)) || (failOn !== 'never' && change?.clusters.some(isRefused) === true)
  const output = [
    change ? diffText(change, plain, false) : text(after, plain, false, false),
    ...notes.map((note) => notice('notice', note)),
    ...[...broken, ...unwritten].map((problem) => notice('error', problem)),
    inputs.annotations ? annotations(inputs.failOnExisting ? after.findings : fresh, new Set(fresh.map(({ site }) => site.file).filter(found.touched))) : '',
  ]
  return { output: output.join(''), code: broken.length + unwritten.length > 0 ? 3 : failing ? 1 : 0 }
}

async function find(inputs: Inputs, start: string): Promise<Found> {
  const paths = inputs.paths.length > 0 ? inputs.paths.map((path) => resolve(start, path)) : [start]
  const flags: Flags = {
    ...(inputs.openshift === undefined ? {} : { openshift: inputs.openshift }), ...(inputs.disconnected === undefined ? {} : { disconnected: inputs.disconnected }),
    ...(inputs.config === undefined ? {} : { config: resolve(start, inputs.config) }), color: false, colorFiles: false,
  }
  const { repository, why } = repositoryAt(start)
  process.chdir(repository?.root ?? start) // GitHub knows files from the root of the repository
  const base = repository ? baseOf(repository, readEvent(process.env), inputs.base) : { missing: why! }
  if (repository && base && 'commit' in base) {
    const sides = revisions(repository, base.commit, undefined)
    const { change, after, rules, notes } = await changed(paths, flags, sides, { base: base.commit.slice(0, 12), head: 'what is checked out' })
    return { after, rules, change, touched: (file) => !sides.same(resolve(file)), notes }
  }
  const { report: after, rules } = await judged(paths, flags)
  return { after, rules, change: undefined, touched: () => false, notes: base && 'missing' in base ? [`nothing is compared, and all that is here counts: ${base.missing}`] : [] }
}

function repositoryAt(folder: string): { repository?: Repository; why?: string } {
  try {
    return { repository: repositoryOf(folder) }
  } catch (error) {
    return { why: (error as Error).message }
  }
}

/** Writes what a workflow reads afterwards; what cannot be written is told. */
function report({ summary, sarifFile, jsonFile }: Inputs, start: string, { after, rules, change }: Found): string[] {
  const files = [
    ...(sarifFile === undefined ? [] : [{ path: resolve(start, sarifFile), content: () => sarif(after, rules, version(), false) }]),
    ...(jsonFile === undefined ? [] : [{ path: resolve(start, jsonFile), content: () => `${JSON.stringify({ ...checkReport(after), diff: change ? diffReport(change) : null }, null, 2)}\n` }]),
  ]
  const count = (level: string) => after.findings.filter((finding) => finding.level === level).length
  const outputs = {
    findings: after.findings.length, errors: count('error'), warnings: count('warning'),
    new: change?.findings.new.length ?? '', 'routes-changed': change?.routes.length ?? '', drains: change ? having('drain', change.clusters).length + having('reboot', change.clusters).length : '',
    'sarif-file': sarifFile === undefined ? '' : relative(process.env['GITHUB_WORKSPACE'] ?? '.', resolve(start, sarifFile)),
  }
  return [
    ...files.flatMap(({ path, content }) => write(path, content()) ?? []),
    ...appended('GITHUB_OUTPUT', Object.entries(outputs).map(([name, value]) => assignment(name, String(value))).join('')),
    ...(summary ? appended('GITHUB_STEP_SUMMARY', change ? diffMarkdown(change, SUMMARY) : markdown(after, { showWaived: false, limit: SUMMARY })) : []),
  ]
}

/** A value may hold what it likes: nobody can guess what ends it. */
function assignment(name: string, value: string): string {
  const end = `end_${randomUUID()}`
  return `${name}<<${end}\n${value}\n${end}\n`
}

function appended(variable: string, content: string): string[] {
  const path = process.env[variable]
  if (!path) return []
  try {
    appendFileSync(path, content)
    return []
  } catch (error) {
    return [`cannot write ${variable} (${(error as NodeJS.ErrnoException).code})`]
  }
}
