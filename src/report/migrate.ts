import type { Migration } from '../migrate/migrate.ts'
import type { Move, Stay } from '../migrate/plan.ts'
import type { Proof } from '../migrate/proof.ts'
import { isEqual } from '../migrate/proof.ts'
import type { Reference } from '../migrate/reference.ts'
import { stepsOf } from '../migrate/steps.ts'
import { discreet } from '../manifests/discreet.ts'
import type { Place } from '../manifests/document.ts'
import { locate } from '../manifests/position.ts'
import type { Paint } from './color.ts'
import { visible } from './line.ts'
import { patch } from './patch.ts'
import { unified } from './unified.ts'

/** What `migrate --format json` prints. Fields are only ever added. */
export interface MigrateReport {
  version: 1
  /** Whether files were changed. */
  written: boolean
  /** A unified diff of each file. */
  files: { file: string; patch: string }[]
  moved: (JsonPlace & { object: string; becomes: string; clusters: string[]; dropped: { source: string; mirror: string }[] })[]
  /** What should become an ImageDigestMirrorSet and cannot. */
  stuck: (JsonPlace & { object: string; clusters: string[]; why: string; fix: string })[]
  /** What clusters of an older version need as it is. */
  early: (JsonPlace & { object: string; clusters: string[]; why: string })[]
  /** What else speaks of the old kind. */
  references: (JsonPlace & { done: string | null; advice: string | null })[]
  clusters: {
    name: string
    openshift: string | null
    /** Nothing changes on its nodes. */
    equal: boolean
    /** The operator's own words. */
    refused: { before: string | null; after: string | null }
    files: { path: string; patch: string }[]
    routes: { image: string; before: string[]; after: string[] }[]
    images: number
    /** What could not be compared. */
    open: number
    steps: string[]
  }[]
}

/** Lines and columns count from 1. */
interface JsonPlace {
  file: string
  line: number
}

export function migrateJson(migration: Migration, written: boolean): string {
  const { moves, stuck, early, references, proofs, files } = migration
  const report: MigrateReport = {
    version: 1, written,
    files: files.map(({ file, text }) => ({ file: file.path, patch: patch({ path: file.path, before: file.text, after: text }) })),
    moved: moves.map(({ title, becomes, clusters, dropped, place }) => ({ ...lineOf(place), object: title, becomes, clusters, dropped })),
    stuck: stuck.map(({ title, clusters, why, fix = '', place }) => ({ ...lineOf(place), object: title, clusters, why: discreet(why), fix })),
    early: early.map(({ title, clusters, why, place }) => ({ ...lineOf(place), object: title, clusters, why: discreet(why) })),
    references: references.map(({ done, advice, ...place }) => ({ ...lineOf(place), done: done ?? null, advice: advice ?? null })),
    clusters: proofs.map((proof) => ({
      name: proof.name, openshift: proof.version, equal: isEqual(proof), refused: proof.refused,
      files: proof.files.map((file) => ({ path: file.path, patch: unified(file) })),
      routes: proof.routes.map(({ image, before, after }) => ({ image, before: before.attempts.map(({ reference }) => reference), after: after.attempts.map(({ reference }) => reference) })),
      images: proof.images, open: proof.open, steps: stepsOf(proof, moves),
    })),
  }
  return `${JSON.stringify(report, null, 2)}\n`
}

/** What changes in files, as a patch. */
export function migratePatch({ files }: Migration): string {
  return files.map(({ file, text }) => patch({ path: file.path, before: file.text, after: text })).join('')
}

/** What becomes of what, what stays, what that does to clusters, and what to do then. */
export function migrateText(migration: Migration, state: 'dry-run' | 'written' | 'check', paint: Paint): string {
  const { moves, stuck, early, references, proofs, files } = migration
  const done = state === 'written'
  const sections = [
    head(migration, state),
    section(paint, done ? 'Converted' : 'To be converted', moves.map(moveText)),
    section(paint, 'Cannot be converted', stuck.map((one) => `${stayText(one)}\n      fix: ${visible(one.fix ?? '')}`)),
    section(paint, 'Not due', early.map(stayText)),
    section(paint, done ? 'Changed with it' : 'To be changed with it', inOrder(references.filter((one) => one.done !== undefined)).map((one) => `${at(one)}: ${one.done}`)),
    section(paint, 'To be looked at', told(inOrder(references.filter(({ advice }) => advice !== undefined)))),
    section(paint, 'Proof', proofs.map((proof) => proofText(proof))),
    ...stepsText(migration, paint),
  ]
  return files.length + stuck.length + early.length === 0 ? `${sections[0]}\n` : `${sections.filter((text) => text !== '').join('\n\n')}\n`
}

