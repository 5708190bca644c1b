import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { folder, mirrorproof } from './command.ts'

const FAILS = 'apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata: {name: a}\nspec:\n  imageDigestMirrors:\n  - {source: https://quay.io/org, mirrors: [mirror.example.net/org]}\n'
const FORMATS = ['text', 'json', 'sarif', 'github', 'markdown', 'junit', 'codequality']
const repository = () => folder({ 'a.yaml': FAILS, '.git/HEAD': '', 'sub/b.yaml': FAILS.replace('{name: a}', '{name: b}') })

test('outputs :: several formats at once are what each is alone', () => {
  const cwd = repository()
  const alone = FORMATS.map((format) => mirrorproof(['check', '--format', format], { cwd }).stdout)
  const { code, stdout, stderr } = mirrorproof(['check', ...FORMATS.flatMap((format) => ['--format', format === 'text' ? format : `${format}=out.${format}`])], { cwd })
  assert.equal([code, stderr], [1, ''])
  assert.equal(FORMATS.map((format) => (format === 'text' ? stdout : readFileSync(join(cwd, `out.${format}`), 'utf8'))), alone)
})

test('outputs :: without one for standard output, nothing is printed', () => {
  const cwd = repository()
  assert.equal(mirrorproof(['check', '--format', 'sarif=a=b.sarif'], { cwd }), { code: 1, stdout: '', stderr: '' })
  assert.ok(existsSync(join(cwd, 'a=b.sarif')), 'a file name may hold a =')
})

test('outputs :: --output takes the one without a file', () => {
  const cwd = repository()
  assert.equal(mirrorproof(['check', '--format', 'github', '--format', 'json=out.json', '--output', 'out.txt'], { cwd }), { code: 1, stdout: '', stderr: '' })
  assert.match(readFileSync(join(cwd, 'out.txt'), 'utf8'), /^::error file=a\.yaml,/)
  assert.match(readFileSync(join(cwd, 'out.json'), 'utf8'), '"version": 1')
})

test('outputs :: a file that cannot be written is named, and the others are written all the same', () => {
  const cwd = repository()
  mkdirSync(join(cwd, 'taken'))
  const { code, stdout, stderr } = mirrorproof(['check', '--format', 'sarif=nowhere/a.sarif', '--format', 'json=out.json', '--format', 'junit=taken', '--format', 'text'], { cwd })
  assert.is(code, 3)
  assert.is(stderr, 'mirrorproof: cannot write nowhere/a.sarif (ENOENT)\nmirrorproof: cannot write taken (EISDIR)\n')
  assert.match(stdout, '[malformed-location]')
  assert.match(readFileSync(join(cwd, 'out.json'), 'utf8'), '"version": 1')
})

test('outputs :: diff has several formats at once, too', () => {
  const cwd = folder({ 'before/a.yaml': FAILS.replace('https://', ''), 'after/a.yaml': FAILS })
  const args = ['diff', 'after', '--base', 'before', '--openshift', '4.18']
  const alone = ['text', 'json'].map((format) => mirrorproof([...args, '--format', format], { cwd }).stdout)
  const { code, stdout } = mirrorproof([...args, '--format', 'text', '--format', 'json=out.json'], { cwd })
  assert.is(code, 1)
  assert.equal([stdout, readFileSync(join(cwd, 'out.json'), 'utf8')], alone)
})

test('outputs :: the exit code is the same in every format', () => {
  const cwd = repository()
  for (const format of FORMATS) {
    assert.is(mirrorproof(['check', '--format', format], { cwd }).code, 1, format)
    assert.is(mirrorproof(['check', '--format', format, '--fail-on', 'never', '--show-waived'], { cwd }).code, 0, format)
  }
})

test('outputs :: files are coloured only where that is said', () => {
  const cwd = repository()
  const coloured = (color: string) => {
    mirrorproof(['check', '--format', 'text=out.txt', '--color', color], { cwd })
    return readFileSync(join(cwd, 'out.txt'), 'utf8').includes('\u001b[')
  }
  assert.equal(['always', 'auto', 'never'].map(coloured), [true, false, false])
})

