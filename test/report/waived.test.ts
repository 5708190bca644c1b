import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Ajv } from 'ajv'
import draft04 from 'ajv-draft-04'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { RULES } from '../../src/policy/rules.generated.ts'
import { plain } from '../../src/report/color.ts'
import { sarif } from '../../src/report/sarif.ts'
import { text } from '../../src/report/text.ts'
import { excuse } from '../../src/report/waiver.ts'
import { validator } from '../schema.ts'
import { finding, HOSTILE, hostile, report, waived } from './report.ts'

const WAIVERS = [
  waived(),
  waived({ by: 'annotation', until: null, reason: '' }),
  waived({ by: 'configuration', site: { file: '.mirrorproof.yaml', line: 4, column: 3, endLine: 4, endColumn: 9 } }),
  waived({ by: 'baseline', until: null, reason: '', site: null }),
]

test('waived :: who, until when and why', () => {
  assert.equal(WAIVERS.map(({ waiver }) => excuse(waiver)), [
    'waived by a comment (a.yaml:5:3) until 2027-01-31: moves with the new mirror',
    'waived by an annotation (a.yaml:5:3), and does not say why',
    'waived by the configuration (.mirrorproof.yaml:4:3) until 2027-01-31: moves with the new mirror',
    'waived by the baseline',
  ])
})

test('text :: what is waived is counted in the last line, and shown where it is asked for', () => {
  const some = report({ findings: [finding({ excerpt: null })], waived: WAIVERS.slice(0, 1) })
  const found = 'a.yaml:6:13: error: source `quay.io/org/` ends with a slash [malformed-location]\n   = fix: Leave out the slash.\n\n'
  const read = '1 error; 2 mirror sets in 1 cluster, of 3 files; 1 waived'
  assert.is(text(some, plain, false, false), `${found}${read} (--show-waived)\n`)
  const shown = 'a.yaml:6:13: waived error: source `quay.io/org/` ends with a slash [malformed-location]\n   = waived by a comment (a.yaml:5:3) until 2027-01-31: moves with the new mirror\n\n'
  assert.is(text(some, plain, false, true), `${found}${shown}${read}\n`)
  assert.is(text(some, plain, true, true).split('\n')[1], 'a.yaml:6:13: waived error: source `quay.io/org/` ends with a slash [malformed-location]')
  assert.not.match(text(report({ findings: [finding()] }), plain, false, true), 'waived')
})

interface Run {
  properties: { waived: number }
  results: { suppressions?: { kind: string; justification?: string; location?: unknown; properties: unknown }[] }[]
}

test('sarif :: what is waived is counted, and suppressed where it is to be shown', () => {
  const valid = validator(JSON.parse(readFileSync(createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8')) as object, draft04.default as unknown as typeof Ajv)
  const run = (showWaived: boolean) => {
    const log = JSON.parse(sarif(report({ findings: [finding()], waived: WAIVERS }), RULES, '0.0.0', showWaived)) as { runs: [Run] }
    valid(log, String(showWaived))
    return log.runs[0]
  }
  assert.is(run(false).properties.waived, 4)
  assert.equal(run(false).results.map(({ suppressions }) => suppressions), [undefined])
  const [found, ...suppressed] = run(true).results.map(({ suppressions }) => suppressions!)
  assert.equal(found, [], 'not suppressed, and says so')
  assert.equal(suppressed.map(([one]) => one!.kind), ['inSource', 'inSource', 'external', 'external'])
  assert.is(suppressed[0]![0]!.justification, 'moves with the new mirror')
  assert.ok(suppressed[0]![0]!.location)
  assert.equal(suppressed[3]![0], { kind: 'external', status: 'accepted', properties: { by: 'baseline', until: null } })
})

for (const [name, one] of Object.entries(HOSTILE)) {
  test(`text :: ${name} stays on its line`, () => {
    const lines = text(hostile(one), plain, false, true).split('\n')
    assert.is(lines.length, 21)
    for (const line of lines) assert.not.match(line, /^\s*::|##\[|##vso|[\u0000-\u001f\u202e]/)
  })
}

test.run()
