import { hostedCluster } from '../cluster/registries.ts'
import { UserError } from '../error.ts'
import type { Flags, Outcome } from '../flags.ts'
import { discreet } from '../manifests/discreet.ts'
import { title } from '../manifests/resource.ts'
import { choice } from '../migrate/forms/choice.ts'
import { type Entry, entriesOf, ineffective, siteOf } from '../migrate/forms/entry.ts'
import { type Form, FORMS } from '../migrate/forms/form.ts'
import { nameOf } from '../migrate/forms/name.ts'
import { print } from '../migrate/forms/print.ts'
import { proof } from '../migrate/forms/proof.ts'
import type { Version } from '../openshift/version.ts'
import { type Applied, type ClusterConfiguration, operate } from '../registries/operator.ts'
import { kindsExclude } from '../registries/refusal.ts'
import { alone, load, type Loaded } from './load.ts'
import { oneOf } from './options.ts'
import { oneFormat } from './outputs.ts'

/** `mirrorproof migrate --to FORM`: the mirrors of one cluster in another form. */
export async function form(given: readonly string[], flags: Flags, to: string): Promise<Outcome> {
  const wanted = oneOf('to', to, ['auto', ...FORMS] as const)
  oneFormat('migrate --to', flags.format, ['text'])
  for (const flag of ['write', 'check', 'include-4.13'] as const) if (flags[flag]) throw new UserError(`--to prints one cluster and changes no file, so --${flag} does not go with it`)
  const loaded = await load(given, flags)
  const { group: { name, version, members, running }, gathered } = alone(loaded, 'printed in another form')
  const hosted = hostedCluster(members) !== undefined
  const chosen = wanted === 'auto' ? choice(gathered.sets, version, hosted) : { form: wanted, why: undefined }
  const { outcome, notes } = written(name, gathered.configuration, version)
  const before = [...loaded.notes, ...notes, ...(chosen.why === undefined ? [] : [`--to ${chosen.form}: ${chosen.why}`])]
  if (outcome.refused !== undefined) return failed(before, [`the operator refuses the objects of ${name}: ${discreet(outcome.refused)} (mirrorproof check says where)`], flags)
  const entries = entriesOf(gathered.sets)
  const printed = print(chosen.form, { name: nameOf(name, running !== undefined), version, entries, registries: outcome.registries, search: outcome.search })
  const losses = [...new Set(printed.losses.map(({ message }) => message))]
  if (printed.errors.length > 0) return failed(before, [...losses, ...printed.errors], flags)
  if (entries.length === 0 || printed.text === '') return failed(before, [...losses, `nothing is printed: ${name} has no mirrors${entries.length > 0 ? ` that --to ${chosen.form} could carry` : ''}`], flags)
  const proven = proof(chosen.form, printed.text, printed.losses, gathered.configuration, outcome.registries, version)
  if ('refused' in proven) return failed(before, [...losses, `nothing is printed: the operator refuses what is left without these: ${discreet(proven.refused)}`], flags)
  const said = [...besides(chosen.form, { entries, gathered, outcome, hosted }), ...printed.notes, same(proven, version)]
  return { output: printed.text, code: 0, notes: flags.quiet ? losses : [...before, ...losses, ...said] }
}

function failed(notes: readonly string[], errors: readonly string[], { quiet }: Flags): Outcome {
  return { output: '', code: 1, notes: [...(quiet ? [] : notes), ...errors] }
}

/** What the operator makes of a cluster. Where it refuses the kinds side by side, as the first patch releases with IDMS do, it is asked for them as one kind: that is what every form makes of them. */
function written(name: string, own: ClusterConfiguration, version: Version | undefined): { outcome: ReturnType<typeof operate>; notes: string[] } {
  const outcome = operate(own, version)
  if (outcome.refused === undefined || !kindsExclude(version)) return { outcome, notes: [] }
  const rules = own.rules.map((rule) => (rule.kind === 'ImageContentSourcePolicy' ? { ...rule, kind: 'ImageDigestMirrorSet' as const } : rule))
  return { outcome: operate({ ...own, rules }, version), notes: [`the operator refuses the objects of ${name} as they are: ${discreet(outcome.refused)}; what is printed is all of them together`] }
}

interface Known {
  entries: readonly Entry[]
  gathered: Loaded['clusters'][0]['gathered']
  outcome: Applied
  hosted: boolean
}

/** What is to be known of what was printed, and of what was not. */
function besides(to: Form, { entries, gathered: { sets, files, configuration }, outcome, hosted }: Known): string[] {
  const lists = (['insecure', 'blocked', 'allowed'] as const).filter((list) => (configuration[list] ?? []).length > 0).map((list) => `${list}Registries`)
  return [
    ...ineffective(sets).map((part) => `${siteOf(part, 'source')}: \`${part.entry.source}\` has no mirror but itself, so nodes pass over the entry, and it is not printed`),
    ...entries.filter(({ contradictory }) => contradictory).map(({ source, mirrors, parts: [part] }) => `${siteOf(part!, 'source')}: the mirrors of \`${source}\` are in contradictory orders, and nodes try \`${mirrors[0]}\` first; so it is printed`),
    ...[files.main ?? [], files.dropIns].flat().map(({ resource, path }) => `${title(resource)} writes ${path} on its own, which is not part of this`),
    ...(lists.length > 0 && to !== 'registries-conf' ? [`${lists.join(', ')} of Image/cluster ${lists.length > 1 ? 'are' : 'is'} not part of this${PLACES[to] ?? ''}`] : []),
    ...(outcome.files.some(({ path }) => path.endsWith('policy.json')) && to === 'registries-conf' ? ['what Image/cluster allows or blocks stands in policy.json as well, which mirrorproof render --format json shows'] : []),
    ...(hosted && (to === 'icsp' || to === 'idms') ? ['the API server of a hosted cluster denies these objects: --to hosted-cluster prints what its nodes take'] : []),
  ]
}

/** Where the lists of Image/cluster go, for those who have no such object yet. */
const PLACES: Partial<Record<Form, string>> = {
  'install-config': '; hand Image/cluster to the installer as a manifest',
  assisted: '; hand Image/cluster to the installation as a manifest',
  'hosted-cluster': '; it goes to spec.configuration.image of the HostedCluster',
}

/** What nodes get of it, in words. */
function same(scopes: readonly string[], version: Version | undefined): string {
  const held = `held against what nodes get now${version ? `, on OpenShift ${version.text}` : ''}`
  return scopes.length === 0 ? `${held}: the same registries.conf` : `${held}: registries.conf differs for what is not carried, in ${scopes.map((scope) => `\`${scope}\``).join(', ')}`
}
