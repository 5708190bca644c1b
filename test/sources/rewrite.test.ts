import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { File } from '../../src/manifests/document.ts'
import { decode } from '../../src/sources/decode.ts'
import { rewrite } from '../../src/sources/rewrite.ts'

const folder = () => realpathSync(mkdtempSync(join(tmpdir(), 'mirrorproof-rewrite-')))
const read = (place: string): File => ({ path: place.slice(place.lastIndexOf('/') + 1), place, text: decode(readFileSync(place))!, named: true })
const put = (place: string, content: string | Buffer): File => {
  writeFileSync(place, content)
  return read(place)
}

const ENCODINGS: [name: string, encode: (text: string) => Buffer][] = [
  ['UTF-8', (text) => Buffer.from(text)],
  ['UTF-8 with a byte order mark', (text) => Buffer.from(`\ufeff${text}`)],
  ['UTF-16, the small end first', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16, the big end first', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
]
for (const [name, encode] of ENCODINGS) {
  test(`the encoding stays: ${name}`, () => {
    const file = put(join(folder(), 'a.yaml'), encode('a: ü\r\n'))
    assert.equal(rewrite([{ file, text: 'b: ü\r\n' }]), { written: ['a.yaml'], failed: [] })
    assert.equal(readFileSync(file.place), encode('b: ü\r\n'))
  })
}

test('permissions stay, and nothing is left beside it', () => {
  const file = put(join(folder(), 'a.yaml'), 'a: 1\n')
  chmodSync(file.place, 0o640)
  rewrite([{ file, text: 'a: 2\n' }])
  assert.is(statSync(file.place).mode & 0o777, 0o640)
  assert.equal(readdirSync(join(file.place, '..')), ['a.yaml'])
})

test('a link stays one, and what it leads to is written', () => {
  const home = folder()
  mkdirSync(join(home, 'real'))
  put(join(home, 'real/a.yaml'), 'a: 1\n')
  symlinkSync('real/a.yaml', join(home, 'link.yaml'))
  assert.equal(rewrite([{ file: read(join(home, 'link.yaml')), text: 'a: 2\n' }]).written, ['link.yaml'])
  assert.ok(lstatSync(join(home, 'link.yaml')).isSymbolicLink())
  assert.is(readFileSync(join(home, 'real/a.yaml'), 'utf8'), 'a: 2\n')
})

const LEFT: [name: string, spoil: (file: File) => void, why: string][] = [
  ['has changed', ({ place }) => writeFileSync(place, 'a: 3\n'), 'it has changed since it was read'],
  ['is gone', ({ place }) => rmSync(place), 'it is not there any more'],
  ['is read-only', ({ place }) => chmodSync(place, 0o444), 'it is read-only'],
  ['is a folder now', ({ place }) => { rmSync(place); mkdirSync(place) }, 'it is no file that could be replaced'],
]
for (const [name, spoil, why] of LEFT) {
  test(`a file that ${name} is left alone, and so are those beside it`, () => {
    const home = folder()
    const [file, other] = [put(join(home, 'a.yaml'), 'a: 1\n'), put(join(home, 'b.yaml'), 'b: 1\n')]
    spoil(file)
    const { written, failed } = rewrite([{ file: other, text: 'b: 2\n' }, { file, text: 'a: 2\n' }])
    assert.equal(written, [])
    assert.equal(failed, [{ path: 'a.yaml', why }, { path: 'b.yaml', why: 'left as it is, for another file cannot be written' }])
    assert.is(readFileSync(other.place, 'utf8'), 'b: 1\n')
    assert.equal(readdirSync(home).filter((one) => one.endsWith('.tmp')), [])
  })
}

test('a disk that is full changes nothing', () => {
  const home = folder()
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', home])
  if (mounted.status !== 0) {
    process.stdout.write('skipped: a small file system cannot be mounted here\n')
    return
  }
  try {
    const [small, large] = [put(join(home, 'a.yaml'), 'a: 1\n'), put(join(home, 'b.yaml'), `b: ${'x'.repeat(20_000)}\n`)]
    const { written, failed } = rewrite([{ file: small, text: 'a: 2\n' }, { file: large, text: `c: ${'x'.repeat(60_000)}\n` }])
    assert.equal([written, failed[0]], [[], { path: 'b.yaml', why: 'the disk is full' }])
    assert.is(readFileSync(small.place, 'utf8'), 'a: 1\n')
    assert.equal(readdirSync(home), ['a.yaml', 'b.yaml'])
  } finally {
    spawnSync('umount', [home])
  }
})

test.run()
