import { Failure } from './failure.ts'
import type { Limits } from './limits.ts'
import { type Blob, DIGEST, partsOf } from './manifest.ts'
import type { Registry } from './registry.ts'

/** An image that a registry hands out. */
export interface Found {
  digest: string
  /** Platforms of an index that are not there. */
  lacks: string[]
  /** In a clause. */
  message: string
}

/** Whether a registry hands out the manifest of an image; `reference` is a tag or a digest. @throws Failure where it does not. */
export async function shallow(registry: Registry, repository: string, reference: string): Promise<Found> {
  const { digest, body } = await registry.head(repository, reference)
  if (body && !partsOf(body)) throw noManifest()
  return { digest, lacks: [], message: `found${digest === reference ? '' : `: ${digest}`}` }
}

/** Whether it hands out all of an image: of an index every platform, of each the config and the layers. @throws Failure where it does not. */
export async function deep(registry: Registry, repository: string, reference: string, limits: Limits): Promise<Found> {
  const { digest, body } = await registry.get(repository, reference)
  const parts = partsOf(body)
  if (!parts) throw noManifest()
  if (parts.manifests.length === 0 && parts.blobs.length === 0) throw new Failure('unknown', 'names nothing in it that could be pulled', { status: 200, final: true })
  if (parts.manifests.length === 0) {
    await blobs(registry, repository, parts.blobs, '', limits)
    return { digest, lacks: [], message: `found whole${digest === reference ? '' : `: ${digest}`}, ${count(parts.blobs.length, 'blob')}` }
  }
  return { digest, ...(await platforms(registry, repository, parts.manifests, digest === reference ? '' : `: ${digest}`, limits)) }
}

/** Nodes take the first answer for the manifest, whatever it is, and go nowhere else when they cannot read it (containers/image docker/docker_image_src.go). */
function noManifest(): Failure {
  return new Failure('unknown', 'answers with something that is no manifest', { status: 200, final: true })
}

type Members = { digest: string; platform: string }[]

/** An index may have been copied for some platforms alone, which is no fault for nodes of those. */
async function platforms(registry: Registry, repository: string, members: Members, digest: string, limits: Limits): Promise<Omit<Found, 'digest'>> {
  if (members.length > limits.platforms) throw new Failure('unknown', `names ${members.length} platforms, which are not looked into`, { final: true })
  const results = await Promise.allSettled(members.map((member) => platform(registry, repository, member, limits)))
  const sizes = results.map((result) => (result.status === 'fulfilled' ? result.value : undefined))
  const lacks = members.filter((_, index) => sizes[index] === undefined).map((member) => member.platform)
  const failed = results.find((result) => result.status === 'rejected') // of several the first one, each time
  if (failed) throw lacks.length < members.length ? of(failed.reason, lacks) : failed.reason
  if (lacks.length === members.length) throw new Failure('manifest-missing', `lacks the manifests of all its platforms: ${lacks.join(', ')}`, { status: 404, final: true })
  const total = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)
  const but = lacks.length > 0 ? `, without ${lacks.join(', ')}` : ' whole'
  return { lacks, message: `found${but}${digest}, ${count(members.length - lacks.length, 'platform')}, ${count(total, 'blob')}` }
}

/** A failure that concerns some platforms alone. */
function of(error: unknown, lacks: string[]): unknown {
  return error instanceof Failure ? new Failure(error.class, error.message, { status: error.status, dead: error.dead, absent: error.absent, final: error.final, lacks }) : error
}

/** How many blobs it has; undefined where its manifest is not there. */
async function platform(registry: Registry, repository: string, { digest, platform }: Members[0], limits: Limits): Promise<number | undefined> {
  const manifest = await registry.get(repository, digest).catch((error: unknown) => {
    if (error instanceof Failure && error.absent && error.class === 'manifest-missing') return undefined
    throw part(error, `the manifest of ${platform}`, digest)
  })
  if (!manifest) return undefined
  const parts = partsOf(manifest.body)
  if (!parts || parts.manifests.length > 0) throw new Failure('unknown', `holds no manifest for ${platform} that can be looked into`, { final: true })
  await blobs(registry, repository, parts.blobs, ` of ${platform}`, limits)
  return parts.blobs.length
}

async function blobs(registry: Registry, repository: string, parts: Blob[], of: string, limits: Limits): Promise<void> {
  if (parts.length > limits.blobs) throw new Failure('unknown', `names ${parts.length} blobs, which are not looked into`, { final: true })
  const results = await Promise.allSettled(parts.map(({ digest, size }) => registry.blob(repository, digest, size)))
  const missing = parts.flatMap((one, index) => (results[index]!.status === 'rejected' ? [{ ...one, error: (results[index] as PromiseRejectedResult).reason as unknown }] : []))
  const [first] = missing
  if (first) throw part(first.error, `${first.called}${of}${missing.length > 1 ? ` and ${missing.length - 1} more` : ''}`, first.digest)
}

/** A failure of a part is one of the whole, after which nodes go nowhere else. */
function part(error: unknown, called: string, digest: string): unknown {
  if (!(error instanceof Failure) || !DIGEST.test(digest)) return error
  const { class: kind, status, message } = error
  return new Failure(kind, kind === 'blob-missing' && status === 404 ? `lacks ${called} (${digest})` : `does not hand out ${called} (${digest}): ${message}`, { status, final: true })
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
