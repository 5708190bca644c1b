import type { Fix, Mended } from '../fix.ts'
import { line } from './line.ts'
import { patch } from './patch.ts'
import { plural } from './summary.ts'

/** What was mended, and what was not although it has one right answer: one line each, and their number. */
export function fixText({ mended, left, files }: Fix, dryRun: boolean): string {
  const done = mended.map(({ finding, mend }) => `${at({ finding, mend })}: ${dryRun ? `would ${mend.words.present}` : mend.words.past}`)
  const undone = left.map((one) => `${at(one)}: not mended: ${one.why}`)
  const sum = mended.length === 0 ? 'nothing to mend' : `${plural(mended.length, 'finding')} ${dryRun ? 'would be mended' : 'mended'} in ${plural(files.length, 'file')}`
  return [...new Set([...done, ...undone]), sum].map((one) => `${line(one)}\n`).join('')
}

/** What changes in files, as a patch. */
export function fixPatch({ files }: Pick<Fix, 'files'>): string {
  return files.map(({ file, text }) => patch({ path: file.path, before: file.text, after: text })).join('')
}

function at({ finding: { site, rule } }: Mended): string {
  return `${site.file}:${site.line}: ${rule}`
}
