import { relative, resolve, sep } from 'node:path'

/** A path as it is shown: relative to the current folder, or absolute where that is shorter; with `/`. However it was given, it is shown alike. */
export function display(path: string): string {
  const absolute = resolve(path)
  const near = relative(process.cwd(), absolute)
  const short = near.length <= absolute.length ? near : absolute
  return short === '' ? '.' : short.split(sep).join('/')
}
