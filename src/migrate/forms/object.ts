import { title } from '../../manifests/resource.ts'
import { yaml } from '../../manifests/write.ts'
import { MIRROR_KINDS, type MirrorKind } from '../../openshift/kinds.ts'
import { since } from '../../openshift/version.ts'
import { kindsExclude } from '../../registries/refusal.ts'
import type { Entry } from './entry.ts'
import type { Mirrors, Printed } from './form.ts'
import { malformed, refused, sourceFirst } from './location.ts'
import { lostPolicies, lostTags } from './loss.ts'
import { isName } from './name.ts'

/** ImageContentSourcePolicies, which have neither tags nor policies. */
export function icsp({ name, version, entries }: Mirrors): Printed {
  const carried = entries.filter(({ pull }) => pull === 'digest')
  const form = 'an ImageContentSourcePolicy'
  const remedy = since(version, 4, 13) ? 'keep the ImageTagMirrorSet' : 'there is nothing for them before OpenShift 4.13'
  const documents = objects('ImageContentSourcePolicy', carried, name)
  return {
    text: joined(documents),
    losses: [...lostTags(entries, form, remedy, false), ...lostPolicies(carried, form)],
    errors: sourceFirst(carried, false),
    notes: [...replaced(carried, documents), ...large(documents), ...(since(version, 4, 14) ? ['ImageContentSourcePolicy is deprecated since OpenShift 4.13; --to idms prints what takes its place'] : [])],
  }
}

/** ImageDigestMirrorSets, and ImageTagMirrorSets beside them where there are mirrors for tags. */
export function idms({ name, version, entries }: Mirrors): Printed {
  const [digests, tags] = (['digest', 'tag'] as const).map((pull) => entries.filter((entry) => entry.pull === pull)) as [Entry[], Entry[]]
  const documents = [...objects('ImageDigestMirrorSet', digests, name), ...objects('ImageTagMirrorSet', tags, name)]
  const old = entries.some(({ parts }) => parts.some(({ set }) => set.kind === 'ImageContentSourcePolicy' && set.resource.madeOf === undefined))
  return {
    text: joined(documents),
    losses: [],
    errors: since(version, 4, 13) ? [...refused(entries, 'the API server', malformed), ...sourceFirst(entries, true)] : [`OpenShift ${version!.text} has neither ImageDigestMirrorSet nor ImageTagMirrorSet; they are there from 4.13 on (--openshift)`],
    notes: [
      ...replaced(entries, documents),
      ...large(documents),
      ...(old && kindsExclude(version) ? [`OpenShift ${version!.text} takes no ImageDigestMirrorSet as long as an ImageContentSourcePolicy is there; 4.13.27 and 4.14.3 do: update first, or delete those before`] : []),
      ...(since(version, 4, 14) ? [] : ['on OpenShift 4.13 builds and imports into image streams read ImageContentSourcePolicies alone, and follow these from 4.14 on']),
    ],
  }
}

/** The objects that the printed ones take the place of, under another name or kind. */
function replaced(entries: readonly Entry[], documents: readonly Named[]): string[] {
  const sets = new Set(entries.flatMap(({ parts }) => parts.map(({ set }) => set)).filter(({ resource }) => resource.madeOf === undefined).map(title))
  const gone = [...sets].filter((one) => !documents.some(({ name }) => name === one)).sort()
  return gone.length > 0 ? [`it takes the place of ${gone.join(', ')}: delete ${gone.length > 1 ? 'those' : 'that'} once it is applied`] : []
}

interface Named {
  name: string
  text: string
}

function objects(kind: MirrorKind, entries: readonly Entry[], name: string): Named[] {
  return grouped(entries, name).map((group) => {
    const { apiVersion, list } = MIRROR_KINDS[kind]
    const items = group.entries.map(({ source, mirrors, policy }) => ({ source, mirrors, mirrorSourcePolicy: kind === 'ImageContentSourcePolicy' ? undefined : policy }))
    return { name: `${kind}/${group.name}`, text: yaml({ apiVersion, kind, metadata: { name: group.name }, spec: { [list]: items } }) }
  })
}

/** The objects that entries come from, where they are of one kind and no source is in two of them; else one for all. */
function grouped(entries: readonly Entry[], name: string): { name: string; entries: readonly Entry[] }[] {
  const sets = [...new Set(entries.flatMap(({ parts }) => parts.map(({ set }) => set)))]
  const apart = new Set(sets.map(({ kind }) => kind)).size === 1 && sets.every((set) => isName(set.name)) && entries.every(({ parts }) => parts.every(({ set }) => set === parts[0]!.set))
  if (!apart) return entries.length === 0 ? [] : [{ name, entries }]
  const index = ({ parts: [first] }: Entry) => first!.set.entries.indexOf(first!.entry)
  return sets.sort((a, b) => (a.name < b.name ? -1 : 1)).map((set) => ({ name: set.name, entries: entries.filter(({ parts: [first] }) => first!.set === set).sort((a, b) => index(a) - index(b)) }))
}

function joined(documents: readonly Named[]): string {
  return documents.map(({ text }) => text).join('---\n')
}

/** Client-side apply writes an object as JSON into an annotation of it, and annotations hold this many bytes. */
const MOST_BYTES = 262_144

function large(documents: readonly Named[]): string[] {
  return documents.filter(({ text }) => text.length > MOST_BYTES).map(({ name }) => `${name} is too large for oc apply without --server-side`)
}
