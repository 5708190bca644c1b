import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { dump } from 'js-yaml'
import { MIRROR_KINDS, type MirrorKind } from '../../src/openshift/kinds.ts'
import { parseVersion } from '../../src/openshift/version.ts'
import { type Acceptance, rejection } from '../../src/registries/acceptance.ts'
import { candidates } from '../../src/registries/candidate.ts'
import { registriesConf } from '../../src/registries/conf.ts'
import { disruption } from '../../src/registries/disruption.ts'
import type { MirrorRule } from '../../src/registries/merge.ts'
import { type ConfFile, type NodeConfiguration, readConf, readRegistries, REGISTRIES_CONF, SEARCH_DROP_IN } from '../../src/registries/node.ts'
import { type ClusterConfiguration, operate, POLICY_JSON } from '../../src/registries/operator.ts'
import { plan } from '../../src/registries/plan.ts'
import { formatReference, isShortName, parseReference, pulled, type Reference } from '../../src/registries/reference.ts'
import { parseToml } from '../../src/registries/toml.ts'
import { buildOracle } from './oracle.ts'

/**
 * Holds src/registries against the operator's own code and the nodes' own resolver, on random configurations in which everything collides:
 * `npm run conformance -- --runs N --seed S`. The oracle speaks for 4.16 and later; for older releases the recorded cases are the truth
 * (golden.test.ts). The first difference is shrunk and printed as manifests.
 */
const VERSION = parseVersion('4.18')!
const BATCH = 20_000

/** A cluster, and what it is changed from; or the files of a node. */
interface Case {
  cluster: Cluster
  before: Cluster | undefined
  files: string[] | undefined
  images: string[]
}

interface Cluster {
  rules: MirrorRule[]
  insecure?: string[]
  blocked?: string[]
  allowed?: string[]
  search?: string[]
  release: string
}

const host = fc.constantFrom('a.io', 'a.io:5000', 'b.a.io', 'c', 'c:5000', 'x.b.a.io', 'docker.io', 'localhost')
const path = fc.constantFrom('', '', '/x', '/x/y', '/x/y/z', '/xy', '/library', '/library/x')
const good = fc.tuple(host, path).map((parts) => parts.join(''))
const odd = fc.constantFrom('*.a.io', '*.io', '*.b.a.io', 'a.io/', 'a.io/x/', 'https://a.io', 'a.io/X', 'A.io/x', 'a.io/x:v1', 'a.io/x@sha256:00', '[fd00::1]:5000/x', '', '*', '*.a.io:5000', '*.a.io/x')
/** Mostly what the operator takes, so that there is something to resolve; the odd ones show what it refuses. */
const location = fc.oneof({ weight: 30, arbitrary: good }, { weight: 2, arbitrary: fc.constantFrom('*.a.io', '*.io', '*.b.a.io') }, { weight: 1, arbitrary: odd })
const policy = fc.option(fc.constantFrom('NeverContactSource', 'AllowContactingSource'), { nil: undefined, freq: 3 })
const rule = fc.record({ kind: fc.constantFrom(...(Object.keys(MIRROR_KINDS) as MirrorKind[])), source: location, mirrors: fc.oneof({ weight: 6, arbitrary: fc.array(location, { minLength: 1, maxLength: 3 }) }, { weight: 1, arbitrary: fc.constant([]) }), policy })
  .map(({ kind, source, mirrors, policy: own }): MirrorRule => ({ kind, source, mirrors, ...(own && kind !== 'ImageContentSourcePolicy' ? { policy: own } : {}) }) as MirrorRule)
