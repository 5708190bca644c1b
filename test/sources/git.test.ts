import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fill, repositoryOf } from '../../src/sources/git.ts'
import { diff, git, put, repository } from '../repository.ts'
import { bare, CHANGED, empty, OLD_NEW, seen } from './seen.ts'

const REVISIONS: [revision: string, expected?: ReturnType<typeof seen>][] = [
  ['HEAD~1'], ['main~1'], ['@^'], ['old'], ['refs/heads/old'], ['light'], ['annotated'], ['main^{/state 1}'], [':/state 1'], ['-x'], ['--help'], ['$(touch${IFS}pwned)'], ['a;b'], ['é'],
  ['HEAD', { kept: 1 }],
  ['nope', { says: '2: there is no revision or path nope here; git fetch may bring it' }],
  ['', { says: '2: there is no revision or path "" here; git fetch may bring it' }],
  ['HEAD~9', { says: '2: there is no revision or path HEAD~9 here; git fetch may bring it' }],
  ['^main', { says: '2: there is no revision or path ^main here; git fetch may bring it' }],
  ['HEAD~1..HEAD', { says: '2: there is no revision or path HEAD~1..HEAD here; git fetch may bring it' }],
  ['HEAD:a.yaml', { says: '2: there is no revision or path HEAD:a.yaml here; git fetch may bring it' }],
  ['HEAD^{tree}', { says: '2: there is no revision or path HEAD^{tree} here; git fetch may bring it' }],
  ['--all', { says: '2: there is no revision or path --all here; git fetch may bring it' }],
  ['a\nb', { says: '2: there is no revision or path a\\u000ab here; git fetch may bring it' }],
  ['a.yaml', { kept: 1 }],
]
const named = repository(OLD_NEW)
for (const name of ['old', '-x', '--help', '$(touch${IFS}pwned)', 'a;b', 'é']) git(named, ['update-ref', `refs/heads/${name}`, 'HEAD~1'])
git(named, ['tag', 'light', 'HEAD~1'])
git(named, ['tag', '-a', '-m', 'x', 'annotated', 'HEAD~1'])
for (const [revision, expected = CHANGED] of REVISIONS) {
  test(`git :: ${JSON.stringify(revision)} as a base`, () => {
    assert.equal(seen(named, ['a.yaml', `--base=${revision}`]), expected)
    assert.not.ok(existsSync(join(named, 'pwned')))
  })
}

test('git :: a commit by its name, whole and short', () => {
  for (const format of ['sha1', 'sha256']) {
    const cwd = repository(OLD_NEW, `--object-format=${format}`)
    const name = git(cwd, ['rev-parse', 'HEAD~1'])
    for (const one of [name, name.slice(0, 9)]) assert.equal(seen(cwd, ['--base', one]), CHANGED, `${format} ${one}`)
    assert.equal(seen(cwd, ['--base', name, '--head', 'main']), CHANGED, format)
  }
})

test('git :: --head is a revision, whatever is checked out', () => {
  const cwd = repository(OLD_NEW)
  put(cwd, { 'a.yaml': bare('edited') })
  assert.equal(seen(cwd, ['--base', 'main~1', '--head', 'main']), CHANGED)
  assert.equal(seen(cwd, ['--base', 'main', '--head', 'main~1']), { gone: ['new'], fresh: ['old'] })
  assert.equal(seen(cwd, ['--base', 'main~1', '--head', 'nope']), { says: '2: there is no revision or path nope here; git fetch may bring it' })
})

test('git :: a name that is a path and a revision has to say which', () => {
  const cwd = repository([{ 'v1/a.yaml': bare('old') }, { 'v1/a.yaml': bare('new') }])
  git(cwd, ['branch', 'v1', 'HEAD~1'])
  assert.equal(seen(cwd, ['--base', 'v1']), { says: '2: v1 is a path and a revision; write ./v1, or refs/heads/v1' })
  assert.equal(seen(cwd, ['--base', 'refs/heads/v1']), CHANGED)
  assert.equal(seen(cwd, ['v1', '--base', './v1']), { kept: 1 })
  assert.equal(seen(cwd, ['--base', 'v1', '--head', 'main']), CHANGED, '--head takes a revision, and so does --base then')
  assert.equal(seen(cwd, ['v1', '--base', './v1', '--head', 'main']), { says: '2: --head takes a revision, and so has to --base then' })
})

