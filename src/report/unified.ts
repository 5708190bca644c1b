import { createTwoFilesPatch } from 'diff'
import { discreet } from '../manifests/discreet.ts'

/** A unified diff of a file, without anybody's password. */
export function unified({ path, before, after }: { path: string; before: string; after: string }): string {
  const patch = createTwoFilesPatch(path, path, discreet(before), discreet(after), 'before', 'after', { context: 3, headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true } })
  return patch.replaceAll('\t', ' ')
}
