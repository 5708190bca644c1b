import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { conceal } from '../../src/log/secret.ts'
import { folder, mirrorproof } from '../command.ts'

/** What must never be shown of each text. */
const TABLE: [text: string, secret: string][] = [
  ['Get "https://robot:hunter2secret@m.lab/v2/": EOF', 'hunter2secret'],
  ['robot:hunter2secret@m.lab/org/app failed', 'hunter2secret'],
  ['Get "https://s3.lab/blob?X-Amz-Signature=abcdef0123456789&X-Amz-Credential=AKIA": 403', 'abcdef0123456789'],
  ['Authorization: Bearer abcdefghijklmnop', 'abcdefghijklmnop'],
  ['Authorization: Basic cm9ib3Q6aHVudGVyMg==', 'cm9ib3Q6aHVudGVyMg'],
  ['authorization:[Bearer abc.def.ghi]', 'abc.def.ghi'],
  ['token=abcdefghijk expired', 'abcdefghijk'],
  ['{"auths":{"m.lab":{"auth":"cm9ib3Q6aHVudGVyMnNlY3JldA=="}}}', 'cm9ib3Q6aHVudGVyMnNlY3JldA'],
  ['{\\"auth\\":\\"cm9ib3Q6aHVudGVyMg\\"}', 'cm9ib3Q6aHVudGVyMg'],
  ['got eyJhbGciOiJSUzI1NiIsImtpZCI6IkEifQ.eyJpc3MiOiJrdWJlIn0.c2lnbmF0dXJl from it', 'c2lnbmF0dXJl'],
  ['podman pull --creds robot:hunter2 m.lab/app', 'hunter2'],
  ['password: hunter2secret', 'hunter2secret'],
  ['registry_password="hunter2secret"', 'hunter2secret'],
]

for (const [text, secret] of TABLE) test(`secret :: ${text}`, () => assert.not.match(conceal(text), new RegExp(secret)))

test('secret :: what is none stays', () => {
  for (const text of [`reading manifest sha256:${'0a'.repeat(32)} in mirror.corp:8443/org/app: unauthorized: authentication required`, `mirror.corp:8443/org/app:v1@sha256:${'0a'.repeat(32)}`, 'unable to retrieve auth token: invalid username/password: unauthorized',
    'Get "https://m.lab:8443/v2/": x509: certificate is valid for a, not b', 'no basic auth credentials']) assert.is(conceal(text), text)
})

test('secret :: no format of the report shows one', () => {
  const debug = (message: string) => `time="2026-11-21T07:02:19Z" level=debug msg=${JSON.stringify(message)}\n`
  const log = TABLE.map(([text], index) => `${debug(`Loading registries configuration "/home/.config/containers/${text}"`)}${debug(`Trying to access "m.lab/org/app:${index}"`)}${debug(`Accessing "m.lab/org/app:${index}" failed: ${text}`)}1s Warning Failed pod/a Failed to pull image "quay.io/org/app:v${index}": rpc error: code = Unknown desc = ${text}\n`).join('')
  const cwd = folder({ 'a.log': log })
  for (const args of [['--format', 'json'], ['--format', 'text'], ['--quiet'], ['--color', 'always']]) {
    const { stdout, stderr, code } = mirrorproof(['trace', '--log', 'a.log', ...args], { cwd })
    assert.is(code, 1, stderr)
    assert.match(stdout, `quay.io/org/app:v${TABLE.length - 1}`)
    for (const [, secret] of TABLE) assert.not.match(`${stdout}${stderr}`, new RegExp(secret))
  }
})

test('secret :: long texts take no time', () => {
  const start = Date.now()
  for (const piece of ['a', 'a:', 'token', 'eyJ', '//', 'https://a?', 'bearer ', 'authorization', '=', ' ']) conceal(piece.repeat(1_000_000 / piece.length))
  assert.ok(Date.now() - start < 5_000, `${Date.now() - start} ms`)
})

test.run()
