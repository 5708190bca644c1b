import type { Candidate } from '../cluster/candidate.ts'
import { imagesOf } from '../cluster/images.ts'
import type { Cluster } from '../clusters.ts'
import type { Path, Skipped } from '../manifests/document.ts'
import { discreet } from '../manifests/discreet.ts'
import { locate, type Site } from '../manifests/position.ts'
import { placeOf, type Resource } from '../manifests/resource.ts'
import type { Paint } from './color.ts'
import { line } from './line.ts'

/** What `clusters --format json` prints. Fields are only ever added. */
export interface ClustersReport {
  version: 1
  clusters: JsonCluster[]
  /** What was met and not read. */
  skipped: { file: string; line?: number; reason: string; message: string }[]
}

interface JsonCluster {
  name: string
  /** Why these objects are taken to meet. */
  why: string
  /** Declared in the configuration file, not read from the manifests or guessed from their layout. */
  declared: boolean
  /** Null where the OpenShift version is not known. */
  openshift: string | null
  /** What says so. */
  openshiftFrom: string
  disconnected: boolean
  /** What decides where images are pulled from. */
  objects: JsonObject[]
  images: JsonImage[]
}

/** Lines and columns count from 1. */
interface JsonSite {
  file: string
  line: number
  column: number
}

interface JsonObject extends JsonSite {
  kind: string
  name: string
  /** The file on the nodes that a MachineConfig writes. */
  path?: string
  /** How many entries a mirror set has. */
  entries?: number
  /** What makes the object, where nobody wrote it as such: an install-config, a HostedCluster. */
  madeOf?: string
  /** What names this ConfigMap of certificate authorities. */
  trustedBy?: string
  /** The Kustomize root that builds it. */
  builtBy?: string
}

interface JsonImage {
  /** As written. */
  image: string
  /** It is in a field that is known to be pulled; false for a field of a custom resource that only looks like one. */
  certain: boolean
  uses: (JsonSite & { object: string })[]
}

/** As one JSON object. */
export function clustersJson(clusters: readonly Cluster[], skipped: readonly Skipped[]): string {
  const report: ClustersReport = {
    version: 1,
    clusters: clusters.map((cluster) => ({
      name: cluster.name, why: cluster.why, declared: cluster.declared, openshift: cluster.version?.text ?? null, openshiftFrom: cluster.versionWhy,
      disconnected: cluster.disconnected, objects: objectsOf(cluster), images: images(cluster),
    })),
    skipped: [...skipped],
  }
  return `${JSON.stringify(report, null, 2)}\n`
}

/** For people: each cluster with its reasons and objects, then how a wrong guess is mended. */
export function clustersText(clusters: readonly Cluster[], skipped: number, paint: Paint, quiet: boolean): string {
  const blocks = clusters.map((cluster) => (quiet ? head(cluster, paint) : [head(cluster, paint), ...body(cluster, paint)].join('\n')))
  const guessed = clusters.some(({ declared }) => !declared)
  const parts = [count(clusters.length, 'cluster'), ...(skipped > 0 ? [`${skipped} not read (mirrorproof check names them)`] : [])]
  const hint = guessed && !quiet ? ['Not as it is? Say so in .mirrorproof.yaml:\n\nclusters:\n- name: NAME\n  version: "X.Y"\n  paths: [FOLDER]'] : []
  return `${[...(quiet && blocks.length > 0 ? [blocks.join('\n')] : blocks), parts.join('; '), ...hint].join('\n\n')}\n`
}

function head({ name, version, disconnected, members }: Cluster, paint: Paint): string {
  const sets = members.filter(({ type }) => type === 'set').length
  const facts = [version ? `OpenShift ${version.text}` : 'OpenShift version not known', ...(disconnected ? ['disconnected'] : []), count(sets, 'mirror set'), count(imagesOf(members).size, 'image')]
  return `${paint('bold', line(`${name}:`))} ${line(facts.join(', '))}`
}

function body(cluster: Cluster, paint: Paint): string[] {
  const objects = objectsOf(cluster)
  const bar = paint('dim', '=')
  const rows = objects.map((one) => line(`  ${one.file}:${one.line}: ${one.kind}/${one.name}${one.path ? ` writes ${one.path}` : ''}${one.entries === undefined ? '' : `, ${one.entries} entr${one.entries === 1 ? 'y' : 'ies'}`}${one.trustedBy ? `, trusted by ${one.trustedBy}` : ''}${one.madeOf ? `, made of ${one.madeOf}` : ''}${one.builtBy ? `, built by ${one.builtBy}` : ''}`))
  return [`  ${bar} ${line(`why: ${cluster.why}`)}`, `  ${bar} ${line(`version: ${cluster.version ? `from ${cluster.versionWhy}` : `${cluster.versionWhy} (--openshift)`}`)}`,
    `  ${bar} disconnected: ${cluster.disconnected ? 'yes' : 'nothing says so (--disconnected)'}`, ...rows]
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** One object may say several things: an install-config the version and whom to trust. */
function objectsOf({ members }: Cluster): JsonObject[] {
  const rows = new Map<string, JsonObject>()
  for (const one of members.flatMap((member) => objects(member))) {
    const key = JSON.stringify([one.file, one.line, one.column, one.kind, one.name, one.path, one.builtBy])
    rows.set(key, { ...rows.get(key), ...one })
  }
  return [...rows.values()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line))
}

function objects(member: Candidate): JsonObject[] {
  switch (member.type) {
    case 'set': return [object(member.set.resource, { entries: member.set.entries.length })]
    case 'image': return [object(member.image.resource)]
    case 'file': return [object(member.nodeFile.resource, { path: member.nodeFile.path })]
    case 'release': return [object(member.release.resource)]
    case 'setting': return [object(member.resource, member.setting === 'trust' ? { trustedBy: 'Image/cluster' } : {})]
    case 'misplaced': return [object(member.resource)]
    case 'uses':
    case 'rendered':
    case 'document': return []
  }
}

function object(resource: Resource, more: Partial<JsonObject> = {}): JsonObject {
  const { name, madeOf, root } = resource
  const kind = resource.kind || 'install-config'
  const { file, line: row, column } = site(resource, ['kind'])
  return { kind, name, file, line: row, column, ...more, ...(madeOf === undefined ? {} : { madeOf }), ...(root ? { builtBy: root.file } : {}) }
}

function images({ members }: Cluster): JsonImage[] {
  return [...imagesOf(members)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([image, uses]) => ({
    image: discreet(image),
    certain: uses.some(({ certain }) => certain),
    uses: uses.map(({ document, path, title: used }) => {
      const { file, line: row, column } = locate(document, path)
      return { file, line: row, column, object: used }
    }),
  }))
}

function site(resource: Resource, part: Path): Site {
  const { document, path } = placeOf(resource, part)
  return locate(document, path)
}

