import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { clusters } from '../../src/clusters.ts'
import { gather } from '../../src/cluster/registries.ts'
import { parseVersion, since } from '../../src/openshift/version.ts'
import { renderPolicy, rejection } from '../../src/registries/acceptance.ts'
import { registriesConf } from '../../src/registries/conf.ts'
import { disruption } from '../../src/registries/disruption.ts'
import { mergeRegistries, type MirrorRule } from '../../src/registries/merge.ts'
import { type NodeConfiguration, readConf, readRegistries } from '../../src/registries/node.ts'
import { type Applied, type ClusterConfiguration, operate } from '../../src/registries/operator.ts'
import { blocking } from '../../src/registries/payload.ts'
import { plan } from '../../src/registries/plan.ts'
import { parseReference, type Reference } from '../../src/registries/reference.ts'
import { refusal } from '../../src/registries/refusal.ts'
import { renderRegistriesConf } from '../../src/registries/render.ts'
import { parseToml } from '../../src/registries/toml.ts'

const D = `@sha256:${'0a'.repeat(32)}`
const reference = (text: string) => parseReference(text) as Reference
const read = (files: string[], version?: string): NodeConfiguration => {
  const [main, ...dropIns] = files.map((text, index) => ({ path: `${index}.conf`, read: () => registriesConf(parseToml(text).value, index > 0) }))
  return readConf(main!, dropIns, version === undefined ? undefined : parseVersion(version))
}
const attempts = (node: NodeConfiguration, image: string) => {
  const { attempts: tried, error } = plan(reference(image), node)
  return error ?? tried.map((one) => `${one.reference}${one.insecure ? ' insecure' : ''}${one.entry?.blocked ? ' blocked' : ''}`)
}
const table = (location: string, ...lines: string[]) => `[[registry]]\nlocation = "${location}"\n${lines.map((line) => `${line}\n`).join('')}`
const mirror = (location: string, ...lines: string[]) => `[[registry.mirror]]\nlocation = "${location}"\n${lines.map((line) => `${line}\n`).join('')}`