test('git :: no repository, no commit, no git', () => {
  const cwd = empty()
  put(cwd, { 'a.yaml': bare('a'), 'b.yaml': bare('b') })
  assert.equal(seen(cwd, ['--base', 'main']), { says: '3: . lies in no git repository' })
  assert.equal(seen(cwd, ['a.yaml', '--base', 'b.yaml']), { gone: ['b'], fresh: ['a'] }, 'files need no git')
  assert.equal(seen(cwd, ['a.yaml', '--base', 'b.yaml'], { env: { PATH: '/nowhere' } }), { gone: ['b'], fresh: ['a'] })
  assert.equal(seen(repository(OLD_NEW), ['--base', 'HEAD~1'], { env: { PATH: '/nowhere' } }), { says: '3: git is not on PATH, and revisions cannot be read without it' })
  assert.equal(seen(repository([]), ['--base', 'HEAD']), { says: '2: there is no revision or path HEAD here; git fetch may bring it' })
  const inner = join(repository(OLD_NEW), '.git')
  assert.equal(seen(inner, ['--base', 'HEAD~1', '--head', 'HEAD']), { says: "2: . is git's own folder; start in the files beside it" })
})

test('git :: a repository of somebody else', () => {
  const cwd = repository(OLD_NEW)
  if (process.getuid?.() !== 0) {
    console.log('skipped: what git says of a repository of somebody else, for only root can hand one over')
    return
  }
  spawnSync('chown', ['-R', '65534', cwd])
  const says = "3: git does not open the repository of ., for it belongs to another user; git config --global --add safe.directory '*' allows it"
  assert.equal(seen(cwd, ['--base', 'HEAD~1']), { says })
})

test('git :: a bare repository has revisions, and no files beside them', () => {
  const cwd = join(empty(), 'r.git')
  git('/', ['clone', '--quiet', '--bare', repository([{ 'c/a.yaml': bare('old'), 'd/a.yaml': bare('other') }, { 'c/a.yaml': bare('new'), 'd/a.yaml': bare('other') }]), cwd])
  assert.equal(seen(cwd, ['--base', 'main~1']), { says: '2: a bare repository has no files beside it; name the --head, too' })
  assert.equal(seen(cwd, ['--base', 'main~1', '--head', 'main']), { ...CHANGED, kept: 1 })
  assert.equal(seen(cwd, ['--base', 'HEAD~1', '--head', 'HEAD']), { ...CHANGED, kept: 1 }, 'HEAD is a file in here, too')
  assert.equal(seen(cwd, ['c', '--base', 'main~1', '--head', 'main']), CHANGED)
  assert.equal(seen('/', [join(cwd, 'c'), '--base', 'main~1', '--head', 'main']), CHANGED)
  assert.equal(seen(cwd, ['z', '--base', 'main~1', '--head', 'main']), { says: '2: there is no file, folder or match for z, before or after' })
})

