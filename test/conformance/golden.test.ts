import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dump, load } from 'js-yaml'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { MIRROR_KINDS, type MirrorKind } from '../../src/openshift/kinds.ts'
import { parseVersion, type Version } from '../../src/openshift/version.ts'
import { registriesConf } from '../../src/registries/conf.ts'
import type { MirrorRule, SourcePolicy } from '../../src/registries/merge.ts'
import { type NodeConfiguration, readConf, readRegistries, REGISTRIES_CONF } from '../../src/registries/node.ts'
import { operate } from '../../src/registries/operator.ts'
import { plan } from '../../src/registries/plan.ts'
import { parseReference, type Reference } from '../../src/registries/reference.ts'
import { renderRegistriesConf } from '../../src/registries/render.ts'
import { parseToml } from '../../src/registries/toml.ts'
import type { TraceReport } from '../../src/report/trace.ts'
import { folder, mirrorproof, ROOT } from '../command.ts'

/** What the operator of two releases did with 36 configurations, recorded. It lies beside the project and not in it. */
const GOLDEN = join(ROOT, '../shared/golden')

type Item = { source: string; mirrors?: string[]; mirrorSourcePolicy?: SourcePolicy }
interface Case {
  icsp?: { repositoryDigestMirrors: Item[] }[]
  idms?: { imageDigestMirrors: Item[] }[]
  itms?: { imageTagMirrors: Item[] }[]
  insecure?: string[]
  blocked?: string[]
  rawConf?: string
  release?: string
  refs: string[]
}

