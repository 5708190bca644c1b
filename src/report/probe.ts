import { type Answer, type Conclusion, type ProbedImage, type Standing, standing, uncopied, unserved } from '../diagnosis/answer.ts'
import { isShortName } from '../registries/reference.ts'
import type { Step } from '../trace.ts'
import type { Paint } from './color.ts'
import { line } from './line.ts'
import { plural } from './summary.ts'

/** What a registry answered. */
export type JsonAnswer = Omit<Answer, 'absent'>

/** An image of a cluster, as its registries answered. */
export interface JsonProbedImage {
  cluster: string
  /** As written. */
  image: string
  /** What the node pulls. */
  reference: string
  /** It stands in a field that is known to be pulled; false in a field of a custom resource that looks like one. */
  certain: boolean
  file: string
  line: number
  column: number
  /** What serves it; `unknown` where the registries were not asked to the end. */
  servedBy: 'mirror' | 'source' | 'nothing' | 'unknown'
  /** Of the mirror that serves it, from 1, in the order in which they are tried; null where none does. */
  mirror: number | null
  /** Every mirror was heard, and none has it: it has yet to be copied. */
  onNoMirror: boolean
  verdict: string
  /** Those that were asked, in their order. */
  probed: JsonAnswer[]
}

export function jsonAnswer({ reference, outcome, class: kind, status, digest, message, final, lacks }: Answer): JsonAnswer {
  return { reference, outcome, class: kind, status, digest, message, final, lacks }
}

export function jsonImage(one: ProbedImage): JsonProbedImage {
  const { cluster, image, reference, certain, site, conclusion: { by, number, verdict }, answers } = one
  return { cluster, image, reference, certain, file: site.file, line: site.line, column: site.column, servedBy: by, mirror: by === 'mirror' ? number : null, onNoMirror: standing(one) === 'uncopied', verdict, probed: answers.map(jsonAnswer) }
}

/** The answer to a step, under it. */
export function answerText(step: Step, answers: ReadonlyMap<Step, Answer>, paint: Paint): string[] {
  const answer = answers.get(step)
  return answer ? [`       ${said(answer, paint)}`] : []
}

function said({ outcome, class: kind, message }: Answer, paint: Paint): string {
  return `${paint(outcome === 'ok' ? 'info' : outcome === 'failed' ? 'error' : 'warning', line(message))}${kind ? paint('dim', ` [${kind}]`) : ''}`
}

/** What follows from the answers, below a trace. */
export function conclusionText({ verdict, by }: Conclusion, paint: Paint): string {
  return `  ${paint('bold', 'asked:')} ${paint(by === 'nothing' ? 'error' : 'info', line(verdict))}`
}

const WORDS: Record<Standing, string> = { first: 'on their first mirror', other: 'on another mirror', own: 'on a mirror by its own name', uncopied: 'on no mirror', broken: 'not served by a mirror', unknown: 'not asked to the end' }

/** What registries said of the images of clusters, below the findings: those that are not on their first mirror, then how many there are of each. */
export function probeText(images: readonly ProbedImage[], paint: Paint, quiet: boolean): string {
  const order: Standing[] = ['other', 'uncopied', 'broken', 'unknown']
  const shown = order.flatMap((of) => images.filter((one) => standing(one) === of || (of === 'other' && lacking(one) && standing(one) === 'first')))
  const clusters = [...new Set(images.map(({ cluster }) => cluster))]
  const counts = clusters.map((cluster) => line(`${cluster}: ${countsOf(images.filter((one) => one.cluster === cluster))}`))
  const list = shown.map((one) => [headOf(one, clusters.length > 1, paint), ...(quiet ? [] : one.answers.map((answer) => `  ${paint('dim', '=')} ${line(answer.reference)}: ${said(answer, paint)}`))].join('\n'))
  const total = uncopied(images).length
  const summary = [...counts, ...(total > 0 ? [`${plural(total, 'image')} yet to be copied (--format imageset writes the list)`] : [])].join('\n')
  return [...list, images.length === 0 ? 'there is no image to ask for' : summary].join('\n')
}

/** What the formats that were asked for do not tell, though it matters: images that nothing serves, and what an imageset does not list though no mirror serves it. */
export function probeNotes(images: readonly ProbedImage[], formats: readonly string[]): string[] {
  const told = formats.some((format) => format === 'text' || format === 'json')
  const lost = unserved(images).length
  const doubtful = images.filter((one) => one.certain && ['broken', 'unknown'].includes(standing(one))).length
  return [
    ...(told || lost === 0 ? [] : [`no location serves ${plural(lost, 'image')}; --format text and json tell which, and why`]),
    ...(formats.includes('imageset') && doubtful > 0 ? [`the imageset leaves out ${plural(doubtful, 'image')} that no mirror serves, for it is not known that copying would help; --format text tells why`] : []),
  ]
}

function lacking({ answers }: ProbedImage): boolean {
  return answers.some(({ outcome, lacks }) => outcome === 'ok' && lacks.length > 0)
}

function headOf({ site, image, reference, cluster, certain, conclusion: { verdict, by } }: ProbedImage, several: boolean, paint: Paint): string {
  const doubt = certain ? '' : ', if it is pulled at all,'
  const short = isShortName(image) ? `\`${image}\`, as ` : ''
  return `${paint('bold', line(`${site.file}:${site.line}:${site.column}:`))} ${line(`${short}\`${reference}\`${doubt}${several ? ` in ${cluster}` : ''}`)} ${paint(by === 'nothing' ? 'error' : by === 'source' ? 'warning' : 'info', line(verdict))}`
}

function countsOf(images: readonly ProbedImage[]): string {
  const parts = (Object.keys(WORDS) as Standing[]).flatMap((of) => {
    const count = images.filter((one) => standing(one) === of).length
    return count > 0 ? [`${count} ${WORDS[of]}`] : []
  })
  return `asked for ${plural(images.length, 'image')}: ${parts.join(', ')}`
}
