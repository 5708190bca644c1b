import type { Path } from '../manifests/document.ts'
import { FIELDS } from './fields.generated.ts'
import { type MirrorKind, MIRROR_KINDS } from './kinds.ts'
import * as validators from './validators.generated.ts'

/** Where an object departs from what its kind allows. */
export interface Defect {
  path: Path
  /** `unknown-field`: the API server drops the field. The others: it refuses the object. */
  problem: 'unknown-field' | 'missing-field' | 'wrong-type' | 'wrong-value'
  /** The field as people write it: `spec.imageDigestMirrors[0].mirrors`. */
  field: string
  /** What is there: a JSON type, or the value itself where a list of values is meant. */
  found?: string
  /** What would be right: types, values, or the field that was probably meant. */
  expected?: string[]
  /** The name of the field in the same place, or the value, that is probably meant; certain where it is the only one that is spelt like it. */
  near?: { name: string; certain: boolean }
}

/** What ajv reports of a node; see https://ajv.js.org/api.html#error-objects. */
export interface SchemaError {
  keyword: string
  instancePath: string
  params: Record<string, unknown>
  data: unknown
}

/** What ajv's standalone code exports. */
export type Validate = ((value: unknown) => boolean) & { errors?: SchemaError[] | null }

/** Holds an object against the definition of its kind (the CRD of the API server that build/go.mod pins). */
export function defects(kind: MirrorKind | 'Image', value: unknown): Defect[] {
  const validate = (validators as unknown as Record<MirrorKind | 'Image', Validate>)[kind]
  if (validate(value)) return []
  const found = (validate.errors ?? []).flatMap((error) => describe(error, value, (name, path) => meant(kind, name, path)) ?? [])
  return found.map((defect) => ({ ...defect, ...nearest(kind, defect, value) }))
}

function nearest(kind: MirrorKind | 'Image', { problem, path, found = '', expected = [] }: Defect, root: unknown): Pick<Defect, 'near'> {
  if (problem === 'wrong-value') return spelt(found, expected, [])
  if (problem !== 'unknown-field') return {}
  const [outer, name] = [path.slice(0, -1), String(path.at(-1))]
  const holder = outer.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], root)
  const here = outer.map((step) => (typeof step === 'number' ? '[]' : `.${step}`)).join('').slice(1)
  const beside = (fields: readonly string[]) => fields.filter((full) => full.slice(0, Math.max(full.lastIndexOf('.'), 0)) === here).map((full) => full.slice(full.lastIndexOf('.') + 1))
  return spelt(name, beside(FIELDS[kind]!), beside(expected), Object.keys(holder as object))
}

/** The one of some names that is spelt like one; else the one that is otherwise like it. What is taken is not meant. */
function spelt(name: string, names: readonly string[], others: readonly string[], taken: readonly string[] = []): Pick<Defect, 'near'> {
  const close = names.filter((one) => distance(one.toLowerCase(), name.toLowerCase()) <= 2)
  const [first, second] = close.length > 0 ? close : others
  return first === undefined || second !== undefined || taken.includes(first) ? {} : { near: { name: first, certain: close.length > 0 } }
}

/** Translates an error of ajv's; undefined for what other rules judge with more to say (`uniqueItems`). */
export function describe(error: SchemaError, root: unknown, meant: (name: string, path: Path) => string[]): Defect | undefined {
  const path = pointer(error.instancePath, root)
  const defect = (problem: Defect['problem'], steps: Path, rest: Partial<Defect>) => ({ path: steps, problem, field: field(steps), ...rest })
  switch (error.keyword) {
    case 'additionalProperties': {
      const name = String(error.params['additionalProperty'])
      return defect('unknown-field', [...path, name], { expected: meant(name, path) })
    }
    case 'required':
      return defect('missing-field', path, { field: field([...path, String(error.params['missingProperty'])]) })
    case 'minItems':
    case 'minLength':
      return defect('missing-field', path, {})
    case 'type': {
      const expected = [error.params['type']].flat().map(String).filter((type) => type !== 'null')
      return error.data === null && path.length > 0 && typeof path.at(-1) === 'string'
        ? defect('missing-field', path, {})
        : defect('wrong-type', path, { found: typeOf(error.data), expected })
    }
    case 'enum':
      if (typeof error.data !== 'string') return undefined // already a wrong type
      return defect('wrong-value', path, { found: error.data, expected: (error.params['allowedValues'] as unknown[]).filter((value) => value !== null).map(String) })
    default:
      return undefined
  }
}

/** A defect of something that people write for mirrorproof itself, in words. */
export function sentence({ problem, field, found, expected = [] }: Defect): string {
  switch (problem) {
    case 'unknown-field': return `there is no field \`${field}\``
    case 'missing-field': return `\`${field}\` is missing or empty`
    case 'wrong-value': return `\`${field}\` is \`${found}\`, which is none of ${expected.join(', ')}`
    case 'wrong-type': return `\`${field || 'this'}\` is of type ${found} where ${expected.join(' or ')} is expected`
  }
}

/** JSON pointer → path; a step is an index where the value that it steps into is a list. */
export function pointer(text: string, root: unknown): (string | number)[] {
  let value = root
  return text.split('/').slice(1).map((raw) => {
    const name = raw.replaceAll('~1', '/').replaceAll('~0', '~')
    const step = Array.isArray(value) ? Number(name) : name
    value = (value as Record<string | number, unknown>)[step]
    return step
  })
}

/** A path as people write it. */
export function field(path: Path): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('')
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}

/** The field that was probably meant: the one of this kind for a sister kind's, the same name elsewhere, or a similar name. */
function meant(kind: MirrorKind | 'Image', name: string, path: Path): string[] {
  const sisters: string[] = Object.values(MIRROR_KINDS).map((sister) => sister.list)
  const here = path.filter((step) => typeof step === 'string').join('.')
  if (kind !== 'Image' && sisters.includes(name)) return [`spec.${MIRROR_KINDS[kind].list}`]
  const last = (full: string) => full.slice(full.lastIndexOf('.') + 1)
  const parent = (full: string) => full.slice(0, Math.max(full.lastIndexOf('.'), 0)).replaceAll('[]', '')
  const elsewhere = FIELDS[kind]!.filter((full) => last(full) === name)
  if (elsewhere.length > 0) return elsewhere
  const near = (full: string) => similar(last(full).toLowerCase(), name.toLowerCase())
  const candidates = FIELDS[kind]!.filter(near)
  return candidates.filter((full) => parent(full) === here).concat(candidates).slice(0, 1)
}

/** Whether a name was probably meant by one that is wrong; both in lower case. */
export function similar(right: string, wrong: string): boolean {
  return wrong.length > 3 && (right.includes(wrong) || wrong.includes(right) || distance(right, wrong) <= 2)
}

/** Levenshtein's edit distance. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}
