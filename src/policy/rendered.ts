import type { Candidate } from '../cluster/candidate.ts'
import type { Group } from '../cluster/group.ts'
import { nodesOf } from '../cluster/node.ts'
import { lacksMirrors } from '../cluster/running.ts'
import { changedAt, lastChange } from '../manifests/change.ts'
import { own, type Resource, text, title } from '../manifests/resource.ts'
import { discreet } from '../manifests/discreet.ts'
import type { Version } from '../openshift/version.ts'
import { type Table, tableOf } from '../registries/conf.ts'
import { type Difference, difference } from '../registries/difference.ts'
import { REGISTRIES_CONF } from '../registries/node.ts'
import { LENIENT } from '../registries/refusal.ts'
import type { Facts, PoolFact, RenderedFact } from './facts.ts'
import { BUILT_IN } from './files.ts'
import type { Surroundings } from './settings.ts'

/** What the operator wrote for a pool of nodes, and all of whose MachineConfigs it made one. */
type Written = Extract<Candidate, { type: 'rendered' }>

const GENERATED = /^99-(.+)-generated-registries$/

/** What the operator wrote for pools of nodes, held against what these objects give, and how far it got. */
export function renderedFacts(group: Group<Candidate>, pools: readonly Resource[], around: Surroundings): Pick<Facts, 'rendered' | 'pools'> {
  const written = new Map(group.members.flatMap((member) => (member.type === 'rendered' ? [[member.resource.name, member] as const] : [])))
  const outcome = expectation(group, around)
  return {
    rendered: [...written.values()].flatMap((one) => {
      const [, pool] = GENERATED.exec(one.resource.name) ?? []
      return pool === undefined ? [] : [{ pool, ...renderedFact(one, outcome, group, around) }]
    }),
    pools: pools.map((pool): PoolFact => {
      const rollout = hasOwnFile(group, pool.name) ? undefined : rolloutOf(pool, written, around)
      return { title: title(pool), paused: own(own(pool.value, 'spec'), 'paused') === true, ...(rollout ? { rollout } : {}), at: around.places.at(pool, ['spec', 'paused']) }
    }),
  }
}

/** What the operator should have written: one of `any`, for what a version that is not known would do is not known either; or why it refuses to write; undefined where neither can be told. */
type Expectation = { refused: string } | { refused?: undefined; any: Table[][]; sure: boolean } | undefined

function expectation(group: Group<Candidate>, { gathered, nodes }: Surroundings): Expectation {
  const { configuration: { blocked = [] }, releaseAssumed, open, absent } = gathered
  const versions: (Version | undefined)[] = group.version ? [group.version] : [undefined, LENIENT]
  const outcomes = [nodes, ...versions.slice(1).map((version) => nodesOf(gathered, version))]
  const refused = outcomes.map((one) => one.refused)
  if (refused.every((one) => one !== undefined)) return open.length + absent.length > 0 ? undefined : { refused: refused[0]! }
  const sure = group.running !== undefined && !lacksMirrors(group) && open.length + absent.length === 0 && !(releaseAssumed && blocked.length > 0) && refused.every((one) => one === undefined)
  return { any: outcomes.flatMap((one) => (one.refused === undefined ? [one.applied.registries.map((registry) => tableOf(registry, true))] : [])), sure }
}

function renderedFact(one: Written, expected: Expectation, { members }: Group<Candidate>, { places }: Surroundings): Omit<RenderedFact, 'pool'> {
  const { resource } = one
  const written = lastChange(own(own(resource.value, 'metadata'), 'managedFields')) ?? resource.document.file.changed
  const changed = written === undefined ? [] : members.flatMap((member) => (member.type === 'set' ? [member.set.resource] : member.type === 'image' ? [member.image.resource] : [])).flatMap((one) => {
    const time = changedAt(one)
    return time !== undefined && time > written ? [{ title: title(one), time, at: places.at(one, ['metadata', 'name']) }] : []
  })
  return {
    title: title(resource), ...stateOf(expected, tablesOf(one)), ...(written === undefined ? {} : { written }),
    changed: changed.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)), at: places.at(resource, ['metadata', 'name']),
  }
}

const NONE: Difference = { lacks: [], besides: [], otherwise: [] }

function stateOf(expected: Expectation, tables: Table[] | undefined): Pick<RenderedFact, 'state'> & Difference {
  if (expected?.refused !== undefined) return { state: 'refused', ...NONE }
  if (!expected || !tables) return { state: 'unknown', ...NONE }
  const differences = expected.any.map((wanted) => difference(tables, wanted))
  if (differences.includes(undefined)) return { state: 'same', ...NONE }
  return expected.sure ? { state: 'differs', ...differences[0]! } : { state: 'unknown', ...NONE }
}

/** Whether somebody's MachineConfig writes a registries.conf for the nodes of a pool: then it is not the operator's that they have. */
function hasOwnFile({ members }: Group<Candidate>, pool: string): boolean {
  const fits = (role: string) => role === '' || role === pool || (role === 'worker' && !BUILT_IN.has(pool))
  return members.some((member) => member.type === 'file' && member.nodeFile.path === REGISTRIES_CONF && fits(member.nodeFile.role))
}

/** How far what the operator wrote got: into what it makes of all MachineConfigs of a pool, and onto its nodes; undefined where that cannot be told. */
function rolloutOf(pool: Resource, written: ReadonlyMap<string, Written>, { places }: Surroundings): PoolFact['rollout'] {
  const { name, value } = pool
  const status = own(value, 'status')
  const tables = (of: string): Table[] | undefined => tablesOf(written.get(of))
  const wished = tables(`99-${BUILT_IN.has(name) ? name : 'worker'}-generated-registries`)
  const [next, now] = [own(value, 'spec'), status].map((part) => tables(text(own(own(part, 'configuration'), 'name'))))
  const machines = Number(own(status, 'machineCount') ?? 0)
  if (!wished || !now || machines === 0) return undefined
  const degraded = degradation(status)
  const state = !difference(now, wished) ? 'done' : next && difference(next, wished) ? 'rendering' : 'rolling'
  return { state, machines, updated: Number(own(status, 'updatedMachineCount') ?? 0), ...(degraded === undefined ? {} : { degraded }), at: places.at(pool, ['metadata', 'name']) }
}

/** What it says of registries, without a file nothing; undefined where it cannot be read. */
function tablesOf(written: Written | undefined): Table[] | undefined {
  return written?.files && (written.files.find(({ path }) => path === REGISTRIES_CONF)?.conf.tables ?? [])
}

const LONGEST = 240

/** In the operator's words, why a pool gets no further. */
function degradation(status: unknown): string | undefined {
  const conditions = own(status, 'conditions')
  const on = (type: string) => (Array.isArray(conditions) ? (conditions as unknown[]) : []).find((one) => own(one, 'type') === type && own(one, 'status') === 'True')
  const found = on('RenderDegraded') ?? on('NodeDegraded') ?? on('Degraded')
  if (!found) return undefined
  return discreet(text(own(found, 'message'))).replace(/\s+/g, ' ').trim().slice(0, LONGEST) || text(own(found, 'reason')) || text(own(found, 'type'))
}
