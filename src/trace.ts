import type { Candidate as Member } from './cluster/candidate.ts'
import type { Group } from './cluster/group.ts'
import { nodesOf } from './cluster/node.ts'
import type { Gathered } from './cluster/registries.ts'
import { type Authorities, authorities, NO_AUTHORITIES } from './cluster/trust.ts'
import { UserError } from './error.ts'
import type { Path, Place } from './manifests/document.ts'
import { discreet } from './manifests/discreet.ts'
import { locate, type Site } from './manifests/position.ts'
import { title } from './manifests/resource.ts'
import type { Version } from './openshift/version.ts'
import { type Acceptance, rejection } from './registries/acceptance.ts'
import { type Candidate, candidates } from './registries/candidate.ts'
import { registriesConf } from './registries/conf.ts'
import { type ConfFile, type Entry, type Mirror, type NodeConfiguration, readConf } from './registries/node.ts'
import { type Attempt, plan, type Plan } from './registries/plan.ts'
import { formatReference, isShortName, parseReference, pulled, type Reference } from './registries/reference.ts'
import { parseToml, type Toml } from './registries/toml.ts'

/** Where an image is pulled from in one cluster, or on one node. */
export interface Trace {
  /** As given. */
  image: string
  /** What the node pulls: normalised, without a tag where there is a digest. */
  reference: string
  by: 'digest' | 'tag'
  /** The search registry or alias that completed a short name. */
  completedBy: Candidate['completedBy']
  cluster: string | null
  version: Version | undefined
  entry: { prefix: string; site: Site | null } | null
  /** All locations that the entry names, in their order; those that are tried come with their reference. */
  steps: Step[]
  /** Why the pull fails whatever the registries answer. */
  error: string | null
  /** What becomes of the pull, in one sentence. */
  verdict: string
  /** No location can serve it. */
  hopeless: boolean
  /** Mirror configuration may have been missed. */
  incomplete: boolean
}

/** A location that is tried, or a mirror that is skipped. */
export interface Step {
  /** Null where it is skipped. */
  reference: string | null
  location: string
  mirror: boolean
  insecure: boolean
  /** The entry that blocks the location; then it is not contacted. */
  blocked: { prefix: string } | null
  reason: string
  /** Where that is said. */
  site: Site | null
}

/** A cluster, or a node's own file, that images are traced through. */
export interface Target {
  cluster: string | null
  version: Version | undefined
  disconnected: boolean
  /** How its nodes are configured; an error where that fails every pull or is not known. */
  node: NodeConfiguration | { error: string; because: string; verdict: string }
  acceptance: Acceptance
  /** Mirror configuration may have been missed. */
  incomplete: boolean
  /** Blocked registries that the operator passes over. */
  ignored: readonly string[]
  authorities: Authorities
  where: Where
}

/** Where the parts of a node's configuration are said. */
interface Where {
  entry(entry: Entry): Site | null
  /** `of` names what the mirror was set for, as far as that is worth telling. */
  mirror(entry: Entry, mirror: Mirror): { site: Site | null; of: string }
  blocked(entry: Entry): Site | null
}

