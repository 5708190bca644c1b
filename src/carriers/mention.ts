import type { Document } from '../manifests/document.ts'
import { outermost } from '../manifests/position.ts'
import { mentions } from '../openshift/kinds.ts'

const known = new WeakMap<Document, boolean>()

/** Whether the text of a document speaks of mirror configuration. */
export function speaks(document: Document): boolean {
  const outer = outermost(document)
  const { file, start, end } = outer
  const found = known.get(outer) ?? mentions(file.text.slice(start, end))
  known.set(outer, found)
  return found
}