/** Files of a node, an image, and what is tried for it, or why no image can be pulled. */
const FILES: [why: string, files: string[], image: string, outcome: string[] | string][] = [
  ['the longest prefix decides alone', [table('a.io') + mirror('m.io') + table('a.io/x') + mirror('n.io')], 'a.io/x/y:1', ['n.io/y:1', 'a.io/x/y:1']],
  ['a prefix that is rewritten to another location', [table('b.io/lib', 'prefix = "a.io"')], 'a.io/y:1', ['b.io/lib/y:1']],
  ['of two tables with one prefix the first counts', [table('a.io') + mirror('m.io') + table('a.io') + mirror('n.io')], 'a.io/y:1', ['m.io/y:1', 'a.io/y:1']],
  ['of two files with one prefix the last counts, as a whole', [table('a.io', 'blocked = true') + mirror('m.io'), table('a.io')], 'a.io/y:1', ['a.io/y:1']],
  ['a host matches with every port', [table('a.io') + mirror('m.io')], 'a.io:5000/y:1', ['m.io:5000/y:1', 'a.io:5000/y:1']],
  ['and fails where the mirror has a path', [table('a.io') + mirror('m.io/p')], `a.io:5000/y${D}`, 'rewriting reference: invalid reference format'],
  ['of a wildcard and a host as long the wildcard wins', [table('x.a.io') + '[[registry]]\nprefix = "*.a.io"\n' + mirror('w.io')], 'x.a.io/y:1', ['w.io/y:1', 'x.a.io/y:1']],
  ['a wildcard does not match the bare domain', ['[[registry]]\nprefix = "*.a.io"\nblocked = true\n'], 'a.io/y:1', ['a.io/y:1']],
  ['upper case in a host is another host', [table('A.io', 'blocked = true')], 'a.io/y:1', ['a.io/y:1']],
  ['Docker Hub is normalised', [table('docker.io/nginx', 'blocked = true')], 'docker.io/nginx', ['docker.io/library/nginx:latest']],
  ['each kind of mirror', [table('a.io') + mirror('d.io', 'pull-from-mirror = "digest-only"') + mirror('t.io', 'pull-from-mirror = "tag-only"') + mirror('m.io', 'insecure = true')], 'a.io/y:1', ['t.io/y:1', 'm.io/y:1 insecure', 'a.io/y:1']],
  ['a whole table for digests', [table('a.io', 'mirror-by-digest-only = true') + mirror('m.io')], 'a.io/y:1', ['a.io/y:1']],
  ['a mirror that another table blocks; its own mirrors are not used', [table('a.io') + mirror('m.io') + table('m.io', 'blocked = true') + mirror('n.io')], 'a.io/y:1', ['m.io/y:1 blocked', 'a.io/y:1']],
  ['version 1', ['[registries.block]\nregistries = ["a.io"]\n[registries.insecure]\nregistries = ["a.io/x/"]\n'], 'a.io/x/y:1', ['a.io/x/y:1 insecure']],
  ['version 1 in a drop-in', ['', '[registries.block]\nregistries = ["a.io"]\n'], 'b.io/y', 'loading drop-in registries configuration "1.conf": registry must be in v2 format but is in v1'],
  ['two tables that contradict each other', [table('a.io') + table('a.io', 'insecure = true')], 'b.io/y', 'loading registries configuration "0.conf": registry \'a.io\' is defined multiple times with conflicting \'insecure\' setting'],
  ['both ways to say digest-only', [table('a.io', 'mirror-by-digest-only = true') + mirror('m.io', 'pull-from-mirror = "digest-only"')], 'b.io/y',
    'loading registries configuration "0.conf": cannot set mirror usage mirror-by-digest-only for the registry ("a.io") and pull-from-mirror for per-mirror ("m.io") at the same time'],
  ['pull-from-mirror on a registry', [table('a.io', 'pull-from-mirror = "all"')], 'b.io/y', 'loading registries configuration "0.conf": pull-from-mirror must not be set for a non-mirror registry "a.io"'],
  ['a value of the wrong type', ['registry = "a.io"'], 'b.io/y', 'loading registries configuration "0.conf": toml: `registry` is of type string where array is expected'],
]
for (const [why, files, image, outcome] of FILES) {
  test(`node :: ${why}`, () => {
    let node: NodeConfiguration
    try {
      node = read(files)
    } catch (error) {
      return assert.is((error as Error).message, outcome)
    }
    assert.equal(attempts(node, image), outcome)
  })
}

test('node :: a trailing slash of a mirror is trimmed from 4.20 on', () => {
  assert.is(attempts(read([table('a.io') + mirror('m.io/')], '4.19'), 'a.io/y:1'), 'rewriting reference: invalid reference format')
  assert.equal(attempts(read([table('a.io/') + mirror('m.io/')], '4.20'), 'a.io/y:1'), ['m.io/y:1', 'a.io/y:1'])
})

const location = fc.constantFrom('a.io', 'a.io/x', 'a.io/x/y', 'b.a.io', 'b.a.io:5000', 'b.a.io:5000/x', 'c.io/x', 'docker.io/library')
const rule = fc.record({
  kind: fc.constantFrom('ImageContentSourcePolicy', 'ImageDigestMirrorSet', 'ImageTagMirrorSet'), source: location, mirrors: fc.array(location, { maxLength: 3 }),
}) as fc.Arbitrary<MirrorRule>
const images = ['a.io/x/y/z:1', `a.io/x/y/z${D}`, 'b.a.io:5000/x/z', `b.a.io/z${D}`, `c.io/x${D}`, 'nginx'].map(reference)

