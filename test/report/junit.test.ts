import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { junit } from '../../src/report/junit.ts'
import { textOf, validJunit } from './readers.ts'
import { finding, HOSTILE, hostile, report, site, waived } from './report.ts'

/** The tests of a report: their names, and what came of each. */
function cases(xml: string): string[] {
  return [...xml.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"[^>]*>\s*<([a-z-]+)/g)].map(([, suite, name, outcome]) => `${outcome} ${suite}: ${textOf(name!)}`)
}

test('junit :: a suite for each file, failures from --fail-on on, and the milder ones as tests that pass', () => {
  const findings = [finding(), finding({ level: 'warning', rule: 'unknown-field', message: 'there is no field `x`', site: site('dir/b.yaml', 1) })]
  const [found, passing, cleanOne] = [cases(junit(report({ findings }), 'error', false)), cases(junit(report({ findings }), 'never', false)), cases(junit(report(), 'error', false))]
  assert.equal(found, ['failure mirrorproof.a_yaml: malformed-location: source `quay.io/org/` ends with a slash', 'system-out mirrorproof.dir/b_yaml: unknown-field: there is no field `x`'])
  assert.equal(cases(junit(report({ findings }), 'warning', false))[1], 'failure mirrorproof.dir/b_yaml: unknown-field: there is no field `x`')
  assert.equal(passing[0], 'system-out mirrorproof.clusters: east')
  assert.equal(cleanOne, ['system-out mirrorproof.clusters: east'])
})

test('junit :: a failure says where, why, and what to do', () => {
  const [, content] = /<failure [^>]*>([^]*?)<\/failure>/.exec(junit(report({ findings: [finding({ related: [{ message: 'as here', site: site('b.yaml', 2) }] })] }), 'error', false))!
  assert.is(textOf(content!), [
    'a.yaml:6:13: error: source `quay.io/org/` ends with a slash [malformed-location]', 'b.yaml:2:13: as here', 'in east',
    'why: The operator applies no mirror configuration at all.', 'fix: Leave out the slash.',
  ].join('\n'))
})

test('junit :: there is a test where there is nothing at all', () => {
  assert.equal(cases(junit(report({ clusters: [] }), 'error', false)), ['system-out mirrorproof.clusters: none'])
})

test('junit :: what was not checked is skipped, and a rule that failed is an error', () => {
  const skipped = [{ file: 'a.yaml', line: 3, reason: 'template' as const, message: 'a template' }, { file: 'p.rego', reason: 'rule' as const, message: 'the rule p failed' }]
  const xml = junit(report({ skipped }), 'error', false)
  assert.equal(cases(xml).slice(1), ['skipped mirrorproof.not checked: a.yaml: a template', 'error mirrorproof.not checked: p.rego: the rule p failed'])
  assert.match(xml, '<testsuites name="mirrorproof" tests="3" failures="0" errors="1">')
  assert.match(xml, '<skipped>a.yaml:3: not checked: a template</skipped>')
})

test('junit :: what is waived is counted, and skipped where it is to be shown', () => {
  const made = (showWaived: boolean) => junit(report({ waived: [waived()] }), 'error', showWaived)
  assert.match(made(false), '<property name="waived" value="1"/>')
  assert.equal(cases(made(false)), ['system-out mirrorproof.clusters: east'])
  assert.match(made(true), '<property name="waived" value="1"/>')
  assert.match(made(true), '<skipped>waived by a comment (a.yaml:5:3) until 2027-01-31: moves with the new mirror\n')
  assert.match(made(true), '<testsuite name="a.yaml" tests="1" failures="0" errors="0" skipped="1">')
})

test('junit :: names are told apart, and no line is in them', () => {
  const findings = [6, 9].map((line) => finding({ site: site('a.yaml', line) }))
  assert.equal(cases(junit(report({ findings }), 'error', false)).map((one) => one.slice(-7)), ['a slash', 'ash (2)'])
})

test('junit :: the schema refuses what is no report', async () => {
  let refused = false
  await validJunit({ bad: '<testsuites><testcase/></testsuites>' }).catch(() => (refused = true))
  assert.ok(refused)
})

test('junit :: hostile texts are valid, and add no tests', async () => {
  const reports = Object.fromEntries(Object.entries(HOSTILE).map(([name, text]) => [name, junit(hostile(text), 'error', true)]))
  for (const [name, xml] of Object.entries(reports)) {
    assert.is(cases(xml).length, 5, name)
    assert.is(xml.match(/<failure /g)!.length, 2, name)
  }
  await validJunit({ ...reports, clean: junit(report(), 'error', false), nothing: junit(report({ clusters: [] }), 'error', false) })
})

test.run()
