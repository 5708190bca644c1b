import { own, text } from '../manifests/resource.ts'

/** What a manifest is made of. */
export interface Parts {
  /** Manifests of an index, with the platform that each is for. */
  manifests: { digest: string; platform: string }[]
  /** Config and layers, each with its name for messages. */
  blobs: { digest: string; called: string }[]
}

/** Follows image-spec image-index.md and manifest.md, and Docker's of the same. Undefined where it is none of these. */
export function partsOf(body: Buffer): Parts | undefined {
  const manifest = parsed(body)
  const list = (key: string) => (Array.isArray(own(manifest, key)) ? (own(manifest, key) as unknown[]) : undefined)
  const index = list('manifests')
  if (index) return { manifests: index.map(member).filter(({ digest, platform }) => DIGEST.test(digest) && platform !== NOBODY), blobs: [] }
  const layers = list('layers')
  if (layers) {
    const blobs = layers.map((layer, at) => ({ digest: text(own(layer, 'digest')), called: `layer ${at + 1} of ${layers.length}`, foreign: isForeign(layer) }))
    return { manifests: [], blobs: [{ digest: text(own(own(manifest, 'config'), 'digest')), called: 'the config' }, ...blobs.flatMap(({ digest, called, foreign }) => (foreign ? [] : [{ digest, called }]))].filter(({ digest }) => DIGEST.test(digest)) }
  }
  const old = own(manifest, 'schemaVersion') === 1 ? list('fsLayers') : undefined
  return old && { manifests: [], blobs: old.map((layer, at) => ({ digest: text(own(layer, 'blobSum')), called: `layer ${at + 1} of ${old.length}` })).filter(({ digest }) => DIGEST.test(digest)) }
}

/** Whether it is of Docker's first schema, whose digest leaves out its signatures. */
export function isSigned(body: Buffer): boolean {
  const manifest = parsed(body)
  return own(manifest, 'schemaVersion') === 1 && own(manifest, 'signatures') !== undefined
}

export const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/

/** The platform of attestations, which no node pulls. */
const NOBODY = 'unknown/unknown'

function member(one: unknown): Parts['manifests'][0] {
  const platform = own(one, 'platform')
  const parts = ['os', 'architecture', 'variant'].map((key) => text(own(platform, key))).filter((part) => /^[\w.-]{1,32}$/.test(part)) // it is told
  return { digest: text(own(one, 'digest')), platform: parts.join('/') || 'no platform' }
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
