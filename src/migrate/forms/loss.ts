import type { Entry, Part } from './entry.ts'
import { siteOf } from './entry.ts'
import type { Loss } from './form.ts'

/**
 * Entries for pulls by tag, which a form does not have; `remedy` says what to do, reading on after a semicolon. `policies`: the form says that a source must not be contacted, so that the
 * remedy may say it, too; else the operator would find two policies for one source, and refuse all mirrors.
 */
export function lostTags(entries: readonly Entry[], form: string, remedy: string, policies: boolean): Loss[] {
  const digests = new Set(entries.filter(({ pull }) => pull === 'digest').map(({ source }) => source))
  return lost(entries.filter(({ pull }) => pull === 'tag'), 'source', (source, { entry }) => {
    const refused = !policies && entry.policy === 'NeverContactSource' && digests.has(source)
    return `the mirrors of \`${source}\` for pulls by tag are not carried: ${form} has mirrors for pulls by digest alone; ${remedy}${refused ? ', without NeverContactSource, for the operator refuses all mirrors where one of two says it' : ''}`
  })
}

/** Sources that must not be contacted, in a form that cannot say so. */
export function lostPolicies(entries: readonly Entry[], form: string): Loss[] {
  return lost(entries.filter(({ policy }) => policy === 'NeverContactSource'), 'mirrorSourcePolicy', (source, part) => (part.entry.policy === undefined ? undefined
    : `NeverContactSource of \`${source}\` is not carried: ${form} cannot say it, and what the mirrors lack is pulled from the source, which may be off the site`))
}

/** Entries that a form does not have at all; `why` reads on after a colon. */
export function lostEntries(entries: readonly Entry[], why: string): Loss[] {
  return lost(entries, 'source', (source) => `the mirrors of \`${source}\` are not carried: ${why}`)
}

function lost(entries: readonly Entry[], step: string, message: (source: string, part: Part) => string | undefined): Loss[] {
  return entries.flatMap(({ source, parts }) => parts.flatMap((part) => {
    const said = message(source, part)
    return said === undefined ? [] : [{ source, message: `${siteOf(part, step)}: ${said}` }]
  }))
}
