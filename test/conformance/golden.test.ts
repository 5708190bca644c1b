import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { MirrorKind } from '../../src/openshift/kinds.ts'
import { parseVersion } from '../../src/openshift/version.ts'
import { type Configuration, mergeRegistries, type MirrorRule, type SourcePolicy } from '../../src/registries/merge.ts'
import { type NodeConfiguration, readRegistries } from '../../src/registries/node.ts'
import { plan } from '../../src/registries/plan.ts'
import { parseReference, type Reference } from '../../src/registries/reference.ts'
import { refusal } from '../../src/registries/refusal.ts'
import { renderRegistriesConf } from '../../src/registries/render.ts'
import { ROOT } from '../command.ts'

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
      if (input.rawConf !== undefined || input.release !== undefined) continue // a file of the user's own, and the payload rule: not read yet
      test(`golden :: ${release} :: ${name}`, () => {
        const version = parseVersion(release)!
        const configuration = { rules: rulesOf(input), insecure: input.insecure ?? [], blocked: input.blocked ?? [] }
        const refused = refusal(configuration, version)
        const ours = refused ? `MCO-ERROR: ${refused}\n` : `----- registries.conf\n${renderRegistriesConf(mergeRegistries(configuration), version)}-----\n`
        assert.is(block.slice(name!.length + 1), refused ? ours : ours + input.refs.map((image) => planned(image, configuration)).join(''))
      })
    }
  }
} else {
  test.skip('golden :: skipped, ../shared/golden is not here')
  console.log('skipped: the recorded output of the operator was not compared, ../shared/golden is not here')
}

test.run()

/** A plan as it is recorded. Digests stand there with 32 digits, and in the output with four. */
function planned(image: string, configuration: Configuration): string {
  const reference = parseReference(image.replace(/@sha256:a+$/, `@sha256:${'a'.repeat(64)}`)) as Reference
  const lines = (): string => {
    let node: NodeConfiguration
    try {
      node = readRegistries(mergeRegistries(configuration))
    } catch (error) {
      return ` FIND ERROR loading registries configuration "/etc/containers/registries.conf": ${(error as Error).message}\n`
    }
    const { entry, attempts, error } = plan(reference, node)
    if (!entry) return ' no registry entry; direct\n'
    if (error) return ` prefix="${entry.prefix}" PULLSOURCES ERROR ${error}\n`
    const tried = attempts.map(({ reference: location, insecure, entry: physical }) =>
      `    -> ${location} insecure=${insecure} ${physical ? `[entry="${physical.prefix}" blocked=${physical.blocked}]` : '[no-entry]'}\n`)
    return ` prefix="${entry.prefix}" blocked=${entry.blocked}\n${tried.join('')}`
  }
  return `ref ${image}:${lines()}`.replaceAll(/sha256:a+/g, 'sha256:aaaa')
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