test('git :: a shallow clone says how to get what it lacks, and that works', () => {
  const origin = repository(OLD_NEW)
  git(origin, ['branch', 'old', 'HEAD~1'])
  const name = git(origin, ['rev-parse', 'HEAD~1'])
  const clone = () => {
    const cwd = join(empty(), 'r')
    git('/', ['clone', '--quiet', '--depth=1', `file://${origin}`, cwd])
    return cwd
  }
  const lacks = (revision: string, way: string) => ({ says: `2: there is no revision or path ${revision} here; this clone is shallow; ${way}` })
  for (const [revision, fetched] of [['old', 'old'], ['origin/old', 'old'], ['refs/remotes/origin/old', 'old'], [name, name]] as const) {
    const cwd = clone()
    assert.equal(seen(cwd, ['--base', revision]), lacks(revision, `git fetch --depth=1 origin ${fetched} may bring it, then as --base FETCH_HEAD`))
    git(cwd, ['fetch', '--quiet', '--depth=1', 'origin', fetched])
    assert.equal(seen(cwd, ['--base', 'FETCH_HEAD']), CHANGED)
  }
  for (const revision of ['HEAD~1', '@~1', '$(touch pwned)', '-x']) assert.equal(seen(clone(), [`--base=${revision}`]), lacks(revision, 'git fetch --unshallow brings all of its history'))
  assert.equal(seen(clone(), ['--base', 'HEAD']), { kept: 1 })
})

test('git :: a working tree of its own', () => {
  const cwd = join(empty(), 'tree')
  git(repository(OLD_NEW), ['worktree', 'add', '--quiet', '--detach', cwd, 'main~1'])
  assert.equal(seen(cwd, ['--base', 'main']), { gone: ['new'], fresh: ['old'] })
  assert.equal(seen(cwd, ['--base', 'HEAD']), { kept: 1 })
})

test('git :: of 2,000 commits, two trees are read', () => {
  const cwd = repository([])
  const commits = Array.from({ length: 2_000 }, (_, index) => {
    const text = bare(`s${index}`)
    return `commit refs/heads/main\ncommitter a <a@example.com> ${index} +0000\ndata 0\nM 100644 inline a.yaml\ndata ${Buffer.byteLength(text)}\n${text}\n`
  })
  git(cwd, ['fast-import', '--quiet'], commits.join(''))
  const log = join(cwd, 'trace')
  assert.equal(seen(cwd, ['--base', 'main~1999', '--head', 'main'], { env: { GIT_TRACE: log } }), { gone: ['s0'], fresh: ['s1999'] })
  const commands = [...readFileSync(log, 'utf8').matchAll(/built-in: git (\S+)/g)].map(([, name]) => name!)
  assert.equal([...new Set(commands)].sort(), ['cat-file', 'ls-tree', 'rev-parse'])
  assert.ok(commands.length <= 11, `${commands.length} processes`)
})

test('git :: nothing that a repository names is run', () => {
  const cwd = repository([{ 'a.yaml': bare('old'), '.gitattributes': '*.yaml filter=evil diff=evil\n' }])
  const program = join(cwd, 'evil.sh')
  put(cwd, { 'evil.sh': `#!/bin/sh\ntouch ${cwd}/pwned\ncat\n`, '.git/hooks/post-index-change': `#!/bin/sh\ntouch ${cwd}/pwned\n` })
  for (const path of ['evil.sh', '.git/hooks/post-index-change']) chmodSync(join(cwd, path), 0o755)
  for (const key of ['core.fsmonitor', 'core.sshCommand', 'core.pager', 'core.editor', 'core.askPass', 'core.gitProxy', 'diff.external', 'diff.evil.command', 'diff.evil.textconv', 'filter.evil.clean', 'filter.evil.smudge', 'credential.helper', 'alias.ls-tree', 'uploadpack.packObjectsHook', 'interactive.diffFilter', 'gpg.program']) git(cwd, ['config', key, program])
  git(cwd, ['config', 'filter.evil.process', program])
  git(cwd, ['config', 'remote.origin.url', 'ext::sh -c touch% pwned'])
  git(cwd, ['config', 'remote.origin.promisor', 'true'])
  git(cwd, ['config', 'extensions.partialClone', 'origin'])
  git(cwd, ['config', 'remote.origin.uploadpack', program])
  writeFileSync(join(cwd, 'a.yaml'), bare('new')) // of the same length, so that only its contents tell
  assert.equal(seen(cwd, ['--base', 'HEAD']), { gone: ['old'], fresh: ['new'] })
  put(cwd, { 'k.yaml': bare('k') })
  assert.equal(seen(cwd, ['--base', 'HEAD', '--head', 'HEAD']), { kept: 1 })
  assert.not.ok(existsSync(join(cwd, 'pwned')))
  const object = git(cwd, ['rev-parse', 'HEAD:a.yaml'])
  renameSync(join(cwd, '.git/objects', object.slice(0, 2)), join(cwd, '.git/objects/xx'))
  seen(cwd, ['--base', 'HEAD'])
  assert.not.ok(existsSync(join(cwd, 'pwned')))
})

