import type { Pull } from '../log/pulls.ts'
import { parseReference } from '../registries/reference.ts'
import { type Target, trace } from '../trace.ts'

/** As many mirror entries as are gone through for one image. */
const MOST = 200

/**
 * The images that a log which names none may tell of: those whose pull would try the very locations that it shows. The likeliest comes first: the one of which most
 * locations were tried.
 */
export function origins({ attempts }: Pull, target: Target): string[] {
  if ('error' in target.node) return []
  const tried = attempts.flatMap(({ reference }) => reference ?? [])
  const [first] = tried
  if (first === undefined) return []
  const entries = target.node.entries.filter((entry) => !entry.prefix.startsWith('*.') && entry.mirrors.some(({ location }) => inside(location, first))).slice(0, MOST)
  const images = entries.flatMap(({ prefix, mirrors }) => mirrors.filter(({ location }) => inside(location, first)).map(({ location }) => `${prefix}${first.slice(location.length)}`))
  const fits = [...new Set(images)].filter((image) => !('error' in parseReference(image))).map((image) => ({ image, steps: new Set(trace(image, target).flatMap(({ steps }) => steps.map(({ reference }) => reference))) }))
  return fits.filter(({ steps }) => tried.every((one) => steps.has(one))).sort((a, b) => a.steps.size - b.steps.size).map(({ image }) => image)
}

function inside(location: string, reference: string): boolean {
  return reference.startsWith(location) && /^[/:@]/.test(reference.slice(location.length))
}
