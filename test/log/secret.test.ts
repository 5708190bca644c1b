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
  ['Get "https://robot:p@ss/w:hunter2@m.lab/v2/": EOF', 'hunter2'],
  ['Get "https://robot:pa\\"hunter2@m.lab/v2/": EOF', 'hunter2'],
  ['robot:p/hunter2[@m.lab/org/app', 'hunter2'],
  ['podman pull --creds "robot:two hunter2" m.lab/app', 'hunter2'],
  ["skopeo copy --src-registry-token 'hunter2'", 'hunter2'],
  ['skopeo copy --src-password hunter2', 'hunter2'],
  ['podman login -u robot -p hunter2 m.lab', 'hunter2'],
  ['oc login --token sha256~hunter2hunter2hunter2', 'hunter2'],
  ['sent sha256~hunter2hunter2hunter2 along', 'hunter2'],
  ['sent ghp_hunter2hunter2hunter2 along', 'hunter2'],
  ['Set-Cookie:[session=hunter2; Path=/]', 'hunter2'],
  ['{"password":"a, b @(hunter2"}', 'hunter2'],
  ['{\\"password\\":\\"a, b hunter2\\"}', 'hunter2'],
  ['password=a,b(hunter2)', 'hunter2'],
  ['password=expiredhunter2', 'hunter2'],
  ['password=pw1', 'pw1'],
  ['REGISTRY_PASS=hunter2', 'hunter2'],
  ['passphrase: hunter2', 'hunter2'],
  ['curl -sk -u robot:hunter2 https://m.lab/v2/', 'hunter2'],
  ['Bearer authhunter2', 'hunter2'],
  ['Basic YTpi', 'YTpi'],
  ['bearer token eyJhb', 'eyJhb'],
  ['m.lab/v2/x?sv=1&sig=hunter2', 'hunter2'],
  ['X-Amz-Signature=hunter2', 'hunter2'],
  ['AWSAccessKeyId=hunter2', 'hunter2'],
  ['-----BEGIN PRIVATE KEY-----\nhunter2\n-----END', 'hunter2'],
  ['Bearer abcdef0123456789 hunter2hunter2', 'hunter2'], // broken by a terminal
  ['"auth": "cm9ib3Q6aHVu\ndGVyMnNl"', 'dGVyMnNl'],
]

for (const [text, secret] of TABLE) test(`secret :: ${text}`, () => assert.not.match(conceal(text), new RegExp(secret)))

test('secret :: what is none stays', () => {
  for (const text of [`reading manifest sha256:${'0a'.repeat(32)} in mirror.corp:8443/org/app: unauthorized: authentication required`, `mirror.corp:8443/org/app:v1@sha256:${'0a'.repeat(32)}`, 'unable to retrieve auth token: invalid username/password: unauthorized',
    'Get "https://m.lab:8443/v2/": x509: certificate is valid for a, not b', 'no basic auth credentials', `initializing source docker://quay.io/org/app@sha256:${'0a'.repeat(32)}: reading manifest`,
    'unable to retrieve auth token: Get "https://sso.lab/token": dial tcp 10.0.0.9:443: i/o timeout', 'Requesting bearer token: invalid status code from registry 403 (Forbidden)', 'Bearer realm and basic authentication are offered', 'unable to retrieve auth token: dial tcp: EOF',
    'reading manifest v1 in quay.io/org/vault-secret: manifest unknown', 'm.lab/sso/auth: pinging container registry m.lab: EOF', 'reading manifest v1 in m.lab/sso/auth: toomanyrequests: slow down',
    '[vfs@/var/lib/storage+/run/storage]@f63afcfb', 'Accessing "m.lab:5000/a/b:1" failed: dial tcp [::1]:5000: connect: connection refused']) assert.is(conceal(text), text)
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
