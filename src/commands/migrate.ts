import { UserError } from '../error.ts'
import type { Flags, Outcome } from '../flags.ts'
import { form } from './form.ts'

export const HELP = `mirrorproof migrate - the mirrors of a cluster in another form

Usage
  mirrorproof migrate [PATH...] --to FORM [flags]

  Prints the mirrors of one cluster in another form. What the form cannot carry is said on stderr, with its place; where the result would not be accepted, nothing is printed.
`

/** `mirrorproof migrate`. */
export async function run(given: string[], flags: Flags): Promise<Outcome> {
  if (flags.to === undefined) throw new UserError('migrate takes --to FORM')
  return form(given, flags, flags.to)
}