test('node :: a file that we wrote reads back to the same plans, whatever the version', () => {
  fc.assert(fc.property(fc.array(rule, { maxLength: 6 }), fc.array(location, { maxLength: 2 }), fc.array(location, { maxLength: 2 }), fc.constantFrom('4.8', '4.12', '4.14.9', '4.18', '4.19', '4.20'), (rules, insecure, blocked, text) => {
    const version = parseVersion(text)
    const registries = mergeRegistries({ rules: since(version, 4, 13) ? rules : rules.filter((one) => one.kind === 'ImageContentSourcePolicy'), insecure, blocked })
    const written = renderRegistriesConf(registries, version)
    const strip = (node: NodeConfiguration) => images.map((image) => {
      const { entry, attempts: tried, error } = plan(image, node)
      return [entry?.prefix, tried.map((one) => [one.reference, one.insecure, one.entry?.prefix, one.entry?.blocked]), error]
    })
    assert.equal(strip(read([written], text)), strip(readRegistries(registries, undefined, version)))
    assert.is(renderRegistriesConf(registries, version), written)
  }))
})

test('operator :: neither the order of objects nor of files changes the outcome', () => {
  const rules = fc.uniqueArray(fc.tuple(fc.nat({ max: 9 }), rule, fc.constantFrom(undefined, 'NeverContactSource')), { maxLength: 6, selector: ([name]) => name })
  const shuffled = rules.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.array(fc.nat({ max: 2 }), { minLength: all.length, maxLength: all.length })))
  const lists = { ImageContentSourcePolicy: ['operator.openshift.io/v1alpha1', 'repositoryDigestMirrors'], ImageDigestMirrorSet: ['config.openshift.io/v1', 'imageDigestMirrors'], ImageTagMirrorSet: ['config.openshift.io/v1', 'imageTagMirrors'] } as const
  const manifest = ([name, { kind, source, mirrors }, policy]: readonly [number, MirrorRule, string | undefined]) =>
    JSON.stringify({ apiVersion: lists[kind][0], kind, metadata: { name: `n-${name}` }, spec: { [lists[kind][1]]: [{ source, mirrors, ...(policy && kind !== 'ImageContentSourcePolicy' ? { mirrorSourcePolicy: policy } : {}) }] } })
  const outcome = (texts: string[]) => {
    const files = texts.map((text, index) => ({ path: `${index}.yaml`, place: `/${index}.yaml`, text, named: true }))
    const { groups } = clusters({ files, passed: new Set(), open: () => undefined, gunzip: (packed) => packed }, { clusters: [], name: 'all' })
    return groups.map((group) => operate(gather(group.members, undefined).configuration, parseVersion('4.18')))
  }
  fc.assert(fc.property(shuffled, ([all, other, homes]) => {
    const spread = [0, 1, 2].map((home) => other.filter((_, index) => homes[index] === home).map(manifest).join('\n---\n')).filter((text) => text !== '')
    assert.equal(outcome(spread), outcome(all.length > 0 ? [all.map(manifest).join('\n---\n')] : []))
  }))
})

