import type { Amendment } from '../manifests/amend.ts'
import type { Place } from '../manifests/document.ts'
import { own, text, valueAt } from '../manifests/resource.ts'
import { ICSP, IDMS, TO } from './convert.ts'
import type { Plan, Stay } from './plan.ts'

/** A list of ICSPs whose items do not say what they are says it for all of them: they move together, and the list with them. */
export function together({ moves, stuck, early, others }: Plan): Plan {
  const listed = (place: Place) => (isListed(place) ? JSON.stringify([place.document.file.place, place.document.start, place.path.slice(0, -2)]) : undefined)
  const kept = new Set([...stuck, ...early, ...others].flatMap(({ place }) => listed(place) ?? []))
  const going = moves.filter(({ place }) => !kept.has(listed(place) ?? ''))
  const staying = moves.filter((move) => !going.includes(move)).map(({ title, place, clusters, names }): Stay => ({ title, place, clusters, names, why: 'another item of its list stays, and the list says the kind of both', fix: 'put them into lists of their own' }))
  const lists = new Set<string>()
  const with_ = going.map((move) => {
    const key = listed(move.place)
    if (key === undefined || lists.has(key)) return move
    lists.add(key)
    return { ...move, amendments: [...listEdits(move.place), ...move.amendments] }
  })
  return { moves: with_, stuck: [...stuck, ...staying], early, others }
}

function isListed({ document, path }: Place): boolean {
  return path.at(-2) === 'items' && text(own(valueAt(document.value, path.slice(0, -2)), 'kind')) === `${ICSP}List`
}

function listEdits({ document, path }: Place): Amendment[] {
  const list = path.slice(0, -2)
  return [
    { document, edit: { op: 'replace', path: [...list, 'kind'], value: `${IDMS}List` } },
    ...(own(valueAt(document.value, list), 'apiVersion') === undefined ? [] : [{ document, edit: { op: 'replace', path: [...list, 'apiVersion'], value: TO.apiVersion } } as const]),
  ]
}
