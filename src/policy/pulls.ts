import type { NodeFile } from '../carriers/nodefile.ts'
import type { Candidate } from '../cluster/candidate.ts'
import { type Group, home } from '../cluster/group.ts'
import { imagesOf, type Use } from '../cluster/images.ts'
import type { Nodes } from '../cluster/node.ts'
import type { Gathered } from '../cluster/registries.ts'
import { folderOf } from '../manifests/place.ts'
import { rejection } from '../registries/acceptance.ts'
import { type Candidate as Meant, candidates } from '../registries/candidate.ts'
import type { Table } from '../registries/conf.ts'
import type { Entry, NodeConfiguration } from '../registries/node.ts'
import type { Applied } from '../registries/operator.ts'
import { type Attempt, plan, type Plan } from '../registries/plan.ts'
import { formatReference, parseReference, pulled, type Reference } from '../registries/reference.ts'
import type { At, AttemptFact, ImageFact } from './facts.ts'
import type { Places } from './places.ts'

/** How many more places of one image are named. */
const MOST = 8

/** What pulls depend on, joined for look-up. */
export interface Pulls {
  group: Group<Candidate>
  gathered: Gathered
  applied: Applied
  node: NodeConfiguration
  /** The MachineConfig's file that a table of registries.conf stands in. */
  holders: ReadonlyMap<Table, NodeFile>
  /** The index of a source, as mirror sets write it. */
  sourceOf(scope: string): number | undefined
  places: Places
}

/** What the pulls of a cluster depend on; undefined where the operator refuses its configuration, or nodes cannot read theirs. */
export function pullsOf(group: Group<Candidate>, gathered: Gathered, nodes: Nodes, sourceOf: Pulls['sourceOf'], places: Places): Pulls | undefined {
  if (nodes.refused !== undefined || 'error' in nodes.node) return undefined
  const { main, dropIns } = gathered.files
  const holders = new Map([main ?? [], dropIns].flat().flatMap((file) => file.conf.tables.map((table) => [table, file] as const)))
  return { group, gathered, applied: nodes.applied, node: nodes.node, holders, sourceOf, places }
}

/** Every image of a cluster, in the order of its files, with how it is pulled. */
export function imageFacts(pulls: Pulls): ImageFact[] {
  return [...imagesOf(pulls.group.members)].flatMap(([image, uses]) => {
    const read = uses.filter(({ by }) => by !== 'other')
    return read.length === 0 ? [] : imageFact(image, read, pulls)
  })
}

function imageFact(image: string, uses: readonly Use[], pulls: Pulls): ImageFact[] {
  const written = parseReference(image)
  if ('error' in written) return [] // no image at all: the kubelet says so, and nothing about mirrors
  const [first, ...others] = uses as [Use, ...Use[]]
  const place = ({ resource, part }: Use) => pulls.places.at(resource, part)
  const { reference, completedBy, entry, ...routed } = route(image, written, pulls)
  const said = pulled(reference)
  return [{
    image, reference: formatReference(said), by: said.digest === undefined ? 'tag' : 'digest', host: said.name.split('/', 1)[0]!, repository: said.name,
    ...(completedBy ? { completedBy: 'search' in completedBy ? completedBy.search : completedBy.alias } : {}),
    pullers: uses.filter((use) => uses.find(({ by }) => by === use.by) === use).map((use) => ({ by: use.by as ImageFact['pullers'][0]['by'], title: use.title, at: place(use) })),
    certain: uses.some(({ certain }) => certain),
    ...routed, ...(entry ? { entry: entryFact(entry, reference, pulls) } : {}),
    at: place(first), title: first.title, home: home(pulls.group, first), folder: folderOf(first.place),
    more: others.slice(0, MOST).map((use) => ({ title: use.title, at: place(use) })),
    count: uses.length,
  }]
}

/** How an image is pulled. */
export type Routed = Pick<ImageFact, 'route' | 'attempts' | 'error' | 'rejectedBy'> & Meant & { entry?: Entry }

/** How an image is pulled, as it is written; undefined where it is none. */
export function routed(image: string, pulls: Pick<Pulls, 'node' | 'applied'>): Routed | undefined {
  const written = parseReference(image)
  return 'error' in written ? undefined : route(image, written, pulls)
}

