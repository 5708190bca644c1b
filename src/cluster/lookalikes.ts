import type { Path } from '../manifests/document.ts'
import { isObject, own } from '../manifests/resource.ts'
import { isShortName, parseReference } from '../registries/reference.ts'
import { isFilled, type Pull, withoutTransport } from './pulls.ts'

/** As many as the parser lets a document hold. */
const MOST_NODES = 1_000_000
const CONTAINERS = new Set(['containers', 'initContainers', 'ephemeralContainers', 'sidecars'])
/** A word before or after `image` that makes it the target of a push or of a mirror. */
const PUSHED = new Set(['output', 'push', 'destination', 'dest', 'target'])
/** What may follow `image` in a key whose value is a reference, as `imageRef`; after any other word it is one only where it has a tag or a digest. */
const AFTER = new Set(['name', 'ref', 'reference', 'spec', 'pullspec', 'override', 'web'])
/** Suffixes of a sibling that holds the tag of an image, as `image_version` (AWX, Pulp). */
const TAGS = ['_version', '_tag', 'Version', 'Tag']
const FILE = /\.(?:qcow2?|iso|img|raw|vmdk|vhdx?|ova|tar|t?gz|xz|zip|png|svg|jpe?g|gif|webp|ico)$/i
/** Keys under `images` that name a place and no image. */
const LOCATIONS = /^(?:registry|repository|name|mirror|source)$/i
const GIT = /^(?:www\.)?(?:github|gitlab|bitbucket)\.[a-z]+\//

/**
 * The strings in a custom resource that look like images: under a key such as `image` or `sidecarImage`, naming their registry. Short names count only
 * where a container stands around them. Reported state (`status`), metadata, and resources inside this one are not looked at.
 */
export function lookalikes(value: Record<string, unknown>): Pull[] {
  const found: Pull[] = []
  const path: (string | number)[] = []
  let nodes = 0
  const within = (step: string | number, node: unknown, key: string, outer: string) => {
    path.push(step)
    visit(node, key, outer)
    path.pop()
  }
  const visit = (node: unknown, key: string, outer: string) => {
    if (++nodes > MOST_NODES) return
    if (Array.isArray(node)) return node.forEach((item: unknown, index) => within(index, item, key, outer))
    if (typeof node === 'string') add(imageAt(node, key, outer))
    else if (isObject(node) && (path.length === 0 || !isResource(node))) enter(node, key, outer)
  }
  const enter = (node: Record<string, unknown>, key: string, outer: string) => {
    const whole = isPushed(key) || isPushed(outer) ? undefined : assembled(node, key)
    for (const [name, inner] of Object.entries(node)) {
      if (name === 'metadata' || (name === 'status' && path.length === 0)) continue
      if (name === whole?.key) add(whole.image, name)
      else if (name === 'image' && isContainer(node, key)) add(valid(node['image'] as string), name)
      else within(name, inner, name, key)
    }
  }
  const add = (image: string | undefined, ...last: Path) => {
    if (image !== undefined) found.push({ image, path: [...path, ...last] })
  }
  visit(value, '', '')
  return found
}

function isResource(node: Record<string, unknown>): boolean {
  return typeof own(node, 'apiVersion') === 'string' && typeof own(node, 'kind') === 'string'
}

function isContainer(node: Record<string, unknown>, key: string): boolean {
  return CONTAINERS.has(key) && typeof own(node, 'name') === 'string' && typeof own(node, 'image') === 'string'
}

/** The reference that a string is, if it surely is one by its key and the key around it. */
function imageAt(text: string, key: string, outer: string): string | undefined {
  if (isPushed(key) || isPushed(outer)) return undefined
  if (key === 'url' || key === 'storageUri') return full(withoutTransport(text))
  const sure = suits(key)
  if (sure !== undefined) return full(withoutTransport(text) ?? text, sure)
  // Parts of a PinnedImageSet and of a ClusterCatalog, as they stand in a patch, and objects whose keys are names of images.
  if (outer === 'pinnedImages' && key === 'name') return full(text)
  return suits(outer) && (key === 'ref' || (outer.endsWith('mages') && !LOCATIONS.test(key))) ? full(text, key === 'ref') : undefined
}

/** Whether a key holds an image: `image`, `sidecarImage`, `SIDECAR_IMAGE`, `imageRef`. False for `imagePullSecret` and its like, undefined for others. */
function suits(key: string): boolean | undefined {
  if (!/image|pullspec/i.test(key)) return undefined
  const parts = words(key)
  const at = parts.findLastIndex((word) => /^(?:images?|pullspec)$/.test(word))
  return at < 0 ? undefined : parts.slice(at + 1).every((word) => AFTER.has(word))
}

function isPushed(key: string): boolean {
  return words(key).some((word) => PUSHED.has(word))
}

function words(key: string): string[] {
  return (key.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+/g) ?? []).map((word) => word.toLowerCase())
}

/** A reference that names its registry, and nothing that is a file or a repository of Git. Unless the key is sure, it needs a tag or a digest. */
function full(text: string | undefined, sure = true): string | undefined {
  if (text === undefined || isShortName(text) || FILE.test(text) || GIT.test(text)) return undefined
  return sure || isVersioned(text) ? valid(text) : undefined
}

function valid(text: string): string | undefined {
  return isFilled(text) && !('error' in parseReference(text)) ? text : undefined
}

function isVersioned(text: string): boolean {
  const reference = parseReference(text)
  return !('error' in reference) && (reference.tag !== undefined || reference.digest !== undefined)
}

/**
 * A reference that is written in parts, and the key of the part that names it: `{ image: { repository, tag } }`, with or without `registry`,
 * `{ image, image_version }` of AWX, `{ repository, image, version }` of NVIDIA. Undefined in doubt, as for the `version` of what runs in an image
 * of unknown tag.
 */
function assembled(node: Record<string, unknown>, key: string): { image: string; key: string } | undefined {
  const [repository, image, registry, name] = ['repository', 'image', 'registry', 'name'].map((part) => text(node, part))
  const tag = text(node, 'digest') ?? text(node, 'sha256') ?? text(node, 'tag')
  const version = tag ?? text(node, 'version')
  if (repository !== undefined && image !== undefined) return isShortName(image) ? join(`${repository}/${image}`, version, 'image') : undefined
  if (image !== undefined) return join(image, tag ?? TAGS.map((suffix) => text(node, `image${suffix}`)).find((found) => found !== undefined), 'image')
  if (!suits(key)) return repository === undefined ? undefined : join(repository, tag, 'repository')
  const named = repository ?? name
  if (named === undefined) return undefined
  return join(registry === undefined || !isShortName(named) ? named : `${registry}/${named}`, version, repository === undefined ? 'name' : 'repository')
}

function join(name: string, version: string | undefined, key: string): { image: string; key: string } | undefined {
  if (version === undefined || isVersioned(name)) return undefined
  const image = full(`${name}${/^sha\d+:/.test(version) ? '@' : ':'}${version}`)
  return image === undefined ? undefined : { image, key }
}

function text(node: Record<string, unknown>, key: string): string | undefined {
  const value = own(node, key)
  return typeof value === 'string' && value !== '' ? value : undefined
}
