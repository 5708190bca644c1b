import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { Tree } from '../../src/kustomize/build.ts'
import type { Document, File } from '../../src/manifests/document.ts'
import { parse } from '../../src/manifests/parse.ts'
import { unwrap } from '../../src/manifests/unwrap.ts'

/** A tree in which everything is read, from what yields the text of a file. */
export function treeOf(read: (place: string) => string | undefined): Tree {
  const parsed = new Map<string, Document[] | undefined>()
  const documents = (place: string) => {
    if (!parsed.has(place)) {
      const text = read(place)
      const file = (): File => ({ path: relative('/', place), place, text: text!, named: true })
      parsed.set(place, text === undefined ? undefined : parse(file(), () => true).documents)
    }
    return parsed.get(place)
  }
  return { documents, resources: (place) => documents(place)?.flatMap(unwrap), text: read }
}

/** The file system as a tree. */
export function diskTree(): Tree {
  return treeOf((place) => {
    try {
      return readFileSync(place, 'utf8').replace(/^\ufeff/, '')
    } catch {
      return undefined
    }
  })
}
