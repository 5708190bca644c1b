import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { events } from '../../src/log/event.ts'
import { read } from '../../src/log/log.ts'
import { CLASSES } from '../../src/log/class.ts'

const D = `sha256:${'0a'.repeat(32)}`
const FINAL = `(Mirrors also failed: [m.lab/org/app@${D}: reading manifest ${D} in m.lab/org/app: unauthorized]\n[two.lab/app@${D}: pinging container registry two.lab: Get "https://two.lab/v2/": EOF]): quay.io/org/app@${D}: denied`
const PIECES = [
  `Trying to access "m.lab/org/app@${D}"`, `Accessing "m.lab/org/app@${D}" failed: `, `Failed to pull image "quay.io/org/app@${D}": rpc error: code = Unknown desc = `, FINAL, JSON.stringify(FINAL), JSON.stringify(JSON.stringify(FINAL)),
  'time="2026-11-21T07:02:19Z" level=debug msg="', 'Nov 21 07:02:19 worker-0 crio[1]: ', '{"MESSAGE":"', '"', '\\"', '\n', '\r\n', '\u001b[31m', '\u201c', '\u2014', '\u0000', ' image="quay.io/org/app:1"', 'ErrImagePull: "', 'Pulled image: quay.io/org/app:1',
  `IsRunningImageAllowed for image docker:quay.io/org/app@${D}`, 'Loading registries configuration "/etc/x"', `GET https://m.lab/v2/org/app/manifests/${D}`, 'reading blob sha256:0: 404', 'Back-off pulling image "app:1"', 'Attempting to pull candidate a.lab/x:1 for x', 'x'.repeat(79),
]
const text = fc.array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...PIECES) }, { weight: 1, arbitrary: fc.string({ unit: 'binary' }) }), { maxLength: 40 }).map((pieces) => pieces.join(''))

test('cut :: whatever comes, in whatever chunks, is read, and is read alike', () => {
  fc.assert(fc.property(text, fc.nat(200), fc.nat(400), (whole, from, size) => {
    const bytes = new TextEncoder().encode(whole).slice(from)
    const [once, chunked] = [read(), read()]
    once.push(bytes)
    for (let at = 0; at < bytes.length; at += size + 1) chunked.push(bytes.slice(at, at + size + 1))
    const log = once.end()
    assert.equal(chunked.end(), log)
    for (const pull of log.pulls) {
      for (const { reference, outcome, class: kind, message, line } of pull.attempts) {
        assert.ok(line >= 1 && line <= log.lines)
        assert.ok(kind === null || CLASSES.includes(kind))
        assert.is(outcome === 'failed', kind !== null)
        assert.ok((message ?? '').length <= 1_000 && (reference ?? '').length <= 600)
      }
    }
  }), { numRuns: 1_500 })
})

test('cut :: lines of a mebibyte take no time', () => {
  const start = Date.now()
  for (const piece of [...PIECES, 'Accessing "', '"\\', 'rpc error: code = ', 'Pulling image ', 'GET http://']) {
    const line = piece.replaceAll('\n', ' ').repeat(Math.ceil(1_000_000 / piece.length))
    events(line)
    const reader = read()
    reader.push(new TextEncoder().encode(`${line}\n${line}\n`))
    reader.end()
  }
  assert.ok(Date.now() - start < 30_000, `${Date.now() - start} ms`)
})

test.run()
