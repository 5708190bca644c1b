import fc from 'fast-check'
import { dump } from 'js-yaml'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { gather } from '../../src/cluster/registries.ts'
import { clusters, type Options } from '../../src/clusters.ts'
import { migrate } from '../../src/migrate/migrate.ts'
import { parseVersion, type Version } from '../../src/openshift/version.ts'
import type { Sources } from '../../src/reading/sources.ts'
import { candidates } from '../../src/registries/candidate.ts'
import { readRegistries } from '../../src/registries/node.ts'
import { operate } from '../../src/registries/operator.ts'
import { plan } from '../../src/registries/plan.ts'
import { type Entry, type Style, style, written } from './style.ts'

const VERSIONS = ['4.14.9', '4.15', '4.16', '4.17', '4.18', '4.19', '4.20'].map((text) => parseVersion(text)!)
const DIGEST = `@sha256:${'0a'.repeat(32)}`

/** Few names, so that sources nest, lists share mirrors, contradict each other and have some twice. */
const location = fc.tuple(fc.constantFrom('a.io', 'a.io:5000', 'b.a.io', 'm.lab'), fc.constantFrom('', '/x', '/x/y', '/x/y/z', '/y')).map((parts) => parts.join(''))
const entry: fc.Arbitrary<Entry> = fc.record({ source: location, mirrors: fc.array(location, { minLength: 1, maxLength: 5 }) })
const set = fc.record({ entries: fc.array(entry, { minLength: 1, maxLength: 8 }), style })
const other = fc.record({ kind: fc.constantFrom('ImageDigestMirrorSet', 'ImageTagMirrorSet'), entries: fc.array(fc.record({ source: location, mirrors: fc.uniqueArray(location, { minLength: 1, maxLength: 3 }), policy: fc.constantFrom(undefined, 'AllowContactingSource', 'NeverContactSource') }), { minLength: 1, maxLength: 3 }) })
const image = fc.option(fc.record({ insecureRegistries: fc.array(location, { maxLength: 2 }), blockedRegistries: fc.array(location, { maxLength: 2 }) }), { nil: undefined })
const repository = fc.record({
  sets: fc.array(set, { minLength: 1, maxLength: 4 }), others: fc.array(other, { maxLength: 2 }), image, crlf: fc.boolean(), cut: fc.boolean(), together: fc.boolean(),
  references: fc.array(fc.tuple(location, fc.constantFrom('', '/app', '/x/app'), fc.constantFrom('', ':v1', DIGEST)).map((parts) => parts.join('')), { minLength: 1, maxLength: 4 }),
  version: fc.constantFrom(...VERSIONS),
})
type Repository = typeof repository extends fc.Arbitrary<infer T> ? T : never

/** The texts of its files, by place, as they are, or as somebody would have converted them by hand. */
function texts({ sets, others, image: lists, crlf, cut, together }: Repository, isNew: boolean): Map<string, string> {
  const own = sets.map(({ entries, style: how }, index) => written(`set-${index}`, entries, how, isNew))
  const rest = others.map(({ kind, entries }, index) => dump({
    apiVersion: 'config.openshift.io/v1', kind, metadata: { name: `other-${index}` },
    spec: { [kind === 'ImageTagMirrorSet' ? 'imageTagMirrors' : 'imageDigestMirrors']: entries.map(({ source, mirrors, policy }) => ({ source, mirrors, ...(policy ? { mirrorSourcePolicy: policy } : {}) })) },
  }))
  const config = lists ? [dump({ apiVersion: 'config.openshift.io/v1', kind: 'Image', metadata: { name: 'cluster' }, spec: { registrySources: lists } })] : []
  const secret = '# not to be touched\napiVersion: v1\nkind: Secret\nmetadata: {name: "x"}\nstringData: {a: |\n  \tImageContentSourcePolicy }\n' // no YAML
  const all = [...rest.slice(0, 1), ...own, secret, ...rest.slice(1), ...config]
  const finished = (text: string) => (cut ? text.replace(/\n$/, '') : text).replaceAll('\n', crlf ? '\r\n' : '\n')
  return new Map(together ? [['/r/all.yaml', finished(all.join('---\n'))]] : all.map((text, index) => [`/r/${index}.yaml`, finished(text)]))
}

