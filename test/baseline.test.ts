import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LEVELS } from '../src/policy/engine.ts'
import { bare, match, type Matchable } from '../src/policy/match.ts'
import type { CheckReport } from '../src/report/json.ts'
import { folder, mirrorproof } from './command.ts'

/** A deprecated-icsp, and a source-without-mirror for each of the names. */
const icsp = (name: string, ...sources: string[]) =>
  `apiVersion: operator.openshift.io/v1alpha1\nkind: ImageContentSourcePolicy\nmetadata: {name: ${name}}\nspec:\n  repositoryDigestMirrors:\n  - {source: quay.io/${name}, mirrors: [mirror.example.net/${name}]}\n${sources.map((source) => `  - source: registry.redhat.io/${source}\n`).join('')}`
const FILES = { 'a.yaml': icsp('a', 'one', 'two'), 'b/b.yaml': icsp('b') }

function run(cwd: string, ...args: string[]) {
  const { code, stdout, stderr } = mirrorproof(['check', '--format', 'json', '--openshift', '4.18', ...args], { cwd })
  assert.is(stderr, '')
  const { findings, waived, summary } = JSON.parse(stdout) as CheckReport
  const shown = (list: typeof findings) => list.map(({ file, rule, line }) => `${file}:${line} ${rule}`)
  return { code, found: shown(findings), waived: shown(waived), by: [...new Set(waived.map(({ waiver }) => waiver.by))], gone: summary.baselineGone }
}

/** A folder with these files, and the baseline of all that is found in them. */
function started(files: Record<string, string> = FILES, ...args: string[]) {
  const cwd = folder(files)
  return { cwd, first: run(cwd, '--write-baseline', 'base.json', ...args), text: readFileSync(join(cwd, 'base.json'), 'utf8') }
}

test('a baseline holds what is found, one finding a line, without lines, and nothing of it counts', () => {
  const { cwd, first, text } = started()
  const lines = ['a.yaml:2 deprecated-icsp', 'a.yaml:7 source-without-mirror', 'a.yaml:8 source-without-mirror', 'b/b.yaml:2 deprecated-icsp']
  assert.equal(first, { code: 0, found: [], waived: lines, by: ['baseline'], gone: 0 })
  assert.equal(run(cwd, '--baseline', 'base.json'), first)
  const [head, ...rest] = text.split('\n')
  assert.is(head, '{"kind":"mirrorproof-baseline","version":1,"findings":[')
  assert.equal(rest.slice(-2), [']}', ''])
  const entries = (JSON.parse(text) as { findings: Record<string, string>[] }).findings
  assert.equal(rest.slice(0, -2).map((line) => line.replace(/,$/, '')), entries.map((one) => JSON.stringify(one)))
  assert.equal(entries.map(({ fingerprint, ...one }) => ({ ...one, fingerprint: /^[0-9a-f]{16}$/.test(fingerprint!) }))[0], { rule: 'deprecated-icsp', level: 'error', object: 'ImageContentSourcePolicy/a', file: 'a.yaml', fingerprint: true })
  assert.is(readFileSync(join(cwd, 'base.json'), 'utf8'), text)
})

