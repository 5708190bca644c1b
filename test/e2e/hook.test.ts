import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { folder, ROOT } from '../command.ts'
import { tool } from './tools.ts'

/** The hook as users have it: installed by the real pre-commit and prek from a clone of this repository, run by a real `git commit`, with the network gone. */
const GOOD = 'apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata: {name: release}\nspec:\n  imageDigestMirrors:\n  - source: quay.io/org\n    mirrors: [mirror.example.net/org]\n'
const BAD = GOOD.replace('[mirror.example.net/org]', '[]')
const FINDING = /idms\.yaml:6:13: error: source `quay\.io\/org` has no mirror, so the entry is ignored \[source-without-mirror\]/
const OPTIONS = "args: [--openshift, '4.18', --disconnected]"

/** Nothing answers here, and no cache of npm holds anything. */
const DEAD = 'http://127.0.0.1:9'
const OFFLINE = { http_proxy: DEAD, https_proxy: DEAD, HTTP_PROXY: DEAD, HTTPS_PROXY: DEAD, npm_config_fetch_retries: '0', npm_config_registry: DEAD }
const IDENTITY = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.net', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.net', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }

const RUNNERS = ['pre-commit', 'prek'].flatMap((name) => {
  const program = tool(name)
  if (program === undefined) {
    test.skip(`hook :: ${name} :: skipped, it is not installed`)
    console.log(`skipped: the hook was not run by ${name}, which is not installed (pip install --requirement test/e2e/tools/requirements.txt)`)
  }
  return program === undefined ? [] : [{ name, program }]
})

/** A commit of this repository as it stands, and the caches of the runners. */
let published: { at: string; revision: string; work: string } | undefined
function publish(): { at: string; revision: string; work: string } {
  if (published) return published
  const work = mkdtempSync(join(tmpdir(), 'mirrorproof-hook-'))
  process.on('exit', () => rmSync(work, { recursive: true, force: true }))
  const at = join(work, 'mirrorproof')
  assert.is(run('git', ['clone', '--quiet', ROOT, at], { cwd: work, work }).code, 0)
  const from = ['--git-dir', join(at, '.git'), '--work-tree', ROOT]
  run('git', [...from, 'add', '--all'], { cwd: ROOT, work })
  run('git', [...from, 'commit', '--quiet', '--allow-empty', '--message', 'as it stands'], { cwd: ROOT, work })
  published = { at, revision: run('git', ['-C', at, 'rev-parse', 'HEAD'], { cwd: work, work }).output.trim(), work }
  return published
}

