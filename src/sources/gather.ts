import { KINDS } from '../live/kinds.ts'
import type { File } from '../manifests/document.ts'
import { contains, folderOf } from '../manifests/place.ts'
import type { Running } from '../reading/sources.ts'
import { display } from './display.ts'

/** Where the objects of a cluster lie in what `oc adm must-gather` and `oc adm inspect` write. */
const OBJECTS = ['cluster-scoped-resources', 'namespaces']
/** What every object has that an API server hands out. */
const SERVED = /^\s+(?:creationTimestamp|resourceVersion|uid): ['"\w]/m
/** What the image that gathered is called, as a folder. */
const IMAGE = /-sha256-[0-9a-f]{16,}$/

/** Files, of which those in a copy of a running cluster are its objects; what else lies in such a copy is no manifest. `passed` are the places of files that hold nothing of interest. */
export function gathered(files: readonly File[], passed: ReadonlySet<string>): { files: File[]; running: Running[] } {
  const bases = basesIn(files)
  if (bases.length === 0) return { files: [...files], running: [] }
  const roots = [...new Set(bases.map((base) => (IMAGE.test(base) ? folderOf(base) : base)))]
  const isObject = (place: string) => bases.some((base) => OBJECTS.some((folder) => contains(`${base}/${folder}`, place)))
  const kept = files.flatMap((file): File[] => (isObject(file.place) ? [{ ...file, live: true }] : roots.some((root) => contains(root, file.place)) ? [] : [file]))
  const places = [...files.map(({ place }) => place), ...passed].filter(isObject)
  return { files: kept, running: roots.map((root) => ({ place: root, name: display(root), why: 'a copy of the objects of one running cluster, as oc adm must-gather makes it', unseen: unseenIn(places.filter((place) => contains(root, place))) })) }
}

/** The folders with both, of which the first one holds what an API server handed out. */
function basesIn(files: readonly File[]): string[] {
  const found = new Set<string>()
  for (const { place, text } of files) {
    const at = place.indexOf(`/${OBJECTS[0]}/`)
    if (at > 0 && !found.has(place.slice(0, at)) && SERVED.test(text)) found.add(place.slice(0, at))
  }
  return [...found]
}

/** A kind that the copy has a file or a folder for was copied, and those alone. Of workloads, it holds those of some namespaces. */
function unseenIn(places: readonly string[]): Set<string> {
  const copied = new Set(places.flatMap((place) => {
    const [, group, plural] = /\/(?:cluster-scoped-resources|namespaces\/openshift-config)\/([^/]+)\/([^/.]+)/.exec(place) ?? []
    return group === undefined ? [] : [`${group}/${plural}`]
  }))
  return new Set(KINDS.filter(({ tells, apiVersion, plural }) => tells === 'images' || !copied.has(`${apiVersion.includes('/') ? apiVersion.split('/')[0] : 'core'}/${plural}`)).map(({ kind }) => kind))
}
