import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseVersion } from '../../src/openshift/version.ts'
import { type Configuration, mergeRegistries, type MirrorRule } from '../../src/registries/merge.ts'
import { mergeOrder } from '../../src/registries/order.ts'
import { refusal } from '../../src/registries/refusal.ts'
import { renderRegistriesConf } from '../../src/registries/render.ts'

const S = 'quay.io/org'
const ORDER: [lists: string[][], mirrors: string[], contradictory: boolean, why: string][] = [
  [[['b', 'a']], ['b', 'a'], false, 'one list keeps its order'],
  [[['b', 'a'], ['d', 'c']], ['b', 'd', 'a', 'c'], false, 'lists that share nothing interleave, alphabetically'],
  [[['b', 'c'], ['a', 'b']], ['a', 'b', 'c'], false, 'lists that share something are joined there'],
  [[['a', S]], ['a'], false, 'the source comes last anyhow'],
  [[[S, 'a']], [S, 'a'], false, 'unless a list says otherwise'],
  [[['a', 'b'], ['b', 'a']], ['a', 'b'], true, 'a circle is broken at the alphabetically first'],
  [[['r', 't'], ['t', 'r']], [S, 'r', 't'], true, 'which may be the source: q comes before r'],
  [[['r', 'r']], [S, 'r'], true, 'a repeated mirror is a circle of its own'],
]
for (const [lists, mirrors, contradictory, why] of ORDER) {
  test(`order :: ${JSON.stringify(lists)}: ${why}`, () => assert.equal(mergeOrder(S, lists), { mirrors, contradictory }))
}

const icsp = (source: string, ...mirrors: string[]): MirrorRule => ({ kind: 'ImageContentSourcePolicy', source, mirrors })
const idms = (source: string, mirrors: string[], policy?: MirrorRule['policy']): MirrorRule => ({ kind: 'ImageDigestMirrorSet', source, mirrors, ...(policy ? { policy } : {}) })
const itms = (source: string, mirrors: string[], policy?: MirrorRule['policy']): MirrorRule => ({ kind: 'ImageTagMirrorSet', source, mirrors, ...(policy ? { policy } : {}) })

const REFUSED: [what: string, version: string, rules: MirrorRule[], message: string | null][] = [
  ['a trailing slash in an ICSP', '4.15', [icsp('q.io/a/', 'm')], null],
  ['a trailing slash in an ICSP', '4.16', [icsp('q.io/a/', 'm')], 'invalid format for source "q.io/a/"'],
  ['a mirror with a scheme', '4.18', [icsp('q.io/a', 'https://m')], 'invalid format for mirror "https://m"'],
  ['an empty source', '4.14', [icsp('', 'm')], 'invalid empty entry for source configuration'],
  ['a wildcard source', '4.15', [idms('*.q.io', ['m'])], 'wildcard entries are not supported with mirror configuration "*.q.io"'],
  ['a wildcard source', '4.16', [idms('*.q.io', ['m'])], null],
  ['two policies', '4.14', [idms(S, ['m'], 'NeverContactSource'), itms(S, ['m'])], `conflicting mirrorSourcePolicy is set for the same source "${S}" in imagedigestmirrorsets and/or imagetagmirrorsets`],
  ['two policies', '4.15', [itms(S, []), idms(S, ['m'], 'NeverContactSource')], `conflicting mirrorSourcePolicy is set for the same source "${S}" in imagedigestmirrorsets, imagetagmirrorsets, or imagecontentsourcepolicies`],
  ['unset and allow', '4.16', [idms(S, ['m'], 'AllowContactingSource'), itms(S, ['m'])], null],
  ['the source as its own mirror', '4.13.30', [idms(S, ['m', S], 'NeverContactSource')], `cannot set mirrorSourcePolicy: NeverContactSource if the source "${S}" is one of the mirrors`],
  ['two kinds', '4.13.26', [icsp(S, 'm'), idms('b', ['m'])], 'error: both imagecontentsourcepolicy and imagedigestmirrorset exist'],
  ['two kinds', '4.13.27', [icsp(S, 'm'), idms('b', ['m'])], null],
  ['two kinds', '4.14.2', [icsp(S, 'm'), itms('b', ['m'])], 'error: both imagecontentsourcepolicy and imagetagmirrorset exist'],
  ['two kinds, the patch not known', '4.14', [icsp(S, 'm'), itms('b', ['m'])], null],
]
for (const [what, version, rules, message] of REFUSED) {
  test(`refusal :: ${what} on ${version}`, () => assert.is(refusal({ rules, insecure: [], blocked: [] }, parseVersion(version)), message))
}