if (existsSync(GOLDEN)) {
  for (const release of ['4.14', '4.18']) {
    for (const block of readFileSync(join(GOLDEN, `mco-${release}.txt`), 'utf8').split(/^##### /m).slice(1)) {
      const [name] = block.split('\n', 1)
      const input = load(readFileSync(join(GOLDEN, 'cases', `${name}.yaml`), 'utf8')) as Case
      const ours = input.rawConf === undefined ? operated : raw
      test(`golden :: ${release} :: ${name}`, () => assert.is(ours(input, parseVersion(release)!), block.slice(name!.length + 1)))
    }
  }
  test('golden :: as manifests, by the program', () => {
    const blocks = readFileSync(join(GOLDEN, 'mco-4.18.txt'), 'utf8').split(/^##### /m).slice(1)
    for (const block of blocks) {
      const [name] = block.split('\n', 1)
      const input = load(readFileSync(join(GOLDEN, 'cases', `${name}.yaml`), 'utf8')) as Case
      if (input.rawConf === undefined && input.release === undefined) assert.equal(programmed(input), recorded(block.slice(name!.length + 1)), name)
    }
  })
} else {
  test.skip('golden :: skipped, ../shared/golden is not here')
  console.log('skipped: the recorded output of the operator was not compared, ../shared/golden is not here')
}

test.run()

function operated(input: Case, version: Version): string {
  const { insecure, blocked } = input
  const release = parseReference(full(input.release ?? `elsewhere.example.com/release@sha256:${'a'.repeat(32)}`)) as Reference
  const outcome = operate({ objects: 1, rules: rulesOf(input), ...(insecure ? { insecure } : {}), ...(blocked ? { blocked } : {}), release }, version)
  if (outcome.refused !== undefined) return `MCO-ERROR: ${outcome.refused}\n`
  const { registries, search, ignored, acceptance } = outcome
  const guard = input.release === undefined ? ''
    : `getValidBlocked: registriesBlocked=[${registries.filter((one) => one.blocked).map((one) => one.scope).join(' ')}] policyBlocked=[${acceptance.rejected.join(' ')}] allowed=[${acceptance.allowed.join(' ')}] `
      + `err=${ignored.length > 0 ? `error adding [${ignored.map((scope) => JSON.stringify(scope)).join(' ')}] to blocked registries, cannot block the repository being used by the payload` : '<nil>'}\n`
  return `${guard}----- registries.conf\n${renderRegistriesConf(registries, version)}-----\n${planned(input.refs, () => readRegistries(registries, search, version))}`
}

interface Told {
  file: string
  pulls: { image: string; entry: string | null; attempts: { reference: string; insecure: boolean; blocked: boolean }[]; error: string | null }[]
}

function recorded(block: string): Told {
  const [file = '', ...refs] = block.split(/^ref /m)
  return {
    file,
    pulls: refs.map((text) => {
      const [, image = '', rest = ''] = /^(\S+): ?([^]*)$/.exec(text)!
      return {
        image, entry: /prefix="(.*?)"/.exec(rest)?.[1] ?? null, error: /ERROR (.*)/.exec(rest)?.[1] ?? null,
        attempts: rest.includes('no registry entry') ? [{ reference: image, insecure: false, blocked: false }]
          : [...rest.matchAll(/-> (\S+) insecure=(\S+) (.*)/g)].map(([, reference = '', insecure, entry]) => ({ reference, insecure: insecure === 'true', blocked: entry!.includes('blocked=true') })),
      }
    }),
  }
}

/** What `render` and `trace` say of a case as manifests. A short name is taken as one of Docker Hub; policy.json was not recorded. */
function programmed({ icsp = [], idms = [], itms = [], insecure, blocked, refs }: Case): Told {
  const objects = (kind: MirrorKind, specs: object[]) => specs.map((spec, index) => ({ apiVersion: MIRROR_KINDS[kind].apiVersion, kind, metadata: { name: `${kind}-${index}` }, spec }))
  const config = (kind: string, name: string, spec: object) => ({ apiVersion: 'config.openshift.io/v1', kind, metadata: { name }, spec })
  const manifests = [
    ...objects('ImageContentSourcePolicy', icsp), ...objects('ImageDigestMirrorSet', idms), ...objects('ImageTagMirrorSet', itms),
    config('Image', 'cluster', { registrySources: { ...(insecure ? { insecureRegistries: insecure } : {}), ...(blocked ? { blockedRegistries: blocked } : {}) } }),
    config('ClusterVersion', 'version', { desiredUpdate: { image: full(`elsewhere.example.com/release@sha256:${'a'.repeat(32)}`) } }),
  ]
  const cwd = folder({ 'all.yaml': manifests.map((object) => dump(object)).join('---\n') })
  const rendered = mirrorproof(['render', '--openshift', '4.18', '--quiet'], { cwd })
  if (rendered.code === 1) return { file: rendered.stderr.replace('mirrorproof: the operator refuses the objects of .: ', 'MCO-ERROR: '), pulls: [] }
  const { traces } = JSON.parse(mirrorproof(['trace', ...refs.map(full), '--openshift', '4.18', '--format', 'json'], { cwd }).stdout) as TraceReport
  const short = (text: string) => text.replaceAll(/sha256:a+/g, 'sha256:aaaa')
  return {
    file: `----- registries.conf\n${rendered.stdout}-----\n`,
    pulls: refs.map((image) => {
      const trace = traces.find((one) => one.image === full(image) && (!one.completedBy || JSON.stringify(one.completedBy).includes('docker.io')))!
      const attempts = trace.attempts.map(({ reference, insecure: unverified, blocked: by }) => ({ reference: trace.entry ? short(reference) : short(image), insecure: unverified, blocked: by !== null }))
      return { image: short(image), entry: trace.entry?.prefix ?? null, attempts, error: trace.error?.startsWith('Source image rejected') ? null : trace.error }
    }),
  }
}

function raw({ rawConf, refs }: Case, version: Version): string {
  const read = () => readConf({ path: REGISTRIES_CONF, read: () => registriesConf(parseToml(rawConf!).value, false) }, [], version)
  return `----- registries.conf\n${rawConf!}-----\n${planned(refs, read)}`
}

/** Plans as they are recorded. */
function planned(images: string[], read: () => NodeConfiguration): string {
  return images.map((image) => `ref ${image}:${lines(image, read)}`).join('').replaceAll(/sha256:a+/g, 'sha256:aaaa')
}

function lines(image: string, read: () => NodeConfiguration): string {
  let node: NodeConfiguration
  try {
    node = read()
  } catch (error) {
    return ` FIND ERROR ${(error as Error).message}\n`
  }
  const { entry, attempts, error } = plan(parseReference(full(image)) as Reference, node)
  if (!entry) return ' no registry entry; direct\n'
  if (error) return ` prefix="${entry.prefix}" PULLSOURCES ERROR ${error}\n`
  const tried = attempts.map(({ reference, insecure, entry: physical }) =>
    `    -> ${reference} insecure=${insecure} ${physical ? `[entry="${physical.prefix}" blocked=${physical.blocked}]` : '[no-entry]'}\n`)
  return ` prefix="${entry.prefix}" blocked=${entry.blocked}\n${tried.join('')}`
}

/** Digests stand there with 32 digits, and in the output with four. */
function full(image: string): string {
  return image.replace(/@sha256:a+$/, `@sha256:${'a'.repeat(64)}`)
}

function rulesOf({ icsp = [], idms = [], itms = [] }: Case): MirrorRule[] {
  const rule = (kind: MirrorKind) => ({ source, mirrors = [], mirrorSourcePolicy }: Item): MirrorRule =>
    ({ kind, source, mirrors, ...(mirrorSourcePolicy ? { policy: mirrorSourcePolicy } : {}) })
  return [
    ...icsp.flatMap((set) => set.repositoryDigestMirrors.map(rule('ImageContentSourcePolicy'))),
    ...idms.flatMap((set) => set.imageDigestMirrors.map(rule('ImageDigestMirrorSet'))),
    ...itms.flatMap((set) => set.imageTagMirrors.map(rule('ImageTagMirrorSet'))),
  ]
}
