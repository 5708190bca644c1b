import { type Amendment, amended, changesOf } from '../manifests/amend.ts'
import { discreet } from '../manifests/discreet.ts'
import type { Document, File, Path } from '../manifests/document.ts'
import type { Change, Edit } from '../manifests/edit.ts'
import { Unsafe } from '../manifests/extent.ts'
import { outermost, type Site, site, wholePath } from '../manifests/position.ts'
import { own } from '../manifests/resource.ts'
import type { Proposal } from './engine.ts'
import type { Finding, Placed, Wish } from './finding.ts'
import type { Places } from './places.ts'
import { phrase } from './phrase.ts'

/** How files have to change for a finding to go away. */
export interface Mend {
  /** It has no other right answer; else somebody has to decide. */
  certain: boolean
  amendments: readonly Amendment[]
  /** In the files' own texts, whatever string in them holds what is edited. */
  changes: readonly Revision[]
  /** A clause: "replace `a` by `b`", and "replaced `a` by `b`". */
  words: { present: string; past: string }
}

/** A change of a file's text, and where that is. */
export interface Revision extends Change {
  file: File
  site: Site
}

/** How many findings of a file are looked at one by one where they cannot all be mended at once: each costs a parse. */
const MOST_ALONE = 50
/** How many edits a finding may ask for; each is held against all others. */
const MOST_EDITS = 1000
/** Keys below which nothing is shown, and so nothing is edited. */
const SECRET = /secret$|dockerconfigjson|^auths?$|passw|token|credential|private.?key/i

type Draft = { fingerprint: string } & Mend

/** What would mend findings, worked out when it is first asked for: who denies a request does not need it. */
export class Mends {
  readonly #placed: readonly Placed[]
  readonly #places: Places
  #found: ReadonlyMap<string, Mend> | undefined

  constructor(placed: readonly Placed[], places: Places) {
    this.#placed = placed.filter(({ wish }) => wish)
    this.#places = places
  }

  /** Undefined where there is nothing that a text can be edited to. */
  of({ fingerprint }: Pick<Finding, 'fingerprint'>): Mend | undefined {
    this.#found ??= this.#work()
    return this.#found.get(fingerprint)
  }

  #work(): Map<string, Mend> {
    const drafts = this.#placed.flatMap(({ finding, wish }) => attempt(() => draft(finding.fingerprint, wish!, this.#places)) ?? [])
    const groups = new Map<string, Draft[]>()
    for (const one of drafts) {
      const key = JSON.stringify([one.certain, ...new Set(one.changes.map(({ file }) => file.place))])
      groups.set(key, [...(groups.get(key) ?? []), one])
    }
    return new Map([...groups.values()].flatMap(sound).map(({ fingerprint, ...mend }) => [fingerprint, mend]))
  }
}

/** What a wish comes to; undefined where something of it is not to be shown, or it is too much. @throws Unsafe where it cannot be done. */
function draft(fingerprint: string, { edits, certain }: Wish, { documents }: Places): Draft | undefined {
  if (edits.length > MOST_EDITS) return undefined
  const amendments = edits.map((edit): Amendment => ({ document: documents[edit.at.doc]!, edit: editOf(edit) }))
  if (amendments.some(isSecret)) return undefined
  const changes = distinct(amendments.flatMap((one) => {
    const { file } = outermost(one.document)
    return changesOf(one, amendments).map((change) => ({ ...change, file, site: site(file, change.start, change.end) }))
  }))
  return { fingerprint, certain, amendments, changes, words: phrase(amendments) }
}

function editOf(proposal: Proposal): Edit {
  const { path } = proposal.at
  switch (proposal.op) {
    case 'replace': return { op: 'replace', path, value: proposal.value }
    case 'rename': return { op: 'rename', path, key: proposal.key }
    case 'remove': return { op: 'remove', path }
    case 'add': return { op: 'add', path, value: proposal.value }
  }
}

function isSecret({ document, edit }: Amendment): boolean {
  const said = edit.op === 'rename' ? edit.key : 'value' in edit ? edit.value : ''
  return discreet(said) !== said || holdsSecret(document) || isBelowSecret(wholePath(document, edit.path))
}

function holdsSecret(document: Document): boolean {
  return own(document.value, 'kind') === 'Secret' || (document.within !== undefined && holdsSecret(document.within.document))
}

function isBelowSecret(path: Path): boolean {
  return path.some((step) => SECRET.test(String(step)))
}

/** Those drafts for the same files that hold when the text is read again: all of them together, or else each alone; what only goes together, as of an anchor that two lists share, goes together. */
function sound(drafts: readonly Draft[]): Draft[] {
  if (holds(drafts)) return [...drafts]
  const some = drafts.slice(0, MOST_ALONE)
  const alone = some.filter((one) => holds([one]))
  const alike = new Map<string, Draft[]>()
  for (const one of some) {
    if (alone.includes(one)) continue
    const key = JSON.stringify(one.changes.map(({ start, end, text }) => [start, end, text]))
    alike.set(key, [...(alike.get(key) ?? []), one])
  }
  const joined = [...alike.values()].filter(holds).flatMap((group) => group.map((one) => ({ ...one, amendments: group.flatMap(({ amendments }) => amendments) })))
  return [...alone, ...joined]
}

function holds(drafts: readonly Mend[]): boolean {
  return attempt(() => textsWith(drafts)) !== undefined
}

/** The new texts of files with these mends, by place. @throws Unsafe where they cannot all be made. */
export function textsWith(mends: readonly Pick<Mend, 'amendments'>[]): Map<string, string> {
  const byFile = new Map<string, { file: File; amendments: Amendment[] }>()
  const known = new Map<Document, Set<string>>()
  for (const one of mends.flatMap(({ amendments }) => amendments)) {
    const { file } = outermost(one.document)
    const said = known.get(one.document) ?? new Set()
    known.set(one.document, said)
    const edit = JSON.stringify(one.edit)
    if (said.has(edit)) continue
    said.add(edit)
    const same = byFile.get(file.place)
    if (same) same.amendments.push(one)
    else byFile.set(file.place, { file, amendments: [one] })
  }
  return new Map([...byFile].map(([place, { file, amendments }]) => [place, amended(file, amendments)]))
}

function distinct(all: readonly Revision[]): Revision[] {
  return [...new Map(all.map((one) => [JSON.stringify([one.file.place, one.start, one.end, one.text]), one])).values()].sort((a, b) => a.start - b.start)
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof Unsafe) return undefined
    throw error
  }
}