const idms = (source: string, ...mirrors: string[]): MirrorRule => ({ kind: 'ImageDigestMirrorSet', source, mirrors })
const itms = (source: string, ...mirrors: string[]): MirrorRule => ({ kind: 'ImageTagMirrorSet', source, mirrors })
const RELEASE = reference(`quay.io/ocp/release${D}`)
/** Rules, blockedRegistries, version; then what is blocked, rejected, allowed and passed over. */
const PAYLOAD: [why: string, rules: MirrorRule[], blocked: string[], version: string, outcome: [string[], string[], string[], string[]]][] = [
  ['no mirror of the release: it is not blocked, what else is listed is', [], ['quay.io', 'b.io'], '4.18', [['b.io'], ['b.io'], [], ['quay.io']]],
  ['a digest mirror: it is blocked, and its repository allowed', [idms('quay.io/ocp', 'm.io')], ['quay.io'], '4.18', [['quay.io'], ['quay.io'], ['quay.io/ocp/release'], []]],
  ['the repository itself', [idms('quay.io/ocp', 'm.io')], ['quay.io/ocp/release'], '4.18', [['quay.io/ocp/release'], [], ['quay.io/ocp/release'], []]],
  ['not before 4.11', [idms('quay.io/ocp', 'm.io')], ['quay.io'], '4.10', [[], [], [], ['quay.io']]],
  ['a mirror for tags does not count', [itms('quay.io/ocp', 'm.io')], ['quay.io'], '4.18', [[], [], [], ['quay.io']]],
  ['nor does a mirror that is blocked too', [idms('quay.io/ocp', 'm.io')], ['quay.io', 'm.io'], '4.18', [['m.io'], ['m.io'], [], ['quay.io']]],
]
for (const [why, rules, blocked, version, outcome] of PAYLOAD) {
  test(`payload :: ${why}`, () => {
    const result = blocking({ rules, insecure: [], blocked }, [], RELEASE, parseVersion(version))
    assert.equal([result.blocked, result.rejected, result.allowed, result.ignored], outcome)
  })
}

test('policy.json :: an image is judged by its own name', () => {
  const rejected = (image: string, acceptance: { rejected?: string[]; allowed?: string[] }) => rejection(reference(image), { rejected: [], allowed: [], ...acceptance })?.scope ?? null
  assert.is(rejection(reference('a.io/x:1'), { rejected: [], allowed: [] }), undefined)
  assert.is(rejected('a.io/x/y:1', { rejected: ['a.io/x'] }), 'a.io/x')
  assert.is(rejected('a.io:5000/x', { rejected: ['a.io'] }), null)
  assert.is(rejected('a.io:5000/x', { rejected: ['*.io'] }), '*.io')
  assert.is(rejection(reference('b.io/x'), { rejected: [], allowed: ['a.io'] })!.error, 'Source image rejected: Running image docker://b.io/x:latest is rejected by policy.')
  assert.is(rejection(reference('nginx'), { rejected: ['docker.io'], allowed: [] })!.error, 'Source image rejected: Running image docker://nginx:latest is rejected by policy.')
  assert.is(rejected('a.io/x/y:1', { rejected: ['a.io'], allowed: ['a.io/x'] }), null)
  assert.equal(Object.keys((JSON.parse(renderPolicy({ rejected: [], allowed: ['a.io/x/y/z', 'a.io'] })) as { transports: { atomic: object } }).transports.atomic), ['a.io'])
})

test('refusal :: allowed and blocked registries exclude each other', () => {
  const lists = { objects: 0, rules: [], release: RELEASE, allowed: ['a.io'], blocked: ['b.io'] }
  assert.is(operate(lists, undefined).refused, 'invalid images config: only one of AllowedRegistries or BlockedRegistries may be specified')
  assert.is(operate({ ...lists, blocked: [], allowed: ['a.io*'] }, undefined).refused, 'invalid entry for allowed registries "a.io*"')
  assert.is(refusal({ rules: [], insecure: ['*'], blocked: [] }, parseVersion('4.8')), null)
})

