import { gather } from '../../cluster/registries.ts'
import { clusters } from '../../clusters.ts'
import type { File } from '../../manifests/document.ts'
import { since, type Version } from '../../openshift/version.ts'
import { registriesConf, type Table, tableOf } from '../../registries/conf.ts'
import { difference } from '../../registries/difference.ts'
import type { Registry } from '../../registries/merge.ts'
import { type ClusterConfiguration, operate, type Outcome } from '../../registries/operator.ts'
import { covers } from '../../registries/scope.ts'
import { parseToml } from '../../registries/toml.ts'
import type { Form, Loss } from './form.ts'

/** What a text lacks to be the object that it is a part of. */
const HEADS: Partial<Record<Form, string>> = {
  'hosted-cluster': 'apiVersion: hypershift.openshift.io/v1beta1\nkind: HostedCluster\nmetadata:\n  name: proof\n',
}
/** What refers to it, as carriers are read only where something does. */
const TAILS: Partial<Record<Form, (text: string) => string>> = {
  assisted: (text) => `---\napiVersion: agent-install.openshift.io/v1beta1\nkind: AgentServiceConfig\nmetadata:\n  name: proof\nspec:\n  mirrorRegistryRef:\n    name: ${/^ {2}name: (.*)$/m.exec(text)![1]}\n`,
}

/**
 * Reads a printed text as if it were a cluster's manifests, beside the Image/cluster of the one that it was printed for, and holds what nodes would get against what they do get.
 * @returns the scopes of registries.conf that differ, none where it is the same; or why the operator would refuse what is left, as it does where a loss uncovers a blocked registry under a wildcard.
 * @throws Error where they differ, or it refuses, and no loss says why.
 */
export function proof(form: Form, text: string, losses: readonly Loss[], own: ClusterConfiguration, registries: readonly Registry[], version: Version | undefined): string[] | { refused: string } {
  const should = tables(registries, version)
  const outcome = form === 'registries-conf' ? undefined : made(form, text, own, version)
  if (outcome?.refused !== undefined) {
    if (losses.length > 0) return { refused: outcome.refused }
    throw new Error(`the operator would refuse what --to ${form} prints: ${outcome.refused}`)
  }
  const found = difference(outcome ? tables(outcome.registries, version) : registriesConf(parseToml(text).value, false).tables, should)
  const scopes = found ? [...found.lacks, ...found.besides, ...found.otherwise].sort() : []
  const unexplained = scopes.filter((scope) => !losses.some(({ source }) => covers(source, scope)))
  if (unexplained.length > 0) throw new Error(`--to ${form} makes another registries.conf of ${unexplained.join(', ')}`)
  return scopes
}

/** What the operator would make of a text. */
function made(form: Form, text: string, own: ClusterConfiguration, version: Version | undefined): Outcome {
  const file: File = { path: 'printed.yaml', place: '/printed.yaml', text: `${HEADS[form] ?? ''}${text}${TAILS[form]?.(text) ?? ''}`, named: true }
  const { groups } = clusters({ files: [file], passed: new Set(), open: () => undefined, gunzip: (packed) => packed }, { clusters: [], name: 'printed' })
  const { configuration } = gather(groups.flatMap(({ members }) => members), MADE_OF_OTHERS.has(form) ? undefined : version)
  return operate({ ...own, rules: configuration.rules, objects: configuration.objects }, version)
}

/** What makes mirror sets of these knows which kind the version has. */
const MADE_OF_OTHERS = new Set<Form>(['hosted-cluster', 'assisted'])

function tables(registries: readonly Registry[], version: Version | undefined): Table[] {
  return registries.map((registry) => tableOf(registry, since(version, 4, 13)))
}
