import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { hasGo } from '../../build/go.ts'
import { parse } from '../../src/manifests/parse.ts'
import { ROOT } from '../command.ts'

/** YAML and what `sigs.k8s.io/yaml` makes of it, recorded from test/conformance/yaml: JSON, or `refused`. */
const TABLE = JSON.parse(readFileSync(join(ROOT, 'test/manifests/yaml.table.json'), 'utf8')) as [yaml: string, json: string][]

/** Where we differ, and why that is right or does no harm. */
const DIFFERENT: Record<string, string> = {
  'v: .nan': 'null, which JSON has in its place; Go gives up on the whole document',
  'v: .inf': 'as .nan',
  'v: -.inf': 'as .nan',
  'v: .NaN': 'as .nan',
  '~: a': 'Go refuses a null key; no object has one',
  '{"a": "\\/"}': 'kubectl reads JSON as JSON, in which this is an escape',
  'v: "\\ud83d\\ude00"': 'as above',
}

for (const [yaml, json] of TABLE) {
  test(`yaml :: ${JSON.stringify(yaml)}`, () => {
    const { documents: [document] } = parse({ path: 'table.yaml', place: 'table.yaml', text: yaml, named: true }, () => true)
    const ours = document?.problem && !document.problem.readable ? 'refused' : JSON.stringify(document?.value ?? null)
    if (DIFFERENT[yaml]) assert.is.not(ours, json, 'no longer different: remove it from the list')
    else assert.equal(ours === 'refused' ? ours : sorted(ours), json === 'refused' ? json : sorted(json))
  })
}

if (hasGo()) {
  test('yaml :: the table is what the Go decoder says', () => {
    const input = TABLE.map(([yaml]) => `${JSON.stringify(yaml)}\n`).join('')
    const { stdout, stderr } = spawnSync('go', ['run', './yaml'], { cwd: join(ROOT, 'test/conformance'), input, encoding: 'utf8' })
    assert.equal(stdout.trim().split('\n'), TABLE.map(([, json]) => json), stderr)
  })
} else {
  test.skip('yaml :: the table is what the Go decoder says: skipped, it needs Go')
  console.log('skipped: the YAML table was not held against the Go decoder, which needs Go')
}

test.run()

/** With the keys in order, as text: `constructor` is a key like any other. */
function sorted(json: string): string {
  return JSON.stringify(JSON.parse(json), (_, value: unknown) => (typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value))
}
