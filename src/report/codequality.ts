import type { Report } from '../check.ts'
import type { Skipped } from '../manifests/document.ts'
import type { Finding } from '../policy/finding.ts'

/** An issue as GitLab reads it (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format). */
interface Issue {
  description: string
  check_name: string
  /** One issue each; the same one on two branches is not new. */
  fingerprint: string
  severity: 'info' | 'minor' | 'major' | 'critical' | 'blocker'
  location: { path: string; lines: { begin: number } }
}

const SEVERITIES = { error: 'critical', warning: 'major', info: 'info' } as const

/** A report for GitLab's Code Quality. Files have to be relative to the repository. What was not checked is an issue, too, for there is no other place for it; what is waived is none. */
export function codequality(report: Report): string {
  const seen = new Map<string, number>()
  return `${JSON.stringify([...report.findings.map(issue), ...report.skipped.map(unchecked)].map((one) => distinct(one, seen)), null, 2)}\n`
}

function issue({ rule, level, message, site, fingerprint }: Finding): Issue {
  return { description: message, check_name: rule, fingerprint, severity: SEVERITIES[level], location: { path: site.file, lines: { begin: site.line } } }
}

function unchecked({ file, line = 1, reason, message }: Skipped): Issue {
  const failed = reason === 'rule'
  return {
    description: failed ? message : `not checked: ${message}`, check_name: failed ? 'failed-rule' : 'not-checked', fingerprint: `${reason}:${file}`,
    severity: failed ? 'major' : 'info', location: { path: file, lines: { begin: line } },
  }
}

/** GitLab shows one issue of each fingerprint. */
function distinct(one: Issue, seen: Map<string, number>): Issue {
  const count = (seen.get(one.fingerprint) ?? 0) + 1
  seen.set(one.fingerprint, count)
  return count === 1 ? one : { ...one, fingerprint: `${one.fingerprint}#${count}` }
}
