import type { Surroundings } from '../carriers/contents.ts'
import { build, kustomization } from '../kustomize/build.ts'
import { byFolder, folderOf, join } from '../manifests/place.ts'
import { outermost } from '../manifests/position.ts'
import type { Resource } from '../manifests/resource.ts'
import type { Reader } from './reader.ts'
import type { Sources } from './sources.ts'

/** A file, or a kustomization, that a generator uses is claimed by it. */
export function surroundingsOf(resources: readonly Resource[], reader: Reader, { files, passed }: Sources, claimed: Set<string>): Pick<Surroundings, 'configMap' | 'manifests'> {
  const configMaps = new Nearest(resources.filter(({ kind }) => kind === 'ConfigMap'))
  let folders: Map<string, string[]> | undefined
  const take = (place: string, self: string): Resource[] | undefined => {
    const root = /\.(?:ya?ml|json)$/.test(place) ? undefined : kustomization(place, reader)
    if (root) {
      const { resources: built, reached } = build(root, reader)
      reader.generated.add(root.document.file.place)
      for (const one of [...reader.real(reached), root.document.file.place]) claimed.add(one)
      return built
    }
    folders ??= byFolder([...files.map((file) => file.place), ...passed])
    const places = (folders.get(place) ?? [place]).filter((one) => one !== self)
    const found = places.map((one) => reader.resources(one))
    if (!found.some((one) => one !== undefined)) return undefined
    for (const one of places) claimed.add(one)
    return found.flatMap((one) => one ?? [])
  }
  return {
    configMap: (from, namespace, name) => configMaps.find(from, namespace, name),
    manifests(from, path) {
      const { place } = outermost(from).file
      for (let folder = folderOf(place); folder !== ''; folder = folderOf(folder)) {
        const found = take(join(folder, path), place)
        if (found) return found
      }
      return undefined
    },
  }
}

/** Objects by name, of several the one that stands nearest: built by the same root, in the same file, the same folder, or the nearest folder around. */
class Nearest {
  readonly #known = new Map<string, Resource>()

  constructor(resources: readonly Resource[]) {
    for (const one of resources) {
      for (const place of placesOf(one)) {
        for (const key of [`${place}\n${one.namespace}\n${one.name}`, `${place}\n\n${one.name}`]) if (!this.#known.has(key)) this.#known.set(key, one)
      }
    }
  }

  find(from: Resource, namespace: string | undefined, name: string): Resource | undefined {
    const places = placesOf(from)
    const same = places.map((place) => this.#known.get(`${place}\n${namespace}\n${name}`)).find((one) => one)
    return same ?? places.map((place) => this.#known.get(`${place}\n\n${name}`)).find((one) => one)
  }
}

/** The root that a resource is built by, its file, and the folders around, from the inside. */
function placesOf({ root, document }: Resource): string[] {
  const places = root ? [root.place] : []
  for (let at = outermost(document).file.place; at !== ''; at = folderOf(at)) places.push(at)
  return [...places, '']
}
