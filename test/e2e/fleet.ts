import { git, type Hub, hub } from './hub.ts'

/** An ImageDigestMirrorSet with one source. */
export const set = (name: string, source: string, ...mirrors: string[]) => `apiVersion: config.openshift.io/v1
kind: ImageDigestMirrorSet
metadata: {name: ${name}}
spec:
  imageDigestMirrors:
  - source: ${source}
${mirrors.length > 0 ? `    mirrors: [${mirrors.join(', ')}]\n` : ''}`

/** Has one finding, a warning that keeps nothing else from being applied: source-without-mirror. */
export const bad = (name: string) => set(name, `quay.io/${name}`)

/** A repository with a finding that was always there, in which a pull request adds another one, and another mends. */
export const HUB: Hub = hub()
export const BASE = HUB.commit({ 'mirrors/org.yaml': set('org', 'quay.io/org', 'mirror.lab/org'), 'mirrors/old.yaml': bad('old') })
export const NEWER = HUB.commit({ 'mirrors/other.yaml': bad('other') }, BASE)
export const HEAD = HUB.commit({ 'mirrors/new.yaml': bad('new') }, BASE)
export const MERGE = HUB.commit({ 'mirrors/new.yaml': bad('new') }, BASE, HEAD)
export const MERGE_NEWER = HUB.commit({ 'mirrors/new.yaml': bad('new') }, NEWER, HEAD)
export const MENDING = HUB.commit({ 'mirrors/old.yaml': null }, BASE)
const MENDED = HUB.commit({ 'mirrors/old.yaml': null }, BASE, MENDING)
/** Is not at origin. */
export const LOST = HUB.commit({ 'mirrors/lost.yaml': bad('lost') }, BASE)
const REFS = {
  'refs/heads/main': NEWER, 'refs/heads/release': BASE, 'refs/heads/feature': HEAD, 'refs/tags/v1': BASE, 'refs/pull/1/merge': MERGE, 'refs/pull/2/merge': MERGE_NEWER, 'refs/pull/3/merge': MENDED,
  'refs/heads/gh-readonly-queue/main/pr-1': MERGE,
}
for (const [name, commit] of Object.entries(REFS)) HUB.ref(name, commit)
git(HUB.url.slice('file://'.length), 'tag', '--annotate', '--message=one', 'v1-annotated', BASE)

/** Has none of the commits above. */
export const FORK: Hub = hub()
FORK.ref('refs/heads/feature', FORK.commit({ 'mirrors/old.yaml': bad('old'), 'mirrors/new.yaml': bad('new') }))

/** The event of a pull request. */
export const pull = (base: string, head: string, name = 'pull_request'): [name: string, payload: unknown] => [name, { pull_request: { base: { sha: base, ref: 'main' }, head: { sha: head, ref: 'feature' } } }]
