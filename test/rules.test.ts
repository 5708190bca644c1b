import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fg from 'fast-glob'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { CheckReport } from '../src/report/json.ts'
import { RULES } from '../src/policy/rules.generated.ts'
import { mirrorproof, ROOT } from './command.ts'

/**
 * Each folder test/rules/RULE/CASE is a repository. `args` is the rest of the command line; `expected.txt` is what the program prints (UPDATE=1
 * writes it, for review); `# expect: RULE` stands on each line that a finding is expected on (once for each rule), and on no other.
 */
const cases = fg.sync('test/rules/*/*', { cwd: ROOT, onlyDirectories: true }).sort()

for (const path of cases) {
  const [, , rule, name] = path.split('/')
  test(`${rule} :: ${name}`, () => {
    const cwd = join(ROOT, path)
    const args = existsSync(join(cwd, 'args')) ? readFileSync(join(cwd, 'args'), 'utf8').trim().split(' ') : []
    const report = JSON.parse(mirrorproof(['check', '--format', 'json', ...args], { cwd }).stdout) as CheckReport
    const found = report.findings.map((finding) => `${finding.file}:${finding.line}: ${finding.rule}`)
    assert.equal([...new Set(found)].sort(), markers(cwd), 'the findings stand where they are expected')
    const own = report.findings.some((finding) => finding.rule === rule)
    assert.is(own, !name!.startsWith('near-miss'), 'a near miss stays silent, every other case fires')

    const { stdout, stderr } = mirrorproof(['check', ...args], { cwd })
    assert.is(stderr, '')
    assert.not.match(stdout, '<undefined>')
    if (process.env['UPDATE']) writeFileSync(join(cwd, 'expected.txt'), stdout)
    assert.fixture(stdout, readFileSync(join(cwd, 'expected.txt'), 'utf8'))
  })
}

test('every rule has its example, and the same mended', () => {
  for (const { id } of RULES) {
    assert.ok(cases.includes(`test/rules/${id}/example`), `${id}: example`)
    assert.ok(cases.includes(`test/rules/${id}/near-miss-the-example-mended`), `${id}: the example mended`)
    assert.ok(cases.some((path) => path.startsWith(`test/rules/${id}/near-miss`) && !path.endsWith('mended')), `${id}: another near miss`)
  }
})

test.run()

function markers(cwd: string): string[] {
  return fg.sync('**/*.{yaml,json}', { cwd, dot: true }).flatMap((file) =>
    readFileSync(join(cwd, file), 'utf8').split('\n').flatMap((line, index) =>
      [...line.matchAll(/# expect: (\S+)/g)].map((match) => `${file}:${index + 1}: ${match[1]}`))).sort()
}
