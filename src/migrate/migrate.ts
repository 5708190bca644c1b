import type { Candidate } from '../cluster/candidate.ts'
import { type Cluster, clusters, type Options } from '../clusters.ts'
import { type Amendment, amended } from '../manifests/amend.ts'
import type { Document, File, Skipped } from '../manifests/document.ts'
import { Unsafe } from '../manifests/extent.ts'
import { lineAt, locate, outermost } from '../manifests/position.ts'
import { title } from '../manifests/resource.ts'
import { meantKind } from '../openshift/kinds.ts'
import type { Sources } from '../reading/sources.ts'
import { elsewhere } from './elsewhere.ts'
import { MENTION, mentioning, patchFiles } from './mention.ts'
import { ICSP, IDMS } from './convert.ts'
import { type Held, keyOf, type Move, plan, type Plan, type Request } from './plan.ts'
import { type Proof, prove } from './proof.ts'
import { same } from '../pairs.ts'
import type { Reference } from './reference.ts'

/** What a migration comes to; nothing is written yet. */
export interface Migration extends Plan {
  /** The new texts of files. */
  files: { file: File; text: string }[]
  references: Reference[]
  proofs: Proof[]
  /** The clusters that there are. */
  clusters: Cluster[]
  /** What speaks of the kind and could not be read, or is applied to no cluster. */
  unread: Skipped[]
}

/**
 * Works out how the ImageContentSourcePolicies of clusters become ImageDigestMirrorSets, and proves that nothing changes on their nodes. What cannot be proved does not move.
 * `edited` gives the sources with other texts for files, by place.
 */
export function migrate(sources: Sources, options: Options, request: Omit<Request, 'places' | 'only'>, edited: (texts: ReadonlyMap<string, string>) => Sources): Migration {
  const { only, ...everywhere } = options
  const wanted = clusters(sources, options)
  const { groups: before, skipped } = only ? clusters(sources, everywhere) : wanted
  const files = sources.files.filter(({ live }) => !live)
  const asked: Request = { ...request, places: new Set(files.map(({ place }) => place)), ...(only ? { only: new Set(wanted.groups.map(({ name }) => name)) } : {}) }
  const speaking = { documents: files.flatMap(mentioning), patches: patchFiles(files) }
  const unread = unreadOf(sources, wanted.skipped, [...wanted.groups.flatMap(({ members }) => members), ...wanted.strays])
  const held: Held = { clusters: new Map(), objects: new Map(), files: new Map(), places: new Map() }
  for (;;) {
    const made = attempt(before, speaking, asked, held)
    if (!made) continue // something could not change after all, and is held now
    const common = { ...made, clusters: before, unread }
    if (made.files.length === 0) return { ...common, proofs: [] }
    const after = clusters(edited(new Map(made.files.map(({ file, text }) => [file.place, text]))), { ...everywhere, lenient: true })
    const proofs = proofsOf(before, after.groups, lostIn(skipped, after.skipped), made, held.clusters)
    if (proofs) return { ...common, proofs }
  }
}

/** What was read before the change and is not after it, as a patch that matches nothing any more. */
function lostIn(before: readonly Skipped[], after: readonly Skipped[]): Skipped[] {
  const known = new Set(before.map((one) => JSON.stringify([one.file, one.reason, one.message.replaceAll(ICSP, IDMS)])))
  return after.filter((one) => !known.has(JSON.stringify([one.file, one.reason, one.message.replaceAll(ICSP, IDMS)])))
}

/** In files that speak of the kind. */
function unreadOf({ files }: Sources, skipped: readonly Skipped[], members: readonly Candidate[]): Skipped[] {
  const speaking = new Set(files.filter(({ text }) => MENTION.test(text)).map(({ path }) => path))
  const broken = members.flatMap((member): Skipped[] => (member.type === 'document' ? [{ file: member.file, line: lineAt(outermost(member.document).file, member.document.within ? 0 : member.document.start), reason: 'unreadable', message: `cannot be read: ${member.document.problem!.message}` }] : []))
  const misplaced = members.flatMap((member): Skipped[] => (member.type === 'misplaced' && meantKind(member.resource.kind) === ICSP
    ? [{ file: member.file, line: locate(member.resource.document, member.resource.path).line, reason: 'unreadable', message: `no cluster takes ${title(member.resource)} with this kind and apiVersion; mirrorproof check tells more` }] : []))
  return [...skipped, ...broken, ...misplaced].filter(({ file, reason, message }) => speaking.has(file) && reason !== 'placeholder' && !/Image(?:Digest|Tag)MirrorSet/.test(message))
}

