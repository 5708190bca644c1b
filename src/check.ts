import { carried } from './cluster/carrier.ts'
import { type Declaration, declaredGroups, type Group, guessedGroups } from './cluster/group.ts'
import { mirrorSet } from './cluster/mirrors.ts'
import { UserError } from './error.ts'
import type { Document, File, Path, Skipped } from './manifests/document.ts'
import { parse } from './manifests/parse.ts'
import { locate } from './manifests/position.ts'
import { own, type Resource, title } from './manifests/resource.ts'
import { unwrap } from './manifests/unwrap.ts'
import { isMirrorKind, meantKind, MIRROR_KINDS, type MirrorKind, RELEVANT, WITHOUT_EFFECT } from './openshift/kinds.ts'
import type { Version } from './openshift/version.ts'
import type { Engine } from './policy/engine.ts'
import { type Candidate, facts } from './policy/input.ts'
import { type Finding, findings } from './policy/finding.ts'
import type { Rule } from './policy/rule.ts'

export interface Options {
  /** From the configuration file. */
  clusters: readonly Declaration[]
  /** What a cluster is called where there is only one and it was not declared. */
  name: string
  /** For every cluster, over what is declared. */
  version?: Version
  disconnected?: boolean
  /** Judge these clusters only. */
  only?: readonly string[]
  /** The `File.place` of standard input, and the declared cluster that it is for: it has no folder to tell. */
  stream?: { place: string; cluster: string }
}

/** What a run found, and what it did not look at. */
export interface Report {
  findings: Finding[]
  clusters: { name: string; version: Version | undefined; disconnected: boolean; mirrorSets: number; images: number }[]
  skipped: Skipped[]
  /** Files that were looked at, documents that were parsed, resources that were judged. */
  read: { files: number; documents: number; resources: number }
}

/** Mirror sets for a Konflux build task: nothing applies them to a cluster. (`tekton-` where a path was flattened into a name.) */
const BUILD_TASK = /(?:(?:^|\/)\.tekton\/|tekton-)images-mirror-set\.ya?ml$/

/** Manifests in, findings out: what every door calls. `looked` counts the files that were looked at to find `files`. */
export function check(files: readonly File[], looked: number, options: Options, engine: Engine, rules: readonly Rule[]): Report {
  const { documents, skipped } = parseAll(files)
  const resources = new Map(documents.map((document) => [document, unwrap(document)]))
  const { members, skipped: unread } = classify(documents, resources)
  const { groups, outside } = clusters(members, options)
  const numbers = new Map(documents.map((document, index) => [document, index]))
  const packages = rules.map((rule) => rule.id.replaceAll('-', '_'))
  const verdicts = groups.flatMap((group) =>
    engine.evaluate(facts(group, numbers, packages)).map((verdict) => ({ clusters: group.name === NOWHERE ? [] : [group.name], verdict })))
  return {
    findings: findings(verdicts, documents, resources, new Map(rules.map((rule) => [rule.id, rule]))),
    clusters: groups.filter(({ name }) => name !== NOWHERE).map(({ name, version, disconnected, members: placed }) =>
      ({ name, version, disconnected, mirrorSets: placed.filter((member) => member.type === 'set').length, images: 0 })),
    skipped: [...skipped, ...unread, ...outside],
    read: { files: looked, documents: documents.length, resources: new Set(groups.flatMap((group) => group.members.filter((member) => member.type === 'set'))).size },
  }
}

function parseAll(files: readonly File[]): { documents: Document[]; skipped: Skipped[] } {
  const parsed = files.map((file) => parse(file, RELEVANT))
  return { documents: parsed.flatMap((one) => one.documents), skipped: parsed.flatMap((one) => one.skipped) }
}

/** Tells what is judged from what is only named in the report. */
function classify(documents: readonly Document[], resources: ReadonlyMap<Document, Resource[]>): { members: Candidate[]; skipped: Skipped[] } {
  const members: Candidate[] = []
  const skipped: Skipped[] = []
  for (const document of documents) {
    const { path: file, place } = document.file
    const skip = (path: Path, reason: Skipped['reason'], message: string) => skipped.push({ file, line: locate(document, path).line, reason, message })
    if (document.problem) members.push({ file, place, type: 'document', document })
    const found = resources.get(document)!
    const inside = found.length === 0 && carried(document.value, 'a document that is no manifest')
    if (inside) skip([], 'carrier', inside)
    for (const resource of found) {
      const reason = unjudged(resource)
      if (reason) skip(resource.path, ...reason)
      else if (meantKind(resource.kind)) members.push(candidate(resource, (open) => skip(resource.path, 'placeholder', open)))
    }
  }
  return { members, skipped }
}

/** Why a resource that holds a mirror set is not judged. */
function unjudged(resource: Resource): [reason: Skipped['reason'], message: string] | undefined {
  if (resource.kind === WITHOUT_EFFECT) return ['not-applied', `${title(resource)} has no effect: the API server accepts it, and nothing reads it`]
  if (!meantKind(resource.kind)) {
    const inside = carried(resource.value, title(resource) || 'an object without a kind')
    return inside ? ['carrier', inside] : undefined
  }
  if (own(resource.value, '$patch') !== undefined) return ['carrier', `a Kustomize patch of ${title(resource)} is not applied`]
  if (BUILD_TASK.test(resource.document.file.path)) return ['not-applied', `${title(resource)} is read by a build task and not applied to a cluster`]
  return undefined
}

function candidate(resource: Resource, incomplete: (message: string) => void): Candidate {
  const { path: file, place } = resource.document.file
  if (!hasMirrorKind(resource) || resource.apiVersion !== MIRROR_KINDS[resource.kind].apiVersion) return { file, place, type: 'misplaced', resource }
  const set = mirrorSet(resource)
  const open = set.entries.flatMap((entry) => entry.placeholder ?? [])
  if (open.length > 0) incomplete(`${open.length} of ${set.entries.length} entries of ${title(set)} hold a placeholder such as \`${open[0]}\``)
  return { file, place, type: 'set', set, ...(set.name === '' || !set.complete ? {} : { identity: title(set) }) }
}

function hasMirrorKind(resource: Resource): resource is Resource & { kind: MirrorKind } {
  return isMirrorKind(resource.kind)
}

/** Stands for no cluster, where documents outside of all declared ones cannot be read: that is said all the same. */
const NOWHERE = ''

function clusters(members: readonly Candidate[], options: Options): { groups: Group<Candidate>[]; outside: Skipped[] } {
  const { groups: declared, rest } = declaredGroups(members, options.clusters, options.stream)
  const declares = options.clusters.length > 0
  const all = declares ? declared : guessedGroups(rest, options.name)
  const missing = options.only?.find((name) => !all.some((group) => group.name === name))
  if (missing !== undefined) throw new UserError(`there is no cluster ${missing}; there is ${all.map((group) => group.name).join(', ') || 'none'}`)
  const groups = all
    .filter(({ name }) => !options.only || options.only.includes(name))
    .map((group) => ({ ...group, version: options.version ?? group.version, disconnected: options.disconnected ?? group.disconnected }))
  if (!declares) return { groups, outside: [] }
  const strays = rest.filter(({ type }) => type !== 'set')
  if (strays.length > 0) groups.push({ name: NOWHERE, version: undefined, disconnected: false, declared: true, own: undefined, members: strays })
  const files = [...new Set(rest.filter(({ type }) => type === 'set').map(({ file }) => file))]
  return { groups, outside: files.map((file) => ({ file, reason: 'no-cluster', message: 'in none of the clusters that the configuration declares' })) }
}
