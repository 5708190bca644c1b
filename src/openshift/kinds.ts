import type { IImageContentSourcePolicy, IImageDigestMirrorSet, IImageTagMirrorSet } from './models.generated.ts'

type Model = IImageContentSourcePolicy | IImageDigestMirrorSet | IImageTagMirrorSet
type Kinds = { [Kind in Model as Kind['kind']]: { apiVersion: Kind['apiVersion']; list: keyof Kind['spec']; pull: 'digest' | 'tag' } }

/** The kinds that carry mirrors, and the field of `spec` that holds their entries. */
export const MIRROR_KINDS = {
  ImageContentSourcePolicy: { apiVersion: 'operator.openshift.io/v1alpha1', list: 'repositoryDigestMirrors', pull: 'digest' },
  ImageDigestMirrorSet: { apiVersion: 'config.openshift.io/v1', list: 'imageDigestMirrors', pull: 'digest' },
  ImageTagMirrorSet: { apiVersion: 'config.openshift.io/v1', list: 'imageTagMirrors', pull: 'tag' },
} as const satisfies Kinds

export type MirrorKind = keyof typeof MIRROR_KINDS

export function isMirrorKind(kind: string): kind is MirrorKind {
  return Object.hasOwn(MIRROR_KINDS, kind)
}

/** The kind that is meant by one that differs in case or number only, as `ImageDigestMirrorsets`. */
export function meantKind(kind: string): MirrorKind | undefined {
  const bare = kind.toLowerCase().replace(/s$/, '')
  return (Object.keys(MIRROR_KINDS) as MirrorKind[]).find((own) => own.toLowerCase() === bare || own.toLowerCase() === kind.toLowerCase())
}

/** A kind that the API server accepts and nothing reads (openshift/api cda7121b2). */
export const WITHOUT_EFFECT = 'ImageContentPolicy'

/** Mirror configuration, as it is written anywhere: a mirror kind, one of their lists, the lists of image.config, a node's registries.conf. */
const CONFIGURATION = [
  ...Object.keys(MIRROR_KINDS), WITHOUT_EFFECT, 'DigestMirrors', 'TagMirrors', 'image(?:Digest|Content)Sources', 'registrySources', 'additionalTrustedCA', 'registries\\.conf', 'mirrorRegistryRef',
]
const MENTIONS = new RegExp(CONFIGURATION.join('|'), 'i')

/** What else tells of clusters: which there are, what version they have, what is applied to them, whom they trust. */
const CLUSTERS = [
  'controlPlaneTopology', 'BEGIN CERTIFICATE', 'trustedCA', 'additionalTrustBundle', 'ca-bundle\\.crt', 'binaryData', 'install-config', 'baseDomain', 'desiredUpdate', 'desired[\'"]?:', 'ClusterVersion', 'HostedCluster', 'NodePool', 'ClusterInstance', 'SiteConfig', 'AgentServiceConfig', 'AgentClusterInstall', 'InfraEnv',
  'ClusterDeployment', 'ClusterImageSet', 'kind[\'"]?: *[\'"]?Application(?:Set)?\\b', 'PolicyGenTemplate', 'kind[\'"]?: *[\'"]?(?:PolicyGenerator|MachineConfigPool|OperatorHub|(?:Cluster)?ImagePolicy)\\b', 'name[\'"]?: *[\'"]?pull-secret\\b',
]
/** A field that may hold an image. */
const IMAGES = ['image[\'"]?[ \\t]*:', 'DockerImage', 'osImageURL', 'pinnedImages', 'PullSpec', 'docker://']

const CONFIGURED = new RegExp([...CONFIGURATION, ...CLUSTERS].join('|'), 'i')

/** What a document has to mention to be worth a parse. */
export const RELEVANT = new RegExp([...CONFIGURATION, ...CLUSTERS, ...IMAGES].join('|'), 'i')

/** Whether a document is worth a parse. */
export function matters(text: string): boolean {
  return RELEVANT.test(text) && !isDefinition(text)
}

/** Whether a file is worth reading. */
export function isRelevant(text: string): boolean {
  return RELEVANT.test(text) && !isDefinition(text)
}

/** Whether a file is worth reading for someone who asks what nodes do, and not what they pull. */
export function isConfiguration(text: string): boolean {
  return CONFIGURED.test(text) && !isDefinition(text)
}

/** A definition of a kind says `image:` on every page, and never is one; of a text that holds more than that, nothing is said. */
function isDefinition(text: string): boolean {
  const [, indent] = /^\s*\{\s*?\n([ \t]*)"/.exec(text) ?? []
  const at = indent === undefined ? text.search(/^kind:[ \t]*["']?CustomResourceDefinition\b/m) : text.indexOf(`\n${indent}"kind": "CustomResourceDefinition"`)
  return at >= 0 && !/\n(?:---|\.\.\.)/.test(text)
}

/** Whether a text speaks of mirror configuration. */
export function mentions(text: string): boolean {
  return MENTIONS.test(text)
}
