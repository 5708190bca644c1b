import type { Report } from '../../src/check.ts'
import type { Finding, Waived, Waiver } from '../../src/policy/finding.ts'
import { Mends } from '../../src/policy/mend.ts'
import { Places } from '../../src/policy/places.ts'

/** What a hostile manifest or repository may put into names and messages. */
export const HOSTILE: Record<string, string> = {
  'a line break': 'a\nb',
  'a carriage return': 'a\r\nb',
  'a command': '::error file=x::y',
  'a command on a line of its own': 'a\n::set-output name=x::y',
  'a command of Azure': 'a ##vso[task.setvariable variable=x]y ##[group]z',
  'what the runner escapes by': '100%0A::error::x %3A %2C',
  commas: 'a,line=7,title=x',
  quotes: `"a" 'b'`,
  pipes: 'a|b||c',
  HTML: '<script>alert(1)</script></details><!-- x',
  XML: ']]><failure message="x"/>&lt;&amp;&#0;',
  backticks: 'a `b` ``c`` `',
  Markdown: '*a* _b_ [c](https://evil.example) ![d](e) # f ~~g~~ > h',
  'a mention': '@org and a@b.example, #12, GH-3, !4',
  'an address': 'https://evil.example www.evil.example',
  'the beginning of a list': '- a',
  'colours and turned text': '\u001b[31mred\u001b[0m \u202eabc',
  'what XML does not allow': 'a\u0000b\uffff\ud800c\u000b',
  nothing: '',
}

export function finding(own: Partial<Finding> = {}): Finding {
  return {
    rule: 'malformed-location', level: 'error', message: 'source `quay.io/org/` ends with a slash', why: 'The operator applies no mirror configuration at all.', fix: 'Leave out the slash.',
    docs: 'docs/rules/malformed-location.md', clusters: ['east'], next: null, object: { apiVersion: 'config.openshift.io/v1', kind: 'ImageDigestMirrorSet', name: 'org' },
    site: site('a.yaml', 6), path: ['spec', 'imageDigestMirrors', 0, 'source'], inner: null, excerpt: '  - source: quay.io/org/', related: [], fingerprint: '0123456789abcdef', ...own,
  }
}

export const NO_MENDS = new Mends([], new Places())

export function site(file: string, line: number, column = 13): Finding['site'] {
  return { file, line, column, endLine: line, endColumn: column + 12 }
}

export function waived(waiver: Partial<Waiver> = {}, own: Partial<Finding> = {}): Waived {
  return { ...finding(own), waiver: { by: 'comment', reason: 'moves with the new mirror', until: '2027-01-31', site: site('a.yaml', 5, 3), ...waiver } }
}

export function report(own: Partial<Report> = {}): Report {
  const cluster = { name: 'east', version: undefined, versionWhy: '', declared: true, own: undefined, why: '', members: [], disconnected: true, reachKnown: true, next: undefined, mirrorSets: 0, images: 4 }
  return { findings: [], mends: NO_MENDS, waived: [], clusters: [cluster as unknown as Report['clusters'][number]], skipped: [], read: { files: 3, documents: 3, resources: 2 }, ...own }
}

/** The same hostile text wherever a report takes text from manifests and file names. */
export function hostile(text: string): Report {
  const file = `dir/${text}.yaml`
  const related = [{ message: text, site: site(file, 2) }]
  return report({
    findings: [finding({ message: text, fix: text, why: text, excerpt: text, clusters: [text], related, site: site(file, 6) }), finding({ message: `x ${text}`, site: site(file, 7), fingerprint: 'b' })],
    waived: [waived({ reason: text, site: site(file, 1) }, { message: text, site: site(file, 6), fingerprint: 'c' })],
    skipped: [{ file, line: 3, reason: 'template', message: text }, { file, reason: 'rule', message: text }],
  })
}
