import { type ApiObject, fileOf } from '../../src/live/object.ts'
import { Judge } from '../../src/webhook/judge.ts'
import { WATCHED } from '../../src/webhook/watched.ts'
import { meansOf, type Settings } from '../../src/webhook/settings.ts'

/** A mirror set of these sources, each with its mirrors. */
export function digests(name: string, sources: Record<string, string[]>, policy?: string): ApiObject {
  const imageDigestMirrors = Object.entries(sources).map(([source, mirrors]) => ({ source, mirrors, ...(policy ? { mirrorSourcePolicy: policy } : {}) }))
  return { apiVersion: 'config.openshift.io/v1', kind: 'ImageDigestMirrorSet', metadata: { name, uid: `uid-${name}`, resourceVersion: '7', managedFields: [{ manager: 'kubectl' }] }, spec: { imageDigestMirrors } }
}

export function tags(name: string, sources: Record<string, string[]>, policy?: string): ApiObject {
  const imageTagMirrors = Object.entries(sources).map(([source, mirrors]) => ({ source, mirrors, ...(policy ? { mirrorSourcePolicy: policy } : {}) }))
  return { apiVersion: 'config.openshift.io/v1', kind: 'ImageTagMirrorSet', metadata: { name, uid: `uid-${name}`, resourceVersion: '8' }, spec: { imageTagMirrors } }
}

/** The kinds that a service knows all of. */
export const SEEN = WATCHED.map(({ kind }) => kind)

/** One that judges by the built-in rules, for a cluster of these objects. */
export async function judgeOf(objects: readonly ApiObject[], flags: Settings['flags'] = {}, now: () => number = Date.now): Promise<Judge> {
  const judge = new Judge(await meansOf({ flags: { openshift: '4.18', ...flags }, mode: 'enforce' }), now)
  judge.change({ put: objects.map(fileOf), gone: [], seen: SEEN })
  return judge
}
