import { own, text } from '../manifests/resource.ts'

/** A blob, with its name for messages, and how many bytes it has by the manifest. */
export interface Blob {
  digest: string
  called: string
  size: number | undefined
}

/** What a manifest is made of. */
export interface Parts {
  /** Manifests of an index, with the platform that each is for. */
  manifests: { digest: string; platform: string }[]
  /** Config and layers. */
  blobs: Blob[]
}

/** Follows image-spec image-index.md and manifest.md, and Docker's of the same. Undefined where it is none of these. */
export function partsOf(body: Buffer): Parts | undefined {
  const manifest = parsed(body)
  const list = (key: string) => (Array.isArray(own(manifest, key)) ? (own(manifest, key) as unknown[]) : undefined)
  const index = list('manifests')
  if (index) return { manifests: index.map(member).filter(({ digest, platform }) => DIGEST.test(digest) && platform !== NOBODY), blobs: [] }
  const layers = list('layers')
  if (layers) {
    const blobs = layers.flatMap((layer, at) => (isForeign(layer) ? [] : [blob(layer, `layer ${at + 1} of ${layers.length}`)]))
    return { manifests: [], blobs: [blob(own(manifest, 'config'), 'the config'), ...blobs].filter(({ digest }) => DIGEST.test(digest)) }
  }
  const old = own(manifest, 'schemaVersion') === 1 ? list('fsLayers') : undefined
  return old && { manifests: [], blobs: old.map((layer, at) => ({ digest: text(own(layer, 'blobSum')), called: `layer ${at + 1} of ${old.length}`, size: undefined })).filter(({ digest }) => DIGEST.test(digest)) }
}

/** Whether it is of Docker's first schema, whose digest leaves out its signatures. */
export function isSigned(body: Buffer): boolean {
  const manifest = parsed(body)
  return own(manifest, 'schemaVersion') === 1 && own(manifest, 'signatures') !== undefined
}

const TYPES = /^application\/vnd\.(?:oci\.image\.(?:index|manifest)\.v1|docker\.distribution\.manifest(?:\.list)?\.v2|docker\.distribution\.manifest\.v1)\+(?:json|prettyjws)$/

/** Whether a Content-Type lets nodes read a manifest. By any other, and by none, they take it for one of Docker's first schema (containers/image manifest.NormalizedMIMEType). */
export function isTyped(type: string | string[] | undefined, body?: Buffer): boolean {
  const bare = [type].flat()[0]?.split(';', 1)[0]!.trim() ?? ''
  return TYPES.test(bare) || (body !== undefined && (own(parsed(body), 'schemaVersion') === 1 || !partsOf(body)))
}

export const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/

/** The platform of attestations, which no node pulls. */
const NOBODY = 'unknown/unknown'

function member(one: unknown): Parts['manifests'][0] {
  const platform = own(one, 'platform')
  const parts = ['os', 'architecture', 'variant'].map((key) => text(own(platform, key))).filter((part) => /^[\w.-]{1,32}$/.test(part)) // it is told
  return { digest: text(own(one, 'digest')), platform: parts.join('/') || 'no platform' }
}

function blob(descriptor: unknown, called: string): Blob {
  const size = own(descriptor, 'size')
  return { digest: text(own(descriptor, 'digest')), called, size: typeof size === 'number' ? size : undefined }
}

/** Layers that are fetched from elsewhere, as those of Windows (containers/image docker_client.go, getBlob). */
function isForeign(layer: unknown): boolean {
  const urls = own(layer, 'urls')
  return Array.isArray(urls) && urls.length > 0
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
