import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { wellFormed } from '../../src/registries/location.ts'
import { adjusted, broaderScopes, covers, scopesAround } from '../../src/registries/scope.ts'

const TABLE: [broad: string, narrow: string, covered: boolean, why: string][] = [
  ['quay.io', 'quay.io', true, 'equal'],
  ['quay.io', 'quay.io/org', true, 'a path of the host'],
  ['quay.io/org', 'quay.io/organisation', false, 'a prefix, but not at a slash'],
  ['quay.io', 'quay.io:443', false, 'a port is another registry'],
  ['quay.io', 'quay.io2', false, 'another host'],
  ['*.redhat.io', 'registry.redhat.io', true, 'a host under the wildcard'],
  ['*.redhat.io', 'a.b.redhat.io/ubi9', true, 'as deep as it goes'],
  ['*.redhat.io', 'redhat.io', false, 'not the domain itself'],
  ['*.redhat.io', 'registry.redhat.io:5000/ubi9', true, 'the port does not count under a wildcard'],
  ['*.redhat.io', '*.access.redhat.io', true, 'a narrower wildcard'],
  ['*.io', 'quay.io/foo.io', true, 'by its host'],
  ['*.foo', 'quay.io/bar.foo', false, 'the suffix is part of a path'],
  ['*.foo', 'quay.io/bar.foo:400', false, 'the suffix is part of a path'],
]

for (const [broad, narrow, covered, why] of TABLE) {
  test(`scope :: ${broad} ${covered ? 'covers' : 'does not cover'} ${narrow}: ${why}`, () => assert.is(covers(broad, narrow), covered))
}

test('scope :: the broader scopes are just those that cover, in the order of a node', () => {
  assert.equal(broaderScopes('a.b.io:5000/x/y'), ['a.b.io:5000/x', 'a.b.io:5000', '*.b.io', '*.io'])
  assert.equal(broaderScopes('x.io/y'), ['*.io', 'x.io'], 'a wildcard goes before a host of the same length')
  assert.equal(broaderScopes('x.io'), [], 'and would not be hidden by it')
  const scope = fc.array(fc.constantFrom('a', 'b', '.', '/', ':5', '*.'), { minLength: 1, maxLength: 7 }).map((parts) => parts.join(''))
  fc.assert(fc.property(scope, scope, (broad, narrow) => {
    if (broad === narrow || !wellFormed(broad, 'source') || !wellFormed(narrow, 'source')) return
    assert.is(broaderScopes(narrow).includes(broad), covers(broad, narrow) && broad.length < narrow.length, `${broad} ${narrow}`)
    assert.is(scopesAround(narrow).includes(broad), covers(broad, narrow), `${broad} ${narrow}`)
  }), { numRuns: 50_000 })
})

test('scope :: mirrors are adjusted by what follows the source', () => {
  assert.equal(adjusted('quay.io', 'quay.io/org/app', ['mirror.lab:5000', 'mirror.lab/q']), ['mirror.lab:5000/org/app', 'mirror.lab/q/org/app'])
  assert.equal(adjusted('*.redhat.io', 'registry.redhat.io/ubi9', ['mirror.lab/redhat']), ['mirror.lab/redhat/ubi9'])
  assert.equal(adjusted('*.redhat.io', 'registry.redhat.io', ['mirror.lab/redhat']), ['mirror.lab/redhat'])
})

test.run()
