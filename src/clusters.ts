import { type Candidate, classify } from './cluster/candidate.ts'
import { type Declaration, declaredGroups, type Group, guessedGroups } from './cluster/group.ts'
import { UserError } from './error.ts'
import type { Document, File, Skipped } from './manifests/document.ts'
import { parse } from './manifests/parse.ts'
import type { Resource } from './manifests/resource.ts'
import { unwrap } from './manifests/unwrap.ts'
import { RELEVANT } from './openshift/kinds.ts'
import type { Version } from './openshift/version.ts'

export interface Options {
  /** From the configuration file. */
  clusters: readonly Declaration[]
  /** What a cluster is called where there is only one and it was not declared. */
  name: string
  /** For every cluster, over what is declared. */
  version?: Version
  disconnected?: boolean
  /** These clusters only. */
  only?: readonly string[]
  /** The `File.place` of standard input, and the declared cluster that it is for: it has no folder to tell. */
  stream?: { place: string; cluster: string }
}

/** What the manifests hold, by cluster. */
export interface Clusters {
  groups: Group<Candidate>[]
  /** What cannot be read and lies in no cluster that is declared; it is said all the same. */
  strays: Candidate[]
  documents: Document[]
  resources: ReadonlyMap<Document, Resource[]>
  skipped: Skipped[]
}

/**
 * Parses files and sorts what they hold into clusters.
 * @throws UserError where `only` names a cluster that there is not.
 */
export function clusters(files: readonly File[], options: Options): Clusters {
  const parsed = files.map((file) => parse(file, RELEVANT))
  const documents = parsed.flatMap((one) => one.documents)
  const resources = new Map(documents.map((document) => [document, unwrap(document)]))
  const { members, skipped } = classify(documents, resources)
  const { groups, strays, outside } = group(members, options)
  return { groups, strays, documents, resources, skipped: [...parsed.flatMap((one) => one.skipped), ...skipped, ...outside] }
}

function group(members: readonly Candidate[], options: Options): { groups: Group<Candidate>[]; strays: Candidate[]; outside: Skipped[] } {
  const { groups: declared, rest } = declaredGroups(members, options.clusters, options.stream)
  const declares = options.clusters.length > 0
  const all = declares ? declared : guessedGroups(rest, options.name)
  const missing = options.only?.find((name) => !all.some((one) => one.name === name))
  if (missing !== undefined) throw new UserError(`there is no cluster ${missing}; there is ${all.map((one) => one.name).join(', ') || 'none'}`)
  const groups = all
    .filter(({ name }) => !options.only || options.only.includes(name))
    .map((one) => ({ ...one, version: options.version ?? one.version, disconnected: options.disconnected ?? one.disconnected }))
  if (!declares) return { groups, strays: [], outside: [] }
  const files = [...new Set(rest.filter(({ type }) => type === 'set' || type === 'image').map(({ file }) => file))]
  return {
    groups,
    strays: rest.filter(({ type }) => type === 'document' || type === 'misplaced'),
    outside: files.map((file) => ({ file, reason: 'no-cluster', message: 'in none of the clusters that the configuration declares' })),
  }
}
