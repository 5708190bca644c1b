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

/** What a file has to mention to be worth a parse: a mirror kind, the lists of image.config, or the release that a ClusterVersion asks for or has. */
export const RELEVANT = new RegExp([...Object.keys(MIRROR_KINDS), WITHOUT_EFFECT, 'registrySources', 'desiredUpdate\\b', 'desired[\'"]?:'].join('|'), 'i')
