import type { Report } from '../check.ts'
import type { Flags } from '../flags.ts'
import { version } from '../home.ts'
import type { Level } from '../policy/engine.ts'
import type { Finding } from '../policy/finding.ts'
import type { Rule } from '../policy/rule.ts'
import { fromRepository } from '../sources/root.ts'
import { type Output, paintOf } from './outputs.ts'

/** What a report can be printed as; the first one where nothing is said. */
export const FORMATS = ['text', 'json', 'sarif', 'github', 'markdown', 'junit', 'codequality', 'imageset'] as const
type Format = (typeof FORMATS)[number]

/** A report in a format, which is loaded only now. */
export async function formatted(output: Output<Format>, report: Report, rules: readonly Rule[], failOn: Level | 'never', flags: Flags): Promise<string> {
  const showWaived = flags['show-waived'] ?? false
  switch (output.format) {
    case 'text': return (await import('../report/text.ts')).text(report, paintOf(output, flags), flags.quiet ?? false, showWaived)
    case 'json': return (await import('../report/json.ts')).json(report)
    case 'sarif': return (await import('../report/sarif.ts')).sarif(report, rules, version(), showWaived)
    case 'github': return (await import('../report/github.ts')).github(inRepository(report))
    case 'markdown': return (await import('../report/markdown.ts')).markdown(report, { showWaived })
    case 'junit': return (await import('../report/junit.ts')).junit(report, failOn, showWaived)
    case 'imageset': return (await import('../report/imageset.ts')).imageset(report.probed ?? [])
    case 'codequality': return (await import('../report/codequality.ts')).codequality(inRepository(report))
  }
}

/** GitHub and GitLab know files from the root of the repository, wherever the check was started. */
function inRepository(report: Report): Report {
  const path = fromRepository()
  const moved = <T extends Finding>(finding: T): T => ({ ...finding, site: { ...finding.site, file: path(finding.site.file) } })
  return { ...report, findings: report.findings.map(moved), waived: report.waived.map(moved), skipped: report.skipped.map((skip) => ({ ...skip, file: path(skip.file) })) }
}