/** Of what a short name may stand for, the first that a mirror serves, else one that comes from its source: nodes try one after the other, so that it fails only where all do. */
function route(image: string, written: Reference, pulls: Pick<Pulls, 'node' | 'applied'>): Routed {
  const meant = candidates(image, pulls.node)
  if ('error' in meant) return { reference: written, route: 'fails', attempts: [], error: meant.error }
  const all = meant.map((one) => ({ ...one, ...follow(one.reference, pulls) }))
  const fromSource = all.filter((one) => one.route === 'source')
  return all.find((one) => one.route === 'mirrors') ?? fromSource.findLast(({ entry }) => entry) ?? fromSource.at(-1) ?? all.at(-1)!
}

function follow(reference: Reference, { node, applied }: Pick<Pulls, 'node' | 'applied'>): Omit<Routed, keyof Meant> {
  const planned = plan(reference, node)
  const rejected = rejection(reference, applied.acceptance)
  const attempts = planned.attempts.map(attemptFact)
  const entry = planned.entry ? { entry: planned.entry } : {}
  if (planned.error !== undefined) return { route: 'fails', attempts, error: planned.error, ...entry }
  if (rejected) return { route: 'rejected', attempts, error: rejected.error, ...(rejected.scope === undefined ? {} : { rejectedBy: rejected.scope }), ...entry }
  return { route: routeOf(planned), attempts, ...entry }
}

function routeOf({ attempts }: Plan): ImageFact['route'] {
  const open = attempts.filter(({ entry }) => !entry?.blocked)
  return open.length === 0 ? 'nowhere' : open.some(({ mirror }) => mirror) ? 'mirrors' : 'source'
}

function attemptFact({ reference, mirror, insecure, entry }: Attempt): AttemptFact {
  return { reference, mirror: mirror !== undefined, ...(insecure ? { insecure } : {}), ...(entry?.blocked ? { blocked: entry.prefix } : {}) }
}

function entryFact(entry: Entry, { name }: Reference, pulls: Pick<Pulls, 'gathered' | 'holders' | 'sourceOf' | 'places'>): NonNullable<ImageFact['entry']> {
  const { source, at } = originOf(entry, pulls)
  const serves = (['digest', 'tag'] as const).filter((kind) => entry.mirrors.some(({ pull }) => pull === kind || pull === 'all'))
  return { prefix: entry.prefix, ...(source === undefined ? {} : { source }), serves, splitsPort: name[entry.prefix.length] === ':' && !entry.prefix.startsWith('*.'), ...(at ? { at } : {}) }
}

/** Where an entry comes from: a mirror set's source, Image/cluster, or a file that a MachineConfig writes. */
export function originOf(entry: Entry, { gathered, holders, sourceOf, places }: Pick<Pulls, 'gathered' | 'holders' | 'sourceOf' | 'places'>): { source?: number; at?: At } {
  const file = holders.get(entry.from)
  if (file) return { at: places.place({ document: file.document, path: entry.from.path ?? [] }) }
  const scope = entry.from.prefix || entry.from.location // as written: a node trims slashes
  const place = gathered.origin.scope(scope)
  const source = sourceOf(scope)
  return { ...(source === undefined ? {} : { source }), ...(place ? { at: places.place(place) } : {}) }
}

/** Different images that a wildcard source sends to one location: a node drops what the wildcard stands for. */
export function collisions(images: readonly ImageFact[]): { images: number[]; reference: string }[] {
  const byReference = new Map<string, number[]>()
  for (const [index, { entry, attempts, route: where }] of images.entries()) {
    if (!entry?.prefix.startsWith('*.') || where !== 'mirrors') continue
    const reference = attempts.find(({ mirror, blocked }) => mirror && blocked === undefined)!.reference
    byReference.set(reference, [...(byReference.get(reference) ?? []), index])
  }
  return [...byReference].filter(([, some]) => new Set(some.map((index) => images[index]!.host)).size > 1).map(([reference, some]) => ({ images: some, reference }))
}
