import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { gather } from '../../src/cluster/registries.ts'
import { clusters } from '../../src/clusters.ts'
import { entriesOf } from '../../src/migrate/forms/entry.ts'
import { type Form, FORMS, type Printed } from '../../src/migrate/forms/form.ts'
import { print } from '../../src/migrate/forms/print.ts'
import { proof } from '../../src/migrate/forms/proof.ts'
import { MIRROR_KINDS, type MirrorKind } from '../../src/openshift/kinds.ts'
import { parseVersion, type Version } from '../../src/openshift/version.ts'
import { operate } from '../../src/registries/operator.ts'

const location = fc.oneof(
  { weight: 20, arbitrary: fc.tuple(fc.constantFrom('a.io', 'a.io:5000', 'b.a.io', 'c.lab:8443'), fc.constantFrom('/x', '/x/y', '/y')).map((parts) => parts.join('')) },
  { weight: 3, arbitrary: fc.constantFrom('a.io', 'c.lab:8443') },
  { weight: 1, arbitrary: fc.constantFrom('*.a.io', '*.io') },
  { weight: 1, arbitrary: fc.constantFrom('a.io/x/', 'a.io/X', 'docker.io/x', 'x/y', 'https://a.io/x', 'A.io/x') },
)
const entry = fc.record({ source: location, mirrors: fc.array(location, { maxLength: 3 }), policy: fc.constantFrom(undefined, undefined, 'AllowContactingSource', 'NeverContactSource') })
const set = fc.record({ kind: fc.constantFrom(...(Object.keys(MIRROR_KINDS) as MirrorKind[])), entries: fc.array(entry, { maxLength: 3 }) })
const image = fc.option(fc.record({ insecureRegistries: fc.array(location, { maxLength: 2 }), blockedRegistries: fc.array(location, { maxLength: 1 }) }), { nil: undefined, freq: 2 })
const cluster = fc.record({ sets: fc.array(set, { minLength: 1, maxLength: 4 }), image })
const version = fc.constantFrom('4.9', '4.12.4', '4.13.5', '4.13.30', '4.14.9', '4.15', '4.16', '4.18.2', '4.21', undefined).map((text) => (text === undefined ? undefined : parseVersion(text)))
type Cluster = typeof cluster extends fc.Arbitrary<infer T> ? T : never

function manifests({ sets, image: lists }: Cluster): string[] {
  const objects = sets.map(({ kind, entries }, index) => {
    const { apiVersion, list } = MIRROR_KINDS[kind]
    const items = entries.map(({ source, mirrors, policy }) => ({ source, mirrors, ...(policy && kind !== 'ImageContentSourcePolicy' ? { mirrorSourcePolicy: policy } : {}) }))
    return { apiVersion, kind, metadata: { name: `set-${index}` }, spec: { [list]: items } }
  })
  const all = lists ? [...objects, { apiVersion: 'config.openshift.io/v1', kind: 'Image', metadata: { name: 'cluster' }, spec: { registrySources: lists } }] : objects
  return all.map((object) => `${JSON.stringify(object, null, 2)}\n`)
}

function read(text: string, at: Version | undefined) {
  const { groups } = clusters({ files: [{ path: 'a.yaml', place: '/a.yaml', text, named: true }], passed: new Set(), open: () => undefined, gunzip: (packed) => packed }, { clusters: [], name: 'printed' })
  const gathered = gather(groups.flatMap(({ members }) => members), at)
  return { ...gathered, outcome: operate(gathered.configuration, at), entries: entriesOf(gathered.sets) }
}

/** What is printed of a cluster; undefined where its operator refuses it, or there is nothing. */
function printed(text: string, form: Form, at: Version | undefined) {
  const { outcome, entries, configuration } = read(text, at)
  if (outcome.refused !== undefined || entries.length === 0) return undefined
  const one = print(form, { name: 'printed', version: at, entries, registries: outcome.registries, search: outcome.search })
  return { ...one, outcome, entries, configuration }
}

function usable(one: Printed | undefined): one is Printed {
  return one !== undefined && one.errors.length === 0 && one.text !== ''
}

for (const form of FORMS) {
  test(`${form} :: what nodes get of it is the same, but for what is said to be lost`, () => {
    let lossless = 0
    fc.assert(fc.property(cluster, version, (one, at) => {
      const found = printed(manifests(one).join('---\n'), form, at)
      if (!found || !usable(found)) return
      const scopes = proof(form, found.text, found.losses, found.configuration, found.outcome.registries, at)
      if (found.losses.length === 0) assert.equal(scopes, [])
      lossless += found.losses.length === 0 ? 1 : 0
    }), { numRuns: 1000 })
    assert.ok(lossless > 20, `${lossless} of 1000 clusters were carried in full`)
  })

  test(`${form} :: no source, no policy and no mirror for tags is lost in silence`, () => {
    fc.assert(fc.property(cluster, version, (one, at) => {
      const found = printed(manifests(one).join('---\n'), form, at)
      if (!found || found.errors.length > 0) return
      for (const { source, pull, policy } of found.entries) {
        const said = found.losses.filter((loss) => loss.source === source).map(({ message }) => message)
        const carried = form === 'idms' || form === 'registries-conf'
        if (!found.text.includes(source)) assert.ok(said.length > 0, source)
        if (pull === 'tag' && !carried) assert.ok(said.some((message) => /pulls by tag|without one/.test(message)), `tags of ${source}`)
        if (policy === 'NeverContactSource' && !carried && !found.text.includes('sourcePolicy: NeverContactSource')) assert.ok(said.length > 0, `policy of ${source}`)
      }
    }), { numRuns: 500 })
  })
}

for (const form of ['icsp', 'idms'] as const) {
  test(`${form} :: the order of manifests is of no account, and what is printed is printed again as it is`, () => {
    fc.assert(fc.property(cluster, version, fc.nat(), (one, at, turn) => {
      const texts = manifests(one)
      const found = printed(texts.join('---\n'), form, at)
      const cut = turn % texts.length
      const turned = printed([...texts.slice(cut), ...texts.slice(0, cut)].join('---\n'), form, at)
      assert.is(turned?.text, found?.text)
      if (!found || !usable(found)) return
      const refused = 'refused' in proof(form, found.text, found.losses, found.configuration, found.outcome.registries, at) // what is lost was all that kept the operator from it; then nothing is printed
      if (!refused) assert.is(printed(`${found.text}---\n${texts.at(-1)!.includes('"Image"') ? texts.at(-1) : ''}`, form, at)?.text, found.text)
    }), { numRuns: 500 })
  })
}

test.run()