const digest = `@sha256:${'0a'.repeat(32)}`
const image = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(good, fc.constantFrom('', '/app', '/x/app'), fc.constantFrom('', ':v1', digest, `:v1${digest}`)).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.constantFrom('app', 'x/app:v1', 'index.docker.io/app', 'A.io/x', 'a.io/X', 'a.io/x:', 'a.io//x', 'a.io/x@sha256:00', `a.io/x@md5:${'0'.repeat(32)}`, `a.io/x@sha256:${'0A'.repeat(32)}`, '0'.repeat(64), 'a.io:5000', 'localhost/x', 'a.io/x_', `a.io/${'x'.repeat(255)}`, '') },
)
const scopes = fc.option(fc.array(location, { maxLength: 2 }), { nil: undefined, freq: 2 })
const cluster: fc.Arbitrary<Cluster> = fc.record({
  rules: fc.array(rule, { maxLength: 5 }), insecure: scopes, blocked: scopes, allowed: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.array(location, { maxLength: 2, minLength: 1 }) }),
  search: fc.option(fc.array(fc.constantFrom('a.io', 'b.a.io', 'c:5000'), { minLength: 1, maxLength: 2 }), { nil: undefined, freq: 2 }),
  release: fc.constantFrom(`else.where/release${digest}`, `a.io/x/y${digest}`, `b.a.io/x${digest}`, 'a.io:5000/x:v1'),
}).map((one) => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)) as unknown as Cluster)
const often = (usual: string[], odd: string[]) => fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: fc.constantFrom(...odd) })
const flag = often(['', '', '', '', '', 'false'], ['true'])
const place = fc.oneof({ weight: 30, arbitrary: good }, { weight: 3, arbitrary: fc.constantFrom('*.a.io', '*.io', 'a.io/') }, { weight: 1, arbitrary: fc.constantFrom('https://a.io', '', '*.a.io/x') })
const pull = often(['', 'all', 'digest-only', 'tag-only', '', ''], ['never', 'tag-only'])
const line = (key: string, value: string, quoted = true) => (value === '' ? '' : `${key} = ${quoted ? JSON.stringify(value) : value}\n`)
const mirrorTable = fc.tuple(good, flag, pull, often([''], ['/'])).map(([at, insecure, from, slash]) => `[[registry.mirror]]\n${line('location', at + slash)}${line('insecure', insecure, false)}${line('pull-from-mirror', from)}`)
const table = fc.tuple(place, fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 2, arbitrary: place }), fc.constantFrom('Location', 'location', 'location', 'location'), flag, flag, often([''], ['true']), fc.array(mirrorTable, { minLength: 1, maxLength: 3 }))
  .map(([at, prefix, key, insecure, blocked, only, mirrors]) => `[[registry]]\n${line('prefix', prefix)}${line(key, at)}${line('insecure', insecure, false)}${line('blocked', blocked, false)}${line('mirror-by-digest-only', only, false)}${mirrors.join('')}`)
const v2 = fc.tuple(often(['', 'unqualified-search-registries = ["a.io", "c"]\n', 'unqualified-search-registries = []\n', 'short-name-mode = "enforcing"\n'], ['unqualified-search-registries = ["a.io/x"]\n', 'short-name-mode = "x"\n', 'unqualified-search-registries = "a.io"\n']),
  fc.array(table, { maxLength: 3 }), often(['', '', '[aliases]\napp = "b.a.io/x/app"\n', '[aliases]\napp = ""\n'], ['[aliases]\n"a.io/app" = "c/app"\n', 'not toml'])).map((parts) => parts.flat().join(''))
const v1 = fc.tuple(fc.array(good, { maxLength: 2 }), fc.array(good, { maxLength: 2 }), fc.constantFrom('', '', '', '[[registry]]\nlocation = "a.io"\n')).map(([block, insecure, extra]) =>
  `[registries.search]\nregistries = ["a.io"]\n[registries.block]\nregistries = ${JSON.stringify(block)}\n[registries.insecure]\nregistries = ${JSON.stringify(insecure)}\n${extra}`)
const conf = fc.oneof({ weight: 12, arbitrary: v2 }, { weight: 1, arbitrary: v1 })
const suffix = fc.tuple(fc.constantFrom('', '/app', '/x/app'), fc.constantFrom('', ':v1', digest, digest, `:v1${digest}`)).map((parts) => parts.join(''))
/** Beside images of any kind, some that are sure to meet a source, so that mirrors are used. */
const cases: fc.Arbitrary<Case> = fc.record({
  cluster, images: fc.array(image, { minLength: 1, maxLength: 2 }), suffixes: fc.array(suffix, { maxLength: 3 }), near: fc.boolean(),
  before: fc.option(cluster, { nil: undefined, freq: 2 }),
  files: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.array(conf, { minLength: 1, maxLength: 3 }) }),
}).map(({ cluster: now, images, suffixes, near, before, files }): Case => {
  const sources = files?.flatMap((text) => [...text.matchAll(/^(?:prefix|location) = "(.+?)"/gm)].map((match) => match[1]!)) ?? now.rules.map(({ source }) => source)
  const met = suffixes.flatMap((rest, index) => (sources.length > 0 ? `${sources[index % sources.length]!.replace(/^\*/, 'y')}${rest}` : []))
  return { cluster: now, files, images: [...images, ...met], before: before && near ? { ...now, rules: [...before.rules, ...now.rules.slice(0, 2)] } : before }
})

