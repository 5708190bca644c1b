import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { dump } from 'js-yaml'
import { MIRROR_KINDS, type MirrorKind } from '../../src/openshift/kinds.ts'
import { parseVersion } from '../../src/openshift/version.ts'
import { type Configuration, mergeRegistries, type MirrorRule } from '../../src/registries/merge.ts'
import { readRegistries } from '../../src/registries/node.ts'
import { plan } from '../../src/registries/plan.ts'
import { parseReference } from '../../src/registries/reference.ts'
import { refusal } from '../../src/registries/refusal.ts'
import { renderRegistriesConf } from '../../src/registries/render.ts'
import { ROOT } from '../command.ts'

/**
 * Holds src/registries against the operator's own code and the nodes' own resolver, on random configurations in which everything collides:
 * `npm run conformance -- --runs N --seed S`. The oracle speaks for 4.16 and later; for older releases the recorded cases are the truth
 * (golden.test.ts). The first difference is shrunk and printed as manifests.
 */
const VERSION = parseVersion('4.18')!
const BATCH = 20_000

interface Case {
  rules: MirrorRule[]
  insecure: string[]
  blocked: string[]
  images: string[]
}

const host = fc.constantFrom('a.io', 'a.io:5000', 'b.a.io', 'c', 'c:5000', 'x.b.a.io', 'docker.io', 'localhost')
const path = fc.constantFrom('', '', '/x', '/x/y', '/x/y/z', '/xy', '/library', '/library/x')
const good = fc.tuple(host, path).map((parts) => parts.join(''))
const odd = fc.constantFrom('*.a.io', '*.io', '*.b.a.io', 'a.io/', 'a.io/x/', 'https://a.io', 'a.io/X', 'A.io/x', 'a.io/x:v1', 'a.io/x@sha256:00', '[fd00::1]:5000/x', '', '*', '*.a.io:5000', '*.a.io/x')
/** Mostly what the operator takes, so that there is something to resolve; the odd ones show what it refuses. */
const location = fc.oneof({ weight: 30, arbitrary: good }, { weight: 2, arbitrary: fc.constantFrom('*.a.io', '*.io', '*.b.a.io') }, { weight: 1, arbitrary: odd })
const policy = fc.option(fc.constantFrom('NeverContactSource', 'AllowContactingSource'), { nil: undefined, freq: 3 })
const rule = fc.record({ kind: fc.constantFrom(...(Object.keys(MIRROR_KINDS) as MirrorKind[])), source: location, mirrors: fc.array(location, { maxLength: 3 }), policy })
  .map(({ kind, source, mirrors, policy: own }): MirrorRule => ({ kind, source, mirrors, ...(own && kind !== 'ImageContentSourcePolicy' ? { policy: own } : {}) }) as MirrorRule)
const digest = `@sha256:${'0a'.repeat(32)}`
const image = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(good, fc.constantFrom('', '/app', '/x/app'), fc.constantFrom('', ':v1', digest, `:v1${digest}`)).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.constantFrom('app', 'x/app:v1', 'index.docker.io/app', 'A.io/x', 'a.io/X', 'a.io/x:', 'a.io//x', 'a.io/x@sha256:00', `a.io/x@md5:${'0'.repeat(32)}`, `a.io/x@sha256:${'0A'.repeat(32)}`, '0'.repeat(64), 'a.io:5000', 'localhost/x', 'a.io/x_', `a.io/${'x'.repeat(255)}`, '') },
)
const cases: fc.Arbitrary<Case> = fc.record({
  rules: fc.array(rule, { maxLength: 5 }), insecure: fc.array(location, { maxLength: 2 }), blocked: fc.array(location, { maxLength: 2 }), images: fc.array(image, { minLength: 1, maxLength: 4 }),
})

const { values } = parseArgs({ options: { runs: { type: 'string', default: '100000' }, seed: { type: 'string', default: String(Date.now() % 1_000_000_007) } } })
const [runs, seed] = [Number(values.runs), Number(values.seed)]
const oracle = join(mkdtempSync(join(tmpdir(), 'oracle-')), 'oracle')
console.log('building the oracle from the operator\'s own code (two minutes when nothing is cached)')
execFileSync('go', ['build', '-trimpath', '-tags', 'containers_image_openpgp', '-o', oracle, '.'], { cwd: join(ROOT, 'test/conformance/operator'), stdio: 'inherit', env: { ...process.env, CGO_ENABLED: '0' } })

