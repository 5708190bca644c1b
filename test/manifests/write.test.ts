import { deepStrictEqual } from 'node:assert'
import fc from 'fast-check'
import { load } from 'js-yaml'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from '../../src/manifests/parse.ts'
import { yaml } from '../../src/manifests/write.ts'

/** What whoever reads YAML as Kubernetes does makes of it. */
function read(text: string): unknown {
  const { documents: [document, second], skipped } = parse({ path: 'a', place: '/a', text, named: true }, () => true)
  assert.is(second, undefined, text)
  assert.equal(skipped, [], text)
  assert.is(document?.problem, undefined, text)
  return document?.value
}

/** What one reader of YAML or another takes for something else than a string, or for none at all. */
const HOSTILE = [
  '', ' ', 'true', 'False', 'yes', 'NO', 'on', 'Off', 'y', 'N', 'null', 'Null', '~', '.inf', '-.INF', '.nan', '.NaN', '0', '-0', '0644', '0o17', '0x1F', '1_000', '1e3', '1.5', '+1', '1:30', '2024-01-01', '<<', '=',
  '-', '- a', '? a', ': a', 'a: b', 'a:', 'a #b', '#', '&a', '*a', '!a', '|', '>', '%a', '@a', '`a', '"', "'", '[', ']', '{', '}', ',', '---', '...', '--- a', '.', '..', './a', '/', 'a/b', '{{ a }}', '\\', '\n', 'a\nb', 'a\n', '\ta', '\r', '\u0000', '\u007f', '\u0085',
  '\u2028', '\ufeff', '\ud83d\ude00', 'é', 'a\u00a0b', '__proto__', 'constructor', 'toString', 'a'.repeat(2000),
]

test('a scalar is read as what it is, as a value, a key and an item', () => {
  for (const text of HOSTILE) {
    deepStrictEqual(read(yaml({ value: text, list: [text, [text]], [`k${text}`]: 1 })), { value: text, list: [text, [text]], [`k${text}`]: 1 })
    if (text !== '__proto__') deepStrictEqual(read(yaml({ [text]: { [text]: [] } })), { [text]: { [text]: [] } })
  }
})

test('whatever JSON holds, whoever reads it gets the same', () => {
  const string = fc.oneof(fc.constantFrom(...HOSTILE), fc.string(), fc.string({ unit: 'grapheme' }))
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 5 }, string, fc.integer(), fc.boolean(), fc.constant(null), fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(string.filter((key) => key !== '__proto__'), tie('value'), { maxKeys: 4, noNullPrototype: true })),
  }))
  fc.assert(fc.property(fc.dictionary(fc.string().filter((key) => key !== '__proto__'), value, { minKeys: 1, noNullPrototype: true }), (object) => {
    const text = yaml(object)
    deepStrictEqual(read(text), object)
    deepStrictEqual(load(text), object)
  }), { numRuns: 500 })
})

test('it looks as what `oc get -o yaml` prints', () => {
  const value = { spec: { list: [{ source: 'quay.io/a', mirrors: ['m:5000/a', 'n'] }], empty: {}, none: [], port: 8080, on: true, gone: undefined }, kind: 'A', apiVersion: 'v1' }
  assert.is(yaml(value), `apiVersion: v1
kind: A
spec:
  empty: {}
  list:
  - mirrors:
    - "m:5000/a"
    - "n"
    source: quay.io/a
  none: []
  "on": true
  port: 8080
`)
})

test('what nests deeper than is read is refused', () => {
  let deep: unknown = 'a'
  for (let level = 0; level < 2000; level++) deep = level % 2 ? [deep] : { a: deep }
  assert.throws(() => yaml(deep), (error: Error) => error instanceof RangeError && /levels deep/.test(error.message))
})

test.run()
