import { basename, STREAM } from '../../manifests/place.ts'

/** A name of an object, as the API server takes it (RFC 1123). */
const NAME = /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/

export function isName(text: string): boolean {
  return NAME.test(text)
}

/** What objects of a cluster are called; `running` is one that is called as its context is, of which every part tells something. */
export function nameOf(cluster: string, running: boolean): string {
  const called = running ? cluster : cluster === STREAM ? '' : basename(cluster).replace(/\.(?:ya?ml|json)$/, '')
  return called.toLowerCase().replace(/[^a-z0-9]+/g, '-').slice(0, 63).replace(/^-+|-+$/g, '') || 'mirrors'
}
