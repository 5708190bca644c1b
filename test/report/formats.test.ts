import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Ajv } from 'ajv'
import draft04 from 'ajv-draft-04'
import fg from 'fast-glob'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Candidate } from '../../src/cluster/candidate.ts'
import { type Group, guessedGroups } from '../../src/cluster/group.ts'
import { mirrorSet } from '../../src/cluster/mirrors.ts'
import { parse } from '../../src/manifests/parse.ts'
import type { Resource } from '../../src/manifests/resource.ts'
import { unwrap } from '../../src/manifests/unwrap.ts'
import { isMirrorKind, type MirrorKind } from '../../src/openshift/kinds.ts'
import { facts } from '../../src/policy/input.ts'
import { Places } from '../../src/policy/places.ts'
import { RULES } from '../../src/policy/rules.generated.ts'
import { folder, mirrorproof, ROOT } from '../command.ts'
import { validator } from '../schema.ts'

const require = createRequire(import.meta.url)
const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as object
/** Every case of every rule is a repository to try a format on. */
const cases = fg.sync('test/rules/*/*', { cwd: ROOT, onlyDirectories: true }).sort().filter((_, index) => index % 4 === 0)

test('json :: holds against its published schema', () => {
  const valid = validator(read(join(ROOT, 'schema/check.schema.json')))
  for (const path of cases) valid(JSON.parse(mirrorproof(['check', '--format', 'json'], { cwd: join(ROOT, path) }).stdout), path)
})

interface Sarif {
  runs: [{
    tool: { driver: { rules: { id: string; help: { text: string; markdown: string } }[] } }
    results: { ruleId: string; ruleIndex: number; level: string; partialFingerprints: Record<string, string>; relatedLocations: unknown[]; locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }[]
    invocations: [{ toolExecutionNotifications: { message: { text: string } }[] }]
  }]
}

test('sarif :: holds against the official schema', () => {
  const valid = validator(read(require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json')), draft04.default as unknown as typeof Ajv)
  for (const path of cases) valid(JSON.parse(mirrorproof(['check', '--format', 'sarif'], { cwd: join(ROOT, path) }).stdout), path)
})

test('sarif :: names rules, related places and fingerprints; nothing found is an empty list', () => {
  const run = (path: string) => (JSON.parse(mirrorproof(['check', '--format', 'sarif', '--openshift', '4.16'], { cwd: join(ROOT, 'test/rules', path) }).stdout) as Sarif).runs[0]
  const found = run('ambiguous-namespace/example')
  const [result] = found.results
  assert.is(found.tool.driver.rules[result!.ruleIndex]!.id, 'ambiguous-namespace')
  assert.match(result!.partialFingerprints['mirrorproof/v1']!, /^[0-9a-f]{16}$/)
  assert.is(result!.relatedLocations.length, 2)
  assert.is(result!.level, 'error')
  for (const { help } of found.tool.driver.rules) assert.ok(help.text && help.markdown)
  assert.is(found.tool.driver.rules.length, RULES.length)
  assert.equal(run('ambiguous-namespace/near-miss-oc-mirror-output').results, [])
  assert.match(run('unreadable-manifest/near-miss-a-template').invocations[0].toolExecutionNotifications[0]!.message.text, 'template')
})

test('sarif :: file names are URIs', () => {
  const cwd = folder({ 'a b/#1%.yaml': 'apiVersion: config.openshift.io/v1\nkind: ImageTagMirrorSet\nmetadata: {name: a}\nspec: []\n' })
  const { runs: [{ results }] } = JSON.parse(mirrorproof(['check', '--format', 'sarif'], { cwd }).stdout) as Sarif
  assert.is(results[0]!.locations[0]!.physicalLocation.artifactLocation.uri, 'a%20b/%231%25.yaml')
})

test('facts :: hold against their published schema, which is made from their type', () => {
  const valid = validator(read(join(ROOT, 'schema/facts.schema.json')))
  for (const path of fg.sync('test/rules/*/*/*.yaml', { cwd: ROOT })) {
    const { documents } = parse({ path, place: path, text: readFileSync(join(ROOT, path), 'utf8'), named: true }, () => true)
    const broken = documents.filter((document) => document.problem).map((document): Candidate => ({ file: path, place: path, type: 'document', document }))
    const sets = documents.flatMap(unwrap).filter((resource): resource is Resource & { kind: MirrorKind } => isMirrorKind(resource.kind))
      .flatMap((resource): Candidate[] => [{ file: path, place: path, type: 'set', set: mirrorSet(resource) }, { file: path, place: path, type: 'misplaced', resource }])
    const [group] = guessedGroups([...broken, ...sets], 'all') as [Group<Candidate>?]
    if (group) valid(JSON.parse(JSON.stringify(facts(group, new Places(), ['a']))), path)
  }
})

test('fingerprints :: stay when lines move and entries are added, and differ between defects', () => {
  const entries = (...sources: string[]) => `apiVersion: config.openshift.io/v1\nkind: ImageTagMirrorSet\nmetadata: {name: a}\nspec:\n  imageTagMirrors:\n${sources.map((source) => `  - source: ${source}\n`).join('')}`
  const prints = (text: string) => {
    const { stdout } = mirrorproof(['check', '-', '--format', 'json'], { input: text })
    return (JSON.parse(stdout) as { findings: { rule: string; fingerprint: string }[] }).findings.filter(({ rule }) => rule === 'malformed-location').map(({ fingerprint }) => fingerprint)
  }
  const [a, b] = prints(entries('q.io/a/', 'q.io/b/'))
  assert.is.not(a, b)
  assert.equal(prints(`# moved\n${entries('q.io/0/', 'q.io/a/', 'q.io/b/')}`).slice(1), [a, b])
  assert.equal(prints(entries('q.io/a/', 'q.io/a/')), [a, `${a}-2`])
})

test.run()
