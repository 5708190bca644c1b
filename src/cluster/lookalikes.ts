import type { Path } from '../manifests/document.ts'
import { isObject, own } from '../manifests/resource.ts'
import { isShortName, parseReference } from '../registries/reference.ts'
import { isFilled, type Pull, withoutTransport } from './pulls.ts'

/** As many as the parser lets a document hold. */
const MOST_NODES = 1_000_000
const CONTAINERS = new Set(['containers', 'initContainers', 'ephemeralContainers', 'sidecars'])
/** A word before or after `image` that makes it the target of a push or of a mirror. */
const PUSHED = new Set(['output', 'push', 'destination', 'dest', 'target'])
/** What may follow `image` in a key whose value is a reference, as `imageRef`; after any other word it is something else, as `imagePullPolicy`. */
const AFTER = new Set(['name', 'ref', 'reference', 'spec', 'pullspec', 'override', 'url', 'uri'])
const FILE = /\.(?:qcow2?|iso|img|raw|vmdk|vhdx?|ova|tar|t?gz|xz|zip|png|svg|jpe?g|gif|webp|ico)$/i
const GIT = /^(?:www\.)?(?:github|gitlab|bitbucket)\.[a-z]+\//

/**
 * The strings in a custom resource that look like images: under a key such as `image` or `sidecarImage`, naming their registry. Short names count only
 * where a container stands around them. Reported state (`status`), metadata, and resources inside this one are not looked at.
 */
export function lookalikes(value: Record<string, unknown>): Pull[] {
  const found: Pull[] = []
  const path: (string | number)[] = []
  let nodes = 0
  const add = (image: string | undefined, ...last: Path) => {
    if (image !== undefined) found.push({ image, path: [...path, ...last] })
  }
  const within = (key: string | number, inner: unknown, name: string, outer: string) => {
    path.push(key)
    visit(inner, name, outer)
    path.pop()
  }
  const visit = (node: unknown, key: string, outer: string) => {
    if (++nodes > MOST_NODES) return
    if (typeof node === 'string') return add(PUSHED.has(outer) ? undefined : pullAt(key, node))
    if (Array.isArray(node)) return node.forEach((item: unknown, index) => within(index, item, key, outer))
    if (!isObject(node) || (path.length > 0 && isResource(node))) return
    const whole = PUSHED.has(key) || PUSHED.has(outer) ? undefined : assembled(node, key)
    for (const [name, inner] of Object.entries(node)) {
      if (name === 'metadata' || (name === 'status' && path.length === 0)) continue
      if (name === whole?.key) add(whole.image, name)
      else if (name === 'image' && isContainer(node, key)) add(valid(node['image'] as string), name)
      else within(name, inner, isMap(key, name) ? MEMBER : name, key)
    }
  }
  visit(value, '', '')
  return found
}

/** Stands for the keys of an object of images, which may be any. */
const MEMBER = 'images.'

function isMap(key: string, name: string): boolean {
  return isImageKey(key) && key.endsWith('mages') && !/^(?:registry|repository|name|mirror|source)$/i.test(name)
}

function isResource(node: Record<string, unknown>): boolean {
  return typeof own(node, 'apiVersion') === 'string' && typeof own(node, 'kind') === 'string'
}

function isContainer(node: Record<string, unknown>, key: string): boolean {
  return CONTAINERS.has(key) && typeof own(node, 'name') === 'string' && typeof own(node, 'image') === 'string'
}

/** The reference that a string under a key is, if it surely is one. */
function pullAt(key: string, text: string): string | undefined {
  if (key === 'url' || key === 'storageUri') return full(withoutTransport(text))
  if (key === MEMBER) return isVersioned(text) ? full(text) : undefined
  if (!isImageKey(key)) return undefined
  const image = full(withoutTransport(text) ?? text)
  return /ur[li]$/i.test(key) && image !== undefined && !isVersioned(image) ? undefined : image
}

/** `image`, `sidecarImage`, `SIDECAR_IMAGE`, `imageRef`, not `imagePullSecret`. */
function isImageKey(key: string): boolean {
  if (!/image|pullspec/i.test(key)) return false
  const words = (key.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+/g) ?? []).map((word) => word.toLowerCase())
  const at = words.findLastIndex((word) => /^(?:images?|pullspec)$/.test(word))
  return at >= 0 && words.slice(at + 1).every((word) => AFTER.has(word)) && !words.some((word) => PUSHED.has(word))
}

/** A reference that names its registry, and nothing that is a file or a repository of Git. */
function full(text: string | undefined): string | undefined {
  return text === undefined || isShortName(text) || FILE.test(text) || GIT.test(text) ? undefined : valid(text)
}

function valid(text: string): string | undefined {
  return isFilled(text) && !('error' in parseReference(text)) ? text : undefined
}

function isVersioned(text: string): boolean {
  const reference = parseReference(text)
  return !('error' in reference) && (reference.tag !== undefined || reference.digest !== undefined)
}

/**
 * A reference that is written in parts, and the key of the part that names it: `{ image: { repository, tag } }`, with or without `registry`, and
 * `{ repository, image, version }` of NVIDIA. Undefined in doubt, as for the `version` of what runs in an image of unknown tag.
 */
function assembled(node: Record<string, unknown>, key: string): { image: string; key: string } | undefined {
  const part = (name: string) => {
    const value = own(node, name)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const repository = part('repository')
  const image = part('image')
  const tag = part('digest') ?? part('sha256') ?? part('tag')
  const version = tag ?? part('version')
  const join = (name: string, suffix: string | undefined, at: string) => {
    if (suffix === undefined || isVersioned(name)) return undefined
    const whole = full(`${name}${/^sha\d+:/.test(suffix) ? '@' : ':'}${suffix}`)
    return whole === undefined ? undefined : { image: whole, key: at }
  }
  if (repository !== undefined && image !== undefined) return isShortName(image) ? join(`${repository}/${image}`, version, 'image') : undefined
  if (image !== undefined) return join(image, tag, 'image')
  if (!isImageKey(key)) return repository === undefined ? undefined : join(repository, tag, 'repository')
  const registry = part('registry')
  const name = repository ?? part('name')
  return name === undefined ? undefined : join(registry === undefined || !isShortName(name) ? name : `${registry}/${name}`, version, repository === undefined ? 'name' : 'repository')
}
