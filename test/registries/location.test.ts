import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { malformation, meant, wellFormed } from '../../src/registries/location.ts'
import { MIRROR, SOURCE } from './patterns.generated.ts'

const PATTERNS = { source: new RegExp(SOURCE), mirror: new RegExp(MIRROR) }

/** What is wrong with it, as a source and as a mirror. */
const TABLE: [location: string, source: string | undefined, mirror: string | undefined][] = [
  ['quay.io', undefined, undefined],
  ['quay.io:443/org/app', undefined, undefined],
  ['ubi9/ubi', undefined, undefined], // no dot, and the API server lets it pass
  ['Quay.IO/org', undefined, undefined], // a host may have upper case
  ['*.redhat.io', undefined, 'wildcard'],
  ['*.redhat.io/ubi9', 'wildcard', 'wildcard'],
  ['*', 'wildcard', 'wildcard'],
  ['', 'empty', 'empty'],
  ['https://quay.io', 'scheme', 'scheme'],
  ['docker://quay.io/org', 'transport', 'transport'], // nodes know http and https only, and fail whole on these
  ['[fd00::1]:5000/org', 'ipv6', 'ipv6'],
  ['quay.io/org/', 'trailing-slash', 'trailing-slash'],
  ['quay.io/org/app:v1', 'tag', 'tag'],
  ['quay.io/org/app:v1@sha256:00', 'digest', 'digest'],
  ['quay.io/Org', 'upper-case', 'upper-case'],
  ['quay.io/org app', 'characters', 'characters'],
  ['quay.io//org', 'characters', 'characters'],
  ['quay.io/org_', 'characters', 'characters'],
  ['-quay.io', 'characters', 'characters'],
]

for (const [location, source, mirror] of TABLE) {
  test(`location :: ${JSON.stringify(location)}`, () => {
    assert.is(malformation(location, 'source'), source)
    assert.is(malformation(location, 'mirror'), mirror)
  })
}

test('location :: our grammar is that of the CRDs, which JavaScript could take years to match', () => {
  const piece = fc.constantFrom('a', 'b0', 'A', '-', '.', '_', '__', '/', ':', ':5000', '*.', '*', '@', 'a.b', 'a/b', '[', ' ', 'é')
  const near = fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join(''))
  fc.assert(fc.property(near, (location) => {
    for (const role of ['source', 'mirror'] as const) assert.is(wellFormed(location, role), PATTERNS[role].test(location), `${role} ${location}`)
  }), { numRuns: 20_000 })
})

test('location :: a long one that is wrong at its end costs no time', () => {
  for (const location of [`quay.io/${'a'.repeat(50_000)}!`, `${'a-'.repeat(50_000)}!`, `${'a.'.repeat(50_000)}!`]) assert.not(wellFormed(location, 'source'))
})

/** What is meant by what is wrong, and whether that is certain. */
const MEANT: [location: string, value: string | undefined, certain?: boolean][] = [
  ['https://quay.io/org/app/', 'quay.io/org/app', true],
  ['http://quay.io/org', 'quay.io/org', false],
  ['https://quay.io/repository/org/app', 'quay.io/repository/org/app', false], // the page of it
  ['https://hub.docker.com/r/grafana/grafana', 'hub.docker.com/r/grafana/grafana', false],
  ['https://index.docker.io/v1/', 'index.docker.io/v1', false], // as credentials are kept
  ['https://quay.io/v1team/app', 'quay.io/v1team/app', true],
  ['https://robot:777@mirror.example.net', undefined], // else the password would be shown as what is meant
]

for (const [location, value, certain] of MEANT) {
  test(`location :: what is meant by ${location}`, () => assert.equal(meant(location, 'mirror'), value === undefined ? undefined : { value, certain }))
}

test.run()
