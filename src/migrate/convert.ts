import { PLACEHOLDER } from '../cluster/mirrors.ts'
import type { Path } from '../manifests/document.ts'
import type { Edit } from '../manifests/edit.ts'
import { own, text, valueAt } from '../manifests/resource.ts'
import { serverFields } from '../manifests/server.ts'
import { MIRROR_KINDS } from '../openshift/kinds.ts'
import { defects, type Defect, field } from '../openshift/shape.ts'
import { type Malformation, malformation } from '../registries/location.ts'
import { FAULTS } from './forms/location.ts'

export const ICSP = 'ImageContentSourcePolicy'
export const IDMS = 'ImageDigestMirrorSet'
/** The lists of both, and what `spec` is in between. */
export const [FROM, TO] = [MIRROR_KINDS[ICSP], MIRROR_KINDS[IDMS]]

/** How an object becomes another; or why it cannot, and what to do about that, as clauses. */
export type Conversion = { edits: Edit[]; dropped: Repeated[] } | Obstacle

export interface Obstacle {
  why: string
  fix: string
}

/** A mirror that stands more than once in one list. */
export interface Repeated {
  path: Path
  source: string
  mirror: string
}

/**
 * How an ImageContentSourcePolicy becomes an ImageDigestMirrorSet that says the same; paths are those of the object. Kind and apiVersion are for the caller: a list may say them.
 * What the API server refuses of an IDMS and takes of an ICSP is not converted (openshift/api config/v1 types_image_digest_mirror_set.go). A `patch` need not say all that an object has to.
 */
export function conversion(value: Record<string, unknown>, patch = false): Conversion {
  const list = own(own(value, 'spec'), FROM.list)
  const stray = strays(value, patch)
  if (stray) return stray
  const entries = Array.isArray(list) ? (list as unknown[]) : []
  for (const [index, entry] of entries.entries()) {
    const wrong = refused(entry, index)
    if (wrong) return wrong
  }
  const dropped = repeatedIn(value)
  return {
    edits: [
      ...(list === undefined ? [] : [{ op: 'rename', path: ['spec', FROM.list], key: TO.list } as const]),
      ...[...serverFields(value), ...dropped.map(({ path }) => path)].map((path): Edit => ({ op: 'remove', path })),
    ],
    dropped,
  }
}

/** The mirrors of an ICSP that stand earlier in their list, too; an IDMS must not have them. */
export function repeatedIn(value: Record<string, unknown>): Repeated[] {
  const list = own(own(value, 'spec'), FROM.list)
  return (Array.isArray(list) ? (list as unknown[]) : []).flatMap((entry, index) => repeats(own(entry, 'mirrors')).map((at) =>
    ({ path: ['spec', FROM.list, index, 'mirrors', at], source: text(own(entry, 'source')), mirror: (own(entry, 'mirrors') as string[])[at]! })))
}

/** What an ICSP does not have and an IDMS does, or what no API server takes. */
function strays(value: Record<string, unknown>, patch: boolean): Obstacle | undefined {
  if (own(own(value, 'spec'), TO.list) !== undefined) return { why: `it has \`spec.${TO.list}\`, too, which an ICSP does not have and which would begin to count`, fix: 'put its entries into one list' }
  const known = { ...value }
  delete known['status']
  const all = defects(ICSP, known)
  const refusal = all.find(({ problem }) => problem !== 'unknown-field' && !(patch && problem === 'missing-field'))
  if (refusal && !PLACEHOLDER.test(text(valueAt(value, refusal.path)))) return { why: `the API server refuses it for its \`${refusal.field}\``, fix: `${refusal.problem === 'missing-field' ? 'add' : 'correct'} \`${refusal.field}\`` }
  const waking = all.find((defect) => defect.problem === 'unknown-field' && isPolicy(defect))
  return waking && { why: `an ICSP does not have \`${waking.field}\`, which would begin to count`, fix: 'remove it, or convert the object by hand if it is meant' }
}

function isPolicy({ path }: Defect): boolean {
  return path.at(-1) === 'mirrorSourcePolicy'
}

/** A location that the schema of an IDMS does not allow. What is yet to be filled in is not judged. */
function refused(entry: unknown, index: number): Obstacle | undefined {
  const mirrors = own(entry, 'mirrors')
  const locations = [
    { role: 'source' as const, value: own(entry, 'source'), path: ['source'] as Path },
    ...(Array.isArray(mirrors) ? (mirrors as unknown[]) : []).map((value, number) => ({ role: 'mirror' as const, value, path: ['mirrors', number] })),
  ]
  for (const { role, value, path } of locations) {
    const wrong = typeof value === 'string' && !PLACEHOLDER.test(value) ? malformation(value, role) : undefined
    if (wrong) return { why: `the API server refuses an IDMS whose ${role} \`${String(value)}\` (${field(['spec', FROM.list, index, ...path])}) ${FAULTS[wrong]}`, fix: FIXES[wrong] }
  }
  return undefined
}

const MENDS = '`mirrorproof check --fix` mends it'
const FIXES: Record<Malformation, string> = {
  empty: 'remove it, or write a location',
  scheme: MENDS,
  transport: 'write it as host[:port][/path]',
  ipv6: 'give the registry a DNS name',
  wildcard: 'write the locations out',
  digest: 'write the repository without it',
  'trailing-slash': MENDS,
  tag: 'write the repository without it',
  'upper-case': 'write the path in lower case, as the registry has it',
  characters: 'write it as host[:port][/path]',
}

/** Indexes of items that stand earlier in the same list. */
function repeats(list: unknown): number[] {
  const items: unknown[] = Array.isArray(list) ? list : []
  return items.flatMap((item, index) => (typeof item === 'string' && items.indexOf(item) < index ? [index] : []))
}
