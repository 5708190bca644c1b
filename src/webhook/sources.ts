import { gunzipSync } from 'node:zlib'
import { KINDS, MACHINE_CONFIGS } from '../live/kinds.ts'
import type { File } from '../manifests/document.ts'
import { LIVE } from '../manifests/place.ts'
import type { Sources } from '../reading/sources.ts'
import { unpack } from '../sources/paths.ts'

/** The kinds that a cluster may have and that matter. */
const ALL = [...KINDS, MACHINE_CONFIGS].map(({ kind }) => kind)

/** The cluster that the service follows, as far as it knows it: `seen` are the kinds of which it knows all objects. */
export function sourcesOf(files: readonly File[], name: string, seen: ReadonlySet<string>): Sources {
  return {
    files, passed: new Set(), open: () => undefined, gunzip: (packed) => unpack(gunzipSync, packed),
    running: [{ place: LIVE, name, why: 'these are the objects of the cluster that the service follows', unseen: new Set(ALL.filter((kind) => !seen.has(kind))) }],
  }
}
