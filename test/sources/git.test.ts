import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { DiffReport } from '../../src/report/diff.ts'
import { commit, diff, type Files, git, put, repository } from '../repository.ts'

/** Of a source that lacks a mirror, one warning tells in which revision it was read. */
const bare = (name: string): string => `apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata: {name: ${name}}\nspec:\n  imageDigestMirrors:\n  - source: quay.io/${name}\n`
const empty = (): string => mkdtempSync(join(tmpdir(), 'mirrorproof-'))

/** What is there before, after and on both sides, as far as `diff` sees it; or what it complains of. */
function seen(cwd: string, args: readonly string[], options: Parameters<typeof diff>[2] = {}): { gone?: string[]; fresh?: string[]; kept?: number; unread?: string[]; says?: string } {
  const { code, stdout, stderr } = diff(cwd, [...args, '--format', 'json'], options)
  const says = stderr.replaceAll('mirrorproof: ', '').trim()
  if (stdout === '') return { says: `${code}: ${says}` }
  const { findings, skipped } = JSON.parse(stdout) as DiffReport
  const names = (all: readonly { object: { name: string } | null }[]) => all.map(({ object }) => object!.name).sort()
  return {
    ...(findings.gone.length > 0 ? { gone: names(findings.gone) } : {}), ...(findings.new.length > 0 ? { fresh: names(findings.new) } : {}),
    ...(findings.unchanged > 0 ? { kept: findings.unchanged } : {}), ...(skipped.length > 0 ? { unread: skipped.map(({ file, reason }) => `${file}: ${reason}`).sort() } : {}), ...(says === '' ? {} : { says }),
  }
}

const OLD_NEW: Files[] = [{ 'a.yaml': bare('old') }, { 'a.yaml': bare('new') }]
const CHANGED = { gone: ['old'], fresh: ['new'] }

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

test('git :: PATH may be new, gone, deeper, or elsewhere', () => {
  const cwd = repository([{ 'x/old/a.yaml': bare('old'), 'y.yaml': bare('other') }, { 'x/new/a.yaml': bare('new'), 'y.yaml': bare('other') }])
  for (const head of [[], ['--head', 'main']]) {
    const base = ['--base', 'main~1', ...head]
    assert.equal(seen(cwd, ['x/new', ...base]), { fresh: ['new'] })
    assert.equal(seen(cwd, ['x/old', ...base]), { gone: ['old'] })
    assert.equal(seen(cwd, ['x/old/a.yaml', ...base]), { gone: ['old'] })
    assert.equal(seen(cwd, ['x', ...base]), CHANGED)
    assert.equal(seen(join(cwd, 'x'), base), CHANGED)
    assert.equal(seen(join(cwd, 'x'), ['..', ...base]), { ...CHANGED, kept: 1 })
    assert.equal(seen('/', [join(cwd, 'x'), ...base]), CHANGED)
    assert.equal(seen(cwd, ['x/*/a.yaml', ...base]), CHANGED, 'a pattern that the shell left alone')
    assert.equal(seen(cwd, ['x/{old,gone}/*.yaml', ...base]), { gone: ['old'] })
    assert.equal(seen(cwd, ['typo', 'x', ...base]), { says: '2: there is no file, folder or match for typo, before or after' })
    assert.equal(seen(cwd, ['x', '/etc', ...base]), { says: '2: /etc lies outside the repository ., so that it has no revisions there' })
    assert.equal(seen(cwd, ['a'.repeat(300), ...base]), { says: head.length > 0 ? `2: there is no file, folder or match for ${'a'.repeat(300)}, before or after` : `2: cannot read ${'a'.repeat(300)} (ENAMETOOLONG)` })
  }
})

test('git :: the repository may be reached through links, and hold some', () => {
  const cwd = repository([{ 'real/a.yaml': bare('old'), 'b.txt': bare('before') }])
  symlinkSync('real', join(cwd, 'link'))
  symlinkSync(join(cwd, 'real'), join(cwd, 'absolute'))
  symlinkSync('b.txt', join(cwd, 'b.yaml'))
  symlinkSync('../b.txt', join(cwd, 'real/c.yaml'))
  symlinkSync('loop', join(cwd, 'loop'))
  symlinkSync('nowhere', join(cwd, 'dangling.yaml'))
  put(cwd, { 'k/kustomization.yaml': 'resources: [../b.yaml, ../link/a.yaml]\n' })
  commit(cwd)
  put(cwd, { 'real/a.yaml': bare('new'), 'b.txt': bare('after') })
  commit(cwd)
  const outer = join(empty(), 'outer')
  symlinkSync(cwd, outer)
  for (const head of [[], ['--head', 'main']]) {
    const base = ['--base', 'main~1', ...head]
    for (const folder of [cwd, outer]) {
      for (const path of ['link', 'absolute', 'link/a.yaml']) assert.equal(seen('/', [join(folder, path), ...base]), CHANGED, path)
      assert.equal(seen('/', [join(folder, 'b.yaml'), ...base]), { gone: ['before'], fresh: ['after'] }, 'a link stays the same, and what it leads to does not')
      assert.equal(seen('/', [join(folder, 'k'), ...base]), { gone: ['before', 'old'], fresh: ['after', 'new'] }, 'a kustomization that leads out of PATH, through links')
      assert.equal(seen('/', [folder, ...base]), { gone: ['before', 'old'], fresh: ['after', 'new'] })
    }
    for (const path of ['loop', 'dangling.yaml']) assert.match(seen(cwd, [path, ...base]).says!, head.length > 0 ? /^2: there is no file/ : /^2: /)
  }
})

