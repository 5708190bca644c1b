import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ApiError } from '../../src/live/apierror.ts'
import type { Connection, Listing, WatchEvent } from '../../src/live/connection.ts'
import { follow } from '../../src/webhook/follow.ts'
import { State } from '../../src/webhook/state.ts'
import { digests } from './objects.ts'

const IDMS = { kind: 'ImageDigestMirrorSet', path: '/idms' }
const named = (name: string, resourceVersion: string) => ({ ...digests(name, {}), metadata: { name, resourceVersion } })

/** What an API server answers, in this order; after that it is silent. A test against a real one is test/e2e/faults.test.ts. */
type Script = ({ list: Listing | number } | { watch: (WatchEvent | number)[] })[]

/** Follows a script to its end. */
async function followed(script: Script): Promise<{ state: State; asked: string[]; said: string[] }> {
  const [state, asked, said, ending] = [new State([IDMS]), [] as string[], [] as string[], new AbortController()]
  const next = () => {
    const step = script.shift()
    if (!step) ending.abort()
    else if (script.length === 0) setTimeout(() => ending.abort(), 50) // nobody waits for the next attempt
    return step
  }
  const connection = {
    list(): Promise<Listing> {
      asked.push('list')
      const step = next()
      if (!step || !('list' in step)) return Promise.reject(new ApiError(0, 'over'))
      return typeof step.list === 'number' ? Promise.reject(new ApiError(step.list, `status ${step.list}`)) : Promise.resolve(step.list)
    },
    watch(_: string, from: string, heard: (event: WatchEvent) => void): Promise<void> {
      asked.push(`watch ${from}`)
      const step = next()
      if (!step || !('watch' in step)) return Promise.reject(new ApiError(0, 'over'))
      for (const event of step.watch) {
        if (typeof event === 'number') return Promise.reject(new ApiError(event, `status ${event}`))
        heard(event)
      }
      return Promise.resolve()
    },
  }
  await follow(IDMS, connection, state, (_, msg) => void said.push(msg), ending.signal)
  return { state, asked, said }
}

const names = (state: State) => state.files.map(({ path }) => path.split('/')[1])

test('a watch goes on where the last event or bookmark was', async () => {
  const { state, asked, said } = await followed([
    { list: { items: [named('a', '3')], resourceVersion: '5' } },
    { watch: [{ type: 'ADDED', object: named('b', '6') }, { type: 'BOOKMARK', object: named('', '9') }] },
    { watch: [{ type: 'DELETED', object: named('a', '10') }] },
  ])
  assert.equal([names(state), asked, said], [['b'], ['list', 'watch 5', 'watch 9', 'watch 10'], []])
})

test('a version that is too old is listed anew', async () => {
  const { state, asked } = await followed([
    { list: { items: [named('a', '3')], resourceVersion: '5' } },
    { watch: [410] },
    { list: { items: [named('c', '30')], resourceVersion: '31' } },
  ])
  assert.equal([names(state), asked], [['c'], ['list', 'watch 5', 'list', 'watch 31']])
})

test('a watch that is cut goes on from where it was, and is told once', async () => {
  const { state, asked, said } = await followed([
    { list: { items: [], resourceVersion: '5' } },
    { watch: [{ type: 'ADDED', object: named('a', '6') }, 0] },
    { watch: [0] },
    { watch: [{ type: 'MODIFIED', object: named('a', '8') }] },
  ])
  assert.equal([names(state), asked], [['a'], ['list', 'watch 5', 'watch 6', 'watch 6', 'watch 8']])
  assert.equal(said, ['the watch was lost: status 0'])
})

test('what cannot be listed is tried again', async () => {
  const { state, asked, said } = await followed([{ list: 500 }, { list: 429 }, { list: { items: [named('a', '1')], resourceVersion: '2' } }])
  assert.equal([names(state), asked, state.complete], [['a'], ['list', 'list', 'list', 'watch 2'], true])
  assert.equal(said, ['cannot be listed: status 500', 'cannot be listed: status 429', 'is followed again'])
})

test('a watch that comes back after it was cut is told, and so is the next cut', async () => {
  const [state, ending, said] = [new State([IDMS]), new AbortController(), [] as string[]]
  let watches = 0
  const watch: Connection['watch'] = (_path, _from, _heard, _signal, _query, opened = () => undefined) => {
    opened()
    if (++watches === 2) ending.abort()
    return Promise.reject(new ApiError(0, 'cut'))
  }
  await follow(IDMS, { list: () => Promise.resolve({ items: [], resourceVersion: '5' }), watch }, state, (_, msg) => void said.push(msg), ending.signal)
  assert.equal(said, ['the watch was lost: cut', 'is followed again'])
})

test('a watch that ends as soon as it begins is not asked for again at once', async () => {
  const [state, ending] = [new State([IDMS]), new AbortController()]
  let watches = 0
  const connection = {
    list: () => Promise.resolve({ items: [], resourceVersion: '5' }),
    watch: () => {
      watches++
      return Promise.resolve()
    },
  }
  setTimeout(() => ending.abort(), 400)
  await follow(IDMS, connection, state, () => undefined, ending.signal)
  assert.ok(watches <= 2, `${watches} times in 0.4 s`)
})

test('an object that nests too deep to be looked at is no reason to end', async () => {
  const matters = () => { throw new RangeError('Maximum call stack size exceeded') }
  const [state, ending] = [new State([IDMS]), new AbortController()]
  const list: Connection['list'] = (_path, _query, _what, { keep = () => true } = {}) => Promise.resolve({ items: [named('a', '3')].filter(keep), resourceVersion: '5' })
  await follow({ ...IDMS, matters }, { list, watch: () => Promise.resolve(ending.abort()) }, state, () => undefined, ending.signal)
  assert.equal([state.complete, names(state)], [true, ['a']])
})

for (const [status, seen, said] of [[404, ['ImageDigestMirrorSet'], 'the cluster has no such kind'], [403, [], 'the service may not read it: status 403']] as const) {
  test(`a kind that is answered with ${status}`, async () => {
    const found = await followed([{ list: status }])
    assert.equal([found.state.complete, found.state.seen, found.said], [true, seen, [said]])
  })
}

test.run()