function head({ moves, stuck, files }: Migration, state: 'dry-run' | 'written' | 'check'): string {
  if (moves.length + stuck.length === 0) return 'Nothing is left to migrate.'
  const what = `${count(moves.length, 'object')} in ${count(files.length, 'file')}`
  const rest = stuck.length > 0 ? `; ${count(stuck.length, 'object')} cannot be converted as ${stuck.length === 1 ? 'it stands' : 'they stand'}` : ''
  if (moves.length === 0) return `Left to migrate: ${count(stuck.length, 'object')}, which cannot be converted as ${stuck.length === 1 ? 'it stands' : 'they stand'}.`
  if (state === 'written') return `Converted ${what}${rest}.`
  return `${state === 'check' ? 'Left to migrate' : 'Would convert'}: ${what}${rest}.${state === 'dry-run' ? ' With --write, files are changed.' : ''}`
}

function section(paint: Paint, title: string, lines: readonly string[]): string {
  return lines.length > 0 ? `${paint('bold', title)}\n${lines.map((line) => `  ${line}`).join('\n')}` : ''
}

function moveText({ title, becomes, place, dropped }: Move): string {
  const repeats = dropped.length > 0 ? `; ${count(dropped.length, 'mirror')} that stood twice ${dropped.length === 1 ? 'is' : 'are'} there once now` : ''
  return visible(`${at(place)}: ${title} -> ${becomes}${repeats}`)
}

function stayText({ title, place, why }: Stay): string {
  return visible(`${at(place)}: ${title}: ${discreet(why)}`)
}

/** By file and line. */
function inOrder(references: readonly Reference[]): Reference[] {
  const placed = references.map((one) => ({ one, ...lineOf(one) }))
  return placed.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1)).map(({ one }) => one)
}

/** The same advice once for a file. */
function told(references: readonly Reference[]): string[] {
  const groups = new Map<string, Reference[]>()
  for (const one of references) {
    const key = `${locate(one.document, []).file}\n${one.advice}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].map(([first, ...more]) => visible(`${at(first!)}${more.length > 0 ? ` (and ${more.length} more)` : ''}: ${first!.advice}`))
}

function proofText(proof: Proof): string {
  const { name, version, refused, files, routes, images, open } = proof
  const cluster = `${name} (${version === null ? 'OpenShift version not known, the newest is assumed' : `OpenShift ${version}`})`
  const unsure = open > 0 ? `\n      ${count(open, 'place')} with placeholders, or that cannot be read, could not be compared` : ''
  if (refused.before !== null) {
    const after = refused.after === null ? 'it takes them from then on' : refused.after === refused.before ? 'and does so afterwards: mend that first' : `and afterwards for another reason: ${refused.after}`
    return visible(`${cluster}: the operator refuses the objects as they are (${refused.before}); ${after}`) + unsure
  }
  if (isEqual(proof)) return visible(`${cluster}: registries.conf and policy.json stay the same, byte for byte${images > 0 ? `; ${count(images, 'image')} ${images === 1 ? 'is' : 'are'} pulled as before` : ''}`) + unsure
  const changed = files.map((file) => unified(file).split('\n').slice(2).map((line) => `      ${visible(line)}`).join('\n').trimEnd())
  const pulls = routes.map(({ image, before, after }) => `      ${visible(`${image}: ${before.attempts.map(({ reference }) => reference).join(', ')} -> ${after.attempts.map(({ reference }) => reference).join(', ')}`)}`)
  return [visible(`${cluster}: mirrors that stood twice had lost their order, and have it now:`), ...changed, ...pulls].join('\n') + unsure
}

/** Clusters that take the same steps, once. */
function stepsText({ proofs, moves }: Migration, paint: Paint): string[] {
  const groups = new Map<string, string[]>()
  for (const proof of proofs) {
    const steps = stepsOf(proof, moves).map((step, index) => `  ${index + 1}. ${visible(step)}`).join('\n')
    if (steps !== '') groups.set(steps, [...(groups.get(steps) ?? []), proof.name])
  }
  const parts = [...groups].map(([steps, names]) => `${paint('bold', visible(`Steps for ${names.join(', ')}`))}\n${steps}`)
  return moves.some(({ installer }) => installer) ? [...parts, 'An install-config is read when a cluster is installed; what is installed already does not notice.'] : parts
}

function at({ document, path }: Place): string {
  const { file, line } = locate(document, path)
  return `${file}:${line}`
}

function lineOf({ document, path }: Place): JsonPlace {
  const { file, line } = locate(document, path)
  return { file, line }
}

function count(number: number, one: string): string {
  return number === 1 ? `1 ${one}` : `${number} ${one}s`
}
