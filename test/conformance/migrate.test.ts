import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { loadAll } from 'js-yaml'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { folder, mirrorproof, ROOT } from '../command.ts'
import { type Entry, style, written } from '../migrate/style.ts'
import { buildOracle } from './oracle.ts'

/** What `migrate --write` makes of ICSPs, those of the corpus and random ones, is handed to the operator's own code beside what was there before: the same registries.conf, and images are pulled alike. */
const CORPUS = join(ROOT, '../shared/corpus')

interface Specs {
  icsp: { repositoryDigestMirrors?: Entry[] | null }[]
  idms: { imageDigestMirrors?: Entry[] | null }[]
}

const oracle = built()
if (typeof oracle === 'string') {
  if (existsSync(CORPUS)) corpus(oracle)
  else {
    test.skip('migrate :: the corpus :: skipped, ../shared/corpus is not there')
    console.log('skipped: the ICSPs of real repositories were not converted, for ../shared/corpus is not there')
  }
  random(oracle)
} else {
  test.skip('migrate :: skipped, the operator\'s own code cannot be built here')
  console.log(`skipped: what migrate makes of ICSPs was not held against the operator's own code, which cannot be built here (${oracle.why})`)
}

test.run()

/** The path of the oracle, or why there is none. */
function built(): string | { why: string } {
  if (spawnSync('go', ['version']).status !== 0) return { why: 'there is no Go' }
  try {
    return buildOracle()
  } catch {
    return { why: 'its modules are not here' }
  }
}

function corpus(program: string): void {
  for (const name of readdirSync(CORPUS, { withFileTypes: true }).filter((one) => one.isDirectory()).map((one) => one.name)) {
    test(`migrate :: the corpus :: ${name}`, () => {
      const copy = mkdtempSync(join(tmpdir(), 'mirrorproof-'))
      cpSync(join(CORPUS, name), copy, { recursive: true })
      spawnSync('chmod', ['-R', 'u+w', copy]) // it may be kept read-only
      const { stdout } = mirrorproof(['migrate', '--write', '--format', 'json', '--openshift', '4.18'], { cwd: copy })
      const changed = (JSON.parse(stdout) as { files: { file: string }[] }).files.map(({ file }) => file)
      const pairs = changed.map((path) => [specs(readFileSync(join(CORPUS, name, path), 'utf8')), specs(readFileSync(join(copy, path), 'utf8'))] as const)
      const all = (side: 0 | 1): Specs => ({ icsp: pairs.flatMap((pair) => pair[side].icsp), idms: pairs.flatMap((pair) => pair[side].idms) })
      for (const [before, after] of [...pairs, [all(0), all(1)] as const]) same(program, [before], [after])
      if (changed.length > 0) assert.ok(all(1).idms.length > all(0).idms.length && all(1).icsp.length < all(0).icsp.length)
    })
  }
}

function random(program: string): void {
  test('migrate :: random ICSPs', () => {
    const location = fc.tuple(fc.constantFrom('a.io', 'a.io:5000', 'b.a.io', 'm.lab'), fc.constantFrom('', '/x', '/x/y', '/y')).map((parts) => parts.join(''))
    const entries = fc.array(fc.record({ source: location, mirrors: fc.array(location, { minLength: 1, maxLength: 4 }) }), { minLength: 1, maxLength: 8 })
    const sample = fc.sample(fc.array(fc.tuple(entries, style), { minLength: 1, maxLength: 4 }), 400)
    const path = (cluster: number, set: number) => `c${cluster}/${set}.yaml`
    const clusters = sample.map((_, index) => `- {name: c${index}, version: "4.18", paths: [c${index}]}\n`).join('')
    const texts = Object.fromEntries(sample.flatMap((sets, cluster) => sets.map(([list, how], set) => [path(cluster, set), written(`set-${set}`, list, how, false)])))
    const cwd = folder({ ...texts, '.mirrorproof.yaml': `clusters:\n${clusters}` })
    const { code, stderr } = mirrorproof(['migrate', '--write', '--quiet'], { cwd })
    assert.is(code, 0, stderr)
    const joined = (read: (name: string) => string) => sample.map((sets, cluster) => {
      const each = sets.map((_, set) => specs(read(path(cluster, set))))
      return { icsp: each.flatMap(({ icsp }) => icsp), idms: each.flatMap(({ idms }) => idms) }
    })
    const after = joined((name) => readFileSync(join(cwd, name), 'utf8'))
    same(program, joined((name) => texts[name]!).map(once), after)
    assert.equal(after.flatMap(({ icsp }) => icsp), [])
  })
}

/** Without mirrors that stand twice in one list, which an IDMS cannot have. */
function once({ icsp, idms }: Specs): Specs {
  return { idms, icsp: icsp.map(({ repositoryDigestMirrors: list }) => ({ repositoryDigestMirrors: list!.map(({ source, mirrors }) => ({ source, mirrors: [...new Set(mirrors)] })) })) }
}

/** The specs of all mirror sets in a text, read with a parser of its own. */
function specs(text: string): Specs {
  const found = (loadAll(text) as { kind?: string; spec?: object; items?: unknown[] }[]).flatMap((one) => (one?.kind === 'List' ? one.items as typeof one[] : [one]))
  const of = (kind: string) => found.flatMap((one) => (one?.kind === kind ? [one.spec ?? {}] : []))
  return { icsp: of('ImageContentSourcePolicy'), idms: of('ImageDigestMirrorSet') } as Specs
}

function same(program: string, before: readonly Specs[], after: readonly Specs[]): void {
  const images = before.map(({ icsp, idms }) => [...icsp.flatMap(({ repositoryDigestMirrors: list }) => list ?? []), ...idms.flatMap(({ imageDigestMirrors: list }) => list ?? [])].slice(0, 20).map(({ source }) => `${source}/app@sha256:${'0a'.repeat(32)}`))
  const [old, made] = [before, after].map((all) => ask(program, all.map((one, index) => ({ ...one, images: images[index] }))))
  assert.equal(made, old)
}

function ask(program: string, cases: readonly object[]): string[] {
  const input = cases.map((one) => `${JSON.stringify({ itms: [], release: `else.where/release@sha256:${'0a'.repeat(32)}`, ...one })}\n`).join('')
  const { stdout, status, stderr } = spawnSync(program, { input, encoding: 'utf8', maxBuffer: 1 << 28 })
  assert.is(status, 0, stderr)
  return stdout.trimEnd().split('\n')
}
