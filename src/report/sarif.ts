import type { Report } from '../check.ts'
import type { Site } from '../manifests/position.ts'
import type { Finding, Waived } from '../policy/finding.ts'
import type { Mend } from '../policy/mend.ts'
import type { Rule } from '../policy/rule.ts'
import { groups } from './groups.ts'

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const

/**
 * A report as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0), for code scanning. Files are relative to `SRCROOT`, the current folder.
 * With `showWaived`, findings that do not count are results with a suppression, and every other result says that it has none (3.27.23); else they are only counted.
 */
export function sarif(report: Report, rules: readonly Rule[], version: string, showWaived: boolean): string {
  const index = new Map(rules.map((rule, place) => [rule.id, place]))
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: 'mirrorproof', semanticVersion: version, rules: rules.map(descriptor) } },
      columnKind: 'utf16CodeUnits',
      originalUriBaseIds: { SRCROOT: { description: { text: 'The folder in which mirrorproof was started.' } } },
      invocations: [{
        executionSuccessful: report.skipped.every(({ reason }) => reason !== 'rule'),
        toolExecutionNotifications: report.skipped.map(({ file, line, reason, message }) => ({
          level: reason === 'rule' ? 'error' : 'note',
          descriptor: { id: `skipped/${reason}` },
          message: { text: `not checked: ${message}` },
          locations: [{ physicalLocation: { artifactLocation: artifact(file), ...(line ? { region: { startLine: line } } : {}) } }],
        })),
      }],
      results: [...report.findings, ...(showWaived ? report.waived : [])].map((finding) => ({ ...result(finding, index.get(finding.rule)!), ...fixes(report.mends.of(finding)), ...(showWaived ? { suppressions: suppressions(finding) } : {}) })),
      properties: { waived: report.waived.length },
    }],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

function descriptor({ id, title, level, why, fix, versions, references }: Rule) {
  const links = references.map(({ text, url }) => `- [${text}](${url})`).join('\n')
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: {
      text: `${why}\n\nFix: ${fix}\n\nVersions: ${versions}`,
      markdown: `${why}\n\n**Fix.** ${fix}\n\n**Versions.** ${versions}${links ? `\n\n${links}` : ''}`,
    },
    defaultConfiguration: { level: LEVELS[level] },
  }
}

function result({ rule, level, message, object, site, related, clusters, next, fingerprint }: Finding, ruleIndex: number) {
  const logical = object && { logicalLocations: [{ fullyQualifiedName: `${object.kind}/${object.name}`, kind: 'resource' }] }
  return {
    ruleId: rule,
    ruleIndex,
    level: LEVELS[level],
    message: { text: message },
    locations: [{ physicalLocation: physical(site), ...logical }],
    relatedLocations: related.map((one, id) => ({ id: id + 1, message: { text: one.message }, physicalLocation: physical(one.site) })),
    partialFingerprints: { 'mirrorproof/v1': fingerprint },
    properties: { clusters, next },
  }
}

/** All changes of a fix are to be made together (3.55); `certain` tells those that `check --fix` makes. */
function fixes(mend: Mend | undefined) {
  if (!mend) return {}
  const files = groups(mend.changes, ({ site }) => site.file)
  return {
    fixes: [{
      description: { text: mend.words.present },
      artifactChanges: files.map(([file, changes]) => ({
        artifactLocation: artifact(file),
        replacements: changes.map(({ site: { line, column, endLine, endColumn }, text }) => ({ deletedRegion: { startLine: line, startColumn: column, endLine, endColumn }, ...(text === '' ? {} : { insertedContent: { text } }) })),
      })),
      properties: { certain: mend.certain },
    }],
  }
}

function suppressions(finding: Finding | Waived) {
  if (!('waiver' in finding)) return []
  const { by, reason, until, site } = finding.waiver
  return [{
    kind: by === 'comment' || by === 'annotation' ? 'inSource' : 'external',
    status: 'accepted',
    ...(reason ? { justification: reason } : {}),
    ...(site ? { location: { physicalLocation: physical(site) } } : {}),
    properties: { by, until },
  }]
}

function physical({ file, line, column, endLine, endColumn }: Site) {
  return { artifactLocation: artifact(file), region: { startLine: line, startColumn: column, endLine, endColumn } }
}

/** Segments are encoded one by one: a `#` or a space in a file name would end the URI. */
function artifact(file: string) {
  const encoded = file.split('/').map(encodeURIComponent).join('/')
  return file.startsWith('/') ? { uri: `file://${encoded}` } : { uri: encoded, uriBaseId: 'SRCROOT' }
}