/** What is done to the files after the baseline was written, what then is found, and what of the baseline is gone. */
const CHANGES: [name: string, change: (cwd: string) => void, found: string[], gone: number][] = [
  ['lines move', (cwd) => writeFileSync(join(cwd, 'a.yaml'), `# a word\n\n${FILES['a.yaml']}`), [], 0],
  ['a file is renamed', (cwd) => renameSync(join(cwd, 'a.yaml'), join(cwd, 'c.yaml')), [], 0],
  ['a file is reformatted', (cwd) => writeFileSync(join(cwd, 'b/b.yaml'), FILES['b/b.yaml'].replace('{name: b}', '\n  name: "b"')), [], 0],
  ['a finding is new', (cwd) => writeFileSync(join(cwd, 'b/b.yaml'), icsp('b', 'three')), ['b/b.yaml:7 source-without-mirror'], 0],
  ['one is mended, and the same is new in another cluster, in an object that is called the same', (cwd) => {
    writeFileSync(join(cwd, 'a.yaml'), icsp('a', 'two'))
    mkdirSync(join(cwd, 'c'))
    writeFileSync(join(cwd, 'c/a.yaml'), icsp('a', 'one'))
  }, ['c/a.yaml:2 deprecated-icsp', 'c/a.yaml:7 source-without-mirror'], 1],
  ['one is mended', (cwd) => writeFileSync(join(cwd, 'a.yaml'), icsp('a', 'two')), [], 1],
  ['one is mended and another one new', (cwd) => writeFileSync(join(cwd, 'a.yaml'), icsp('a', 'two', 'three')), ['a.yaml:8 source-without-mirror'], 1],
  ['entries change places', (cwd) => writeFileSync(join(cwd, 'a.yaml'), icsp('a', 'two', 'one')), [], 0],
]
for (const [name, change, found, gone] of CHANGES) {
  test(`a baseline :: ${name}`, () => {
    const { cwd } = started()
    change(cwd)
    const result = run(cwd, '--baseline', 'base.json', '--fail-on', 'info')
    assert.equal([result.found, result.gone, result.code], [found, gone, found.length > 0 ? 1 : 0])
    const { stdout } = mirrorproof(['check', '--openshift', '4.18', '--baseline', 'base.json'], { cwd })
    assert.is(/\d+ of the baseline (?:is|are) gone \(--write-baseline\)/.exec(stdout)?.[0], gone > 0 ? '1 of the baseline is gone (--write-baseline)' : undefined)
  })
}

test('a baseline :: a part of the repository says nothing of what is gone', () => {
  const { cwd } = started({ ...FILES, '.git/HEAD': '' })
  assert.equal(run(cwd, 'b', '--baseline', 'base.json'), { code: 0, found: [], waived: ['b/b.yaml:2 deprecated-icsp'], by: ['baseline'], gone: undefined })
})

test('a baseline :: what has become worse counts', () => {
  const { cwd } = started({ ...FILES, '.mirrorproof.yaml': 'rules: {source-without-mirror: warning}\n' })
  writeFileSync(join(cwd, '.mirrorproof.yaml'), 'rules: {source-without-mirror: error, deprecated-icsp: info}\n')
  const { found, gone, code } = run(cwd, '--baseline', 'base.json')
  assert.equal([found, gone, code], [['a.yaml:7 source-without-mirror', 'a.yaml:8 source-without-mirror'], 0, 1])
})

test('a baseline :: of what is alike, as many do not count as there were', () => {
  const twin = (count: number) => Array.from({ length: count }, () => icsp('a')).join('---\n')
  const { cwd, first } = started({ 'a.yaml': twin(2) })
  assert.ok(first.waived.filter((one) => one.endsWith('deprecated-icsp')).length === 2)
  writeFileSync(join(cwd, 'a.yaml'), twin(3))
  assert.is(run(cwd, '--baseline', 'base.json').found.filter((one) => one.endsWith('deprecated-icsp')).length, 1)
})

test('a baseline :: what is waived otherwise is not in it, nor what is wrong with waivers', () => {
  const { first, text, cwd } = started({ 'a.yaml': `# mirrorproof: ignore deprecated-icsp,no-such-rule\n${icsp('a', 'one')}` })
  assert.equal([first.by, first.found], [['comment', 'baseline'], ['a.yaml:1 waiver-unknown-rule']])
  assert.equal((JSON.parse(text) as { findings: { rule: string }[] }).findings.map(({ rule }) => rule), ['source-without-mirror'])
  assert.is(run(cwd, '--baseline', 'base.json').found.length, 1)
})

test('a baseline :: in the configuration, relative to it; a flag goes before it, and a new one is written where none is', () => {
  const cwd = folder({ ...FILES, 'ci/conf.yaml': 'baseline: ../ci/base.json\n' })
  const args = ['.', '--config', 'ci/conf.yaml']
  assert.is(run(cwd, ...args, '--write-baseline', 'ci/base.json').code, 0)
  assert.is(run(cwd, ...args).waived.length, 4)
  writeFileSync(join(cwd, 'empty.json'), '{"kind":"mirrorproof-baseline","version":1,"findings":[]}')
  assert.is(run(cwd, ...args, '--baseline', 'empty.json').found.length, 4)
  assert.is(mirrorproof(['clusters', ...args], { cwd: folder({ ...FILES, 'ci/conf.yaml': 'baseline: nowhere.json\n' }) }).code, 0, 'no other command needs it')
})

