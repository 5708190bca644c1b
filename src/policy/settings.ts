import { base64 } from '../carriers/embedded.ts'
import { installConfigTitle, isInstallConfig } from '../carriers/install.ts'
import type { Candidate } from '../cluster/candidate.ts'
import { type Group, home } from '../cluster/group.ts'
import type { ImageConfig } from '../cluster/image.ts'
import { PLACEHOLDER } from '../cluster/mirrors.ts'
import type { Nodes } from '../cluster/node.ts'
import type { Gathered } from '../cluster/registries.ts'
import type { Setting } from '../cluster/setting.ts'
import type { Path } from '../manifests/document.ts'
import { folderOf, STREAM } from '../manifests/place.ts'
import { outermost } from '../manifests/position.ts'
import { isObject, own, type Resource, text, title } from '../manifests/resource.ts'
import { serverFields } from '../manifests/server.ts'
import { plan } from '../registries/plan.ts'
import { isWildcard } from '../registries/location.ts'
import { covers, scopesAround } from '../registries/scope.ts'
import type { At, CatalogsFact, CredentialFact, Facts, HostFact, ImageFact, SignatureFact, TrustFact } from './facts.ts'
import { bundleFacts } from './bundle.ts'
import { fileFacts } from './files.ts'
import { hostFacts, name } from './hosts.ts'
import type { Places } from './places.ts'
import { originOf, type Pulls } from './pulls.ts'
import { renderedFacts } from './rendered.ts'
import { configFacts, RELEASE, RELEASES, scopeFacts } from './scopes.ts'
import { hostOf } from './sets.ts'
import type { EntryFact, SourceFact, ValueFact } from './setfacts.ts'

/** What is said of everything beside mirror sets and images. */
type SettingFacts = Pick<Facts, 'hosts' | 'release' | 'scopes' | 'imageConfigs' | 'trust' | 'bundles' | 'credentials' | 'files' | 'pools' | 'rendered' | 'catalogs' | 'signatures' | 'inert' | 'dumps'>

export interface Surroundings {
  running: Group<Candidate>['running']
  gathered: Gathered
  nodes: Nodes
  pulls: Pulls | undefined
  sourceOf(scope: string): number | undefined
  places: Places
  entries: readonly EntryFact[]
  sources: readonly SourceFact[]
  images: readonly ImageFact[]
}

export function settingFacts(group: Group<Candidate>, around: Surroundings): SettingFacts {
  const { places, entries } = around
  const of = (...kinds: Setting[]) => group.members.flatMap((member) => (member.type === 'setting' && kinds.includes(member.setting) ? [member.resource] : []))
  const configs = group.members.flatMap((member) => (member.type === 'image' ? [{ image: member.image, home: home(group, member), folder: folderOf(member.place) }] : []))
  const images = configs.map(({ image }) => image)
  const mirrors = entries.filter(({ effective }) => effective).flatMap(({ set, mirrors: own }) => own.map(({ value, at }) => ({ value, at, set })))
  const trusted = images.length > 0 ? of('trust') : []
  const hosts = hostFacts(entries, images, trusted, of('bundle').length > 0)
  const signing = of('signatures')
  const names = signing.length > 0 ? namesOf(around, mirrors) : undefined
  return {
    hosts,
    release: releaseFacts(around),
    scopes: configs.flatMap(({ image, ...lies }) => scopeFacts(image, group.version, mirrors, around).map((scope) => ({ ...scope, ...lies }))),
    imageConfigs: configs.map(({ image, ...lies }) => ({ ...configFacts(image, [...trusted, ...of('other-trust')], group.version, around), ...lies })),
    trust: trusted.map((resource) => trustFact(resource, hosts, places)),
    bundles: bundleFacts(of('bundle'), places),
    credentials: credentials(group.members, hosts, places),
    files: fileFacts(group, images.length > 0, around),
    ...renderedFacts(group, of('pool'), around),
    catalogs: of('catalogs').map((resource) => catalogsFact(resource, around)),
    signatures: names ? signing.flatMap((resource) => signatureFacts(resource, names, images, around)) : [],
    inert: of('inert').map((resource) => ({ title: title(resource), at: places.at(resource, ['kind']) })),
    dumps: group.members.flatMap((member) => (member.type === 'set' ? dump(member.set.resource, places) : member.type === 'image' ? dump(member.image.resource, places) : [])),
  }
}

