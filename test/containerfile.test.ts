import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { version } from '../src/home.ts'
import { ROOT } from './command.ts'

const INSTRUCTIONS = readFileSync(join(ROOT, 'Containerfile'), 'utf8').replaceAll(/\\\n/g, '').split('\n').filter((line) => /^[A-Z]/.test(line))
const given = (name: string) => INSTRUCTIONS.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1))
const HOME = '/opt/mirrorproof'

/** What is copied into the image, and to where, a folder with its contents. */
const COPIES = given('COPY').flatMap((line) => {
  const words = line.split(' ').filter((word) => !word.startsWith('--'))
  const target = words.pop()!
  return words.map((source) => ({ source, target: target.slice(HOME.length), folder: source === 'dist' }))
})

/** A folder that holds what the image holds of this repository, and nothing else. */
function image(): string {
  const root = mkdtempSync(join(tmpdir(), 'mirrorproof-image-'))
  for (const { source, target, folder } of COPIES) cpSync(join(ROOT, source), join(root, target, folder ? '' : basename(source)), { recursive: true })
  return root
}

const example = readFileSync(join(ROOT, 'examples/clusters/madrid/tools.yaml'), 'utf8')
const COMMANDS: [args: string[], code: number, says: RegExp][] = [
  [['--version'], 0, new RegExp(`^${version().replaceAll('.', '\\.')}\\n$`)],
  [['check', '-', '--openshift', '4.16', '--disconnected'], 1, /\[hidden-by-narrower-source\]/],
  [['trace', 'quay.io/tools/backup:1', '--in', '-'], 0, /quay\.io\/tools\/backup:1/],
  [['install'], 0, /^kind: ValidatingWebhookConfiguration$/m],
  [['serve', '--tls-cert', 'none.crt', '--tls-key', 'none.key'], 2, /^mirrorproof: .*none\.crt/],
]
for (const [args, code, says] of COMMANDS) {
  test(`what the image holds is enough for ${args.join(' ')}`, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(image(), 'dist/cli.cjs'), ...args], { cwd: tmpdir(), input: example, encoding: 'utf8', env: { PATH: '' } })
    assert.is(status, code, stderr)
    assert.match(stdout + stderr, says)
  })
}

test('what is copied reaches the build', () => {
  const [all, ...kept] = readFileSync(join(ROOT, '.containerignore'), 'utf8').trim().split('\n')
  assert.is(all, '*')
  assert.equal(kept.map((line) => line.slice(1)).sort(), COPIES.map(({ source }) => source).sort())
})

test('the image runs as a user with a number, not root, and readable for any other', () => {
  assert.equal(given('USER'), ['1001'])
  assert.ok(given('COPY').every((line) => line.startsWith('--chmod=0755 ')))
  assert.equal(given('ENTRYPOINT'), [`["node", "${HOME}/dist/cli.cjs"]`])
})

test('no package manager of Node is left in it', () => {
  const [run, ...more] = given('RUN') as [string]
  assert.is(more.length, 0)
  assert.match(run, /--setopt=install_weak_deps=0 nodejs /)
  assert.match(run, /rm -rf \/usr\/lib\/node_modules \/usr\/bin\/npm \/usr\/bin\/npx /)
})

test.run()
