import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folder of the package: the sources in src/ and the bundles in dist/ lie just below it. */
export const HOME = join(import.meta.dirname, '..')

/** The version of mirrorproof. */
export function version(): string {
  return (JSON.parse(readFileSync(join(HOME, 'package.json'), 'utf8')) as { version: string }).version
}