const sourcesOf = (files: ReadonlyMap<string, string>): Sources => ({ files: [...files].map(([place, text]) => ({ path: place.slice(3), place, text, named: false })), passed: new Set(), open: () => undefined, gunzip: (packed) => packed })
const optionsOf = (version: Version): Options => ({ clusters: [], name: 'it', version })

async function migrated(files: ReadonlyMap<string, string>, version: Version) {
  const migration = migrate(sourcesOf(files), optionsOf(version), { from413: false }, (changed) => sourcesOf(new Map([...files].map(([place, text]) => [place, changed.get(place) ?? text]))))
  return { migration, files: new Map([...files, ...migration.files.map(({ file, text }) => [file.place, text] as const)]) }
}

/** How nodes pull images; where the operator refuses the objects, its words. `once` is for lists without what stands twice in them. */
function plans(files: ReadonlyMap<string, string>, version: Version, references: readonly string[], once: boolean): string {
  const { configuration } = gather(clusters(sourcesOf(files), optionsOf(version)).groups.flatMap(({ members }) => members), version)
  const rules = configuration.rules.map((rule) => ({ ...rule, mirrors: once ? [...new Set(rule.mirrors)] : rule.mirrors }))
  const outcome = operate({ ...configuration, rules }, version)
  if (outcome.refused !== undefined) return outcome.refused
  const node = readRegistries(outcome.registries, outcome.search, version)
  return JSON.stringify(references.map((one) => {
    const found = candidates(one, node)
    return 'error' in found ? found : found.map(({ reference }) => plan(reference, node))
  }))
}

test('what becomes of a repository is what somebody would have written by hand, to the byte', async () => {
  let bytes = 0
  await fc.assert(fc.asyncProperty(repository, async (one) => {
    const { migration, files } = await migrated(texts(one, false), one.version)
    assert.equal(migration.stuck, [])
    assert.equal(Object.fromEntries(files), Object.fromEntries(texts(one, true)))
    bytes += [...files.values()].join('').length
  }), { numRuns: 400 })
  assert.ok(bytes > 100_000)
})

test('images are pulled as before on every version, and a second time nothing is left', async () => {
  let followed = 0
  await fc.assert(fc.asyncProperty(repository, async (one) => {
    const before = texts(one, false)
    const { files: after } = await migrated(before, one.version)
    for (const version of VERSIONS) {
      const now = plans(after, version, one.references, false)
      assert.is(now, plans(before, version, one.references, true), version.text)
      if (now.includes('attempts')) followed++
    }
    const again = await migrated(after, one.version)
    assert.equal([again.migration.moves, again.migration.files], [[], []])
  }), { numRuns: 200 })
  assert.ok(followed > 500, `${followed} of 1400 clusters were followed`)
})

test('what is reported of a cluster agrees with its files: nothing differs, but where mirrors stood twice', async () => {
  await fc.assert(fc.asyncProperty(repository, async (one) => {
    const { migration: { moves, proofs } } = await migrated(texts(one, false), one.version)
    const twice = one.sets.some(({ entries }) => entries.some(({ mirrors }) => new Set(mirrors).size < mirrors.length))
    assert.is(moves.some(({ dropped }) => dropped.length > 0), twice)
    for (const { files, routes, meant } of proofs) assert.ok(meant && (twice || (files.length === 0 && routes.length === 0)))
  }), { numRuns: 200 })
})

/** Shown in what is written here, so that a style that nothing is made of is noticed. */
test('the styles are those that they are said to be', () => {
  const how: Style = { quote: '"', flow: 'none', dash: 2, sourceFirst: false, kindLast: true, comments: true, anchors: true, served: true, json: false }
  const entries = [{ source: 'a.io/x', mirrors: ['m.lab', 'm.lab'] }, { source: 'a.io/y', mirrors: ['m.lab', 'm.lab'] }]
  assert.is(written('x', entries, how, false), `# ImageContentSourcePolicy of x
metadata:
  name: "x"
  uid: x # of the server
  managedFields:
  - manager: kubectl
    operation: Apply
spec:
  "repositoryDigestMirrors": # mirrors
  # entry 0
  - mirrors: &m0
    - "m.lab" # behind 0
    # above 1
    - "m.lab" # behind 1
    source: "a.io/x"
  # entry 1
  - mirrors: *m0
    source: "a.io/y"
status: {}
apiVersion: "operator.openshift.io/v1alpha1" # group
kind:   "ImageContentSourcePolicy"
`)
})

test.run()
