import { basename, join } from 'node:path'
import fg from 'fast-glob'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Report } from '../../src/check.ts'
import { ROOT } from '../command.ts'
import { argsOf, mend } from './fixture.ts'

/** How many findings of each rule are mended in the cases of all rules: what a rule mends shows here. */
const MENDED: Record<string, number> = {
  'ca-key-mismatch': 1, 'duplicate-mirror': 2, 'insecure-port-mismatch': 1, 'invalid-object': 1, 'invalid-registry-scope': 5, 'live-object-metadata': 5, 'malformed-location': 21,
  'source-matches-nothing': 6, 'unknown-field': 2, 'wrong-api-version': 1, 'wrong-image-sources-field': 3,
}
/** What has one right answer and is left, and why. */
const LEFT: string[] = [
  'mirrors-not-rendered/near-miss-the-version-is-not-known: malformed-location: it is an object of a running cluster and no file of yours',
  'source-spelt-twice/every-pull-fails-where-one-is-blocked: malformed-location: then there would be conflicting-source-policy at sets.yaml:7',
  'wrong-api-version/a-kind-that-is-nearly-right: wrong-api-version: then there would be invalid-object at sets.yaml:1',
]
/** Of what is pulled from the internet was nothing known as long as its source matched nothing. */
const UNCOVERED = new Set(['fallback-to-unreachable-source'])

const counted: Record<string, number> = {}
const left: string[] = []

for (const path of fg.sync('test/rules/*/*', { cwd: ROOT, onlyDirectories: true }).sort()) {
  const name = path.slice('test/rules/'.length)
  test(`check --fix :: ${name}`, async () => {
    const folder = join(ROOT, path)
    const { before, made, again } = await mend(folder, argsOf(folder))
    for (const { finding: { rule } } of made.mended) counted[rule] = (counted[rule] ?? 0) + 1
    left.push(...made.left.map(({ finding: { rule }, why }) => `${name}: ${rule}: ${why.replace(/\S*\/(?=[\w.-]+:\d+$)/, '')}`))
    const certain = made.report.findings.filter((one) => made.report.mends.of(one)?.certain)
    assert.equal(certain.map(({ rule }) => rule), made.left.map(({ finding: { rule } }) => rule), 'what could be mended is mended, or it is said why not')
    const old = numbers(before)
    for (const [rule, number] of numbers(made.report)) if (!UNCOVERED.has(rule)) assert.ok(number <= (old.get(rule) ?? 0), `${rule} is found more often than before`)
    const second = await again()
    assert.equal(told(second.report), told(made.report), 'read again, it is what was judged')
    assert.equal(second.made.files.map(({ file }) => basename(file.path)), [], 'a second run changes nothing')
  })
}

test('check --fix :: what is mended in all of them, and what is not', () => {
  assert.equal(counted, MENDED)
  assert.equal(left.sort(), LEFT)
})

test.run()

function numbers({ findings }: Report): Map<string, number> {
  const all = new Map<string, number>()
  for (const { rule } of findings) all.set(rule, (all.get(rule) ?? 0) + 1)
  return all
}

function told({ findings }: Report): string[] {
  return findings.map(({ rule, message, fingerprint, site: { file, line } }) => `${file}:${line} ${rule} ${message} ${fingerprint}`)
}
