import type { NodeFile } from '../carriers/nodefile.ts'
import type { Candidate } from '../cluster/candidate.ts'
import type { Group } from '../cluster/group.ts'
import { confFile } from '../cluster/node.ts'
import { title } from '../manifests/resource.ts'
import type { Version } from '../openshift/version.ts'
import type { Table } from '../registries/conf.ts'
import { type ConfFile, readConf, REGISTRIES_CONF } from '../registries/node.ts'
import { adjusted, broaderScopes } from '../registries/scope.ts'
import type { FileFact } from './facts.ts'
import { isMirrored } from './sets.ts'
import type { Surroundings } from './settings.ts'
import type { SourceFact } from './setfacts.ts'

/** What MachineConfigs write beside the operator; `configured` says that there is an Image/cluster. */
export function fileFacts({ members, version }: Group<Candidate>, configured: boolean, { gathered, places, sources }: Surroundings): FileFact[] {
  const generated = configured || gathered.configuration.objects > 0
  const files = members.flatMap((member) => (member.type === 'file' ? [member.nodeFile] : []))
  const mirrored = new Map(sources.flatMap((one, index) => (isMirrored(one) ? [[one.source, index] as const] : [])))
  return files.map((file): FileFact => {
    const { conf, document, path, resource } = file
    const dropIn = path !== REGISTRIES_CONF
    const error = unreadable(file, version)
    const replaces = (dropIn ? conf.tables : []).flatMap((table) =>
      replaced(table, sources, mirrored).map((one) => ({ ...one, at: places.place({ document, path: table.path ?? [] }, resource) })))
    return {
      title: title(resource), path, pool: poolOf(file), overwritten: overwritten(file, files, generated), dropIn, ...(error === undefined ? {} : { error }),
      replaces, at: places.place({ document, path: [] }, resource),
    }
  })
}

/** The pools for which the operator writes a registries.conf; others have that of workers, as all that is for workers. */
export const BUILT_IN = new Set(['master', 'worker', 'arbiter'])

function poolOf({ role }: NodeFile): string {
  return role || 'worker'
}

/** Whether a file of the same path that comes later by name, the operator's own among them, takes its place on the nodes that it is for. */
function overwritten(file: NodeFile, all: readonly NodeFile[], generated: boolean): boolean {
  const pool = poolOf(file)
  const base = BUILT_IN.has(pool) ? pool : 'worker'
  const others = all.filter((one) => one.path === file.path && [pool, base].includes(poolOf(one))).map(({ resource }) => resource.name)
  return [...others, ...(generated && file.path === REGISTRIES_CONF ? [`99-${base}-generated-registries`] : [])].some((name) => name > file.resource.name)
}

/** What an entry of a drop-in takes away from the source that nodes would find in its place: that of its name, or the nearest around it. */
function replaced({ prefix, location, blocked, mirrorByDigestOnly, mirrors }: Table, sources: readonly SourceFact[], mirrored: ReadonlyMap<string, number>): Omit<FileFact['replaces'][0], 'at'>[] {
  const scope = prefix || location
  const source = [scope, ...broaderScopes(scope)].map((one) => mirrored.get(one)).find((index) => index !== undefined)
  if (source === undefined) return []
  const { source: name, ...merged } = sources[source]!
  const kinds = (['digest', 'tag'] as const).filter((kind) => merged[kind] !== null)
  const serves = (kind: 'digest' | 'tag', pull: string) => (mirrorByDigestOnly ? kind === 'digest' : ['', 'all', `${kind}-only`].includes(pull))
  const own = (kind: 'digest' | 'tag') => mirrors.filter(({ pullFromMirror }) => serves(kind, pullFromMirror)).map((mirror) => mirror.location)
  const missing = (kind: 'digest' | 'tag') => adjusted(name, scope, merged[kind]!.mirrors.filter((mirror) => mirror !== name)).filter((mirror) => !own(kind).includes(mirror))
  return [{ prefix: scope, source, blocked, lost: kinds.filter((kind) => own(kind).length === 0), gone: [...new Set(kinds.flatMap(missing))] }]
}

function unreadable(file: NodeFile, version: Version | undefined): string | undefined {
  const conf = confFile(file)
  const nothing: ConfFile = { path: REGISTRIES_CONF, read: () => ({ tables: [], shortNameMode: '', aliases: {} }) }
  try {
    readConf(file.path === REGISTRIES_CONF ? conf : nothing, file.path === REGISTRIES_CONF ? [] : [conf], version)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
