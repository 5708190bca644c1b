import type { Waiver } from '../policy/finding.ts'

const WHO = { comment: 'a comment', annotation: 'an annotation', configuration: 'the configuration', baseline: 'the baseline' } as const

/** Who waived a finding, until when and why: `waived by a comment (a.yaml:3:1) until 2027-01-31: moves with the new mirror`. */
export function excuse({ by, reason, until, site }: Waiver): string {
  const where = site ? ` (${site.file}:${site.line}:${site.column})` : ''
  const why = reason ? `: ${reason}` : by === 'baseline' ? '' : ', and does not say why'
  return `waived by ${WHO[by]}${where}${until === null ? '' : ` until ${until}`}${why}`
}
