import type { Document } from '../manifests/document.ts'
import { isObject, own } from '../manifests/resource.ts'
import { fieldSpecs, rename, renaming } from './image.ts'
import { affix, marked, moved } from './name.ts'
import { raw } from './node.ts'
import { applyPatch, applyStrategicMerge } from './patch.ts'
import { say, type Scope } from './scope.ts'

/** Transformers that cannot change a mirror object or an image. */
const HARMLESS = new Set(['ReplicaCountTransformer', 'HashTransformer', 'SortOrderTransformer'])

/** Runs a transformer that is configured by a document, if it is one of Kustomize's own. */
export function runTransformer(scope: Scope, document: Document): void {
  const { value, problem } = document
  if (problem && !problem.readable) return say(scope, [], `the transformer cannot be read: ${problem.message}`, document)
  if (!isObject(value)) return
  const kind = own(value, 'kind')
  const run = own(value, 'apiVersion') === 'builtin' && typeof kind === 'string' ? own(BUILTIN, kind) as Run | undefined : undefined
  if (run) run(scope, document, value)
  else if (!HARMLESS.has(String(kind)) && scope.items.length > 0) say(scope, ['kind'], `what a ${typeof kind === 'string' ? kind : 'transformer'} changes is not evaluated`, document)
}

type Run = (scope: Scope, document: Document, value: Record<string, unknown>) => void

const BUILTIN: Readonly<Record<string, Run>> = {
  PatchTransformer: (scope, document, value) => applyPatch(scope, { value, path: [], document }),
  PatchJson6902Transformer: (scope, document, value) => applyPatch(scope, { value, path: [], document, field: 'jsonOp', forgets: true }),
  PatchStrategicMergeTransformer: (scope, document, value) => {
    const paths = own(value, 'paths')
    for (const [index, path] of (Array.isArray(paths) ? paths : []).entries()) applyStrategicMerge(scope, path, ['paths', index], document)
    const patches = own(value, 'patches')
    if (typeof patches === 'string') applyStrategicMerge(scope, `${patches}\n`, ['patches'], document)
  },
  ImageTagTransformer: (scope, document, value) => {
    const change = renaming(raw(own(value, 'imageTag'), document, ['imageTag']))
    const specs = fieldSpecs(own(value, 'fieldSpecs'))
    if (change) scope.items = scope.items.map((item) => rename(item, change, specs))
    else say(scope, ['imageTag', 'name'], 'the name is a pattern that is not evaluated', document)
  },
  NamespaceTransformer: (scope, document, value) => {
    const path = isObject(own(value, 'metadata')) ? ['metadata', 'namespace'] : ['namespace']
    const namespace = own(own(value, 'metadata'), 'namespace') ?? own(value, 'namespace')
    if (typeof namespace === 'string' && namespace !== '') scope.items = scope.items.map((item) => moved(item, raw(namespace, document, path), own(value, 'unsetOnly') === true))
  },
  PrefixTransformer: (scope, document, value) => {
    if (namesNames(value)) scope.items = scope.items.map((item) => affix(item, raw(own(value, 'prefix'), document, ['prefix']), undefined))
  },
  SuffixTransformer: (scope, document, value) => {
    if (namesNames(value)) scope.items = scope.items.map((item) => affix(item, undefined, raw(own(value, 'suffix'), document, ['suffix'])))
  },
  LabelTransformer: (scope, document, value) => {
    scope.items = scope.items.map((item) => marked(item, 'labels', raw(own(value, 'labels'), document, ['labels'])))
  },
  AnnotationsTransformer: (scope, document, value) => {
    scope.items = scope.items.map((item) => marked(item, 'annotations', raw(own(value, 'annotations'), document, ['annotations'])))
  },
}

function namesNames(value: Record<string, unknown>): boolean {
  return fieldSpecs(own(value, 'fieldSpecs')).some(({ path }) => path.join('/') === 'metadata/name')
}
