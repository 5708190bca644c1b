import { own } from '../manifests/resource.ts'
import { type Identity, type Item } from './item.ts'
import { part, plain } from './node.ts'
import { pattern } from './pattern.ts'

/** What a `target` of a patch or a replacement asks for. */
export interface Selector {
  matches(item: Item): boolean
  /** What it says of the kind, if anything. */
  kind: string
  name: string
}

type Test = (text: string) => boolean

/** Reads a target. Undefined where it cannot be told what it selects. */
export function selector(target: unknown): Selector | undefined {
  const [group, version, kind, name, namespace] = ['group', 'version', 'kind', 'name', 'namespace'].map((key) => test(own(target, key)))
  const labels = expression(own(target, 'labelSelector'))
  const annotations = expression(own(target, 'annotationSelector'))
  if (!group || !version || !kind || !name || !namespace || !labels || !annotations) return undefined
  const matches = (item: Item) => {
    const { identity, past: [first = identity] } = item
    const either = (test: Test, key: keyof Identity) => test(first[key]) || (first !== identity && test(identity[key]))
    return kind(identity.kind) && group(identity.group) && version(identity.version) && either(name, 'name') && either(namespace, 'namespace')
      && labels((key) => metadata(item, 'labels', key)) && annotations((key) => metadata(item, 'annotations', key))
  }
  return { matches, kind: text(own(target, 'kind')), name: text(own(target, 'name')) }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

const ANY: Test = () => true

function test(value: unknown): Test | undefined {
  if (value === undefined || value === null || value === '') return ANY
  return typeof value === 'string' ? pattern(value) : undefined
}

/** A label or annotation of an object, whether written or added. */
export function metadata({ base, node, labels, annotations }: Item, field: 'labels' | 'annotations', key: string): string | undefined {
  const added = (field === 'labels' ? labels : annotations)?.get(key)
  if (added) return String(plain(added))
  const written = node ? part(node, ['metadata', field, key]) : undefined
  const value = node ? written && plain(written) : own(own(own(base.value, 'metadata'), field), key)
  return value === undefined || value === null ? undefined : String(value)
}

type Expression = (get: (key: string) => string | undefined) => boolean

/** A label selector as Kubernetes writes it: `a=b,c!=d,e in (f,g),h,!i`. */
function expression(value: unknown): Expression | undefined {
  if (value === undefined || value === null || value === '') return () => true
  if (typeof value !== 'string') return undefined
  const terms = value.match(/(?:\([^)]*\)|[^,(])+/g) ?? []
  const tests = terms.map(term)
  return tests.every((one) => one !== undefined) ? (get) => tests.every((one) => one(get)) : undefined
}

function term(written: string): Expression | undefined {
  const [, not, bare, key = bare, operator, value = ''] = /^\s*(?:(!\s*)?([\w./-]+)|([\w./-]+)\s*(==?|!=|\s(?:in|notin)\s)\s*([^\s=!]*|\(.*\)))\s*$/.exec(written) ?? []
  if (key === undefined) return undefined
  if (operator === undefined) return (get) => (get(key) !== undefined) === (not === undefined)
  const values = value.startsWith('(') ? value.slice(1, -1).split(',').map((one) => one.trim()) : [value]
  const wanted = operator.startsWith('=') || operator.trim() === 'in'
  return (get) => {
    const has = get(key)
    return wanted ? has !== undefined && values.includes(has) : has === undefined || !values.includes(has)
  }
}
