import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { codequality } from '../../src/report/codequality.ts'
import { validCodequality } from './readers.ts'
import { finding, HOSTILE, hostile, report, site, waived } from './report.ts'

const issues = (...args: Parameters<typeof codequality>) => JSON.parse(codequality(...args)) as { fingerprint: string; severity: string; check_name: string; description: string }[]

test('codequality :: a finding is an issue', () => {
  assert.equal(issues(report({ findings: [finding()] })), [{
    description: 'source `quay.io/org/` ends with a slash', check_name: 'malformed-location', fingerprint: '0123456789abcdef', severity: 'critical', location: { path: 'a.yaml', lines: { begin: 6 } },
  }])
})

test('codequality :: levels have their severities', () => {
  const findings = (['error', 'warning', 'info'] as const).map((level) => finding({ level }))
  assert.equal(issues(report({ findings })).map(({ severity }) => severity), ['critical', 'major', 'info'])
})

test('codequality :: nothing found is an empty list, and what is waived is nothing', () => {
  assert.equal(issues(report()), [])
  assert.equal(issues(report({ waived: [waived()] })), [])
})

test('codequality :: what was not checked is an issue of its own, which stays the same when lines move', () => {
  const skip = (line: number) => issues(report({ skipped: [{ file: 'a.yaml', line, reason: 'template', message: 'a template' }, { file: 'a.yaml', line: line + 9, reason: 'template', message: 'a template' }] }))
  assert.equal(skip(1).map(({ check_name, description, severity }) => ({ check_name, description, severity }))[0], { check_name: 'not-checked', description: 'not checked: a template', severity: 'info' })
  assert.equal(skip(1).map(({ fingerprint }) => fingerprint), skip(5).map(({ fingerprint }) => fingerprint))
  assert.is(issues(report({ skipped: [{ file: 'policies/a.rego', reason: 'rule', message: 'the rule a failed' }] }))[0]!.severity, 'major')
})

test('codequality :: no two issues share a fingerprint', () => {
  const findings = [1, 2, 3].map((line) => finding({ site: site('a.yaml', line) }))
  const prints = issues(report({ findings })).map(({ fingerprint }) => fingerprint)
  assert.is(new Set(prints).size, 3)
})

for (const [name, text] of Object.entries(HOSTILE)) {
  test(`codequality :: ${name} is a value like any other`, () => {
    const made = issues(hostile(text))
    validCodequality(made, name)
    assert.is(made[0]!.description, text)
  })
}

test.run()