test('git :: a partial clone says how to get what it lacks, and that works', () => {
  const origin = repository([{ 'a.yaml': bare('old'), 'b.yaml': bare('b') }, { 'a.yaml': bare('new'), 'b.yaml': bare('b') }])
  git(origin, ['config', 'uploadpack.allowFilter', 'true'])
  git(origin, ['config', 'uploadpack.allowAnySHA1InWant', 'true'])
  for (const bring of [(cwd: string, name: string) => git(cwd, ['diff', name]), (cwd: string, name: string) => assert.is(fill(repositoryOf(cwd), name), undefined)]) {
    const cwd = join(empty(), 'r')
    git('/', ['clone', '--quiet', '--filter=blob:none', `file://${origin}`, cwd])
    assert.equal(seen(cwd, ['--base', 'HEAD']), { kept: 2 })
    const name = git(cwd, ['rev-parse', '--short=12', 'HEAD~1'])
    assert.equal(seen(cwd, ['--base', 'HEAD~1']), { says: `3: this clone is partial and lacks files of ${name}; git diff ${name} brings those that differ` })
    bring(cwd, name)
    assert.equal(seen(cwd, ['--base', 'HEAD~1']), { ...CHANGED, kept: 1 })
  }
})

test('git :: standard input can be compared with a file only', () => {
  const cwd = repository(OLD_NEW)
  mkdirSync(join(cwd, 'folder'))
  assert.equal(seen(cwd, ['-', '--base', 'a.yaml'], { input: bare('other') }), { gone: ['new'], fresh: ['other'] })
  assert.equal(seen(cwd, ['-', '--base', 'HEAD'], { input: bare('other') }), { says: '2: standard input has no revision; compare it with a file' })
  assert.equal(seen(cwd, ['-', '--base', 'folder']), { says: '2: folder is a folder; standard input can only be compared with a file' })
  assert.equal(seen(empty(), ['-', '--base', 'typo.yaml']), { says: '3: . lies in no git repository' })
})

test('git :: a file or folder may take the place of PATH', () => {
  const cwd = empty()
  put(cwd, { 'was/c/a.yaml': bare('old'), 'is/c/a.yaml': bare('new'), 'one.yaml': bare('one'), 'sub/was/a.yaml': bare('inner') })
  assert.equal(seen(cwd, ['is', '--base', 'was']), CHANGED)
  assert.equal(seen(cwd, ['is/c/a.yaml', '--base', 'was/c/a.yaml']), CHANGED)
  assert.equal(seen(join(cwd, 'is'), ['--base', '../was']), CHANGED)
  assert.equal(seen(cwd, ['is', '--base', 'is']), { kept: 1 })
  assert.equal(seen(join(cwd, 'sub/was'), ['--base', '../../was']), { gone: ['old'], fresh: ['inner'] })
  assert.equal(seen(cwd, ['is', '--base', 'one.yaml']), { says: '2: of one.yaml and is, one is a folder and the other is none' })
  assert.equal(seen(cwd, ['typo', '--base', 'was']), { says: '2: there is no file or folder typo to compare with was' })
  assert.equal(seen(cwd, ['is', 'was', '--base', 'was']), { says: '2: a --base that is a path takes the place of one PATH, and there are 2' })
  assert.equal(diff(cwd, ['is']).stderr, 'mirrorproof: say what to compare with by --base, a git revision or a path, or by --live; mirrorproof diff --help shows how\n')
})

test.run()
