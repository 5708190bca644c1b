import { join } from 'node:path'

/** The folder of the package: the sources in src/ and the bundles in dist/ lie just below it. */
export const HOME = join(import.meta.dirname, '..')
