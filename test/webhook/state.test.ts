import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { placeOf } from '../../src/live/object.ts'
import { type Change, State } from '../../src/webhook/state.ts'
import { digests } from './objects.ts'

const KINDS = [{ kind: 'ImageDigestMirrorSet', path: '/idms' }, { kind: 'ConfigMap', path: '/cm' }]
const ORG = digests('org', { 'quay.io/org': ['mirror.corp/org'] })

function watched(): { state: State; changes: Change[]; at: (seconds: number) => void } {
  let now = 0
  const state = new State(KINDS, () => now)
  const changes: Change[] = []
  state.changed = (change) => void changes.push(change)
  return { state, changes, at: (seconds) => { now = seconds * 1000 } }
}

test('it is complete once every kind was listed, is none, or may not be read', () => {
  const { state } = watched()
  let completed = 0
  state.completed = () => completed++
  assert.equal([state.complete, state.unknown], [false, ['ImageDigestMirrorSet', 'ConfigMap']])
  state.replace('ImageDigestMirrorSet', 'listed', [ORG], '10')
  assert.equal([state.complete, completed], [false, 0])
  state.replace('ConfigMap', 'forbidden', [], '')
  assert.equal([state.complete, completed, state.seen], [true, 1, ['ImageDigestMirrorSet']])
  state.replace('ConfigMap', 'listed', [], '12')
  assert.equal([completed, state.seen, state.resourceVersion], [1, ['ImageDigestMirrorSet', 'ConfigMap'], '12'])
})

test('a new list tells what is new, other and gone, and keeps what is the same', () => {
  const { state, changes } = watched()
  state.replace('ImageDigestMirrorSet', 'listed', [ORG, digests('old', {})], '10')
  const [before] = state.files
  state.replace('ImageDigestMirrorSet', 'listed', [ORG, digests('new', {})], '20')
  assert.equal([changes.at(-1)!.put.map(({ place }) => place), changes.at(-1)!.gone], [[placeOf(digests('new', {}))], [placeOf(digests('old', {}))]])
  assert.is(state.files[0], before)
})

test('an object that nests too deep is left out and told, and the others are known', () => {
  const { state } = watched()
  const told: string[] = []
  state.omitted = (place, why) => void told.push(`${place.split('/').at(-1)}: ${why}`)
  const deep = { ...digests('deep', {}), spec: JSON.parse(`${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`) as unknown }
  state.replace('ImageDigestMirrorSet', 'listed', [deep, ORG], '10')
  assert.equal([state.files.map(({ place }) => place), told], [[placeOf(ORG)], ['deep: it nests more than 1000 levels deep']])
  state.apply('ImageDigestMirrorSet', placeOf(ORG), { ...deep, metadata: ORG.metadata }, '11')
  assert.equal([state.files, state.resourceVersion, told.length], [[], '11', 2])
})

test('resource versions are numbers, not texts', () => {
  const { state } = watched()
  state.replace('ImageDigestMirrorSet', 'listed', [], '999')
  state.replace('ConfigMap', 'listed', [], '1000')
  assert.is(state.resourceVersion, '1000')
})

test('a clock that is set back does not make what is lost young', () => {
  const { state, at } = watched()
  at(7200)
  state.replace('ImageDigestMirrorSet', 'listed', [], '1')
  state.replace('ConfigMap', 'listed', [], '1')
  state.lost('ConfigMap')
  at(3600)
  assert.ok(state.age > 3000, String(state.age))
})

test('its age begins where the API server was last heard from', () => {
  const { state, at } = watched()
  state.replace('ImageDigestMirrorSet', 'listed', [], '1')
  state.replace('ConfigMap', 'listed', [], '1')
  at(60)
  assert.is(state.age, 0, 'a bookmark comes about every minute')
  at(100)
  assert.is(state.age, 100, 'but by now one should have come')
  state.heard('ConfigMap', '2')
  state.heard('ImageDigestMirrorSet', '2')
  assert.is(state.age, 0)
  state.lost('ConfigMap')
  at(130)
  assert.is(state.age, 30)
  state.heard('ConfigMap')
  assert.is(state.age, 0)
})

test('an object that is gone is told once', () => {
  const { state, changes } = watched()
  state.replace('ImageDigestMirrorSet', 'listed', [ORG], '1')
  state.apply('ImageDigestMirrorSet', placeOf(ORG), undefined, '2')
  state.apply('ImageDigestMirrorSet', placeOf(ORG), undefined, '3')
  assert.is(changes.length, 2)
  assert.equal([changes[1]!.gone, state.files, state.uid(placeOf(ORG))], [[placeOf(ORG)], [], undefined])
})

test.run()