function run(program: string, args: string[], { cwd, work }: { cwd: string; work: string }): { code: number | null; output: string } {
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env['PATH']}`, HOME: work, PRE_COMMIT_HOME: join(work, 'pre-commit'), PREK_HOME: join(work, 'prek'), npm_config_cache: join(work, 'npm'), ...IDENTITY, ...OFFLINE,
  }
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8', env, maxBuffer: 1 << 26 })
  return { code: status, output: stdout + stderr }
}

/** A repository that uses the hook, and what a user does in it. */
function user(program: string, id: string) {
  const { at, revision, work } = publish()
  const cwd = folder({ 'idms.yaml': GOOD, 'notes.txt': 'a', '.pre-commit-config.yaml': `repos:\n- repo: ${at}\n  rev: ${revision}\n  hooks:\n  - {id: ${id}, ${OPTIONS}}\n` })
  const git = (...args: string[]) => run('git', args, { cwd, work })
  assert.is(git('init', '--quiet').code, 0)
  assert.is(run(program, ['install'], { cwd, work }).code, 0)
  return {
    cwd, git,
    write: (text: string, file = 'idms.yaml') => writeFileSync(join(cwd, file), text),
    read: (file = 'idms.yaml') => readFileSync(join(cwd, file), 'utf8'),
    commit: () => git('commit', '--message', 'a change'),
    all: () => run(program, ['run', '--all-files', '--verbose'], { cwd, work }),
  }
}

for (const { name, program } of RUNNERS) {
  const repository = (id = 'mirrorproof-system') => {
    const mine = user(program, id)
    mine.git('add', '--all')
    const { code, output } = mine.commit()
    assert.is(code, 0, output)
    assert.match(output, /mirrorproof\.+Passed/)
    return mine
  }

  test(`hook :: ${name} :: a clean commit passes, a failing one is refused with the finding`, () => {
    const mine = repository()
    const head = mine.git('rev-parse', 'HEAD').output
    mine.write(BAD)
    mine.git('add', '--all')
    const { code, output } = mine.commit()
    assert.is(code, 1)
    assert.match(output, /mirrorproof\.+Failed/)
    assert.match(output, FINDING)
    assert.is(mine.git('rev-parse', 'HEAD').output, head)
  })

  test(`hook :: ${name} :: --all-files`, () => {
    const mine = repository()
    const clean = mine.all()
    assert.is(clean.code, 0)
    assert.match(clean.output, '; 1 mirror set in 1 cluster')
    mine.write(BAD)
    mine.git('add', '--all')
    const { code, output } = mine.all()
    assert.is(code, 1)
    assert.match(output, FINDING)
  })

  test(`hook :: ${name} :: runs when a relevant file changes, and then sees all`, () => {
    const mine = repository()
    mine.write(BAD)
    mine.git('add', '--all')
    assert.is(mine.git('commit', '--no-verify', '--message', 'unseen').code, 0)
    mine.write('b', 'notes.txt')
    mine.git('add', '--all')
    const skipped = mine.commit()
    assert.is(skipped.code, 0)
    assert.match(skipped.output, /mirrorproof.*Skipped/)
    for (const file of ['kustomization.yaml', 'Kustomization', 'a.YML', 'a.json', '.mirrorproof.yaml', 'ca.crt', 'registries.conf', 'a.rego']) {
      mine.write(file.endsWith('json') ? '{}' : '', file)
      mine.git('add', '--all')
      const { code, output } = mine.commit()
      assert.is(code, 1, `${file}: ${output}`)
      assert.match(output, FINDING, file)
      mine.git('reset', '--quiet', '--hard')
    }
  })

  test(`hook :: ${name} :: of a partly staged file, what is staged counts`, () => {
    const mine = repository()
    mine.write(BAD)
    mine.git('add', '--all')
    mine.write(GOOD)
    const refused = mine.commit()
    assert.is(refused.code, 1, 'staged is what fails')
    assert.match(refused.output, FINDING)
    assert.is(mine.read(), GOOD, 'what is not staged is kept')
    mine.write(GOOD.replace('name: release', 'name: other'))
    mine.git('add', '--all')
    mine.write(BAD)
    const passed = mine.commit()
    assert.is(passed.code, 0, passed.output)
    assert.is(mine.read(), BAD, 'what is not staged is kept')
  })

  test(`hook :: ${name} :: its limits: files that git does not know are seen, and a commit that only deletes makes nothing run`, () => {
    const mine = repository()
    mine.write(BAD.replace('name: release', 'name: draft').replace('quay.io/org', 'quay.io/draft'), 'draft.yaml')
    mine.write(GOOD.replace('name: release', 'name: other'))
    mine.git('add', 'idms.yaml')
    const seen = mine.commit()
    assert.is(seen.code, 1)
    assert.match(seen.output, 'draft.yaml:6:13: error')
    mine.git('reset', '--quiet', '--hard')
    mine.git('rm', 'idms.yaml')
    const deleted = mine.commit()
    assert.is(deleted.code, 0)
    assert.match(deleted.output, /mirrorproof.*Skipped/)
  })

  test(`hook :: ${name} :: the one that is installed needs no network either, and no development dependency`, () => {
    const mine = repository('mirrorproof')
    mine.write(BAD)
    mine.git('add', '--all')
    const { code, output } = mine.commit()
    assert.is(code, 1)
    assert.match(output, FINDING)
  })

  test(`hook :: ${name} :: the manifest is valid`, () => {
    const { code, output } = run(program, ['validate-manifest', '.pre-commit-hooks.yaml'], { cwd: ROOT, work: publish().work })
    assert.is(code, 0, output)
  })
}

test('hook :: git knows that the program is executable, and the program says what runs it', () => {
  const { output } = run('git', ['ls-files', '--stage', 'dist/cli.cjs'], { cwd: ROOT, work: tmpdir() })
  assert.match(output, /^100755 /)
  assert.match(readFileSync(join(ROOT, 'dist/cli.cjs'), 'utf8'), /^#!\/usr\/bin\/env node\n/)
})

test.run()
