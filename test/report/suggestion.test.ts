import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { check, type Report } from '../../src/check.ts'
import type { Engine } from '../../src/policy/engine.ts'
import type { Rule } from '../../src/policy/rule.ts'
import { plain } from '../../src/report/color.ts'
import { annotations } from '../../src/report/github.ts'
import { checkReport } from '../../src/report/json.ts'
import { markdown } from '../../src/report/markdown.ts'
import { diffMarkdown } from '../../src/report/pullrequest.ts'
import { sarif } from '../../src/report/sarif.ts'
import { text } from '../../src/report/text.ts'

const RULE: Rule = { id: 'odd', title: 'Odd', level: 'error', why: 'It fails.', fix: 'Write it right.', versions: 'all', references: [], situations: [], logs: [] }

/** What a rule finds that blames the mirrors of all entries, and would have them called otherwise. */
function found(manifest: string, edit: { op: 'replace'; value: string } | { op: 'remove' }, certain = true): Report {
  const engine: Engine = {
    rules: [RULE],
    evaluate: ({ entries }) => ({ verdicts: entries.flatMap(({ mirrors }) => mirrors.map(({ at }) => ({ rule: 'odd', level: 'error' as const, message: 'it is odd', at, edits: [{ ...edit, at }], certain }))), failures: [] }),
  }
  const files = [{ path: 'a.yaml', place: '/a.yaml', text: manifest, named: true }]
  return check({ files, passed: new Set(), open: () => undefined, gunzip: (packed) => packed }, 1, { clusters: [], name: '.', today: '2026-01-01' }, [engine])
}

const SET = (mirrors: string) => `apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata: {name: a}\nspec:\n  imageDigestMirrors:\n  - source: quay.io/a\n    mirrors:${mirrors}\n`
const ONE = found(SET(' [m.example.net/a]'), { op: 'replace', value: 'n.example.net/a' })

test('suggestion :: text, annotations and summaries say what would mend a finding', () => {
  assert.match(text(ONE, plain, false, false), '  = suggestion: replace `m.example.net/a` by `n.example.net/a` (check --fix)\n')
  assert.not.match(text(ONE, plain, true, false), 'suggestion')
  assert.match(annotations(ONE.findings, ONE.mends), '%0Afix: Write it right.%0Asuggestion: replace `m.example.net/a` by `n.example.net/a` (check --fix)\n')
  const block = '  - **suggestion** replace `m.example.net/a` by `n.example.net/a` (check \\-\\-fix)\n\n    ```diff\n    @@ a.yaml:7 @@\n    -    mirrors: [m.example.net/a]\n    +    mirrors: [n.example.net/a]\n    ```\n'
  assert.match(markdown(ONE, { showWaived: false }).replaceAll('\\-\\-', '--'), block.replaceAll('\\-\\-', '--'))
  const change = { base: 'main', head: 'here', findings: { new: ONE.findings.map((one) => ({ ...one, was: null })), gone: [], unchanged: [], waived: [] }, mends: ONE.mends, routes: [], clusters: [], skipped: { before: [], after: [] } }
  assert.match(diffMarkdown(change).replaceAll('\\-\\-', '--'), block.replaceAll('\\-\\-', '--'))
})

test('suggestion :: what is not certain has no diff, and is told as such to programs', () => {
  const report = found(SET(' [m.example.net/a]'), { op: 'replace', value: 'n.example.net/a' }, false)
  assert.match(text(report, plain, false, false), 'suggestion: replace `m.example.net/a` by `n.example.net/a`\n')
  assert.not.match(markdown(report, { showWaived: false }), '```diff')
  assert.equal(checkReport(report).findings[0]!.edits, { certain: false, changes: [{ file: 'a.yaml', line: 7, column: 15, endLine: 7, endColumn: 30, text: 'n.example.net/a' }] })
  const { runs: [{ results: [result] }] } = JSON.parse(sarif(report, [RULE], '1.0.0', false)) as { runs: [{ results: { fixes: unknown[] }[] }] }
  assert.equal(result!.fixes, [{
    description: { text: 'replace `m.example.net/a` by `n.example.net/a`' },
    artifactChanges: [{ artifactLocation: { uri: 'a.yaml', uriBaseId: 'SRCROOT' }, replacements: [{ deletedRegion: { startLine: 7, startColumn: 15, endLine: 7, endColumn: 30 }, insertedContent: { text: 'n.example.net/a' } }] }],
    properties: { certain: false },
  }])
})

test('suggestion :: of several lines that go, all are shown; of too many, or too long ones, none', () => {
  const list = (count: number) => `${Array.from({ length: count }, (_, index) => `\n    - m.example.net/${index}`).join('')}\n    - m.example.net/last`
  assert.match(markdown(found(SET(list(1)), { op: 'remove' }), { showWaived: false }), '    @@ a.yaml:8 @@\n    -    - m.example.net/0\n    ```')
  const many = markdown(found(SET(list(30)), { op: 'replace', value: 'x.example.net' }), { showWaived: false })
  assert.is(many.match(/```diff/g)!.length, 20)
  assert.is(many.match(/\*\*suggestion\*\*/g)!.length, 31)
  assert.not.match(markdown(found(SET(` [m.example.net/${'a'.repeat(300)}]`), { op: 'replace', value: 'x.example.net' }), { showWaived: false }), '```diff')
})

test('suggestion :: what may be a secret is neither shown nor edited', () => {
  const told = (report: Report) => JSON.stringify([text(report, plain, false, false), checkReport(report).findings.map(({ edits }) => edits), markdown(report, { showWaived: false })])
  assert.equal(checkReport(found(SET(' [m.example.net/a]'), { op: 'replace', value: 'jane:pass@m.example.net/a' })).findings.map(({ edits }) => edits), [null])
  const beside = found(SET(' [m.example.net/a, "user:hunter2@m.example.net/b"]'), { op: 'replace', value: 'x.example.net' })
  assert.not.match(told(beside), 'hunter2')
})

test('suggestion :: an edit that the text does not allow is none', () => {
  assert.equal(checkReport(found(SET(' [m.example.net/a]').replace('mirrors:', 'mirrors: !!seq'), { op: 'replace', value: 'x' })).findings.map(({ edits }) => edits?.changes.length ?? null), [1])
  assert.equal(checkReport(found(SET('\n    - >-\n      m.example.net/a'), { op: 'replace', value: 'x' })).findings.map(({ edits }) => edits), [null])
})

test.run()