const { values } = parseArgs({ options: { runs: { type: 'string', default: '100000' }, seed: { type: 'string', default: String(Date.now() % 1_000_000_007) } } })
const [runs, seed] = [Number(values.runs), Number(values.seed)]
const oracle = buildOracle()

const seen = { refused: 0, images: 0, unresolved: 0, rejected: 0, attempts: 0, files: 0, drains: 0, safe: 0 }
let done = 0
for (let batch = 0; done < runs; batch++) {
  const size = Math.min(BATCH, runs - done)
  const own = { seed: seed + batch, numRuns: size }
  const sample = fc.sample(cases, own)
  const differs = ask(sample).findIndex((theirs, index) => theirs !== ours(sample[index]!))
  if (differs >= 0) {
    const result = fc.check(fc.property(cases, (one) => ask([one])[0] === ours(one)), { seed: own.seed, path: String(differs) })
    print(result.counterexample?.[0] ?? sample[differs]!, seed + batch)
    process.exit(1)
  }
  done += size
}
console.log(`${done} random cases agree (seed ${seed}): ${seen.refused} clusters refused, ${seen.files} of raw files, ${seen.images} references resolved, ${seen.attempts} attempts, ${seen.unresolved} that cannot be pulled, ${seen.rejected} rejected by policy.json; ${seen.drains} changes drain, ${seen.safe} do not`)

/** The oracle's answers, in the same form as ours. */
function ask(batch: Case[]): string[] {
  const input = batch.map(({ cluster: now, before, files, images }) => `${JSON.stringify({ ...objects(now), before: before && objects(before), files, images })}\n`).join('')
  const { stdout, status, stderr } = spawnSync(oracle, { input, encoding: 'utf8', maxBuffer: 1 << 30 })
  if (status !== 0) throw new Error(`the oracle failed: ${stderr}`)
  return stdout.trimEnd().split('\n').map((text) => {
    const answer = JSON.parse(text.replaceAll('additional-layer-store-auth-helper = \\"\\"\\n', '')) as Answer
    return JSON.stringify({ ...answer, images: answer.images.map((one) => ({ plans: one.plans.map((planned) => ({ ...planned, error: comparable(planned.error) })), error: comparable(one.error) })) }, null, 1)
  })
}

interface Answer {
  refusal: string
  file: string
  search: string
  policy: string
  safe: boolean | null
  images: { plans: PlanAnswer[]; error: string }[]
}

interface PlanAnswer {
  reference: string
  entry: string | null
  attempts: unknown[]
  error: string
  rejected: string
}

