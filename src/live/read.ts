import { gunzipSync } from 'node:zlib'
import { UserError } from '../error.ts'
import type { File, Skipped } from '../manifests/document.ts'
import { isMade } from '../manifests/owner.ts'
import { LIVE } from '../manifests/place.ts'
import { own, text } from '../manifests/resource.ts'
import { type Sources, unpack } from '../sources/paths.ts'
import { isApiError } from './apierror.ts'
import type { Connection } from './connection.ts'
import { groupPath, type Kind, KINDS, MACHINE_CONFIGS, pathOf, resourceName } from './kinds.ts'
import { type ApiObject, fileOf, isApiObject } from './object.ts'

/** How many kinds are asked for at a time. */
const AT_ONCE = 8

/** What is read of a running cluster: all that can be judged, that without what the operator wrote of the rest, where its nodes pull from, or that and whom they trust. */
export type Purpose = 'everything' | 'objects' | 'nodes' | 'trust'

/** What was read of a kind; `unseen` where it could not be read, or not all of it. */
interface Answer {
  objects: ApiObject[]
  unseen?: { kind: string; skipped: Skipped }
}

/**
 * The objects of a running cluster, as files that lie in the folder `live:`. Kinds that the cluster does not have are none; those that cannot be read are told in `skipped`,
 * and in `running` as not seen.
 * @throws UserError where the API server cannot be reached, or does not know the user.
 */
export async function readLive(connection: Connection, purpose: Purpose = 'everything', name = connection.name): Promise<Sources> {
  await greet(connection)
  const served = discovery(connection)
  const kinds = KINDS.filter(({ tells, kind }) => tells === 'nodes' || (purpose === 'trust' ? ['ConfigMap', 'Proxy'].includes(kind) : purpose !== 'nodes'))
  const answers = await inTurns(kinds, (kind) => answered(kind, served, () => ask(connection, kind)))
  const pools = answers.flatMap(({ objects }) => objects.filter(({ kind }) => kind === 'MachineConfigPool'))
  answers.push(await answered(MACHINE_CONFIGS, served, () => machineConfigs(connection, purpose === 'everything' ? pools : undefined)))
  const skipped = answers.flatMap(({ unseen }) => unseen?.skipped ?? [])
  const files = answers.flatMap(({ objects }) => objects).filter((object) => !isMade(object)).flatMap((object) => fileFor(object, skipped))
  const unseen = new Set([...answers.flatMap((answer) => answer.unseen?.kind ?? []), ...KINDS.filter((kind) => !kinds.includes(kind)).map(({ kind }) => kind)])
  return {
    files: files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)), passed: new Set(), missing: [], open: () => undefined,
    gunzip: (packed) => unpack(gunzipSync, packed), skipped, looked: files.length, running: [{ place: LIVE, name, why: whyOf(connection), unseen }],
  }
}

function whyOf({ name, server }: Connection): string {
  return `these are the objects of the running cluster at ${new URL(server).host}, by the context ${name} of the kubeconfig`
}

/** The first question, which whoever is known to the API server may ask. @throws UserError where nothing else can be asked, either. */
async function greet(connection: Connection): Promise<void> {
  try {
    await connection.get('/version')
  } catch (error) {
    if (!isApiError(error)) throw error
    if (error.status === 0) throw new UserError(`the API server of ${connection.name} gives no answer: ${error.message}`, 3)
    if (error.status === 401) throw new UserError(`the API server of ${connection.name} does not take the credentials of the kubeconfig (${error.message}); oc login gets new ones`, 3)
  }
}

/** Reads a kind. What the cluster does not have at all cannot be forbidden, whatever the API server says. */
async function answered(kind: Kind, served: (kind: Kind) => Promise<boolean>, read: () => Promise<ApiObject[]>): Promise<Answer> {
  try {
    return { objects: await read() }
  } catch (error) {
    if (!isApiError(error)) throw error
    if (error.status === 404 || ((error.status === 403 || error.status === 405) && !(await served(kind)))) return { objects: [] }
    const forbidden = error.status === 403
    const message = forbidden ? 'this user may not read them' : `they cannot be read (${error.message})`
    return { objects: [], unseen: { kind: kind.kind, skipped: { file: resourceName(kind), reason: forbidden ? 'forbidden' : 'unreadable', message } } }
  }
}

async function ask(connection: Connection, kind: Kind): Promise<ApiObject[]> {
  if (kind.name === undefined) return (await connection.list(pathOf(kind), kind.query)).items
  const object = await connection.get(pathOf(kind))
  return isApiObject(object) ? [object] : []
}

/** Those that somebody wrote, and where `pools` are given those that the operator makes of mirror sets, and those that pools have or are to have. */
async function machineConfigs(connection: Connection, pools: readonly ApiObject[] | undefined): Promise<ApiObject[]> {
  const wanted = new Set((pools ?? []).flatMap((pool) => [own(pool, 'spec'), own(pool, 'status')]).map((part) => text(own(own(part, 'configuration'), 'name'))))
  const { items } = await connection.list(pathOf(MACHINE_CONFIGS), {}, 'names')
  const names = items.map(({ metadata }) => metadata.name).filter((name) => wanted.has(name) || !(pools ? OLD : RENDERED).test(name))
  const read = await inTurns(names, (name) => connection.get(pathOf({ ...MACHINE_CONFIGS, name })).catch((error: unknown) => {
    if (isApiError(error) && error.status === 404) return undefined // gone since
    throw error
  }))
  return read.filter(isApiObject)
}

/** Of all that is for a pool, as it is or was. */
const OLD = /^rendered-/
const RENDERED = /^(?:rendered-|99-.+-generated-registries$)/

/** Whether the API server has a kind at all, which whoever is known to it may ask. */
function discovery(connection: Connection): (kind: Kind) => Promise<boolean> {
  const groups = new Map<string, Promise<string[] | undefined>>()
  const resources = async (apiVersion: string): Promise<string[] | undefined> => {
    try {
      const listed = own(await connection.get(groupPath(apiVersion)), 'resources')
      return Array.isArray(listed) ? listed.map((one: unknown) => text(own(one, 'name'))) : undefined
    } catch (error) {
      return isApiError(error) && error.status === 404 ? [] : undefined
    }
  }
  return async ({ apiVersion, plural }) => {
    if (!groups.has(apiVersion)) groups.set(apiVersion, resources(apiVersion))
    return (await groups.get(apiVersion))?.includes(plural) ?? true
  }
}

function fileFor(object: ApiObject, skipped: Skipped[]): File[] {
  try {
    return [fileOf(object)]
  } catch (error) {
    skipped.push({ file: `${object.kind}/${object.metadata.name}`, reason: 'unreadable', message: (error as Error).message })
    return []
  }
}

/** Answers in the order of the questions, with a few of these open at a time. */
async function inTurns<Q, A>(questions: readonly Q[], ask: (question: Q) => Promise<A>): Promise<A[]> {
  const answers: A[] = []
  let next = 0
  const worker = async () => {
    while (next < questions.length) {
      const index = next++
      answers[index] = await ask(questions[index]!)
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, questions.length) }, worker))
  return answers
}
