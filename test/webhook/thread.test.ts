import { writeFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Settings, withText } from '../../src/webhook/settings.ts'
import { Thread } from '../../src/webhook/thread.ts'
import { folder } from '../command.ts'
import { digests, SEEN } from './objects.ts'

const asked = (object: ReturnType<typeof digests>) => ({ object, oldObject: undefined, dryRun: true, alone: false })
const LARGE = digests('large', Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`quay.io/org${index}`, ['mirror.corp/org']])))

test('a thread that takes the place of another one judges by what that one judged by, whatever became of the configuration since', async () => {
  const root = folder({ '.mirrorproof.yaml': 'rules:\n  public-mirror: off\n' })
  const thread = new Thread(() => ({ put: [], gone: [], seen: SEEN }))
  const replaced: string[] = []
  thread.replaced = (why) => void replaced.push(why)
  const settings: Settings = { flags: { config: `${root}/.mirrorproof.yaml`, openshift: '4.18', disconnected: true }, mode: 'enforce' }
  await thread.settle(withText(settings), 60_000)
  writeFileSync(`${root}/.mirrorproof.yaml`, 'rules: 5\n')
  const slow = await thread.review(asked(LARGE), 1).catch((error: Error) => error.message)
  const { findings } = await thread.review(asked(digests('org', { 'quay.io/org': ['docker.io/org'] })), 30_000)
  await thread.stop()
  assert.equal([slow, replaced], ['it was not judged within 0.001 s', ['it was not judged within 0.001 s']])
  assert.equal(findings.filter(({ rule }) => rule === 'public-mirror'), [])
})

test.run()