/** A cluster as the manifests make it. */
export function clusterTarget({ name, version, disconnected, members }: Group<Member>, gathered: Gathered, incomplete: boolean): Target {
  const { origin, files } = gathered
  const outcome = nodesOf(gathered, version)
  const site = (place: Place | undefined) => (place ? locate(place.document, place.path) : null)
  const scope = ({ from }: Entry) => from.prefix || from.location // as written: a node trims slashes
  const holders = new Map([files.main ?? [], files.dropIns].flat().flatMap((file) => file.conf.tables.map((table) => [table, file] as const)))
  const inFile = ({ from }: Entry, path: Path = from.path ?? []): Site | null => site(holders.has(from) ? { document: holders.get(from)!.document, path } : undefined)
  const where: Where = {
    entry: (entry) => inFile(entry) ?? site(origin.scope(scope(entry))),
    mirror(entry, mirror) {
      const file = holders.get(entry.from)
      if (file) return { site: inFile(entry, mirror.from.path), of: ` (${title(file.resource)})` }
      const place = origin.mirror(scope(entry), mirror.from.location, mirror.pull === 'tag' ? 'tag' : 'digest')
      const inherited = place && place.source !== scope(entry) ? `, from \`${place.source}\` around it` : ''
      return { site: site(place), of: place ? ` (${place.title}${inherited})` : '' }
    },
    blocked: (entry) => inFile(entry) ?? site(origin.blocked(scope(entry))),
  }
  const target = { cluster: name, version, disconnected, incomplete, ignored: outcome.refused === undefined ? outcome.applied.ignored : [], authorities: authorities(members), where }
  if (outcome.refused !== undefined) {
    const because = 'the operator refuses these objects and nodes keep the configuration that they have'
    return { ...target, acceptance: { rejected: [], allowed: [] }, node: { error: discreet(outcome.refused), because, verdict: `not known, for ${because}; mirrorproof check tells more` } }
  }
  return { ...target, acceptance: outcome.applied.acceptance, node: 'error' in outcome.node ? unreadable(outcome.node.error) : outcome.node }
}

function unreadable(error: string): Target['node'] {
  const because = 'nodes cannot read their configuration'
  return { error, because, verdict: `fails, as does every other pull, for ${because}` }
}

/** A node's own registries.conf, the first of `files`, and the drop-ins beside it. */
export function nodeTarget(files: readonly { path: string; text: string | undefined }[], version: Version | undefined, disconnected: boolean): Target {
  const sources = new Map<unknown, { path: string; toml: Toml }>()
  const node = attempt(() => {
    const [main, ...dropIns] = files.map(({ path, text }, index): ConfFile => ({
      path,
      read() {
        if (text === undefined) throw new Error('toml: not UTF-8')
        const toml = parseToml(text)
        const conf = registriesConf(toml.value, index > 0)
        for (const table of conf.tables) sources.set(table, { path, toml })
        return conf
      },
    }))
    return readConf(main!, dropIns, version)
  })
  const site = (entry: Entry, path: Entry['from']['path'], ...keys: string[]): Site | null => {
    const { path: file, toml } = sources.get(entry.from)!
    const span = keys.map((key) => toml.locate([...path!, key])).find((one) => one) ?? toml.locate(path!)
    return span ? { file, ...span } : null
  }
  const where: Where = {
    entry: (entry) => site(entry, entry.from.path, 'prefix', 'location'),
    mirror: (entry, mirror) => ({ site: site(entry, mirror.from.path, 'location'), of: '' }),
    blocked: (entry) => site(entry, entry.from.path, 'blocked'),
  }
  return { cluster: null, version, disconnected, incomplete: false, ignored: [], authorities: NO_AUTHORITIES, node, acceptance: { rejected: [], allowed: [] }, where }
}

function attempt(read: () => NodeConfiguration): Target['node'] {
  try {
    return read()
  } catch (error) {
    return unreadable((error as Error).message)
  }
}

/**
 * Follows an image through a cluster: one trace, or, for a short name, one for each reference that it may stand for.
 * @throws UserError where the image cannot be parsed.
 */
export function trace(image: string, target: Target): Trace[] {
  const written = parseReference(image)
  if ('error' in written) throw new UserError(`cannot parse the image ${JSON.stringify(image)}: ${written.error}`)
  const { node, cluster, version, incomplete } = target
  const failed = (error: string, verdict: string): Trace =>
    ({ image, ...named(written), ...(isShortName(image) ? { reference: image } : {}), completedBy: undefined, cluster, version, entry: null, steps: [], error, verdict, hopeless: true, incomplete })
  if ('error' in node) return [failed(node.error, node.verdict)]
  const found = candidates(image, node)
  if ('error' in found) return [failed(found.error, 'fails before anything is contacted')]
  return found.map(({ reference, completedBy }): Trace => {
    const planned = plan(reference, node)
    const steps = planned.error === undefined ? stepsOf(planned, target) : []
    const rejected = rejection(reference, target.acceptance)
    const entry = planned.entry && { prefix: planned.entry.prefix, site: target.where.entry(planned.entry) }
    const open = steps.filter((step) => step.reference !== null && !step.blocked)
    return {
      image, ...named(reference), completedBy, cluster, version, entry: entry ?? null, steps,
      error: planned.error ?? rejected?.error ?? null,
      verdict: planned.error === undefined ? verdict(planned, open, rejected, target) : 'fails before anything is contacted',
      hopeless: planned.error !== undefined || rejected !== undefined || open.length === 0,
      incomplete,
    }
  })
}