const DIGEST = `sha256:${'0'.repeat(64)}`

/** The release image, and the images that it is made of. */
function releaseFacts({ pulls }: Surroundings): Facts['release'] {
  if (!pulls?.gathered.configuration.release.name.startsWith(RELEASE)) return []
  return RELEASES.map((repository) => {
    const { entry, attempts } = plan({ name: repository, digest: DIGEST }, pulls.node)
    const { source } = entry ? originOf(entry, pulls) : {}
    return { repository, mirrored: attempts.some(({ mirror, entry: blocker }) => mirror && !blocker?.blocked), ...(source === undefined ? {} : { source }) }
  })
}

function trustFact(resource: Resource, hosts: Record<string, HostFact>, places: Places): TrustFact {
  const data = own(resource.value, 'data')
  const byName = new Map(Object.keys(hosts).map((host) => [name(host), host]))
  const keys = Object.keys(isObject(data) ? data : {}).map((key) => {
    const host = key.replaceAll('..', ':')
    const near = Object.hasOwn(hosts, host) ? undefined : byName.get(name(host))
    return { key, host, ...(near === undefined ? {} : { near }), at: places.at(resource, ['data', key], true) }
  })
  return { title: title(resource), keys, at: places.at(resource, ['data']) }
}

/** The pull secret of the cluster, and that of its install-config. Nothing but the hosts in it is looked at. */
function credentials(members: readonly Candidate[], hosts: Record<string, HostFact>, places: Places): CredentialFact[] {
  return pullSecrets(members).map(({ title, registries, resource, path }) => {
    const lacks = Object.entries(hosts).filter(([host]) => !registries.some((one) => one === host || one.startsWith(`${host}/`)))
    return { title, lacks: lacks.map(([host, { at }]) => ({ host, at })), at: places.at(resource, path, true) }
  })
}

/** A global pull secret, or what the installer makes one of: the registries in it, and where they stand. Nothing else of it is looked at. */
interface PullSecret {
  title: string
  registries: readonly string[]
  resource: Resource
  path: Path
}

export function pullSecrets(members: readonly Candidate[]): PullSecret[] {
  return members.flatMap((member): PullSecret[] => {
    const secret = member.type === 'setting' && member.setting === 'credentials' ? member.resource : undefined
    const config = member.type === 'release' && isInstallConfig(member.release.resource) ? member.release.resource : undefined
    const resource = secret ?? config
    if (!resource) return []
    const [path, json] = config ? [['pullSecret'], text(own(config.value, 'pullSecret'))] as const : inSecret(resource)
    const registries = registriesIn(json)
    return registries ? [{ title: config ? installConfigTitle(config) : title(resource), registries, resource, path }] : []
  })
}

const KEY = '.dockerconfigjson'

/** Where the registries of a pull secret stand, and what stands there. */
function inSecret({ value }: Resource): [path: Path, json: string] {
  const plain = text(own(own(value, 'stringData'), KEY))
  if (plain !== '') return [['stringData', KEY], plain]
  try {
    return [['data', KEY], new TextDecoder().decode(base64(text(own(own(value, 'data'), KEY))))]
  } catch {
    return [['data', KEY], '']
  }
}