/** What speaks of the kind, and which files kustomizations name as patches. */
interface Speaking {
  documents: Document[]
  patches: ReadonlySet<string>
}

type Attempt = Plan & Pick<Migration, 'files' | 'references'>

/** Undefined where a file turned out not to be edited, or an object not to be left by its patches; then it is held. */
function attempt(before: readonly Cluster[], { documents, patches }: Speaking, request: Request, held: Held): Attempt | undefined {
  const planned = plan(before, request, held)
  const found = planned.moves.some(({ installer }) => !installer) ? elsewhere(documents, patches, planned, held.files) : []
  const kept = found.filter(({ keeps }) => keeps !== undefined && !held.objects.has(keeps) && planned.moves.some(({ names }) => names.some(({ name }) => name === keeps)))
  for (const { keeps, advice, document } of kept) held.objects.set(keeps!, `the patch of it in ${document.file.path} cannot be converted: ${advice}`)
  if (kept.length > 0) return undefined
  const amendments = [...planned.moves, ...found].flatMap((one) => one.amendments)
  const byFile = new Map<string, { file: File; amendments: Amendment[] }>()
  for (const one of amendments) {
    const { file } = outermost(one.document)
    const same = byFile.get(file.place)
    if (same) same.amendments.push(one)
    else byFile.set(file.place, { file, amendments: [one] })
  }
  const files: Migration['files'] = []
  for (const { file, amendments: some } of byFile.values()) {
    try {
      files.push({ file, text: amended(file, some) })
    } catch (error) {
      if (!(error instanceof Unsafe)) throw error
      hold(file, planned.moves, error, held)
      return undefined
    }
  }
  return { ...planned, files: files.sort((a, b) => (a.file.path < b.file.path ? -1 : 1)), references: found }
}

/** What of a file cannot be edited: the objects of which that holds by themselves; where it is none, or all, the file. */
function hold(file: File, moves: readonly Move[], { message }: Unsafe, { files, places }: Held): void {
  const here = moves.filter(({ place }) => outermost(place.document).file.place === file.place)
  const alone = here.flatMap(({ place, amendments }) => {
    try {
      amended(file, amendments)
      return []
    } catch (error) {
      if (!(error instanceof Unsafe)) throw error
      return [{ key: keyOf(place), why: error.message }]
    }
  })
  for (const { key, why } of alone) places.set(key, `its text is not edited: ${why}`)
  if (alone.length === 0) files.set(file.place, `its text is not edited: ${message}`)
}

/** Undefined where what changes in some cluster is not what was meant; then its objects are held. */
function proofsOf(before: readonly Cluster[], after: readonly Cluster[], lost: readonly Skipped[], { moves }: Plan, held: Map<string, string>): Proof[] | undefined {
  const concerned = new Set(moves.flatMap((move) => move.clusters))
  const proofs: Proof[] = []
  const known = held.size
  for (const old of before) {
    const now = after.find(({ name }) => name === old.name)
    if (now && same(old.members, now.members)) continue
    const proof = now && prove(old, now)
    const objection = proof ? objectionTo(proof, lost) : `${old.name} would not be told apart from the other clusters any more; declare the clusters in .mirrorproof.yaml`
    if (objection === undefined) proofs.push(proof!)
    else for (const name of concerned.has(old.name) ? [old.name] : concerned) held.set(name, objection)
  }
  return held.size === known ? proofs : undefined
}

/** Why a change is not what was meant, as a clause. */
function objectionTo({ name, meant, refused }: Proof, [lost]: readonly Skipped[]): string | undefined {
  if (!meant) return refused.after === null || refused.before !== null ? `the nodes of ${name} would get something else; see what patches it on the way there` : `the operator of ${name} would refuse what comes of it, beside what stays: ${refused.after}`
  return lost && `${lost.file}: ${lost.message}`
}
