import type { Document } from '../manifests/document.ts'
import { isKustomization } from '../manifests/place.ts'
import { outermost } from '../manifests/position.ts'
import { mentionsIn } from './mention.ts'
import type { Held, Move, Plan, Stay } from './plan.ts'
import { type Reference, references, type Renamed } from './reference.ts'

/** What else speaks of the kind; `patches` are the files that kustomizations name as such. Where nothing is known to do about it, for a person to look at. */
export function elsewhere(documents: readonly Document[], patches: ReadonlySet<string>, { moves, stuck, early, others }: Plan, held: Held['files']): Reference[] {
  const called = (all: readonly (Move | Stay)[]) => new Set(all.flatMap(({ names }) => names.map(({ name }) => name)))
  const [going, staying] = [called(moves), called([...stuck, ...early, ...others])]
  const plain = (name: string) => /^[\w.-]+$/.test(name)
  const renamed: Renamed = { some: (name) => !plain(name) || going.has(name), all: (name) => (plain(name) ? going.has(name) && !staying.has(name) : staying.size === 0) }
  return documents.flatMap((document) => {
    const own = [...moves, ...stuck, ...early, ...others].filter(({ place }) => outermost(place.document).file.place === document.file.place && outermost(place.document).start === document.start)
    const found = references(document, renamed, patches.has(document.file.place)).filter(({ path }) => !own.some(({ place }) => !place.document.within && place.path.every((step, index) => path[index] === step)))
    const known = [...own.map(({ place: { document: inner, path } }) => (inner.within ? inner.within.path : path)), ...found.map(({ document: { within }, path }) => (within ? within.path : path.at(-1) === 'kind' ? path.slice(0, -1) : path))]
    const told = found.flatMap((one) => one.amendments.flatMap(({ edit, document: { within } }) => (within ? [] : [edit.path])))
    const why = held.get(document.file.place)
    const certain = why === undefined ? found : found.map(({ document: where, path, advice, patches: name }): Reference => ({ document: where, path, advice: advice ?? `say the same of the new kind; ${why}`, ...(name === undefined ? {} : { keeps: name }), amendments: [] }))
    const rest = mentionsIn(document.value, [...known, ...told])
    return [...certain, ...rest.map(({ path }): Reference => ({ document, path, advice: adviceFor(document), amendments: [] }))]
  })
}

function adviceFor({ value, file }: Document): string {
  const kind = String((value as Record<string, unknown> | null)?.['kind'] ?? '')
  if (kind === 'AppProject') return 'allow ImageDigestMirrorSet of config.openshift.io, too'
  if (kind.startsWith('PolicyGen')) return 'name what makes an ImageDigestMirrorSet'
  return isKustomization(file.path) ? 'see whether it has to speak of ImageDigestMirrorSet; the name of a file need not' : 'see whether it has to speak of ImageDigestMirrorSet, too'
}