test('a baseline :: of nothing is an empty one', () => {
  const { text, first } = started({ 'a.yaml': 'kind: x\n' })
  assert.is(text, '{"kind":"mirrorproof-baseline","version":1,"findings":[]}\n')
  assert.is(first.code, 0)
})

const ENTRY = { rule: 'deprecated-icsp', level: 'error', object: null, file: 'a.yaml', fingerprint: '0123456789abcdef' }
const text = (...findings: unknown[]) => JSON.stringify({ kind: 'mirrorproof-baseline', version: 1, findings })
const WAY = '; mirrorproof check --write-baseline base.json writes a new one'
const REFUSED: [name: string, content: string | Uint8Array, message: string][] = [
  ['empty', '', `base.json is no JSON${WAY}`],
  ['a merge conflict', `<<<<<<< HEAD\n${text(ENTRY)}\n=======\n`, `base.json is no JSON${WAY}`],
  ['a list', '[]', `base.json is no baseline${WAY}`],
  ['a report', '{"version":1,"findings":[],"waived":[]}', `base.json is no baseline${WAY}`],
  ['null', 'null', `base.json is no baseline${WAY}`],
  ['of a later version', '{"kind":"mirrorproof-baseline","version":2,"findings":[]}', `base.json is a baseline of another version of mirrorproof${WAY}`],
  ['findings are none', '{"kind":"mirrorproof-baseline","version":1,"findings":{}}', `base.json is no baseline: it has no list of findings${WAY}`],
  ['a finding is none', text(ENTRY, null), `base.json is no baseline: finding 2 of 2 lacks a rule, a level, a file or a fingerprint${WAY}`],
  ['a level is none', text({ ...ENTRY, level: 'constructor' }), `base.json is no baseline: finding 1 of 1 lacks a rule, a level, a file or a fingerprint${WAY}`],
  ['a fingerprint is none', text({ ...ENTRY, fingerprint: '__proto__' }), `base.json is no baseline: finding 1 of 1 lacks a rule, a level, a file or a fingerprint${WAY}`],
  ['not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), 'the baseline base.json is not UTF-8'],
]
for (const [name, content, message] of REFUSED) {
  test(`a baseline :: refused: ${name}`, () => {
    const { code, stdout, stderr } = mirrorproof(['check', '--baseline', 'base.json'], { cwd: folder({ ...FILES, 'base.json': content }) })
    assert.equal([code, stdout, stderr], [2, '', `mirrorproof: ${message}\n`])
  })
}

const WRONG: [name: string, args: string[], code: number, message: string][] = [
  ['there is none', ['--baseline', 'nowhere.json'], 2, 'there is no baseline nowhere.json; mirrorproof check --write-baseline nowhere.json writes it'],
  ['it is a folder', ['--baseline', 'b'], 2, 'cannot read the baseline b (EISDIR)'],
  ['the configuration names one that is not there', ['--config', 'conf.yaml'], 2, 'conf.yaml:2: there is no baseline gone.json; mirrorproof check --write-baseline gone.json writes it'],
  ['both flags', ['--baseline', 'x.json', '--write-baseline', 'x.json'], 2, '--write-baseline writes a new baseline, so --baseline means nothing beside it'],
  ['it cannot be written', ['--write-baseline', 'b'], 3, 'cannot write the baseline b (EISDIR)'],
  ['its folder is not there', ['--write-baseline', 'no/where.json'], 3, 'cannot write the baseline no/where.json (ENOENT)'],
]
for (const [name, args, code, message] of WRONG) {
  test(`a baseline :: ${name}`, () => {
    const result = mirrorproof(['check', ...args], { cwd: folder({ ...FILES, 'conf.yaml': 'rules: {}\nbaseline: gone.json\n' }) })
    assert.equal([result.code, result.stdout, result.stderr], [code, '', `mirrorproof: ${message}\n`])
  })
}

test('a baseline :: a folder without permission', () => {
  if (process.getuid?.() !== 0) return console.log('skipped: only root can run the program as somebody else')
  const cwd = folder(FILES)
  for (const path of [cwd, join(cwd, 'b')]) chmodSync(path, 0o755)
  mkdirSync(join(cwd, 'shut'), { mode: 0o555 })
  const { code, stderr } = mirrorproof(['check', 'a.yaml', '--write-baseline', 'shut/x.json'], { cwd, uid: 65_534 })
  assert.equal([code, stderr], [3, 'mirrorproof: cannot write the baseline shut/x.json (EACCES)\n'])
})

test('a baseline :: keys of JavaScript, unknown ones and 5 MB do no harm', () => {
  const hostile = `{"__proto__":{"level":"info"},"constructor":1,"rule":"__proto__","level":"error","object":null,"file":"__proto__","fingerprint":"0123456789abcdef","note":"x"}`
  const many = Array.from({ length: 40_000 }, (_, index) => JSON.stringify({ ...ENTRY, fingerprint: index.toString(16).padStart(16, '0') })).join(',')
  const start = performance.now()
  const { found, gone } = run(folder({ ...FILES, 'base.json': `{"kind":"mirrorproof-baseline","version":1,"__proto__":{},"findings":[${hostile},${many}]}` }), '--baseline', 'base.json')
  assert.equal([found.length, gone], [4, 40_001])
  assert.ok(performance.now() - start < 10_000)
})

const one = fc.record<Matchable>({ fingerprint: fc.constantFrom('aaaa', 'aaaa-2', 'aaaa-3', 'bbbb', '__proto__'), level: fc.constantFrom(...LEVELS), file: fc.constantFrom('x', 'y', '__proto__') })

test('match :: every finding is in one place, pairs are of one fingerprint, and none is left on both sides', () => {
  fc.assert(fc.property(fc.array(one), fc.array(one), (before, after) => {
    const matched = match(before, after)
    const all = (list: readonly Matchable[]) => list.map((each) => JSON.stringify(each)).sort()
    assert.equal(all([...matched.pairs.map(([left]) => left), ...matched.before]), all(before))
    assert.equal(all([...matched.pairs.map(([, right]) => right), ...matched.after]), all(after))
    for (const [left, right] of matched.pairs) assert.is(bare(left), bare(right))
    const left = new Set(matched.before.map(bare))
    assert.not.ok(matched.after.some((each) => left.has(bare(each))))
  }))
})

test('match :: what has not changed is matched with itself, whatever its order', () => {
  fc.assert(fc.property(fc.array(one).chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))), ([before, after]) => {
    const { pairs, before: gone, after: fresh } = match(before, after)
    assert.equal([gone, fresh], [[], []])
    for (const [left, right] of pairs) assert.equal([left.file, left.level], [right.file, right.level])
  }))
})