/** What a cluster is changed from and to, and what that does to its nodes. */
const CHANGES: [why: string, before: Partial<ClusterConfiguration>, after: Partial<ClusterConfiguration>, version: string, effect: string, reason: RegExp][] = [
  ['nothing', { rules: [idms('a.io', 'm.io')] }, { rules: [idms('a.io', 'm.io')] }, '4.18', 'none', /no file changes/],
  ['a new source with mirrors for digests', {}, { rules: [idms('a.io', 'm.io')] }, '4.18', 'reload', /registries\.conf/],
  ['the same, before smart drains', {}, { rules: [idms('a.io', 'm.io')] }, '4.7', 'drain', /registries\.conf changes/],
  ['the same, before reloads', {}, { rules: [idms('a.io', 'm.io')] }, '4.6', 'reboot', /registries\.conf changes/],
  ['the same, digest-only as a whole', { rules: [idms('b.io', 'm.io')] }, { rules: [idms('b.io', 'm.io'), idms('a.io', 'm.io')] }, '4.12', 'reload', /registries\.conf/],
  ['mirrors of a registry that had none, digest-only as a whole', { insecure: ['a.io'] }, { insecure: ['a.io'], rules: [idms('a.io', 'm.io')] }, '4.12', 'drain', /`a\.io` becomes one for digests only/],
  ['mirrors of a registry that had none', { insecure: ['a.io'] }, { insecure: ['a.io'], rules: [idms('a.io', 'm.io')] }, '4.18', 'reload', /registries\.conf/],
  ['a new source with mirrors for tags', {}, { rules: [itms('a.io', 'm.io')] }, '4.18', 'drain', /`a\.io` is new and has a mirror for tags, `m\.io`/],
  ['a mirror is added', { rules: [idms('a.io', 'm.io')] }, { rules: [idms('a.io', 'n.io', 'm.io')] }, '4.18', 'reload', /registries\.conf/],
  ['a mirror is taken away', { rules: [idms('a.io', 'm.io', 'n.io')] }, { rules: [idms('a.io', 'm.io')] }, '4.18', 'drain', /`a\.io` loses its mirror `n\.io`/],
  ['a source is taken away', { rules: [idms('a.io', 'm.io')] }, {}, '4.18', 'drain', /`a\.io` is no longer there/],
  ['tags too', { rules: [idms('a.io', 'm.io')] }, { rules: [idms('a.io', 'm.io'), itms('a.io', 'm.io')] }, '4.18', 'drain', /`a\.io` gets a mirror for tags, `m\.io`/],
  ['NeverContactSource', { rules: [idms('a.io', 'm.io')] }, { rules: [{ ...idms('a.io', 'm.io'), policy: 'NeverContactSource' }] }, '4.18', 'drain', /`a\.io` becomes blocked/],
  ['NeverContactSource on a new source', {}, { rules: [{ ...idms('a.io', 'm.io'), policy: 'NeverContactSource' }] }, '4.18', 'reload', /registries\.conf/],
  ['an insecure registry', {}, { insecure: ['m.io'] }, '4.18', 'drain', /`m\.io` is new and has no mirrors/],
  ['allowed registries', {}, { allowed: ['a.io'] }, '4.18', 'reload', /policy\.json/],
  ['allowed registries, before 4.10', {}, { allowed: ['a.io'] }, '4.9', 'reboot', /policy\.json changes/],
  ['search registries', {}, { search: ['a.io'] }, '4.18', 'reboot', /01-image-searchRegistries\.conf changes/],
]
for (const [why, before, after, text, effect, reason] of CHANGES) {
  test(`disruption :: ${why} on ${text}`, () => {
    const version = parseVersion(text)
    const cluster = (part: Partial<ClusterConfiguration>) => operate({ objects: part.rules?.length ?? 0, rules: [], release: RELEASE, ...part }, version) as Applied
    const result = disruption(cluster(before), cluster(after), version, false)
    assert.is(result.effect, effect)
    assert.match(result.reason, reason)
    assert.is(disruption(cluster(before), cluster(after), version, true).effect, effect === 'drain' ? 'reload' : effect)
  })
}

test('toml :: where a part stands', () => {
  const { locate } = parseToml('a = 1\n[[registry]]\n  location = "q"\n  mirror = [{ location = "m" }]\n')
  assert.equal(locate(['registry', 0, 'location']), { line: 3, column: 14, endLine: 3, endColumn: 17 })
  assert.equal(locate(['registry', 0, 'mirror', 0, 'location']), { line: 4, column: 26, endLine: 4, endColumn: 29 })
  assert.is(locate(['registry', 1]), undefined)
})

test.run()
