import { UserError } from '../error.ts'
import type { Flags, Outcome } from '../flags.ts'
import type { Rule } from '../policy/rule.ts'
import { RULES } from '../policy/rules.generated.ts'

export const HELP = `mirrorproof rules - list the rules, or explain one

Usage
  mirrorproof rules [ID] [flags]

  Without ID, prints one line a rule: its id, its level and what it finds. With ID, prints what it does to a cluster, how to fix it, for
  which OpenShift versions it holds, and where that is written.

Flags
  --format FORMAT         text (default) or json
  --output FILE           write to FILE

Exit status
  0  printed
  2  there is no such rule
`

/** `mirrorproof rules`: the catalogue, or one rule in full. */
export function run([id, ...more]: string[], flags: Flags): Outcome {
  if (more.length > 0) throw new UserError('rules takes one ID')
  const format = flags.format ?? 'text'
  if (format !== 'text' && format !== 'json') throw new UserError(`--format takes text, json, not ${format}`)
  const found = id === undefined ? RULES : RULES.filter((rule) => rule.id === id)
  if (found.length === 0) throw new UserError(`there is no rule ${id}; mirrorproof rules lists them`)
  if (format === 'json') return { output: `${JSON.stringify(found, null, 2)}\n`, code: 0 }
  return { output: id === undefined ? table(found) : full(found[0]!), code: 0 }
}

function table(rules: readonly Rule[]): string {
  const width = Math.max(...rules.map((rule) => rule.id.length))
  return rules.map(({ id, level, title }) => `${id.padEnd(width)}  ${level.padEnd(7)}  ${title}\n`).join('')
}

function full({ id, title, level, why, fix, versions, references }: Rule): string {
  const links = references.map(({ text, url }) => `  ${text}\n    ${url}\n`).join('')
  return `${id} (${level}): ${title}\n\nWhy\n${wrap(why)}\nFix\n${wrap(fix)}\nVersions\n${wrap(versions)}${links ? `\nSee\n${links}` : ''}`
}

function wrap(text: string): string {
  const lines = text.match(/.{1,98}(?:\s|$)/g) ?? [text]
  return lines.map((line) => `  ${line.trim()}\n`).join('')
}