const at = (file: string, level: Matchable['level'], fingerprint = 'aaaa'): Matchable => ({ file, level, fingerprint })
const MATCHES: [name: string, before: Matchable[], after: Matchable[], pairs: string[]][] = [
  ['the same file first', [at('x', 'error'), at('y', 'error')], [at('y', 'error')], ['y error → y error']],
  ['the same file, though the level differs', [at('x', 'error'), at('y', 'info')], [at('y', 'error')], ['y info → y error']],
  ['else the same level', [at('x', 'info'), at('y', 'error')], [at('z', 'error')], ['y error → z error']],
  ['what stands where it stood has not moved', [at('stays', 'error'), at('y', 'info')], [at('z', 'error')], ['y info → z error']],
  ['the number of what is alike does not matter', [at('x', 'error', 'aaaa-2')], [at('x', 'error')], ['x error → x error']],
  ['another fingerprint is another finding', [at('x', 'error', 'bbbb')], [at('x', 'error')], []],
]
for (const [name, before, after, pairs] of MATCHES) {
  test(`match :: ${name}`, () => {
    assert.equal(match(before, after, { before: ({ file }) => file === 'stays' }).pairs.map(([left, right]) => `${left.file} ${left.level} → ${right.file} ${right.level}`), pairs)
  })
}

test.run()
