import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fg from 'fast-glob'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { CheckReport } from '../src/report/json.ts'
import { mirrorproof, ROOT } from './command.ts'

/**
 * Each folder is a repository that wraps mirror configuration in some way. `expected.txt` is what `clusters` sees in it, and what `check` says of it, whose
 * positions and paths show that each value was found where it is written. `UPDATE=1 npm test carriers` rewrites them, for a person to read.
 */
const CASES = join(ROOT, 'test/carriers')

for (const name of fg.sync('*', { cwd: CASES, onlyDirectories: true }).sort()) {
  test(`carriers :: ${name}`, () => {
    const cwd = join(CASES, name)
    const clusters = mirrorproof(['clusters'], { cwd })
    const check = mirrorproof(['check', '--format', 'json'], { cwd })
    assert.is(clusters.stderr + check.stderr, '')
    const { findings, skipped } = JSON.parse(check.stdout) as CheckReport
    const blocks = [
      clusters.stdout.split('\n\nNot as it is?')[0]!.trimEnd(),
      ...findings.map(({ file, line, column, level, message, path }) => `${file}:${line}:${column}: ${level}: ${message}\n  at ${JSON.stringify(path)}`),
      ...skipped.map(({ file, line, message }) => `${file}:${line}: not checked: ${message}`),
    ]
    const actual = `${blocks.join('\n\n')}\n`
    const expected = join(cwd, 'expected.txt')
    if (process.env['UPDATE']) writeFileSync(expected, actual)
    assert.is(actual, readFileSync(expected, 'utf8'))
  })
}

test.run()
