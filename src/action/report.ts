import { existsSync, statSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import type { Report } from '../check.ts'
import { version } from '../home.ts'
import type { Rule } from '../policy/rule.ts'
import { actionJson } from '../report/action.ts'
import { type Change, having } from '../report/diff.ts'
import { markdown } from '../report/markdown.ts'
import { diffMarkdown } from '../report/pullrequest.ts'
import { sarif } from '../report/sarif.ts'
import { display } from '../sources/display.ts'
import { write } from '../sources/file.ts'
import type { Inputs } from './input.ts'
import { addSummary, setOutputs } from './output.ts'

/** GitHub drops the summary of a step that is longer than 1 MiB. */
const SUMMARY = 1_000_000

/** What a run of the Action found. */
export interface Found {
  after: Report
  rules: readonly Rule[]
  /** Where there was something to compare with. */
  change: Change | undefined
  /** Whether the change touches a place. */
  touched: (file: string) => boolean
  /** What is to be known of it, such as why nothing was compared. */
  notes: string[]
}

/** Writes what a workflow reads afterwards; tells what was there before, and what cannot be written. */
export function report({ summary, sarifFile, jsonFile }: Inputs, workspace: string, start: string, { after, rules, change, notes }: Found): { replaced: string[]; problems: string[] } {
  const wanted = [...(sarifFile === undefined ? [] : [{ path: resolve(start, sarifFile), content: () => sarif(after, rules, version(), false) }]), ...(jsonFile === undefined ? [] : [{ path: resolve(start, jsonFile), content: () => actionJson(after, change) }])]
  const files = wanted.map(({ path, content }) => ({ path, there: existsSync(path) && statSync(path).isFile(), problem: write(path, content()) }))
  const count = (level: string) => after.findings.filter((finding) => finding.level === level).length
  const outputs = {
    findings: after.findings.length, errors: count('error'), warnings: count('warning'),
    new: change?.findings.new.length ?? '', 'routes-changed': change?.routes.length ?? '', drains: change ? having('drain', change.clusters).length + having('reboot', change.clusters).length : '',
    'sarif-file': sarifFile === undefined || files[0]?.problem !== undefined ? '' : relative(workspace, resolve(start, sarifFile)),
  }
  const page = () => (change ? diffMarkdown(change, SUMMARY, notes) : markdown(after, { showWaived: false, limit: SUMMARY, notes }))
  return {
    replaced: files.filter(({ there, problem }) => there && problem === undefined).map(({ path }) => `${display(path)} was there before this step, and is replaced`),
    problems: [...files.flatMap(({ problem }) => problem ?? []), ...setOutputs(process.env, outputs), ...(summary ? addSummary(process.env, page()) : [])],
  }
}
