import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Finding } from '../../src/policy/finding.ts'
import type { Verdict } from '../../src/webhook/judge.ts'
import { answerOf } from '../../src/webhook/verdict.ts'
import { digests, judgeOf, tags } from './objects.ts'

const BASIS = { mode: 'enforce', state: '42' } as const

async function verdictOn(sources: Record<string, string[]>): Promise<Verdict> {
  return (await judgeOf([])).review({ object: digests('org', sources), oldObject: undefined, dryRun: true, alone: false })
}

test('a denial names rule, object, field and fix, and what it rests on', async () => {
  const { allowed, message, audit } = answerOf(await verdictOn({ 'quay.io/org': ['https://mirror.corp/org'] }), BASIS)
  assert.is(allowed, false)
  assert.is(message, [
    'this would break image pulls or stop all mirror changes (mirrorproof, judged by resourceVersion 42):',
    'malformed-location: ImageDigestMirrorSet/org spec.imageDigestMirrors[0].mirrors[0]: mirror `https://mirror.corp/org` has a URL scheme: the API server refuses the object',
    '  fix: Write it as `host[:port][/path]`, without scheme, tag, digest or trailing slash, with the path in lower case and a DNS name for an IPv6 address.',
  ].join('\n'))
  assert.equal(audit, { 'judged-by': 'resourceVersion 42', findings: 'error malformed-location' })
})

test('a denial for what another object says tells how several can change', async () => {
  const [told, apart] = [/where several objects have to change together, /, { 'quay.io/org': ['mirror.corp/org'] }]
  const judge = await judgeOf([digests('org', apart), tags('org', apart)])
  const never = digests('org', apart, 'NeverContactSource')
  assert.match(answerOf(judge.review({ object: never, oldObject: digests('org', apart), dryRun: true, alone: false }), BASIS).message!, told)
  assert.not.match(answerOf(await verdictOn({ 'quay.io/org': ['https://mirror.corp/org'] }), BASIS).message!, told)
})

test('the mode decides what becomes of an error', async () => {
  const verdict = await verdictOn({ 'quay.io/org': ['https://mirror.corp/org'] })
  const warned = answerOf(verdict, { ...BASIS, mode: 'warn' })
  assert.equal([warned.allowed, warned.warnings.length, warned.message], [true, 1, undefined])
  assert.match(warned.warnings[0]!, /^malformed-location: ImageDigestMirrorSet\/org /)
  const audited = answerOf(verdict, { ...BASIS, mode: 'audit' })
  assert.equal([audited.allowed, audited.warnings, audited.audit['findings']], [true, [], 'error malformed-location'])
})

test('a state that is too old is told of', async () => {
  const verdict = await verdictOn({ 'quay.io/org': ['mirror.corp/org'] })
  assert.equal(answerOf(verdict, { ...BASIS, stale: 400.4 }).warnings, ['mirrorproof judged this object alone: what it knows of the cluster is 400 s old'])
  assert.equal(answerOf(verdict, { ...BASIS, stale: Infinity }).warnings, ['mirrorproof judged this object alone: it does not know the cluster yet'])
})

test('warnings keep to what the API server passes on', async () => {
  const [found] = (await verdictOn({ 'quay.io/org': ['https://mirror.corp/org'] })).findings as [Finding]
  const many = Array.from({ length: 50 }, (_, index): Finding => ({ ...found, level: 'warning', message: `${index} ${'x'.repeat(400)}` }))
  const { warnings } = answerOf({ findings: many, pending: [] }, BASIS)
  assert.is(warnings.length, 8)
  assert.ok(warnings.every((one) => one.length <= 256 && !/[\r\n]/.test(one)))
  assert.ok(warnings.join('').length < 4096)
  assert.match(warnings.at(-1)!, /43 more warnings/)
})

test('what an object says cannot break out of its line', async () => {
  const [found] = (await verdictOn({ 'quay.io/org': ['https://mirror.corp/org'] })).findings as [Finding]
  const { message, warnings } = answerOf({ findings: [{ ...found, message: 'a\n  fix: run this\u001b[31m' }, { ...found, level: 'warning', message: 'b\r\nWarning: c' }], pending: [] }, BASIS)
  assert.ok(message!.includes('a\\u000a  fix: run this\\u001b[31m'))
  assert.is(warnings.length, 1)
  assert.not.match(warnings[0]!, /[\r\n]/)
})

test('many errors are cut, and what they have in common is said once', async () => {
  const sources = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`quay.io/org${index}`, [`https://mirror.corp/org${index}`]]))
  const { message } = answerOf(await verdictOn(sources), BASIS)
  assert.is(message!.split('\n').length, 13)
  assert.is(message!.split('fix: ').length, 2)
  assert.match(message!, /and 20 more$/)
})

test.run()
