import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { read } from '../../src/log/log.ts'
import { ROOT } from '../command.ts'

/** What podman and skopeo said of every failure, recorded. It lies beside the project and not in it. */
const GOLDEN = join(ROOT, '../shared/golden/podman-4.3.1-skopeo-1.9.3.log')
const D = '@sha256:c60ce2e2a159156cd45c0af7e6ec05d887ed6b005a2a1facc64746c95259cdd0'

/** A part of the log by the start of its title, the image, and what became of each location. */
const TABLE: [title: string, image: string, outcome: string, attempts: string[]][] = [
  ['src.invalid/ok/app@', `src.invalid/ok/app${D}`, 'ok', ['127.0.0.1:5000/org/app ok']],
  ['src.invalid/fail/app@', `src.invalid/fail/app${D}`, 'failed', ['127.0.0.1:5000/org/app plain-http', '127.0.0.1:5443/org/app wrong-name', '127.0.0.1:5001/org/app unauthorized', '127.0.0.1:5000/nope/app manifest-missing', 'src.invalid/fail/app blocked']],
  ['src.invalid/blocked/app:v1', 'src.invalid/blocked/app:v1', 'failed', ['src.invalid/blocked/app:v1 blocked']],
  ['127.0.0.1:5000/org/app:nope', '127.0.0.1:5000/org/app:nope', 'failed', ['127.0.0.1:5000/org/app:nope manifest-missing']],
  ['shortname-app:v1', 'registry.access.redhat.com/shortname-app:v1', 'failed', ['registry.access.redhat.com/shortname-app:v1 dns']],
  ['src.invalid/ok/app:v1@', `src.invalid/ok/app${D}`, 'ok', ['127.0.0.1:5000/org/app ok']],
  ['skopeo 1.9.3: every', `src.invalid/a/app${D}`, 'failed', [
    '127.0.0.1:5999/org/app refused', 'mirror.test:5443/org/app unknown-ca', '127.0.0.1:5007/nameunknown/app manifest-missing', '127.0.0.1:5007/denied/app forbidden', '127.0.0.1:5007/html/app server-error',
    '127.0.0.1:5007/f404/app manifest-missing', '127.0.0.1:5007/quay401/app unauthorized', '127.0.0.1:5007/e500/app server-error', '192.0.2.1/timeout/app refused', 'src.invalid/a/app dns',
  ]],
  ['skopeo 1.9.3: manifest', `src.invalid/a/app${D}`, 'failed', ['127.0.0.1:5006/org/app blob-missing']],
]

if (existsSync(GOLDEN)) {
  const bytes = readFileSync(GOLDEN)
  const sections = bytes.toString().split(/^#{8} /m).slice(1)
  for (const [title, image, outcome, attempts] of TABLE) {
    test(`golden log :: ${title}`, () => {
      const { pulls } = readBytes(Buffer.from(sections.find((section) => section.startsWith(title))!))
      assert.is(pulls[0]!.image, image)
      assert.is(pulls[0]!.outcome, outcome)
      assert.equal(pulls[0]!.attempts.map((one) => `${one.reference!.replace(D, '')} ${one.class ?? one.outcome}`), attempts)
    })
  }

  test('golden log :: all of it at once', () => {
    const { pulls } = readBytes(bytes)
    assert.equal(pulls.map((pull) => `${pull.image.replace(D, '')} ${pull.outcome} ${pull.times}`), [
      'src.invalid/fail/app failed 1', 'src.invalid/nomirror/app:v1 failed 1', 'src.invalid/blocked/app:v1 failed 1', 'src.invalid/ok/app:v1 failed 1', '127.0.0.1:5000/org/app:nope failed 1',
      'registry.access.redhat.com/shortname-app:v1 failed 1', 'docker.io/library/shortname-app:v1 failed 1', 'src.invalid/ok/app ok 2', 'src.invalid/a/app failed 2',
    ])
  })

  test('golden log :: every prefix of a part, and of the whole', () => {
    const part = Buffer.from(sections.find((section) => section.startsWith('src.invalid/fail'))!)
    for (let length = 0; length < part.length; length += 3) readBytes(part.subarray(0, length))
    for (let length = 0; length < bytes.length; length += 997) readBytes(bytes.subarray(0, length))
    for (let from = 0; from < bytes.length; from += 991) readBytes(bytes.subarray(from))
  })
} else {
  test.skip(`golden log :: skipped, there is no ${GOLDEN}`)
  console.log(`skipped: the recorded logs of podman and skopeo, there is no ${GOLDEN}`)
}

test.run()

function readBytes(bytes: Uint8Array) {
  const reader = read()
  reader.push(bytes)
  return reader.end()
}
