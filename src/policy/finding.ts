import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Document, Path } from '../manifests/document.ts'
import { discreet } from '../manifests/discreet.ts'
import { basename } from '../manifests/place.ts'
import { lineText, locate, outermost, type Site, wholePath } from '../manifests/position.ts'
import { own, type Resource, valueAt } from '../manifests/resource.ts'
import { field } from '../openshift/shape.ts'
import type { Level, Proposal, Verdict } from './engine.ts'
import type { At } from './facts.ts'
import { isWorse } from './levels.ts'
import type { Places } from './places.ts'
import type { Rule } from './rule.ts'

/** Edits that mend a finding; where they are not certain, somebody has to decide. */
export interface Wish {
  edits: readonly Proposal[]
  certain: boolean
}

/** A verdict, the clusters in which it holds, and the OpenShift version that it is of, null for their present one. */
export interface Judgement {
  clusters: string[]
  verdict: Verdict
  next: string | null
}

/** Why a finding does not count: somebody wrote so, or it was there when the baseline was written. */
export interface Waiver {
  by: 'comment' | 'annotation' | 'configuration' | 'baseline'
  /** Empty where none is given. */
  reason: string
  /** The last day on which it holds, as YYYY-MM-DD; null where it has no end. */
  until: string | null
  /** Where it is written; null for the baseline. */
  site: Site | null
}

export interface Finding {
  rule: string
  level: Level
  /** What is wrong here. */
  message: string
  /** What it does to the cluster. */
  why: string
  fix: string
  /** The page of the rule in this package; of a rule of the user's own, its .rego file. */
  docs: string
  /** The clusters in which it holds. */
  clusters: string[]
  /** The OpenShift version that these clusters go to next, where it does not hold, or not as badly, before that; else null. */
  next: string | null
  object: { apiVersion: string; kind: string; namespace?: string; name: string } | null
  site: Site
  path: Path
  /** Where it is in the manifest or configuration that a string there holds; null where it stands in the file itself. */
  inner: string | null
  /** The line that `site` begins on; null where it could show a secret or is too long to help. */
  excerpt: string | null
  related: { message: string; site: Site }[]
  /** Rule, object, path and value, never the line: the same defect keeps it when the file changes around it. */
  fingerprint: string
}

/** A finding that does not count. */
export type Waived = Finding & { waiver: Waiver }

/** A finding with what waivers go by: the file that it stands in (`File.place`), and the objects that it is of in one cluster or another, undefined for what is none. */
export interface Placed {
  finding: Finding
  /** What its rule says would mend it. */
  wish?: Wish
  place: string
  objects: (Resource | undefined)[]
}

const LONGEST_EXCERPT = 240
/** On a line, and in a document that cannot be read as what it is; there anything that sounds like one counts. */
const SECRET = /Secret\b|dockerconfigjson|\bauths?\b|\/\/[^/\s@]+@|[^\s/@:]+:[^\s/@]+@(?!sha\d+:)/
const SUSPECT = /secret|passw|token|credential|auth|private.?key|\/\/[^/\s@]+@/i

/**
 * Gives judgements their places, and makes one finding of those that several clusters share, at the worst level that it has in one of them.
 * Ordered by file, line, column and rule. `places` is what the facts' numbers stand for.
 */
