import { cpSync, existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import fg from 'fast-glob'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { check, type Report } from '../../src/check.ts'
import { optionsOf } from '../../src/commands/options.ts'
import { compare, type Comparison } from '../../src/compare.ts'
import { isRelevant } from '../../src/openshift/kinds.ts'
import { engine } from '../../src/policy/engine.ts'
import { bare } from '../../src/policy/match.ts'
import { RULES } from '../../src/policy/rules.generated.ts'
import type { DiffReport } from '../../src/report/diff.ts'
import { readPaths, type Sources } from '../../src/sources/paths.ts'
import { readSides, sidesOf } from '../../src/sources/sides.ts'
import { ROOT } from '../command.ts'
import { commit, diff, type Files, git, put, repository } from '../repository.ts'

const ENGINES = [engine(new Uint8Array(readFileSync(join(ROOT, 'policies/policy.wasm'))), RULES)]

/** Every case of every rule, in a few folders of a repository, now here and now there. Where something is waived, a step back is not a step forth the other way round. */
const CASES = fg.sync('test/rules/*/*', { cwd: ROOT, onlyDirectories: true }).filter((path) => !path.includes('waiver')).sort()
const FOLDERS = ['a', 'b', 'clusters/berlin', 'clusters/paris', 'a/deeper', '.x']

function filesOf(path: string): Files {
  return Object.fromEntries(fg.sync('**', { cwd: join(ROOT, path), dot: true, ignore: ['**/*.txt'] }).map((file) => [file, new Uint8Array(readFileSync(join(ROOT, path, file)))]))
}

const state = fc.uniqueArray(fc.tuple(fc.constantFrom(...FOLDERS), fc.constantFrom(...CASES)), { selector: ([folder]) => folder, maxLength: 4 })
  .map((chosen): Files => Object.fromEntries([['README', ''] as const, ...chosen.flatMap(([folder, path]) => Object.entries(filesOf(path)).map(([file, content]) => [`${folder}/${file}`, content] as const))]))

function judged(sources: Sources, root: string): Report {
  const report = check(sources, sources.looked, { ...optionsOf([root], { color: false, colorFiles: false }), whole: false }, ENGINES)
  report.skipped.unshift(...sources.skipped)
  return report
}

async function sides(root: string, base: string, head?: string): Promise<{ before: Report; after: Report; change: Comparison }> {
  const sources = await readSides([root], isRelevant, sidesOf([root], base, head))
  const [before, after] = [judged(sources.before, root), judged(sources.after, root)]
  return { before, after, change: compare(before, after) }
}

/** Findings with their places. */
const placed = ({ findings }: Report) => findings.map(({ rule, level, site, fingerprint }) => `${site.file}:${site.line}:${site.column} ${level} ${rule} ${fingerprint}`)
const names = (all: readonly { rule: string; fingerprint: string }[]) => all.map((one) => `${one.rule} ${bare(one)}`).sort()

function empty({ findings, routes, clusters }: Comparison, what: string): void {
  assert.equal([findings.new, findings.gone, routes], [[], [], []], what)
  assert.equal(clusters.filter(({ effect, upgrade, files }) => effect !== 'none' || upgrade || files.length > 0), [], what)
}

test('sides :: a revision is judged as its files are when they are checked out', async () => {
  await fc.assert(fc.asyncProperty(state, state, async (one, other) => {
    const root = repository([one, other])
    const here = judged(await readPaths([root], isRelevant), root)
    const [forth, back, half] = [await sides(root, 'HEAD~1', 'HEAD'), await sides(root, 'HEAD', 'HEAD~1'), await sides(root, 'HEAD~1')]
    for (const [what, report] of Object.entries({ forth: forth.after, back: back.before, half: half.after })) {
      assert.equal(placed(report), placed(here), what)
      assert.equal(report.skipped, here.skipped, what)
    }
    for (const before of [forth.before, half.before]) assert.equal(placed(before), placed(back.after))
    assert.equal(half.change.findings, forth.change.findings)
    empty((await sides(root, 'HEAD', 'HEAD')).change, 'twice the same revision')
    empty((await sides(root, 'HEAD')).change, 'what is checked out')
    const [fresh, was] = [forth.change.findings.new.filter((finding) => finding.was === null), back.change.findings.new.filter((finding) => finding.was === null)]
    assert.equal([names(fresh), names(forth.change.findings.gone)], [names(back.change.findings.gone), names(was)], 'a step back is a step forth the other way round')
    assert.equal(forth.change.routes.map(({ image }) => image).sort(), back.change.routes.map(({ image }) => image).sort())
  }), { numRuns: 25 })
})

test('sides :: what is committed makes no difference to what is here', async () => {
  await fc.assert(fc.asyncProperty(state, state, async (one, other) => {
    const root = repository([one])
    put(root, { ...Object.fromEntries(Object.keys(one).map((path) => [path, undefined])), ...other })
    const here = await sides(root, 'HEAD')
    commit(root)
    const there = await sides(root, 'HEAD~1', 'HEAD')
    assert.equal(placed(here.after), placed(there.after))
    assert.equal([here.change.findings, here.change.routes], [there.change.findings, there.change.routes])
  }), { numRuns: 10 })
})

const CORPUS = join(ROOT, '../shared/corpus')
if (existsSync(CORPUS)) {
  test('sides :: real repositories are as they were committed, and quickly so', () => {
    const root = mkdtempSync(join(tmpdir(), 'mirrorproof-'))
    cpSync(CORPUS, root, { recursive: true })
    git(root, ['init', '--quiet'])
    commit(root)
    for (const head of [[], ['--head', 'HEAD']]) {
      for (const path of ['.', ...fg.sync('*', { cwd: root, onlyDirectories: true }).sort()]) {
        const start = Date.now()
        const { stdout, code, stderr } = diff(root, [path, '--base', 'HEAD', '--openshift', '4.16', '--disconnected', '--fail-on', 'info', '--format', 'json', ...head])
        const { findings, routes, clusters } = JSON.parse(stdout) as DiffReport
        assert.equal([code, stderr, findings.new, findings.gone, routes], [0, '', [], [], []], path)
        assert.equal(clusters.filter(({ effect }) => effect !== 'none'), [], path)
        assert.ok(Date.now() - start < 30_000, `${path}: ${Date.now() - start} ms`)
      }
    }
  })
} else {
  test.skip('sides :: skipped, ../shared/corpus is not there')
  console.log('skipped: real repositories compared with themselves, for ../shared/corpus is not there')
}

test.run()
