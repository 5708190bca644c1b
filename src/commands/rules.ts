import { UserError } from '../error.ts'
import type { Flags, Outcome } from '../flags.ts'
import type { Rule } from '../policy/rule.ts'
import { RULES } from '../policy/rules.generated.ts'
import { line } from '../report/line.ts'
import { configOf } from './options.ts'
import { oneFormat } from './outputs.ts'
import { BUILT_IN, ownEngines } from './own.ts'

export const HELP = `mirrorproof rules - list the rules, explain one, or compile your own

Usage
  mirrorproof rules [ID] [flags]
  mirrorproof rules build DIR [--opa FILE]

  Without ID, prints one line a rule: its id, its level and what it finds. With ID, prints what it does to a cluster, how to fix it, for
  which OpenShift versions it holds, and where that is written. Rules of your own, in the folders that the configuration names, are among them.

  build compiles the rules of your own in DIR, its .rego files, to DIR/policy.wasm, which is all that a check needs (docs/own-rules.md). It needs
  Open Policy Agent.

Flags
  --config FILE           the configuration; else .mirrorproof.yaml in the current folder or the nearest one above it
  --format FORMAT         text (default) or json
  --opa FILE              the program that compiles (default: opa on the PATH)
  --output FILE           write to FILE

Exit status
  0  printed, or compiled
  2  there is no such rule, or something is wrong with your own
  3  the job could not be done, as without Open Policy Agent
`

/** `mirrorproof rules`: the catalogue, one rule in full, or the compiler of users' own. */
export async function run([id, ...more]: string[], flags: Flags): Promise<Outcome> {
  const format = oneFormat('rules', flags.format, ['text', 'json'])
  if (id === 'build') return build(more, flags.opa ?? 'opa', format)
  if (more.length > 0) throw new UserError('rules takes one ID')
  const rule = RULES.find((one) => one.id === id)
  const known = rule ? [rule] : [...RULES, ...(await ownEngines(configOf([], flags).policies)).flatMap(({ rules }) => rules)]
  const found = id === undefined ? known : known.filter((one) => one.id === id)
  if (found.length === 0) throw new UserError(`there is no rule ${id}; mirrorproof rules lists them`)
  return { output: format === 'json' ? jsonOf(found) : id === undefined ? table(found) : full(found[0]!), code: 0 }
}

async function build([folder, ...more]: string[], opa: string, format: 'text' | 'json'): Promise<Outcome> {
  if (folder === undefined || more.length > 0) throw new UserError('rules build takes one DIR')
  const own = await import('../rules/rules.ts')
  const built = own.build(folder, opa, BUILT_IN)
  if ('refused' in built) return { output: '', code: 2, notes: [`opa refuses the rules in ${folder}:`, ...built.refused.replaceAll('\t', '  ').split('\n')] }
  const path = own.save(folder, built.wasm)
  return { output: format === 'json' ? jsonOf(built.rules) : `wrote ${path}\n${table(built.rules)}`, code: 0 }
}

function jsonOf(rules: readonly Rule[]): string {
  return `${JSON.stringify(rules, null, 2)}\n`
}

function table(rules: readonly Rule[]): string {
  const width = Math.max(...rules.map((rule) => rule.id.length))
  return rules.map(({ id, level, title }) => `${line(`${id.padEnd(width)}  ${level.padEnd(7)}  ${title}`)}\n`).join('')
}

function full({ id, title, level, why, logs, fix, versions, references, file }: Rule): string {
  const said = logs.length > 0 ? `\nIn the logs\n${logs.map(wrap).join('')}` : ''
  const links = references.map(({ text, url }) => `${line(`  ${text}`)}\n${line(`    ${url}`)}\n`).join('')
  return `${line(`${id} (${level}): ${title}`)}\n\nWhy\n${wrap(why)}${said}\nFix\n${wrap(fix)}\nVersions\n${wrap(versions)}${links ? `\nSee\n${links}` : ''}${file === undefined ? '' : `\nFile\n${line(`  ${file}`)}\n`}`
}

function wrap(text: string): string {
  const lines = text.match(/.{1,98}(?:\s|$)|\S+/g) ?? [text]
  return lines.map((one) => `${line(`  ${one.trim()}`)}\n`).join('')
}
