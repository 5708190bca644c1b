import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { dump } from 'js-yaml'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { check } from '../src/check.ts'
import { MIRROR_KINDS, type MirrorKind } from '../src/openshift/kinds.ts'
import { parseVersion } from '../src/openshift/version.ts'
import { engine, LEVELS } from '../src/policy/engine.ts'
import type { Finding } from '../src/policy/finding.ts'
import { RULES } from '../src/policy/rules.generated.ts'
import { malformation } from '../src/registries/location.ts'
import type { MirrorRule, SourcePolicy } from '../src/registries/merge.ts'
import { refusal } from '../src/registries/refusal.ts'
import { ROOT } from './command.ts'

const policy = engine(new Uint8Array(readFileSync(join(ROOT, 'policies/policy.wasm'))), RULES)

/** The rules that say that the operator, or the API server before it, takes nothing of it. */
const REFUSED = new Set(['malformed-location', 'conflicting-source-policy', 'never-contact-source-is-mirror', 'mirror-kinds-mixed'])

const location = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a.io', 'a.io/x', 'b.io:5000/y', 'c.io') },
  { weight: 1, arbitrary: fc.constantFrom('*.a.io', 'a.io/', 'https://c.io', 'a.io/X', 'a.io:v1', '[fd00::1]/x', '', '*') },
)
const rule: fc.Arbitrary<MirrorRule> = fc.record({
  kind: fc.constantFrom(...(Object.keys(MIRROR_KINDS) as MirrorKind[])),
  source: location,
  mirrors: fc.uniqueArray(location, { minLength: 1, maxLength: 2 }),
  policy: fc.constantFrom<SourcePolicy | undefined>(undefined, 'NeverContactSource', 'AllowContactingSource'),
}).map(({ kind, source, mirrors, policy: own }) => ({ kind, source, mirrors, ...(own && kind !== 'ImageContentSourcePolicy' ? { policy: own } : {}) }))
const version = fc.constantFrom('4.13.5', '4.13.27', '4.14.2', '4.15', '4.16', '4.18.3', '5.0')

function manifests(rules: readonly MirrorRule[]): string {
  return rules.map(({ kind, source, mirrors, policy: own }, index) => dump({
    apiVersion: MIRROR_KINDS[kind].apiVersion, kind, metadata: { name: `set-${index}` },
    spec: { [MIRROR_KINDS[kind].list]: [{ source, mirrors, ...(own ? { mirrorSourcePolicy: own } : {}) }] },
  })).join('---\n')
}

function report(rules: readonly MirrorRule[], openshift: string, next?: string) {
  const file = { path: 'a.yaml', place: '/a.yaml', text: manifests(rules), named: true }
  const upgrades = next === undefined ? {} : { upgrades: { all: { version: parseVersion(next)!, said: next }, clusters: new Map() } }
  return check({ files: [file], passed: new Set(), open: () => undefined, gunzip: (packed) => packed }, 1, { clusters: [], name: '.', today: '2026-01-01', version: parseVersion(openshift)!, ...upgrades }, [policy])
}

test('check :: what the operator refuses is an error, and what it takes is not called refused', () => {
  fc.assert(fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), version, (rules, openshift) => {
    const refused = refusal({ rules, insecure: [], blocked: [] }, parseVersion(openshift)) !== null
    const errors = report(rules, openshift).findings.filter(({ rule: id, level }) => level === 'error' && REFUSED.has(id))
    const formed = rules.every(({ source, mirrors }) => !malformation(source, 'source') && mirrors.every((mirror) => !malformation(mirror, 'mirror')))
    if (refused) assert.ok(errors.length > 0, 'missed')
    else if (formed) assert.equal(errors.map(({ message }) => message), [], 'a false alarm')
  }), { numRuns: 3_000 })
})

test('check :: the order of objects never changes what is found', () => {
  const found = (rules: readonly MirrorRule[]) => {
    const { findings } = report(rules, '4.16')
    return findings.map(({ rule: id, level }) => `${id} ${level}`).sort()
  }
  fc.assert(fc.property(fc.array(rule, { minLength: 2, maxLength: 4 }), (rules) => {
    assert.equal(found(rules.toReversed()), found(rules))
  }), { numRuns: 1_000 })
})

test('check :: looking ahead hides no place that either version blames, adds no other, and makes nothing milder', () => {
  const spot = ({ rule: id, site: { line, column } }: Finding) => `${id} ${line}:${column}`
  fc.assert(fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), fc.constantFrom('4.12', '4.13.5', '4.14', '4.15'), fc.constantFrom('4.16', '4.20'), (rules, openshift, next) => {
    const [now, later, both] = [report(rules, openshift), report(rules, next), report(rules, openshift, next)].map(({ findings }) => findings) as [Finding[], Finding[], Finding[]]
    assert.equal([...new Set(both.map(spot))].sort(), [...new Set([...now, ...later].map(spot))].sort())
    for (const level of LEVELS) {
      const bad = (some: Finding[]) => some.filter((one) => LEVELS.indexOf(one.level) <= LEVELS.indexOf(level)).length
      assert.ok(bad(both) >= bad(now), level)
    }
    assert.equal(both.filter((one) => one.next === null && !now.some((other) => other.message === one.message)), [], 'what holds now is said without looking ahead, too')
  }), { numRuns: 1_000 })
})

test('check :: every site lies in its file, and no message has a hole', () => {
  fc.assert(fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), version, (rules, openshift) => {
    const lines = manifests(rules).split('\n')
    for (const { site, related, message } of report(rules, openshift).findings) {
      assert.not.match(message, '<undefined>')
      for (const { line, column, endColumn } of [site, ...related.map((one) => one.site)]) {
        assert.ok(column >= 1 && column < endColumn && endColumn <= lines[line - 1]!.length + 1, `${line}:${column}-${endColumn}`)
      }
    }
  }), { numRuns: 1_000 })
})

test.run()
