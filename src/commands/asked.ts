import { imagesOf, type Use } from '../cluster/images.ts'
import { gather } from '../cluster/registries.ts'
import type { Judged } from '../check.ts'
import type { Flags } from '../flags.ts'
import { locate } from '../manifests/position.ts'
import { type Answer, conclude, type Conclusion, isFar, open, type ProbedImage } from '../diagnosis/answer.ts'
import { parseReference } from '../registries/reference.ts'
import { clusterTarget, type Step, type Target, trace, type Trace } from '../trace.ts'
import { type Ask, type Asked, asking } from './probe.ts'

/** An image of a cluster that is to be asked for. */
interface Wanted {
  image: string
  use: Use
  certain: boolean
  target: Target
}

/** The cluster's own registry, by the names that it has inside: nobody else reaches it, and what is in it was built or imported there. */
const INTERNAL = 'image-registry.openshift-image-registry.svc'

/** Asks for every image of these clusters, one location after the other, as nodes do. Those in the cluster's own registry are left out. A cluster of which it is not known where its nodes pull from is passed over, and told. */
export async function askClusters(clusters: readonly Judged[], flags: Flags): Promise<Asked<{ images: ProbedImage[]; passed: string[] }>> {
  const targets = clusters.map((cluster) => ({ cluster, target: clusterTarget(cluster, gather(cluster.members, cluster.version), false) }))
  const wanted = targets.flatMap(({ cluster, target }) => ('error' in target.node ? [] : wantedOf(cluster, target)))
  const passed = targets.flatMap(({ cluster, target }) => ('error' in target.node && imagesOf(cluster.members).size > 0 ? [`the images of ${cluster.name} were not asked for: ${target.node.because}`] : []))
  return asking(flags, async (ask, progress) => {
    let done = 0
    const images = await Promise.all(wanted.map(async (one) => {
      const probed = await askImage(one, ask)
      progress(++done, wanted.length)
      return probed
    }))
    return { images, passed }
  })
}

function wantedOf({ members }: Judged, target: Target): Wanted[] {
  return [...imagesOf(members)].flatMap(([image, uses]) => {
    const use = uses.find(({ by }) => by !== 'other')
    return use && !image.startsWith(INTERNAL) && !('error' in parseReference(image)) ? [{ image, use, certain: uses.some(({ certain }) => certain), target }] : []
  })
}

/** Of what a short name may stand for, nodes try one after the other. */
async function askImage({ image, use, certain, target }: Wanted, ask: Ask): Promise<ProbedImage> {
  const answers: Answer[] = []
  const found: { one: Trace; conclusion: Conclusion }[] = []
  for (const one of trace(image, target)) {
    const conclusion = await follow(one, target, ask, answers)
    found.push({ one, conclusion })
    if (conclusion.by !== 'nothing') break
  }
  const { one, conclusion } = found.at(-1)!
  const first = open(one).find(({ step }) => step.mirror)
  const mirrors = 'entries' in target.node ? target.node.entries.flatMap((entry) => entry.mirrors.map(({ from }) => hostOf(from.location))) : []
  return {
    cluster: target.cluster ?? '', image, reference: one.reference, certain, site: locate(use.document, use.path), answers,
    first: first !== undefined && first.number === conclusion.number, own: !first && mirrors.includes(hostOf(one.reference)), conclusion: { ...conclusion, uncopied: found.length === 1 && conclusion.uncopied }, // which one is meant nobody knows
  }
}

function hostOf(location: string): string {
  return location.split('/', 1)[0]!
}

async function follow(one: Trace, target: Target, ask: Ask, answers: Answer[]): Promise<Conclusion> {
  const known = new Map<Step, Answer>()
  for (const { step } of one.hopeless ? [] : open(one)) {
    if (isFar(step, target.disconnected)) break
    const answer = await ask(step, target)
    known.set(step, answer)
    answers.push(answer)
    if (answer.outcome !== 'failed' || answer.final) break
  }
  return conclude(one, known, target.disconnected)
}