function named(reference: Reference): { reference: string; by: 'digest' | 'tag' } {
  const image = pulled(reference)
  return { reference: formatReference(image), by: image.digest === undefined ? 'tag' : 'digest' }
}

/** The entry's mirrors in their order, then the source. */
function stepsOf({ by, entry, attempts }: Plan, { where }: Target): Step[] {
  const tried = (one: Attempt): Step => {
    const { reference, mirror, insecure } = one
    const blocker = one.entry?.blocked ? one.entry : undefined
    const told = mirror ? where.mirror(entry!, mirror) : { site: entry ? where.entry(entry) : null, of: '' }
    const role = mirror ? `mirror${mirror.pull === 'all' ? '' : ` for ${mirror.pull}s`}${told.of}` : source(by, entry, attempts)
    return {
      reference, location: mirror?.location ?? entry?.location ?? reference, mirror: mirror !== undefined, insecure,
      blocked: blocker ? { prefix: blocker.prefix } : null,
      reason: `${role}${blocker ? `, blocked by \`${blocker.prefix}\`` : ''}${insecure ? ', TLS not verified' : ''}`,
      site: blocker ? where.blocked(blocker) : told.site,
    }
  }
  const skipped = (mirror: Mirror): Step => ({
    reference: null, location: mirror.location, mirror: true, insecure: mirror.insecure, blocked: null,
    reason: `skipped: ${mirror.pull}-only, and this is a ${by}`, site: where.mirror(entry!, mirror).site,
  })
  const byMirror = new Map(attempts.map((one) => [one.mirror, one]))
  return [...(entry?.mirrors ?? []).map((mirror) => (byMirror.has(mirror) ? tried(byMirror.get(mirror)!) : skipped(mirror))), tried(attempts.at(-1)!)]
}

function source(by: Plan['by'], entry: Entry | undefined, attempts: readonly Attempt[]): string {
  if (!entry) return 'source, because no mirror set covers it'
  if (attempts.length > 1) return 'source, after its mirrors'
  return `source, because \`${entry.prefix}\` has no mirror${entry.mirrors.length > 0 ? ` for ${by}s` : ''}`
}

function verdict({ by, entry, attempts }: Plan, open: readonly Step[], rejected: ReturnType<typeof rejection>, { disconnected, incomplete }: Target): string {
  if (rejected) return `fails, for policy.json ${rejected.scope === undefined ? 'does not allow it' : `rejects \`${rejected.scope}\``}`
  const mirrors = open.filter((step) => step.mirror).map(repository)
  const last = open.find((step) => !step.mirror)
  const moved = last && entry && entry.location !== '' && entry.location !== entry.prefix ? `, which is ${repository(last)}` : ''
  const from = `${moved}${disconnected ? ', if a disconnected cluster can reach it' : ''}`
  if (mirrors.length > 0) return `is pulled from ${mirrors.join(', else ')}${last ? `, else from the source${from}` : ' and from nowhere else: the source is blocked'}`
  const why = !entry ? `no mirror set ${incomplete ? 'that could be read ' : ''}covers it`
    : attempts.length > 1 ? 'its mirrors are blocked' : entry.mirrors.length > 0 ? `its mirrors do not serve pulls by ${by}` : `\`${entry.prefix}\` has no mirrors`
  return last ? `is pulled from the source alone${from}: ${why}` : `fails: ${why}, and the source is blocked`
}

function repository({ reference }: Step): string {
  return (parseReference(reference!) as Reference).name
}
