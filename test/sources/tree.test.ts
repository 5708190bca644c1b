import { readFileSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { commit, diff, git, put, repository } from '../repository.ts'
import { bare, CHANGED, empty, seen } from './seen.ts'

test('tree :: PATH may be new, gone, deeper, or elsewhere', () => {
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

test('tree :: the repository may be reached through links, and hold some', () => {
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

test('tree :: what lies around the repository is the same on both sides', () => {
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

test('tree :: submodules and other repositories are named and left out of both sides', () => {
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

test('tree :: a pointer to Git LFS is named', () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12\n`
  const cwd = repository([{ 'a.yaml': pointer }, { 'a.yaml': pointer.replace('0', '1') }])
  const unread = ['a.yaml: lfs']
  assert.equal(seen(cwd, ['--base', 'HEAD']), { unread })
  assert.equal(seen(cwd, ['--base', 'HEAD~1', '--head', 'HEAD']), { unread })
  put(cwd, { 'a.yaml': bare('a') })
  assert.equal(seen(cwd, ['--base', 'HEAD']), { fresh: ['a'] })
  assert.match(diff(cwd, ['--base', 'HEAD']).stdout, 'a.yaml: not checked before the change: a pointer to Git LFS')
})

test('tree :: files of any name', () => {
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

test('tree :: large files', () => {
  const large = (size: number, name: string) => `${bare(name)}# ${'x'.repeat(size * 1024 * 1024)}\n`
  const cwd = repository([{ '5.yaml': large(5, 'five'), '20.yaml': large(20, 'twenty') }, { '5.yaml': large(5, 'six'), '20.yaml': large(20, 'other') }])
  for (const head of [[], ['--head', 'HEAD']]) assert.equal(seen(cwd, ['--base', 'HEAD~1', ...head]), { gone: ['five'], fresh: ['six'], unread: ['20.yaml: too-large'] })
})

test('tree :: what is here is more than what is committed', () => {
  const cwd = repository([{ 'a.yaml': bare('a'), 'b.yaml': bare('b'), 'c.yaml': bare('c'), '.gitignore': 'ignored.yaml\n' }])
  put(cwd, { 'a.yaml': bare('edited'), 'staged.yaml': bare('staged'), 'ignored.yaml': bare('ignored'), 'untracked.yaml': bare('untracked'), 'c.yaml': undefined })
  git(cwd, ['add', 'staged.yaml'])
  git(cwd, ['rm', '--quiet', '--cached', 'b.yaml'])
  assert.equal(seen(cwd, ['--base', 'HEAD']), { gone: ['a', 'c'], fresh: ['edited', 'ignored', 'staged', 'untracked'], kept: 1 })
})

test('tree :: what was touched and not changed is the same', () => {
  const cwd = repository([{ 'a.yaml': bare('a') }])
  utimesSync(join(cwd, 'a.yaml'), 1, 1)
  assert.equal(seen(cwd, ['--base', 'HEAD']), { kept: 1 })
  assert.equal(seen(cwd, ['--base', 'HEAD'], { env: { GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere/index', GIT_WORK_TREE: '/' } }), { kept: 1 }, 'as in a hook of another repository')
})

test('tree :: line ends that git makes are no change', () => {
  const cwd = repository([{ 'a.yaml': bare('a') }])
  git(cwd, ['config', 'core.autocrlf', 'true'])
  put(cwd, { 'a.yaml': undefined })
  git(cwd, ['checkout', '--quiet', '.'])
  assert.match(readFileSync(join(cwd, 'a.yaml'), 'utf8'), '\r\n')
  assert.equal(seen(cwd, ['--base', 'HEAD']), { kept: 1 })
})

test('tree :: a sparse checkout leaves the rest out of both sides', () => {
  const cwd = repository([{ 'a/a.yaml': bare('a'), 'b/b.yaml': bare('b'), 'b/c.yaml': bare('c') }, { 'a/a.yaml': bare('a2'), 'b/b.yaml': bare('b'), 'b/c.yaml': bare('c2') }])
  git(cwd, ['sparse-checkout', 'set', 'a'])
  const says = 'files that the sparse checkout of . leaves out (2) are looked at on neither side'
  assert.equal(seen(cwd, ['--base', 'HEAD']), { kept: 1, says })
  assert.equal(seen(cwd, ['--base', 'HEAD~1']), { gone: ['a'], fresh: ['a2'], says })
  assert.equal(seen(cwd, ['--base', 'HEAD~1', '--head', 'HEAD']), { gone: ['a', 'c'], fresh: ['a2', 'c2'], kept: 1 }, 'two revisions are whole')
})

test.run()
