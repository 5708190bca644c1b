import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { check } from '../../src/check.ts'
import { fix } from '../../src/fix.ts'
import { parseVersion } from '../../src/openshift/version.ts'
import { engine } from '../../src/policy/engine.ts'
import { RULES } from '../../src/policy/rules.generated.ts'
import type { Sources } from '../../src/reading/sources.ts'
import { ROOT } from '../command.ts'

const ENGINE = engine(new Uint8Array(readFileSync(join(ROOT, 'policies/policy.wasm'))), RULES)

/** Where a location is written, and what is too much about it. */
interface Location {
  before: '' | 'https://' | 'docker://'
  after: '' | '/' | '//'
  quote: '' | '"' | '\''
}

interface Entry {
  source: Location
  mirrors: Location[]
  /** Indexes of mirrors that stand once more. */
  again: number[]
  flow: boolean
  key: 'mirrors' | 'mirors' | 'mirrros' | 'Mirrors'
  comment: boolean
}

interface Written {
  kind: 'ImageDigestMirrorSet' | 'ImageTagMirrorSet'
  entries: Entry[]
  server: ('uid: 1-2' | 'resourceVersion: "7"' | 'generation: 3 # of many' | 'creationTimestamp: null')[]
  crlf: boolean
  ended: boolean
}

const location: fc.Arbitrary<Location> = fc.record({ before: fc.constantFrom('', '', 'https://', 'docker://'), after: fc.constantFrom('', '', '/', '//'), quote: fc.constantFrom('', '"', '\'') })
const entry: fc.Arbitrary<Entry> = fc.record({
  source: location, mirrors: fc.array(location, { minLength: 1, maxLength: 3 }), again: fc.array(fc.nat(2), { maxLength: 2 }), flow: fc.boolean(),
  key: fc.constantFrom('mirrors', 'mirrors', 'mirors', 'mirrros', 'Mirrors'), comment: fc.boolean(),
})
const set: fc.Arbitrary<Written> = fc.record({
  kind: fc.constantFrom('ImageDigestMirrorSet', 'ImageTagMirrorSet'), entries: fc.array(entry, { minLength: 1, maxLength: 4 }),
  server: fc.uniqueArray(fc.constantFrom('uid: 1-2', 'resourceVersion: "7"', 'generation: 3 # of many', 'creationTimestamp: null')), crlf: fc.boolean(), ended: fc.boolean(),
})

/** A set as it is written, or as it should have been. Everything but the defects is the same in both. */
function written(of: Written, name: number, right: boolean): string {
  const dump = of.server.some((field) => /^(?:uid|resourceVersion)/.test(field)) // the others alone are no sign of one
  const say = ({ before, after, quote }: Location, text: string) => `${quote}${right ? text : `${before}${text}${after}`}${quote}`
  const entries = of.entries.flatMap((one, index) => {
    const isMisspelt = one.key !== 'mirrors' // what stands below it is not looked at before it is mended
    const mirrors = one.mirrors.map((mirror, at) => say(isMisspelt ? { ...mirror, before: '', after: '' } : mirror, `mirror.example.net/s${name}-${index}/m${at}`))
    const again = right || isMisspelt ? [] : one.again.filter((at) => at < mirrors.length).map((at) => mirrors[at]!)
    const key = right ? 'mirrors' : one.key
    const all = [...mirrors, ...again]
    const list = one.flow ? [`    ${key}: [ ${all.join(',  ')} ]${one.comment ? ' # in order' : ''}`] : [`    ${key}:`, ...all.map((mirror, at) => `      - ${mirror}${one.comment && at < mirrors.length ? ' # a copy' : ''}`)]
    return [...(one.comment ? [`  # entry ${index}`] : []), `  - source:  ${say(one.source, `quay.io/s${name}-${index}/x`)}`, ...list]
  })
  const lines = [
    'apiVersion: config.openshift.io/v1', `kind: ${of.kind}`, 'metadata:', ...(right && dump ? [] : of.server.map((field) => `  ${field}`)), `  name: s${name}`, 'spec:',
    `  ${of.kind === 'ImageDigestMirrorSet' ? 'imageDigestMirrors' : 'imageTagMirrors'}:`, ...entries,
  ]
  return lines.join(of.crlf ? '\r\n' : '\n') + (of.ended ? (of.crlf ? '\r\n' : '\n') : '')
}

function mended(texts: readonly string[]): { texts: string[]; left: string[]; found: string[] } {
  const files = texts.map((text, index) => ({ path: `${index}.yaml`, place: `/${index}.yaml`, text, named: true }))
  const sources: Sources = { files, passed: new Set(), open: () => undefined, gunzip: (packed) => packed }
  const judge = (some: Sources) => check(some, files.length, { clusters: [], name: '.', today: '2026-01-01', version: parseVersion('4.18')! }, [ENGINE])
  const { files: changed, left, report } = fix(sources, judge(sources), judge)
  const after = new Map(changed.map(({ file, text }) => [file.place, text]))
  return { texts: files.map(({ place, text }) => after.get(place) ?? text), left: left.map(({ why }) => why), found: report.findings.map(({ rule }) => rule) }
}

const DEFECTS = new Set(['malformed-location', 'duplicate-mirror', 'unknown-field', 'live-object-metadata', 'source-without-mirror'])

test('check --fix :: random defects are gone, everything else is as it was, and a second run changes nothing', () => {
  fc.assert(fc.property(fc.array(set, { minLength: 1, maxLength: 3 }), (sets) => {
    const first = mended(sets.map((one, index) => written(one, index, false)))
    assert.equal(first.left, [])
    assert.equal(first.texts, sets.map((one, index) => written(one, index, true)))
    assert.equal(first.found.filter((rule) => DEFECTS.has(rule)), [])
    assert.equal(mended(first.texts).texts, first.texts)
  }), { numRuns: Number(process.env['RUNS'] ?? 150) })
})

test.run()