const seen = { refused: 0, images: 0, unresolved: 0, attempts: 0 }
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
console.log(`${done} random configurations agree (seed ${seed}): ${seen.refused} refused, ${seen.images} images resolved, ${seen.attempts} attempts, ${seen.unresolved} images that cannot be pulled`)

/** The oracle's answers, in the same form as ours. */
function ask(batch: Case[]): string[] {
  const input = batch.map((one) => `${JSON.stringify(objects(one))}\n`).join('')
  const { stdout, status, stderr } = spawnSync(oracle, { input, encoding: 'utf8', maxBuffer: 1 << 30 })
  if (status !== 0) throw new Error(`the oracle failed: ${stderr}`)
  return stdout.trimEnd().split('\n').map((line) => {
    const { refusal: refused, file, plans } = JSON.parse(line) as { refusal: string; file: string; plans: unknown[] }
    return JSON.stringify({ refusal: refused, file: file.replace('additional-layer-store-auth-helper = ""\n', ''), plans }, null, 1)
  })
}

function ours({ images, ...configuration }: Case): string {
  const refused = refusal(configuration, VERSION)
  if (refused) {
    seen.refused++
    return JSON.stringify({ refusal: refused, file: '', plans: [] }, null, 1)
  }
  const registries = mergeRegistries(configuration)
  return JSON.stringify({ refusal: '', file: renderRegistriesConf(registries, VERSION), plans: images.map((one) => resolved(one, registries)) }, null, 1)
}

function resolved(text: string, registries: ReturnType<typeof mergeRegistries>): unknown {
  const reference = parseReference(text)
  if ('error' in reference) return { entry: null, attempts: [], error: reference.error }
  seen.images++
  try {
    const { entry, attempts, error = '' } = plan(reference, readRegistries(registries))
    seen.attempts += attempts.length
    if (error) seen.unresolved++
    return {
      entry: entry?.prefix ?? null,
      attempts: attempts.map(({ reference: location, insecure, entry: physical }) => ({ reference: location, insecure, entry: physical?.prefix ?? null, blocked: physical?.blocked ?? false })),
      error,
    }
  } catch (error) {
    seen.unresolved++
    return { entry: null, attempts: [], error: `loading registries configuration "/etc/containers/registries.conf": ${(error as Error).message}` }
  }
}

/** One object a rule, as the oracle reads them. */
function objects({ rules, insecure, blocked, images }: Case) {
  const specs = (kind: MirrorKind) => rules.filter((one) => one.kind === kind).map(({ source, mirrors, policy: own }) =>
    ({ [MIRROR_KINDS[kind].list]: [{ source, mirrors, ...(own ? { mirrorSourcePolicy: own } : {}) }] }))
  return { icsp: specs('ImageContentSourcePolicy'), idms: specs('ImageDigestMirrorSet'), itms: specs('ImageTagMirrorSet'), insecure, blocked, images }
}

function print(one: Case, usedSeed: number): void {
  const { rules, insecure, blocked, images }: Configuration & { images: string[] } = one
  const manifests = rules.map(({ kind, source, mirrors, policy: own }, index) => dump({
    apiVersion: MIRROR_KINDS[kind].apiVersion, kind, metadata: { name: `rule-${index}` },
    spec: { [MIRROR_KINDS[kind].list]: [{ source, mirrors, ...(own ? { mirrorSourcePolicy: own } : {}) }] },
  }))
  const imageConfig = dump({ apiVersion: 'config.openshift.io/v1', kind: 'Image', metadata: { name: 'cluster' }, spec: { registrySources: { insecureRegistries: insecure, blockedRegistries: blocked } } })
  console.error(`a difference (seed ${usedSeed}); the manifests:\n---\n${[...manifests, imageConfig].join('---\n')}\nimages: ${images.join(' ')}\n\nthe operator and the node:\n${ask([one])[0]}\n\nmirrorproof:\n${ours(one)}`)
}
