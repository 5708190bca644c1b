import { parseReference } from '../registries/reference.ts'
import { classify, isFinal } from './failure.ts'
import { registryOf } from './name.ts'

/** A location and why it failed, as a final error has them. The location is null where that does not say it. */
export interface Part {
  reference: string | null
  error: string
}

const MIRRORS = '(Mirrors also failed: ['

/**
 * Takes the error of a whole pull apart, `(Mirrors also failed: [REF: ERROR]\n[REF: ERROR]): SOURCE: ERROR`, in the order in which the locations were tried; what
 * is cut off is left out. Undefined where it is the error of one location alone. Follows newImageSource of containers/image docker/docker_image_src.go.
 */
export function parts(error: string): Part[] | undefined {
  const start = error.indexOf(MIRRORS)
  if (start < 0) return undefined
  const list = error.slice(start + MIRRORS.length)
  const found: Part[] = []
  let from = 0
  while (from < list.length) {
    const { end, next, last } = boundary(list, from)
    const one = part(list.slice(from, end))
    if (one) found.push(one)
    if (last) {
      const source = part(list.slice(next))
      if (source) found.push(source)
      break
    }
    from = next
  }
  return found
}

/** Where a mirror's part ends: at a `]` that another part, or the source, follows. An address such as `[::1]:53` may stand in an error. */
function boundary(list: string, from: number): { end: number; next: number; last: boolean } {
  for (let close = list.indexOf(']', from); close >= 0; close = list.indexOf(']', close + 1)) {
    if (list.startsWith('): ', close + 1)) return { end: close, next: close + 4, last: true }
    const open = /^\]\s{0,40}\[/.exec(list.slice(close, close + 50))
    if (open && part(list.slice(close + open[0].length, close + open[0].length + 1_000))) return { end: close, next: close + open[0].length, last: false }
  }
  return { end: list.length, next: list.length, last: false }
}

function part(text: string): Part | undefined {
  const colon = text.indexOf(': ')
  const reference = text.slice(0, colon)
  if (colon <= 0 || colon > 1_000 || /\s/.test(reference) || 'error' in parseReference(reference)) return undefined
  return { reference, error: text.slice(colon + 2).trim() }
}

/** The image that was pulled, by the error of its whole pull; undefined where that is cut off before it. */
export function sourceOf(error: string): string | undefined {
  if (!error.includes(MIRRORS)) return endpoints(error, undefined).parts.at(-1)?.reference ?? undefined
  const end = error.lastIndexOf(']): ')
  return end < 0 ? undefined : part(error.slice(end + 4))?.reference ?? undefined
}

const LEAD = /^(?:rpc error: code = \w+ desc = |unable to pull (?:image(?: or OCI artifact)?|\S{1,600}): (?:pull image err: )?|[Ee]rror ){0,4}/
const LATER = /^(?:(?:copying|reading|writing|parsing|storing) (?!manifest|signatures)|determining manifest MIME type|choosing an? image from|initializing image from source|trying to reuse blob)/

/** Whether an error came after one location had handed out something for a manifest: no other one is tried then. */
export function isLater(error: string): boolean {
  return LATER.test(error.replace(LEAD, ''))
}

/**
 * What the error of a whole pull says of each location. `alone`: it is that of the one location that there was to try, so there are no mirrors for the image.
 * `image` is what was pulled, `tried` the locations that the log told of before, as far as these are known.
 */
export function endpoints(error: string, image: string | undefined, tried: readonly (string | null)[] = []): { parts: Part[]; alone: boolean } {
  const open = error.lastIndexOf('(')
  if (error === '' || (open >= 0 && MIRRORS.startsWith(error.slice(open)))) return { parts: [], alone: false } // cut off
  const listed = parts(error)
  if (listed) return { parts: listed, alone: false }
  const kind = classify(error)
  const last = tried.at(-1) ?? null
  if (kind === 'blob-missing' || isLater(error)) return { parts: [{ reference: last, error }], alone: false }
  if (isFinal(kind)) return { parts: [{ reference: null, error }], alone: false }
  const named = manifestIn(error)
  const reference = named !== undefined && (tried.length === 0 || tried.includes(named)) ? named : tried.includes(image ?? null) ? image! : last ?? image ?? null
  return { parts: [{ reference, error }], alone: kind !== 'unknown' && !error.includes('failed to resolve reference') }
}

function manifestIn(error: string): string | undefined {
  const [, what, repository] = /(?:reading|loading) manifest (\S{1,200}) in (\S{1,300}): /.exec(error) ?? []
  // containerd says where it asked, and of whom it asked for what.
  const [, host, path, last] = /(?:Get|Head) "https?:\/\/([\w.:[\]-]{1,255})\/v2\/([\w./-]{1,255})\/manifests\/([\w:.-]{1,160})[?"]/.exec(error) ?? []
  const [name, version] = what === undefined ? [`${registryOf(host ?? '')}/${path}`, last] : [repository, what]
  if (version === undefined) return undefined
  const reference = `${name}${version.includes(':') ? '@' : ':'}${version}`
  return 'error' in parseReference(reference) ? undefined : reference
}
