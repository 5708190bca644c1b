import type { Report } from '../check.ts'
import type { Skipped } from '../manifests/document.ts'
import type { Site } from '../manifests/position.ts'
import type { Level } from '../policy/engine.ts'
import type { Finding, Waived } from '../policy/finding.ts'
import { isFailing } from '../policy/levels.ts'
import { groups } from './groups.ts'
import { line } from './line.ts'
import { counts, list, plural } from './summary.ts'
import { excuse } from './waiver.ts'

/** A test: what it is the test of, and what came of it. */
interface Case {
  /** A file, or what is judged as a whole. */
  suite: string
  name: string
  outcome: 'passed' | 'failure' | 'error' | 'skipped'
  /** What it fails by, in a few words. */
  type?: string
  message?: string
  content: string[]
}

const WHOLE = 'clusters'
const UNCHECKED = 'not checked'

/**
 * A report as JUnit XML. A suite for each file: a finding from the level `failOn` on is a failure, a milder one is a test that passes and prints it.
 * A cluster without failures is a test that passes, so that there always is one; what was not checked is skipped, and what is waived, with `showWaived`.
 * No test is named by a line: GitLab compares names to tell new failures from old ones, and takes one of each name.
 */
export function junit(report: Report, failOn: Level | 'never', showWaived: boolean): string {
  const fails = ({ level }: Finding) => isFailing(level, failOn)
  const cases = [
    ...clean(report, fails),
    ...report.findings.map((finding) => found(finding, fails(finding))),
    ...(showWaived ? report.waived.map(excused) : []),
    ...report.skipped.map(unchecked),
  ]
  const suites = groups(distinct(cases), ({ suite }) => suite)
  const properties = `    <properties>\n      <property name="waived" value="${report.waived.length}"/>\n    </properties>\n`
  const inner = suites.map(([name, of], index) => `  <testsuite name="${xml(name)}" ${totals(of)} skipped="${tally(of, 'skipped')}">\n${index === 0 ? properties : ''}${of.map(element).join('')}  </testsuite>\n`)
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="mirrorproof" ${totals(cases)}>\n${inner.join('')}</testsuites>\n`
}

function clean({ clusters, findings }: Report, fails: (finding: Finding) => boolean): Case[] {
  const failing = new Set(findings.filter(fails).flatMap((finding) => finding.clusters))
  const passing = clusters.filter(({ name }) => !failing.has(name)).map(({ name, mirrorSets, images }): Case => {
    const own = findings.filter((finding) => finding.clusters.includes(name))
    return { suite: WHOLE, name, outcome: 'passed', content: [`${counts(own)}; ${plural(mirrorSets, 'mirror set')}, ${plural(images, 'image')}`] }
  })
  return passing.length > 0 || findings.length > 0 ? passing : [{ suite: WHOLE, name: 'none', outcome: 'passed', content: ['no findings; there is no cluster to judge'] }]
}

function found(finding: Finding, fails: boolean): Case {
  return { suite: finding.site.file, name: `${finding.rule}: ${finding.message}`, outcome: fails ? 'failure' : 'passed', type: finding.level, message: finding.message, content: told(finding) }
}

function excused(waived: Waived): Case {
  return { suite: waived.site.file, name: `${waived.rule}: ${waived.message}`, outcome: 'skipped', content: [excuse(waived.waiver), ...told(waived)] }
}

function unchecked({ file, line: row, reason, message }: Skipped): Case {
  const place = `${file}${row ? `:${row}` : ''}`
  return { suite: UNCHECKED, name: `${file}: ${message}`, outcome: reason === 'rule' ? 'error' : 'skipped', type: reason, message, content: [`${place}: not checked: ${message}`] }
}

function told({ site, level, message, rule, why, fix, clusters, related }: Finding): string[] {
  return [
    `${at(site)}: ${level}: ${message} [${rule}]`, ...related.map((one) => `${at(one.site)}: ${one.message}`),
    ...(clusters.length > 0 ? [`in ${list(clusters)}`] : []), `why: ${why}`, `fix: ${fix}`,
  ]
}

function at({ file, line: row, column }: Site): string {
  return `${file}:${row}:${column}`
}

function distinct(cases: readonly Case[]): Case[] {
  const seen = new Map<string, number>()
  return cases.map((one) => {
    const key = JSON.stringify([classOf(one), one.name])
    const count = (seen.get(key) ?? 0) + 1
    seen.set(key, count)
    return count === 1 ? one : { ...one, name: `${one.name} (${count})` }
  })
}

/** Jenkins takes what stands before the last dot for a package. */
function classOf({ suite }: Case): string {
  return `mirrorproof.${suite.replaceAll('.', '_')}`
}

function tally(cases: readonly Case[], outcome: Case['outcome']): number {
  return cases.filter((one) => one.outcome === outcome).length
}

function totals(cases: readonly Case[]): string {
  return `tests="${cases.length}" failures="${tally(cases, 'failure')}" errors="${tally(cases, 'error')}"`
}

function element(one: Case): string {
  const { name, outcome, type = '', message = '', content } = one
  const text = content.map((row) => xml(row)).join('\n')
  const inner = {
    passed: `<system-out>${text}</system-out>`,
    skipped: `<skipped>${text}</skipped>`,
    failure: `<failure type="${xml(type)}" message="${xml(message)}">${text}</failure>`,
    error: `<error type="${xml(type)}" message="${xml(message)}">${text}</error>`,
  }[outcome]
  return `    <testcase classname="${xml(classOf(one))}" name="${xml(name)}" time="0">\n      ${inner}\n    </testcase>\n`
}

/** A text as it may stand in an element and in an attribute, on one line. What XML 1.0 does not allow, not even escaped, is shown as `\uXXXX`. */
export function xml(text: string): string {
  const shown = line(text).replace(/[^ -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, (char) => `\\u${char.charCodeAt(0).toString(16)}`)
  return shown.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