test('git :: what lies around the repository is the same on both sides', () => {
  const around = empty()
  put(around, { 'x.yaml': bare('ex'), 'd/y.yaml': bare('other'), '.mirrorproof.yaml': 'nonsense: true\n' })
  const cwd = join(around, 'r')
  renameSync(repository([{ 'k/kustomization.yaml': 'resources: [../link/y.yaml, ../x.yaml]\n' }]), cwd)
  symlinkSync('../x.yaml', join(cwd, 'x.yaml'))
  symlinkSync('../d', join(cwd, 'link'))
  commit(cwd)
  const unread = ['link: symlink', 'x.yaml: symlink']
  const { kept, ...rest } = seen(cwd, ['--base', 'HEAD'])
  assert.equal(rest, { unread })
  assert.equal(seen(cwd, ['--base', 'HEAD', '--head', 'HEAD']), { kept, unread })
  assert.equal(seen(cwd, ['link', '--base', 'HEAD']), { says: '3: link lies in no git repository' })
})

test('git :: submodules and other repositories are named and left out of both sides', () => {
  const other = repository([{ 's.yaml': bare('sub') }])
  const cwd = repository([{ 'a.yaml': bare('a') }, { 'a.yaml': bare('a'), 'k/kustomization.yaml': 'resources: [../mod/s.yaml]\n' }])
  git(cwd, ['submodule', '--quiet', 'add', other, 'mod'])
  commit(cwd)
  git(cwd, ['clone', '--quiet', other, 'nested'])
  const unread = ['k/kustomization.yaml: carrier', 'mod: submodule']
  assert.equal(seen(cwd, ['--base', 'HEAD']), { kept: 1, unread: [...unread, 'nested: submodule'] })
  assert.equal(seen(cwd, ['--base', 'HEAD~1']), { kept: 1, unread: [...unread, 'nested: submodule'] }, 'a new one')
  assert.equal(seen(cwd, ['--base', 'HEAD~2', '--head', 'HEAD']), { kept: 1, unread })
  assert.equal(seen(cwd, ['a.yaml', 'mod', '--base', 'HEAD']), { kept: 1, unread: ['mod: submodule'] })
  assert.equal(seen(cwd, ['a.yaml', 'mod/s.yaml', '--base', 'HEAD', '--head', 'HEAD']), { kept: 1, unread: ['mod/s.yaml: submodule'] })
  assert.equal(seen(cwd, ['mod', '--base', 'HEAD']), { kept: 1 }, 'named alone, it is a repository like any other')
})

test('git :: a pointer to Git LFS is named', () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12\n`
  const cwd = repository([{ 'a.yaml': pointer }, { 'a.yaml': pointer.replace('0', '1') }])
  const unread = ['a.yaml: lfs']
  assert.equal(seen(cwd, ['--base', 'HEAD']), { unread })
  assert.equal(seen(cwd, ['--base', 'HEAD~1', '--head', 'HEAD']), { unread })
  put(cwd, { 'a.yaml': bare('a') })
  assert.equal(seen(cwd, ['--base', 'HEAD']), { fresh: ['a'] })
  assert.match(diff(cwd, ['--base', 'HEAD']).stdout, 'a.yaml: not checked before the change: a pointer to Git LFS')
})

test('git :: files of any name', () => {
  const names = ['n\nl.yaml', 'a\nb/c.yaml', 'q"\'`.yaml', '::error::x.yaml', 'back\\slash.yaml', '[a]{b}*.yaml', '..x/a.yaml', '-x.yaml', ' s .yaml', 'tab\t.yaml', 'UP.YAML', 'e\u0301.yaml', '\u00e9.yaml', ':(top)x.yaml']
  const cwd = repository([{}, Object.fromEntries(names.map((name, index) => [name, bare(`s${index}`)]))])
  const all = { fresh: names.map((_, index) => `s${index}`).sort() }
  assert.equal(seen(cwd, ['--base', 'HEAD~1']), all)
  assert.equal(seen(cwd, ['--base', 'HEAD~1', '--head', 'HEAD']), all)
  assert.equal(seen(cwd, ['--base', 'HEAD']), { kept: names.length })
  for (const name of names) assert.equal(Object.keys(seen(cwd, [`./${name}`, '--base', 'HEAD~1'])), ['fresh'], name)
  writeFileSync(Buffer.concat([Buffer.from(`${cwd}/`), Buffer.from([0xff]), Buffer.from('.yaml')]), bare('nameless'))
  commit(cwd)
  const unread = ['\ufffd.yaml: unreadable']
  assert.equal(seen(cwd, ['--base', 'HEAD']), { kept: names.length, unread }, 'no name in UTF-8 is no name')
  assert.equal(seen(cwd, ['--base', 'HEAD~1', '--head', 'HEAD']), { kept: names.length, unread })
})