test('outputs :: GitHub and GitLab get files from the root of the repository', () => {
  const cwd = join(repository(), 'sub')
  assert.match(mirrorproof(['check', '--format', 'github'], { cwd }).stdout, /^::error file=sub\/b\.yaml,/)
  assert.match(mirrorproof(['check', '../a.yaml', '--format', 'github'], { cwd }).stdout, /^::error file=a\.yaml,/)
  assert.match(mirrorproof(['check', '--format', 'codequality'], { cwd }).stdout, '"path": "sub/b.yaml"')
  assert.match(mirrorproof(['check', '-', '--format', 'codequality'], { cwd, input: FAILS }).stdout, '"path": "stdin"')
  assert.match(mirrorproof(['check', '--format', 'text'], { cwd }).stdout, /^b\.yaml:/)
  const outside = folder({ 'b.yaml': FAILS })
  assert.match(mirrorproof(['check', '--format', 'github'], { cwd: outside }).stdout, /^::error file=b\.yaml,/)
})

test('outputs :: what is read is not written over', () => {
  const cwd = folder({ 'a.yaml': FAILS, 'a=b.yaml': FAILS, 'pod.txt': 'x', 'auth.json': '{}', 'b/c.yaml': '' })
  symlinkSync('a.yaml', join(cwd, 'link'))
  for (const args of [['check', 'a.yaml', '--output', './a.yaml'], ['check', 'a.yaml', '--format', 'json=link'], ['migrate', 'link', '--output', 'a.yaml'], ['trace', 'q/a', '--in', 'a.yaml', '--output', 'a.yaml'], ['trace', '--log', 'pod.txt', '--output', 'pod.txt'], ['check', 'a=b.yaml', '--format', 'json=a=b.yaml'], ['trace', 'q/a', '--probe', '--authfile', 'auth.json', '--output', 'auth.json']]) {
    const { code, stderr } = mirrorproof(args, { cwd })
    assert.is(code, 2, stderr)
    assert.match(stderr, 'is read, and would be written over; give the result a file of its own')
  }
  assert.is(readFileSync(join(cwd, 'a.yaml'), 'utf8'), FAILS)
  assert.is(mirrorproof(['trace', 'q/a', '--in', '/dev/null', '--output', '/dev/null'], { cwd }).code, 0)
})

const MISTAKES: [args: string[], message: string][] = [
  [['check', '--format', 'text', '--format', 'json'], 'text and json cannot both go to standard output; write one to a file: --format json=FILE'],
  [['check', '--format', 'text', '--format', 'json', '--output', 'a'], 'text and json cannot both go to a; write one to a file: --format json=FILE'],
  [['check', '--format', 'json=a', '--format', 'sarif=./a'], 'json and sarif cannot both be written to ./a'],
  [['check', '--format', 'json=a', '--format', 'text', '--output', 'a'], 'json and text cannot both be written to a'],
  [['check', '--format', 'json=a', '--output', 'b'], 'nothing is left for --output b, for every --format names a file of its own'],
  [['check', '--format', 'json='], '--format json= names no file'],
  [['check', '--format', 'xml=a'], '--format takes text, json, sarif, github, markdown, junit, codequality, imageset, not xml'],
  [['check', '--format', ''], '--format takes text, json, sarif, github, markdown, junit, codequality, imageset, not '],
  [['trace', 'a', '--format', 'text', '--format', 'json'], 'trace prints one format; there is --format text and --format json'],
  [['render', '--format', 'json', '--format', 'json'], 'render prints one format; there is --format json and --format json'],
  [['clusters', '--format', 'text', '--format', 'json'], 'clusters prints one format; there is --format text and --format json'],
  [['rules', '--format', 'text', '--format', 'json'], 'rules prints one format; there is --format text and --format json'],
  [['rules', '--format', 'json=a'], '--format takes text, json, not json=a'],
  [['trace', '--log', 'a', '--log', 'b'], '--log takes one file, and is given twice; cat A B > C makes one of two'],
  [['trace', 'a', '--probe', '--authfile', 'a', '--authfile', 'b'], '--authfile takes one file, and is given twice'],
  [['trace', 'a', '--show-waived'], "Unknown option '--show-waived'; mirrorproof trace --help lists the flags"],
]
for (const [args, message] of MISTAKES) {
  test(`outputs :: ${args.join(' ')} :: is a mistake`, () => {
    const cwd = repository()
    assert.equal(mirrorproof(args, { cwd }), { code: 2, stdout: '', stderr: `mirrorproof: ${message}\n` })
    assert.not.ok(existsSync(join(cwd, 'a')))
  })
}

test.run()
