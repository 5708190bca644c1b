import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { patch } from '../../src/report/patch.ts'
import { folder } from '../command.ts'

/** What `git apply` and `patch` make of it. */
function applied(path: string, before: string, after: string): string[] {
  const text = patch({ path, before, after })
  return [['git', 'apply', '--unidiff-zero', '-'], ['patch', '--binary', '-s', '-p1']].map(([program, ...args]) => {
    const home = folder({ [path]: before })
    const { status, stderr } = spawnSync(program!, args, { cwd: home, input: text, encoding: 'utf8', env: { ...process.env, GIT_CEILING_DIRECTORIES: home } })
    return status === 0 ? readFileSync(join(home, path), 'utf8') : `${program} failed: ${stderr}`
  })
}

const CASES: [name: string, path: string, before: string, after: string][] = [
  ['a line', 'a.yaml', 'a: 1\nb: 2\n', 'a: 1\nb: 3\n'],
  ['no line break at the end', 'a.yaml', 'a: 1\nb: 2', 'a: 1\nb: 3'],
  ['one that goes', 'a.yaml', 'a: 1\nb: 2', 'a: 1\n'],
  ['what stays has none', 'a.yaml', 'a: 1\nb: 2', 'a: 3\nb: 2'],
  ['CRLF', 'a.yaml', 'a: 1\r\nb: 2\r\n', 'a: 3\r\nb: 2\r\n'],
  ['a name with blanks', 'my files/a b.yaml', 'a: 1\n', 'a: 2\n'],
  ['far apart', 'a.yaml', `a: 1\n${'x: 1\n'.repeat(20)}b: 2\n`, `a: 3\n${'x: 1\n'.repeat(20)}b: 4\n`],
]
for (const [name, path, before, after] of CASES) test(`git and patch apply it: ${name}`, () => assert.equal(applied(path, before, after), [after, after]))

const HIDDEN: [name: string, before: string, after: string, expected: string][] = [
  ['a pull secret behind', 'a: 1\nb: 1\npullSecret: \'{"auths":{"x":{"auth":"c2VjcmV0"}}}\'\n', 'a: 2\nb: 1\npullSecret: \'{"auths":{"x":{"auth":"c2VjcmV0"}}}\'\n', '@@ -1,2 +1,2 @@\n-a: 1\n+a: 2\n b: 1\n'],
  ['a pull secret before', 'pullSecret: \'{"auths":{"x":{"auth":"c2VjcmV0"}}}\'\nb: 1\na: 1\n', 'pullSecret: \'{"auths":{"x":{"auth":"c2VjcmV0"}}}\'\nb: 1\na: 2\n', '@@ -2,2 +2,2 @@\n b: 1\n-a: 1\n+a: 2\n'],
  ['a password as the last line, which has no break', 'a: 1\nb: 1\npassword: x', 'a: 2\nb: 1\npassword: x', '@@ -1,2 +1,2 @@\n-a: 1\n+a: 2\n b: 1\n'],
  ['a Secret behind', 'a: 1\n---\nkind: Secret\ndata:\n  x: aGVsbG8=\n', 'a: 2\n---\nkind: Secret\ndata:\n  x: aGVsbG8=\n', '@@ -1 +1 @@\n-a: 1\n+a: 2\n'],
  ['a Secret before', 'kind: Secret\ndata:\n  x: aGVsbG8=\n---\na: 1\n', 'kind: Secret\ndata:\n  x: aGVsbG8=\n---\na: 2\n', '@@ -4,2 +4,2 @@\n ---\n-a: 1\n+a: 2\n'],
]
for (const [name, before, after, expected] of HIDDEN) {
  test(`not shown: ${name}`, () => {
    assert.is(patch({ path: 'a.yaml', before, after }), `--- a/a.yaml\n+++ b/a.yaml\n${expected}`)
    assert.equal(applied('a.yaml', before, after), [after, after])
  })
}

test('random changes are applied', () => {
  const line = fc.constantFrom('a: 1', 'b: 2', 'auth: x', 'password: y', '', '---', 'kind: Secret', '\ta', 'x\r')
  const text = fc.tuple(fc.array(line, { minLength: 1, maxLength: 12 }), fc.boolean()).map(([lines, end]) => lines.join('\n') + (end ? '\n' : ''))
  fc.assert(fc.property(text, text, (before, after) => {
    fc.pre(before !== after && before !== '' && after !== '')
    assert.is(applied('a.yaml', before, after)[0], after, JSON.stringify([before, after]))
  }), { numRuns: 60 })
})

test.run()