test('git :: large files', () => {
  const large = (size: number, name: string) => `${bare(name)}# ${'x'.repeat(size * 1024 * 1024)}\n`
  const cwd = repository([{ '5.yaml': large(5, 'five'), '20.yaml': large(20, 'twenty') }, { '5.yaml': large(5, 'six'), '20.yaml': large(20, 'other') }])
  for (const head of [[], ['--head', 'HEAD']]) assert.equal(seen(cwd, ['--base', 'HEAD~1', ...head]), { gone: ['five'], fresh: ['six'], unread: ['20.yaml: too-large'] })
})

test('git :: what is here is more than what is committed', () => {
  const cwd = repository([{ 'a.yaml': bare('a'), 'b.yaml': bare('b'), 'c.yaml': bare('c'), '.gitignore': 'ignored.yaml\n' }])
  put(cwd, { 'a.yaml': bare('edited'), 'staged.yaml': bare('staged'), 'ignored.yaml': bare('ignored'), 'untracked.yaml': bare('untracked'), 'c.yaml': undefined })
  git(cwd, ['add', 'staged.yaml'])
  git(cwd, ['rm', '--quiet', '--cached', 'b.yaml'])
  assert.equal(seen(cwd, ['--base', 'HEAD']), { gone: ['a', 'c'], fresh: ['edited', 'ignored', 'staged', 'untracked'], kept: 1 })
})

test('git :: what was touched and not changed is the same', () => {
  const cwd = repository([{ 'a.yaml': bare('a') }])
  utimesSync(join(cwd, 'a.yaml'), 1, 1)
  assert.equal(seen(cwd, ['--base', 'HEAD']), { kept: 1 })
  assert.equal(seen(cwd, ['--base', 'HEAD'], { env: { GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere/index', GIT_WORK_TREE: '/' } }), { kept: 1 }, 'as in a hook of another repository')
})

test('git :: line ends that git makes are no change', () => {
  const cwd = repository([{ 'a.yaml': bare('a') }])
  git(cwd, ['config', 'core.autocrlf', 'true'])
  put(cwd, { 'a.yaml': undefined })
  git(cwd, ['checkout', '--quiet', '.'])
  assert.match(readFileSync(join(cwd, 'a.yaml'), 'utf8'), '\r\n')
  assert.equal(seen(cwd, ['--base', 'HEAD']), { kept: 1 })
})

test('git :: a sparse checkout leaves the rest out of both sides', () => {
  const cwd = repository([{ 'a/a.yaml': bare('a'), 'b/b.yaml': bare('b'), 'b/c.yaml': bare('c') }, { 'a/a.yaml': bare('a2'), 'b/b.yaml': bare('b'), 'b/c.yaml': bare('c2') }])
  git(cwd, ['sparse-checkout', 'set', 'a'])
  const says = 'files that the sparse checkout of . leaves out (2) are looked at on neither side'
  assert.equal(seen(cwd, ['--base', 'HEAD']), { kept: 1, says })
  assert.equal(seen(cwd, ['--base', 'HEAD~1']), { gone: ['a'], fresh: ['a2'], says })
  assert.equal(seen(cwd, ['--base', 'HEAD~1', '--head', 'HEAD']), { gone: ['a', 'c'], fresh: ['a2', 'c2'], kept: 1 }, 'two revisions are whole')
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
  const cwd = join(empty(), 'r')
  git('/', ['clone', '--quiet', '--filter=blob:none', `file://${origin}`, cwd])
  assert.equal(seen(cwd, ['--base', 'HEAD']), { kept: 2 })
  const name = git(cwd, ['rev-parse', '--short=12', 'HEAD~1'])
  assert.equal(seen(cwd, ['--base', 'HEAD~1']), { says: `3: this clone is partial and lacks files of ${name}; git diff ${name} brings those that differ` })
  git(cwd, ['diff', name])
  assert.equal(seen(cwd, ['--base', 'HEAD~1']), { ...CHANGED, kept: 1 })
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
  assert.equal(diff(cwd, ['is']).stderr, 'mirrorproof: say what to compare with by --base, a git revision or a path; mirrorproof diff --help shows how\n')
})

test.run()