export function findings(
  judgements: readonly Judgement[],
  places: Places,
  rules: ReadonlyMap<string, Rule>,
): Placed[] {
  const merged = new Map<string, Judgement & { objects: Set<number | undefined>; wish: Wish | undefined }>()
  for (const { clusters, verdict, next } of judgements) {
    const { doc, path, key: onKey } = verdict.at
    const key = JSON.stringify([verdict.rule, doc, path, onKey, verdict.message, next])
    const same = merged.get(key)
    if (!same) merged.set(key, { verdict, clusters: [...clusters], next, objects: new Set([verdict.at.object]), wish: wishOf(verdict) })
    else {
      same.clusters.push(...clusters)
      same.objects.add(verdict.at.object)
      if (!isSame(same.wish, wishOf(verdict))) same.wish = undefined // what mends it in one cluster does not in another
      if (isWorse(verdict.level, same.verdict.level)) same.verdict = verdict
    }
  }
  const site = ({ doc, path, key }: At) => locate(places.documents[doc]!, path, key)
  const found = [...merged.values()].map(({ verdict, clusters, next, objects, wish }): Placed => {
    const { why, fix, file = `docs/rules/${verdict.rule}.md` } = rules.get(verdict.rule)!
    const document = places.documents[verdict.at.doc]!
    const object = verdict.at.object === undefined ? undefined : places.objects[verdict.at.object]
    const place = site(verdict.at)
    const finding = {
      rule: verdict.rule, level: verdict.level, message: discreet(verdict.message), why, fix, docs: file, clusters, next,
      object: object ? identity(object) : null,
      site: place, path: wholePath(document, verdict.at.path), inner: document.within ? field(verdict.at.path) : null, excerpt: excerpt(document, place.line),
      related: (verdict.related ?? []).map(({ at, message }) => ({ message: discreet(message), site: site(at) })).sort((a, b) => bySite(a.site, b.site)),
      fingerprint: fingerprint(verdict, document, object),
    }
    return { finding, ...(wish ? { wish } : {}), place: outermost(document).file.place, objects: [...objects].map((index) => (index === undefined ? undefined : places.objects[index])) }
  })
  return distinct(found.sort((a, b) => byPlace(a.finding, b.finding)))
}

function wishOf({ edits = [], certain = true }: Verdict): Wish | undefined {
  return edits.length > 0 ? { edits, certain } : undefined
}

/** An object is built for each cluster; what counts is where its text stands. */
function isSame(one: Wish | undefined, other: Wish | undefined): boolean {
  const bare = (wish: Wish | undefined) => JSON.stringify(wish, (key, value: unknown) => (key === 'object' ? undefined : value))
  return bare(one) === bare(other)
}

function identity({ apiVersion, kind, namespace, name }: Resource): Finding['object'] {
  return { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name }
}

function bySite(a: Site, b: Site): number {
  return order(a.file, b.file) || a.line - b.line || a.column - b.column
}

/** The order of a report. */
export function byPlace(a: Finding, b: Finding): number {
  return bySite(a.site, b.site) || order(a.rule, b.rule) || order(a.message, b.message)
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Indexes are left out of the path: an entry that is added above does not make a new defect of the ones below. */
function fingerprint({ rule, at }: Verdict, document: Document, object: Resource | undefined): string {
  const names = wholePath(document, at.path).filter((step) => typeof step === 'string')
  const value = valueAt(document.value, at.path)
  const home = object ? [object.apiVersion, object.kind, object.namespace, object.name] : [basename(document.file.path)] // in whatever folder: files are moved
  const told = at.key || typeof value === 'object' ? null : value // of a key, the value may be a secret
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify([rule, home, names, told])))).slice(0, 16)
}

/** The second of two defects with the same fingerprint is `…-2`. */
function distinct(all: Placed[]): Placed[] {
  const seen = new Map<string, number>()
  return all.map((one) => {
    const { finding } = one
    const count = (seen.get(finding.fingerprint) ?? 0) + 1
    seen.set(finding.fingerprint, count)
    return count === 1 ? one : { ...one, finding: { ...finding, fingerprint: `${finding.fingerprint}-${count}` } }
  })
}

/** What a string holds has no line of its own: the string's first one may be anything. What a comment stands beside may be a secret. */
function excerpt(document: Document, line: number): string | null {
  if (document.within) return null
  const text = lineText(document.file, line)
  if (document.comment && !/^\s*#/.test(text)) return null
  if (text.length > LONGEST_EXCERPT || SECRET.test(text)) return null
  if (own(document.value, 'kind') === 'Secret') return null
  return document.problem && SUSPECT.test(document.file.text.slice(document.start, document.end)) ? null : text
}
