import { writeFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type ApiObject, fileOf } from '../../src/live/object.ts'
import { type Settings, withText } from '../../src/webhook/settings.ts'
import { Thread, Unjudged } from '../../src/webhook/thread.ts'
import { folder } from '../command.ts'
import { digests, SEEN, tags } from './objects.ts'

const SETTINGS = { flags: { openshift: '4.18' }, mode: 'enforce' } as const
const GOOD = digests('org', { 'quay.io/org': ['mirror.corp:5000/org'] })
const STRICT = tags('strict', { 'quay.io/org': ['mirror.corp:5000/org'] }, 'NeverContactSource')
const LIMIT = 20_000

const large = (entries: number) => digests('large', Object.fromEntries(Array.from({ length: entries }, (_, index) => [`quay.io/org${index}/app`, [`mirror.corp:5000/org${index}/app`]])))
const asked = (object: ApiObject) => ({ object, oldObject: undefined, dryRun: true, alone: false })

/** A judging thread for a cluster that holds GOOD; the real one, of dist/. */
async function judging(use: (thread: Thread, replaced: string[]) => Promise<void>): Promise<void> {
  const known = { put: [fileOf(GOOD)], gone: [], seen: SEEN }
  const thread = new Thread(() => known)
  const replaced: string[] = []
  thread.replaced = (why) => void replaced.push(why)
  try {
    await thread.settle(SETTINGS, LIMIT)
    thread.change(known)
    await use(thread, replaced)
  } finally {
    await thread.stop()
  }
}

const rules = async (thread: Thread, object: ApiObject, limit = LIMIT) => (await thread.review(asked(object), limit)).findings.filter(({ level }) => level === 'error').map(({ rule }) => rule)

async function refused(promise: Promise<unknown>): Promise<Unjudged> {
  try {
    await promise
  } catch (error) {
    if (error instanceof Unjudged) return error
    throw error
  }
  throw new Error('it was judged')
}

test('it judges beside what it was told of', () => judging(async (thread) => {
  assert.equal(await rules(thread, STRICT), ['conflicting-source-policy'])
  assert.equal(await thread.audit(LIMIT), [])
}))

test('one that takes too long is replaced, and who waits behind it is judged by the new one, which knows as much', () => judging(async (thread, replaced) => {
  const [slow, others] = [refused(rules(thread, large(6_000), 50)), [rules(thread, STRICT), rules(thread, GOOD)]]
  assert.equal([(await slow).why, replaced.length], ['slow', 1])
  assert.equal(await Promise.all(others), [['conflicting-source-policy'], []])
}))

test('more than wait are turned away at once', () => judging(async (thread) => {
  const answering = Array.from({ length: 70 }, () => rules(thread, STRICT).catch((error: unknown) => (error as Unjudged).why))
  const answers = await Promise.all(answering)
  assert.is(answers.filter((one) => one === 'busy').length, 6)
  assert.is(answers.filter((one) => one[0] === 'conflicting-source-policy').length, 64)
}))

test('settings that cannot be used leave those before them in force', () => judging(async (thread) => {
  const root = folder({ 'a.yaml': 'rules: {conflicting-source-policy: off}\n', 'b.yaml': 'rules: {no-such-rule: off}\n' })
  await thread.settle({ ...SETTINGS, flags: { ...SETTINGS.flags, config: `${root}/a.yaml` } }, LIMIT)
  assert.equal(await rules(thread, STRICT), [])
  assert.match((await refused(thread.settle({ ...SETTINGS, flags: { config: `${root}/b.yaml` } }, LIMIT))).message, /no-such-rule/)
  assert.equal(await rules(thread, STRICT), [])
}))

test('an object that nests too deep is told so', () => judging(async (thread) => {
  let deep: unknown = 'x'
  for (let depth = 0; depth < 1_500; depth++) deep = [deep]
  assert.match((await refused(rules(thread, { ...GOOD, spec: { deep } }))).message, /nests/)
  assert.equal(await rules(thread, GOOD), [])
}))

test('a thread that takes the place of another one judges by what that one judged by, whatever became of the configuration since', async () => {
  const root = folder({ '.mirrorproof.yaml': 'rules:\n  public-mirror: off\n' })
  const thread = new Thread(() => ({ put: [], gone: [], seen: SEEN }))
  const replaced: string[] = []
  thread.replaced = (why) => void replaced.push(why)
  const settings: Settings = { flags: { config: `${root}/.mirrorproof.yaml`, openshift: '4.18', disconnected: true }, mode: 'enforce' }
  await thread.settle(withText(settings), 60_000)
  writeFileSync(`${root}/.mirrorproof.yaml`, 'rules: 5\n')
  const slow = await thread.review(asked(large(2_000)), 1).catch((error: Error) => error.message)
  const { findings } = await thread.review(asked(digests('org', { 'quay.io/org': ['docker.io/org'] })), 30_000)
  await thread.stop()
  assert.equal([slow, replaced], ['it was not judged within 0.001 s', ['it was not judged within 0.001 s']])
  assert.equal(findings.filter(({ rule }) => rule === 'public-mirror'), [])
})

test.run()
