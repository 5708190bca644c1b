import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { annotations, data, github, property } from '../../src/report/github.ts'
import { visible } from '../../src/report/line.ts'
import { commandsIn } from './readers.ts'
import { finding, HOSTILE, hostile, NO_MENDS, report, site, waived } from './report.ts'

test('github :: a finding is an annotation with its place, rule and fix', () => {
  assert.is(annotations([finding()], NO_MENDS), '::error file=a.yaml,line=6,endLine=6,col=13,endColumn=25,title=malformed-location::source `quay.io/org/` ends with a slash [malformed-location]%0Afix: Leave out the slash.\n')
})

test('github :: levels have the names of commands', () => {
  const names = (['error', 'warning', 'info'] as const).map((level) => commandsIn(annotations([finding({ level })], NO_MENDS))[0]!.name)
  assert.equal(names, ['error', 'warning', 'notice'])
})

test('github :: what spans several lines has no columns, and standard input no file', () => {
  const [several, stdin] = [{ ...site('a.yaml', 6), endLine: 8 }, site('stdin', 6)].map((place) => commandsIn(annotations([finding({ site: place })], NO_MENDS))[0]!.properties)
  assert.equal(several, { file: 'a.yaml', line: '6', endLine: '8', title: 'malformed-location' })
  assert.equal(stdin, { title: 'malformed-location' })
})

test('github :: changed files come first, then the worst, then by place', () => {
  const of = (file: string, line: number, level: 'error' | 'warning' | 'info') => finding({ site: site(file, line), level })
  const all = [of('a.yaml', 1, 'info'), of('a.yaml', 2, 'error'), of('b.yaml', 1, 'warning'), of('b.yaml', 2, 'error'), of('c.yaml', 1, 'error'), of('c.yaml', 2, 'info')]
  const order = (changed?: Set<string>) => commandsIn(annotations(all, NO_MENDS, changed && ((file) => changed.has(file)))).map(({ name, properties: { file, line } }) => `${name} ${file}:${line}`)
  assert.equal(order(), ['error a.yaml:2', 'error b.yaml:2', 'error c.yaml:1', 'warning b.yaml:1', 'notice a.yaml:1', 'notice c.yaml:2'])
  assert.equal(order(new Set(['c.yaml'])), ['error c.yaml:1', 'notice c.yaml:2', 'error a.yaml:2', 'error b.yaml:2', 'warning b.yaml:1', 'notice a.yaml:1'])
})

for (const [name, text] of Object.entries(HOSTILE)) {
  test(`github :: ${name} stays within its annotation`, () => {
    const commands = commandsIn(github(hostile(text)))
    assert.equal(commands.map((command) => command.name), ['error', 'error', 'warning'])
    assert.equal(Object.keys(commands[0]!.properties), ['file', 'line', 'endLine', 'col', 'endColumn', 'title'])
    assert.is(commands[0]!.properties['line'], '6')
  })

  test(`github :: ${name} comes out as it went in, but for what a log must not show`, () => {
    const shown = text.replace(/[^\r\n]+/g, visible).replace(/##(?=\[|vso\[)/g, '#\\u0023')
    const [command] = commandsIn(`::error file=${property(text)}::${data(text)}`)
    assert.is(command!.message, shown)
    assert.is(command!.properties['file'], shown)
  })
}

test('github :: what was not checked is one annotation, a warning where a rule failed', () => {
  const skipped = Array.from({ length: 7 }, (_, index) => ({ file: `t${index}.yaml`, line: 2, reason: 'template' as const, message: 'a template' }))
  const [notice, ...others] = commandsIn(github(report({ skipped })))
  assert.equal(others, [])
  assert.equal(notice, { name: 'notice', properties: { title: '7 not checked' }, message: 't0.yaml:2: a template\nt1.yaml:2: a template\nt2.yaml:2: a template\nt3.yaml:2: a template\nt4.yaml:2: a template\nand 2 more' })
  const [warning] = commandsIn(github(report({ skipped: [...skipped, { file: 'policies/a.rego', reason: 'rule', message: 'the rule a failed' }] })))
  assert.is(warning!.name, 'warning')
  assert.match(warning!.message, /^policies\/a\.rego: the rule a failed\n/)
})

test('github :: nothing found is a plain line, which counts what is waived', () => {
  assert.is(github(report()), 'no findings; 2 mirror sets in 1 cluster, of 3 files\n')
  assert.is(github(report({ waived: [waived(), waived()] })), 'no findings; 2 mirror sets in 1 cluster, of 3 files; 2 waived\n')
})

test.run()