/** Undefined where it is no such JSON, or names no registry, as when it is yet to be filled in. */
function registriesIn(json: string): string[] | undefined {
  try {
    const auths = own(JSON.parse(json), 'auths')
    const names = (isObject(auths) ? Object.keys(auths) : []).map((key) => key.replace(/^https?:\/\//, '').replace(/\/v[12]\/?$|\/$/, ''))
    return names.some((name) => /[.:]|^localhost$/.test(hostOf(name))) && !names.some((name) => PLACEHOLDER.test(name)) ? names : undefined
  } catch {
    return undefined
  }
}

/** The catalogs that a cluster has from the start, and their images, pulled by the tag of the version (operator-framework/operator-marketplace defaults). */
const CATALOGS: Record<string, string> = {
  'redhat-operators': 'redhat-operator-index', 'certified-operators': 'certified-operator-index', 'community-operators': 'community-operator-index', 'redhat-marketplace': 'redhat-marketplace-index',
}

function catalogsFact(resource: Resource, { pulls, places }: Surroundings): CatalogsFact {
  const spec = own(resource.value, 'spec')
  const sources = own(spec, 'sources')
  const listed = new Map((Array.isArray(sources) ? (sources as unknown[]) : []).map((one) => [text(own(one, 'name')), own(one, 'disabled') === true]))
  const off = own(spec, 'disableAllDefaultSources') === true
  const enabled = Object.keys(CATALOGS).filter((name) => !(listed.get(name) ?? off))
  const mirrored = (name: string) => pulls === undefined || plan({ name: `registry.redhat.io/redhat/${CATALOGS[name]}`, tag: 'latest' }, pulls.node).attempts.some(({ mirror }) => mirror)
  return { title: title(resource), unmirrored: enabled.filter((name) => !mirrored(name)), at: places.at(resource, ['spec']) }
}

/** Scopes are held against the names of images, never against mirrors (openshift/machine-config-operator validates them against the lists of Image/cluster). */
function signatureFacts(resource: Resource, known: Names, images: readonly ImageConfig[], { gathered, nodes, places }: Surroundings): SignatureFact[] {
  const scopes = own(own(resource.value, 'spec'), 'scopes')
  const { allowed = [], blocked: rejected = [] } = gathered.configuration
  const lists = images.some(({ open }) => open) ? { allowed: [], rejected: [] } : nodes.refused === undefined ? nodes.applied.acceptance : { allowed, rejected }
  return (Array.isArray(scopes) ? (scopes as unknown[]) : []).flatMap((scope, index): SignatureFact[] => {
    if (typeof scope !== 'string') return []
    const repository = isWildcard(scope) ? scope : scope.split('@', 1)[0]!.replace(/:[^/:]*$/, (tag) => (scope.includes('/') ? '' : tag))
    const mirror = known.sources(repository) ? undefined : known.mirrors(repository)
    const covered = (list: readonly string[]) => list.some((one) => covers(one, repository))
    const refused = covered(lists.rejected) ? 'blocked' : lists.allowed.length > 0 && !covered(lists.allowed) ? 'not-allowed' : undefined
    return [{
      title: title(resource), scope, ...(mirror ? { mirror: mirror.value, mirrorAt: mirror.at, within: covers(mirror.value, repository) } : {}), called: known.images.has(repository),
      ...(refused ? { refused } : {}), at: places.at(resource, ['spec', 'scopes', index]),
    }]
  })
}

/** Looks up what lies in a scope or around it. */
interface Names {
  sources(scope: string): unknown
  mirrors(scope: string): ValueFact | undefined
  /** Every scope around an image. */
  images: ReadonlySet<string>
}

function namesOf({ sources, images }: Surroundings, mirrors: readonly ValueFact[]): Names {
  const index = (values: readonly ValueFact[]) => {
    const [exact, around] = [new Map(values.map((one) => [one.value, one])), new Map<string, ValueFact>()]
    for (const one of values.toReversed()) for (const scope of scopesAround(one.value)) around.set(scope, one)
    return (scope: string) => scopesAround(scope).map((one) => exact.get(one)).find((one) => one) ?? around.get(scope)
  }
  const nowhere: At = { doc: 0, path: [] }
  return {
    sources: index(sources.map(({ source: value }) => ({ value, at: nowhere }))), mirrors: index(mirrors),
    images: new Set(images.flatMap(({ repository }) => scopesAround(repository))),
  }
}

const SERVER_FIELDS = ['uid', 'resourceVersion', 'managedFields']
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** Fields that only the API server sets, of an object that somebody wrote down; what is piped in may well come from the cluster. */
function dump(resource: Resource, places: Places): Facts['dumps'] {
  const { place, live } = outermost(resource.document).file
  if (resource.madeOf !== undefined || place === STREAM || live) return []
  const metadata = own(resource.value, 'metadata')
  const fields = [...SERVER_FIELDS.filter((name) => own(metadata, name) !== undefined), ...(own(own(metadata, 'annotations'), LAST_APPLIED) === undefined ? [] : [LAST_APPLIED])]
  return fields.length > 0 ? [{ title: title(resource), fields, at: places.at(resource, ['metadata', ...(fields[0] === LAST_APPLIED ? ['annotations', LAST_APPLIED] : [fields[0]!])], true), remove: removable(resource).map((path) => places.at(resource, path)) }] : []
}

/** A policy of ACM may be there to compare a status, so that it stays in one. */
function removable({ value, path: [...outer] }: Resource): Path[] {
  return serverFields(value).filter(([first]) => first !== 'status' || !outer.includes('objectDefinition'))
}
