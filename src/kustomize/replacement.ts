import { join } from '../manifests/place.ts'
import type { Document, Path } from '../manifests/document.ts'
import { own } from '../manifests/resource.ts'
import { say, type Scope } from './scope.ts'
import { selector } from './selector.ts'

/** What a replacement may write without touching a mirror or an image: metadata, and fields that hold something else by their name. */
const HARMLESS = /^metadata\.|(?:^|\.)(?:replicas|host|hostname|namespace|name|claimName|secretName|serviceName|serviceAccountName|storageClassName|channel|startingCSV)$/

/** Names an entry of `replacements` that writes where it may matter; none is filled in. */
export function replace(scope: Scope, value: unknown, path: Path): void {
  const { kustomization: { folder, document }, tree } = scope
  const file = own(value, 'path')
  if (typeof file !== 'string') return check(scope, value, path, document)
  const place = join(folder, file)
  const documents = tree.documents(place)
  if (!documents) return say(scope, [...path, 'path'], `\`${file}\` is not there`)
  scope.reached.add(place)
  for (const one of documents) {
    const entries: [unknown, Path][] = Array.isArray(one.value) ? one.value.map((entry, index) => [entry, [index]]) : [[one.value, []]]
    for (const [entry, at] of entries) check(scope, entry, at, one)
  }
}

function check(scope: Scope, value: unknown, path: Path, document: Document): void {
  for (const [index, target] of listOf(own(value, 'targets')).entries()) {
    const fields = listOf(own(target, 'fieldPaths'))
    const touches = fields.length === 0 ? [] : fields.filter((field) => typeof field !== 'string' || !HARMLESS.test(field))
    if (touches.length === 0) continue
    const selects = selector(own(target, 'select'))
    if (!selects || scope.items.some((item) => selects.matches(item))) say(scope, [...path, 'targets', index], 'the replacement is not filled in', document)
  }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
