import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fg from 'fast-glob'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { folder, ROOT } from './command.ts'

/** A file and an import that must not stand in it: data flows one way, and what lies below the doors runs without Node. */
const UPWARDS: [file: string, target: string][] = [
  ['src/manifests/a.ts', '../cluster/b.ts'],
  ['src/manifests/a.ts', 'node:fs'],
  ['src/openshift/a.ts', '../registries/b.ts'],
  ['src/registries/a.ts', '../manifests/b.ts'],
  ['src/registries/a.ts', '../policy/b.ts'],
  ['src/log/a.ts', '../cluster/b.ts'],
  ['src/log/a.ts', 'node:fs'],
  ['src/diagnosis/a.ts', '../commands/b.ts'],
  ['src/cluster/a.ts', '../policy/b.ts'],
  ['src/policy/a.ts', '../report/b.ts'],
  ['src/policy/a.ts', '../check.ts'],
  ['src/policy/a.ts', 'node:crypto'],
  ['src/report/a.ts', '../commands/b.ts'],
  ['src/report/a.ts', 'js-yaml'],
  ['src/check.ts', './sources/b.ts'],
  ['src/check.ts', 'node:path'],
  ['src/rules/a.ts', '../commands/b.ts'],
  ['src/sources/a.ts', '../policy/b.ts'],
  ['src/install/a.ts', '../webhook/b.ts'],
  ['src/probe/a.ts', '../cluster/b.ts'],
  ['src/diagnosis/a.ts', '../probe/b.ts'],
]

test('the linter refuses imports that point upwards', () => {
  for (const [file, target] of UPWARDS) {
    const root = folder({ [file]: `import { b } from '${target}'\n\nexport const a = b\n` })
    copyFileSync(join(ROOT, '.oxlintrc.json'), join(root, '.oxlintrc.json'))
    const { status, stdout } = spawnSync(join(ROOT, 'node_modules/.bin/oxlint'), ['--deny-warnings'], { cwd: root, encoding: 'utf8', env: { PATH: process.env['PATH'] } })
    assert.is(status, 1, `${file} may import ${target}`)
    assert.match(stdout, 'no-restricted-imports', `${file} may import ${target}: ${stdout}`)
  }
})

test('the package needs nothing at run time and runs nothing when it is installed', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, unknown> & { scripts: Record<string, string> }
  assert.is(manifest['dependencies'], undefined)
  // The last two: npm installs the development dependencies of a package from git that has one of these.
  for (const script of ['prepare', 'preinstall', 'install', 'postinstall', 'prepack', 'build']) assert.is(manifest.scripts[script], undefined, script)
})

test('files stay short', () => {
  for (const file of fg.sync('src/**/*.ts', { cwd: ROOT, ignore: ['**/*.generated.ts'] })) {
    const lines = readFileSync(join(ROOT, file), 'utf8').split('\n').length
    assert.ok(lines <= 320, `${file} has ${lines} lines`)
  }
})

test.run()