test('refusal :: scopes of image.config', () => {
  assert.is(refusal({ rules: [], insecure: ['*.lab:5000'], blocked: [] }, undefined), 'invalid entry for insecure registries "*.lab:5000"')
  assert.is(refusal({ rules: [], insecure: [], blocked: [''] }, undefined), 'invalid entry for blocked registries ""')
  const nested = { rules: [idms('*.lab', ['m'])], insecure: ['registry.lab'], blocked: [] }
  assert.is(refusal(nested, undefined), 'internal error: mirrorsAdjustedForNestedScope for a wildcard scope "*.lab"')
})

test('render :: each family of versions has its own bytes', () => {
  const registries = mergeRegistries({ rules: [icsp(S, 'm.lab/org')], insecure: ['m.lab'], blocked: [] })
  const render = (version: string) => renderRegistriesConf(registries, parseVersion(version)!)
  assert.match(render('4.12'), '  location = "quay.io/org"\n  mirror-by-digest-only = true\n\n  [[registry.mirror]]\n    location = "m.lab/org"\n    insecure = true\n')
  assert.match(render('4.13'), '    insecure = true\n    pull-from-mirror = "digest-only"\n')
  assert.not.match(render('4.18'), 'additional-layer-store-auth-helper')
  assert.match(render('4.19'), 'short-name-mode = ""\nadditional-layer-store-auth-helper = ""\n\n[[registry]]\n')
})

test('merge :: a blocked namespace inside a mirrored one inherits the mirrors', () => {
  assert.equal(mergeRegistries({ rules: [idms('q.io', ['m.lab'])], insecure: [], blocked: ['q.io/org'] }), [
    { scope: 'q.io', blocked: false, insecure: false, mirrors: [{ location: 'm.lab', insecure: false, pull: 'digest' }] },
    { scope: 'q.io/org', blocked: true, insecure: false, mirrors: [{ location: 'm.lab/org', insecure: false, pull: 'digest' }] },
  ])
})

test('merge :: the order of objects never changes the outcome', () => {
  const location = fc.constantFrom('a.io', 'a.io/x', 'a.io/x/y', 'b.io:5000', 'b.io:5000/x', 'c')
  const rule = fc.record({
    kind: fc.constantFrom('ImageContentSourcePolicy', 'ImageDigestMirrorSet', 'ImageTagMirrorSet'),
    source: location,
    mirrors: fc.array(location, { maxLength: 3 }),
  }) as fc.Arbitrary<MirrorRule>
  const scopes = fc.uniqueArray(location, { maxLength: 2 })
  const shuffled = fc.array(rule, { maxLength: 6 }).chain((rules) => fc.tuple(fc.constant(rules), fc.shuffledSubarray(rules, { minLength: rules.length })))
  fc.assert(fc.property(shuffled, scopes, scopes, ([rules, other], insecure, blocked) => {
    const bytes = (configuration: Configuration) => renderRegistriesConf(mergeRegistries(configuration), parseVersion('4.18')!)
    assert.is(bytes({ rules, insecure, blocked }), bytes({ rules: other, insecure, blocked }))
  }), { numRuns: 2_000 })
})

test.run()
