import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ClustersReport } from '../src/report/clusters.ts'
import { mirrorproof, ROOT } from './command.ts'

/** Manifests of every kind that pulls images, and each image with the place that it is written at. `UPDATE=1 npm test images` rewrites the list, for a person to read. */
test('images :: of every kind, where they are written', () => {
  const cwd = join(ROOT, 'test/images')
  const { clusters } = JSON.parse(mirrorproof(['clusters', '--format', 'json'], { cwd }).stdout) as ClustersReport
  const uses = clusters.flatMap(({ images }) => images.flatMap(({ image, certain, uses: all }) => all.map(({ file, line, column, object }) => ({ at: `${file}:${line}:${column}`, file, line, what: `${object} ${image}${certain ? '' : ' (looks like one)'}` }))))
  const actual = uses.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line)).map(({ at, what }) => `${at}: ${what}\n`).join('')
  const expected = join(cwd, 'expected.txt')
  if (process.env['UPDATE']) writeFileSync(expected, actual)
  assert.is(actual, readFileSync(expected, 'utf8'))
})

test.run()
