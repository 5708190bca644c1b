import { isInstallConfig } from '../carriers/install.ts'
import { own, type Resource, text } from '../manifests/resource.ts'
import { parseVersion, type Version } from '../openshift/version.ts'
import { parseReference, type Reference } from '../registries/reference.ts'

/** The OpenShift release that an object gives a cluster. */
export interface Release {
  version?: Version
  /** The update channel that the version is guessed from. */
  channel?: string
  /** The release image. */
  image?: Reference
  /** The ClusterImageSet that tells more. */
  imageSet?: string
  /** The name of the ClusterImageSet that this is; then it is of no cluster by itself. */
  named?: string
  /** The cluster that it is for, where that is another one than the object lies in. */
  cluster?: string
  /** It is once in a cluster. */
  identity?: string
  resource: Resource
}

/** A cluster follows the channel of its own minor version, or of the next one while it is updated to it: the best guess where nothing says more. */
const CHANNEL = /^(?:stable|fast|eus|candidate)-(\d+\.\d+)$/

type Said = Omit<Release, 'resource'>
type Reader = (resource: Resource) => Said | Said[] | undefined

const READERS: Record<string, Reader> = {
  ClusterVersion({ apiVersion, name, value, document }) {
    if (apiVersion !== 'config.openshift.io/v1' || name !== 'version') return undefined
    const [actual, wanted] = [own(own(value, 'status'), 'desired'), own(own(value, 'spec'), 'desiredUpdate')]
    const image = release(own(actual, 'image')) ?? release(own(wanted, 'image'))
    const version = (document.file.live && completed(value)) ?? parseVersion(text(own(wanted, 'version'))) ?? parseVersion(text(own(actual, 'version'))) ?? tagVersion(text(own(wanted, 'image'))) ?? tagVersion(text(own(actual, 'image')))
    const channel = CHANNEL.exec(text(own(own(value, 'spec'), 'channel')))
    const updating = !version && channel ? { version: parseVersion(channel[1]!)!, channel: channel[0] } : {}
    return { ...(image ? { image } : {}), ...(version ? { version } : updating), identity: 'ClusterVersion' }
  },
  Infrastructure: ({ apiVersion, name, value }) => (apiVersion === 'config.openshift.io/v1' && name === 'cluster' && own(value, 'status') !== undefined ? {} : undefined), // it tells how many nodes there are
  ClusterImageSet: ({ apiVersion, name, value }) => (apiVersion.startsWith('hive.openshift.io/') ? { ...ofImage(own(own(value, 'spec'), 'releaseImage')), named: name } : undefined),
  HostedCluster: ({ apiVersion, name, value }) => (apiVersion.startsWith('hypershift.openshift.io/') ? { ...ofImage(own(own(own(value, 'spec'), 'release'), 'image')), cluster: name } : undefined),
  NodePool: ({ apiVersion, value }) => (apiVersion.startsWith('hypershift.openshift.io/') ? { cluster: text(own(own(value, 'spec'), 'clusterName')) } : undefined),
  ClusterDeployment({ apiVersion, name, value }) {
    if (!apiVersion.startsWith('hive.openshift.io/')) return undefined
    const spec = own(value, 'spec')
    const provisioning = own(spec, 'provisioning')
    return { ...ofImage(own(provisioning, 'releaseImage')), ...reference(own(own(provisioning, 'imageSetRef'), 'name')), cluster: text(own(spec, 'clusterName')) || name }
  },
  AgentClusterInstall({ apiVersion, name, value }) {
    if (!apiVersion.startsWith('extensions.hive.openshift.io/')) return undefined
    const spec = own(value, 'spec')
    return { ...reference(own(own(spec, 'imageSetRef'), 'name')), cluster: text(own(own(spec, 'clusterDeploymentRef'), 'name')) || name }
  },
  ClusterInstance({ apiVersion, name, value }) {
    const spec = own(value, 'spec')
    return apiVersion.startsWith('siteconfig.open-cluster-management.io/') ? { ...reference(own(spec, 'clusterImageSetNameRef')), cluster: text(own(spec, 'clusterName')) || name } : undefined
  },
  SiteConfig({ apiVersion, value }) {
    const spec = own(value, 'spec')
    const clusters = own(spec, 'clusters')
    if (!apiVersion.startsWith('ran.openshift.io/') || !Array.isArray(clusters)) return undefined
    return clusters.map((one: unknown) => ({ ...reference(own(one, 'clusterImageSetNameRef') ?? own(spec, 'clusterImageSetNameRef')), cluster: text(own(one, 'clusterName')) })).filter(({ cluster }) => cluster !== '')
  },
}

/** The version that a running cluster last got to: while it is updated, or does not take the update that is wanted, its operator is of that one. */
function completed(clusterVersion: Record<string, unknown>): Version | undefined {
  const history = own(own(clusterVersion, 'status'), 'history')
  const last = (Array.isArray(history) ? (history as unknown[]) : []).find((one) => own(one, 'state') === 'Completed')
  return parseVersion(text(own(last, 'version')))
}

/** What an object says of the releases of clusters. */
export function releasesOf(resource: Resource): Release[] {
  const said = isInstallConfig(resource) ? { identity: 'install-config' } : Object.hasOwn(READERS, resource.kind) ? READERS[resource.kind]!(resource) : undefined
  return [said ?? []].flat().map((one) => ({ ...one, resource }))
}

/** The one version that releases agree on, and the object that says so; undefined where none does, or several differ. */
export function agreed(releases: readonly Release[], imageSets: ReadonlyMap<string, Release>): { version: Version; resource: Resource; channel: string | undefined } | 'several' | undefined {
  const said = releases.flatMap((release) => {
    const version = release.version ?? (release.imageSet === undefined ? undefined : imageSets.get(release.imageSet)?.version)
    return version ? [{ version, resource: release.resource, channel: release.channel }] : []
  })
  return new Set(said.map(({ version }) => version.text)).size > 1 ? 'several' : said[0]
}

function ofImage(image: unknown): { image?: Reference; version?: Version } {
  const parsed = release(image)
  const version = tagVersion(text(image))
  return { ...(parsed ? { image: parsed } : {}), ...(version ? { version } : {}) }
}

function reference(name: unknown): { imageSet?: string } {
  return typeof name === 'string' && name !== '' ? { imageSet: name } : {}
}

function release(image: unknown): Reference | undefined {
  const parsed = typeof image === 'string' ? parseReference(image) : undefined
  return parsed && !('error' in parsed) ? parsed : undefined
}

/** The tag of a release image is its version, with the architecture behind it: `4.16.3-x86_64`, `4.19.0-okd-scos.1`. */
function tagVersion(image: string): Version | undefined {
  const tag = release(image)?.tag?.replace(/-(?:x86_64|amd64|aarch64|arm64|ppc64le|s390x|multi)$/, '')
  return tag === undefined ? undefined : parseVersion(tag)
}