/** What is said of a file that is no TOML, of values of the wrong type, of mixed versions and of aliases is in words of our own. */
function comparable(error: string): string {
  return error.replace(/(": toml: |": mixing sysregistry v1\/v2 is not supported|": validating short-name aliases: )[^]*/, '$1…')
}

function ours({ cluster: now, before, files, images }: Case): string {
  const answer: Answer = { refusal: '', file: '', search: '', policy: '', safe: null, images: [] }
  let read: () => NodeConfiguration
  let acceptance: Acceptance = { rejected: [], allowed: [] }
  if (files) {
    seen.files++
    read = () => readFiles(files)
  } else {
    const outcome = operate(configuration(now), VERSION)
    if (outcome.refused !== undefined) {
      seen.refused++
      return JSON.stringify({ ...answer, refusal: outcome.refused }, null, 1)
    }
    const content = (wanted: string) => outcome.files.find(({ path }) => path === wanted)?.content ?? ''
    Object.assign(answer, { file: content(REGISTRIES_CONF), search: content(SEARCH_DROP_IN), policy: content(POLICY_JSON) })
    const earlier = before && operate(configuration(before), VERSION)
    if (earlier && earlier.refused === undefined) {
      answer.safe = !['drain', 'reboot'].includes(disruption({ ...earlier, files: earlier.files.slice(0, 1) }, { ...outcome, files: outcome.files.slice(0, 1) }, VERSION, false).effect)
      if (answer.safe) seen.safe++
      else seen.drains++
    }
    ;({ acceptance } = outcome)
    read = () => readRegistries(outcome.registries, outcome.search, VERSION)
  }
  answer.images = images.map((one) => resolved(one, read, acceptance))
  return JSON.stringify(answer, null, 1)
}

function readFiles(files: string[]): NodeConfiguration {
  const [main, ...dropIns] = files.map((text, index): ConfFile => ({
    path: index === 0 ? REGISTRIES_CONF : `${REGISTRIES_CONF}.d/${'abc'[index]}.conf`, read: () => registriesConf(parseToml(text).value, index > 0),
  }))
  return readConf(main!, dropIns, VERSION)
}

function resolved(text: string, read: () => NodeConfiguration, acceptance: Acceptance): Answer['images'][0] {
  const written = parseReference(text)
  if ('error' in written) return { plans: [], error: written.error }
  let node: NodeConfiguration
  try {
    node = read()
  } catch (error) {
    seen.unresolved++
    const said = comparable((error as Error).message)
    if (isShortName(text)) return { plans: [], error: said }
    const reference = formatReference(pulled(written))
    return { plans: [{ reference, entry: null, attempts: [], error: said, rejected: rejection(written, acceptance)?.error ?? '' }], error: '' }
  }
  const found = candidates(text, node)
  if ('error' in found) return { plans: [], error: found.error }
  return { plans: found.map(({ reference }) => planned(reference, node, acceptance)), error: '' }
}

function planned(reference: Reference, node: NodeConfiguration, acceptance: Acceptance): PlanAnswer {
  const { entry, attempts, error = '' } = plan(reference, node)
  const rejected = rejection(reference, acceptance)?.error ?? ''
  seen.images++
  seen.attempts += attempts.length
  if (error) seen.unresolved++
  if (rejected) seen.rejected++
  return {
    reference: formatReference(pulled(reference)),
    entry: entry?.prefix ?? null,
    attempts: attempts.map(({ reference: tried, insecure, entry: physical }) => ({ reference: tried, insecure, entry: physical?.prefix ?? null, blocked: physical?.blocked ?? false })),
    error,
    rejected,
  }
}

function configuration({ release, ...lists }: Cluster): ClusterConfiguration {
  return { objects: lists.rules.length, ...lists, release: parseReference(release) as Reference }
}

/** One object a rule, as the oracle reads them. */
function objects({ rules, ...lists }: Cluster) {
  const specs = (kind: MirrorKind) => rules.filter((one) => one.kind === kind).map(({ source, mirrors, policy: own }) =>
    ({ [MIRROR_KINDS[kind].list]: [{ source, mirrors, ...(own ? { mirrorSourcePolicy: own } : {}) }] }))
  return { icsp: specs('ImageContentSourcePolicy'), idms: specs('ImageDigestMirrorSet'), itms: specs('ImageTagMirrorSet'), ...lists }
}

function print(one: Case, usedSeed: number): void {
  const { before, files, images } = one
  const shown = files ? files.map((text, index) => `# ${index === 0 ? 'registries.conf' : `registries.conf.d/${'abc'[index]}.conf`}\n${text}`).join('\n')
    : `${manifests(one.cluster)}${before ? `\nchanged from:\n---\n${manifests(before)}` : ''}`
  console.error(`a difference (seed ${usedSeed}):\n---\n${shown}\nimages: ${images.join(' ')}\n\nthe operator and the node:\n${ask([one])[0]}\n\nmirrorproof:\n${ours(one)}`)
}

/** A cluster as manifests that anyone can apply, or run `mirrorproof` on. */
function manifests({ rules, insecure, blocked, allowed, search, release }: Cluster): string {
  const sets = rules.map(({ kind, source, mirrors, policy: own }, index) => ({
    apiVersion: MIRROR_KINDS[kind].apiVersion, kind, metadata: { name: `rule-${index}` },
    spec: { [MIRROR_KINDS[kind].list]: [{ source, mirrors, ...(own ? { mirrorSourcePolicy: own } : {}) }] },
  }))
  const lists = { insecureRegistries: insecure, blockedRegistries: blocked, allowedRegistries: allowed, containerRuntimeSearchRegistries: search }
  const registrySources = Object.fromEntries(Object.entries(lists).filter(([, list]) => list))
  const image = { apiVersion: 'config.openshift.io/v1', kind: 'Image', metadata: { name: 'cluster' }, spec: { registrySources } }
  const version = { apiVersion: 'config.openshift.io/v1', kind: 'ClusterVersion', metadata: { name: 'version' }, spec: { desiredUpdate: { image: release } } }
  return [...sets, image, version].map((object) => dump(object)).join('---\n')
}
