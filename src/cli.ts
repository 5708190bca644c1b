#!/usr/bin/env node
import { existsSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { isUserError, UserError } from './error.ts'
import { FLAGS, type Flags, type Outcome, OWN_FLAGS } from './flags.ts'
import { version } from './home.ts'
import { line } from './report/line.ts'

interface Command {
  HELP: string
  run(args: string[], flags: Flags): Outcome | Promise<Outcome>
}

const COMMANDS: Record<string, () => Promise<Command>> = {
  check: () => import('./commands/check.ts'),
  trace: () => import('./commands/trace.ts'),
  render: () => import('./commands/render.ts'),
  clusters: () => import('./commands/clusters.ts'),
  diff: () => import('./commands/diff.ts'),
  migrate: () => import('./commands/migrate.ts'),
  rules: () => import('./commands/rules.ts'),
  action: () => import('./commands/action.ts'),
  config: () => import('./commands/config.ts'),
  init: () => import('./commands/init.ts'),
  serve: () => import('./commands/serve.ts'),
  install: () => import('./commands/install.ts'),
}

const HELP = `mirrorproof - proves where every image pull goes, before the change merges

Usage
  mirrorproof COMMAND [PATH...] [flags]

Commands
  check    find what breaks image mirroring in the manifests of OpenShift clusters, or in a running one
  trace    every location that will be tried for an image, in order, and why
  render   the registries.conf that the nodes of a cluster get, byte for byte
  clusters which objects meet in which cluster, its version, and the reason
  diff     what a change does: findings, routes of image pulls, nodes that drain
  migrate  ICSPs become IDMSs, with proof; or the mirrors of a cluster in another form
  rules    list the rules, or explain one
  config   the configuration that is in force, and what says each value
  init     write a first configuration from what is in the manifests
  serve    the validating webhook: what breaks mirroring is said when it is applied
  install  the manifests of the webhook, for oc apply

  mirrorproof COMMAND --help says more.
`

async function main(args: string[]): Promise<Outcome> {
  const [name, ...rest] = args
  if (name === undefined) {
    process.stderr.write(HELP)
    return { output: '', code: 2 }
  }
  if (name === '--help' || name === '-h') return { output: HELP, code: 0 }
  if (name === '--version') return { output: `${version()}\n`, code: 0 }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!load) throw new UserError(`there is no command ${name}; mirrorproof --help lists them`)
  const { values, positionals } = parse(name, rest)
  const { run, HELP: help } = await load()
  if (values.help) return { output: help, code: 0 }
  const flags = { ...values, color: colored(values.color, values.output), colorFiles: values.color === 'always' } as Flags
  spare(positionals, flags)
  const outcome = await run(positionals, flags)
  return written(values.output === undefined || (outcome.output === '' && outcome.code !== 0) ? outcome : { ...outcome, output: '', files: [{ path: values.output, content: outcome.output }, ...(outcome.files ?? [])] })
}

/** A report must not take the place of what it is on. @throws UserError */
function spare(args: readonly string[], { in: paths = [], log, 'registries-conf': conf, authfile, ca, kubeconfig, config, baseline, output, format = [] }: Flags): void {
  const files = (names: readonly (string | undefined)[]) => names.filter((one): one is string => one !== undefined && existsSync(one) && statSync(one).isFile()) // and no terminal
  const read = new Set(files([...args, ...paths, log, conf, authfile, ca, kubeconfig, config, baseline]).map((one) => realpathSync(one)))
  const hit = files([output, ...format.map((one) => one.split(/=(.*)/s, 2)[1])]).find((one) => read.has(realpathSync(one)))
  if (hit !== undefined) throw new UserError(`${hit} is read, and would be written over; give the result a file of its own`)
}

/** Writes what goes to files. One that cannot be written keeps nothing else from being written. */
function written({ output, files = [], code, notes = [] }: Outcome): Outcome {
  const failures = files.flatMap(({ path, content }) => {
    try {
      writeFileSync(path, content)
      return []
    } catch (error) {
      return [`cannot write ${path} (${(error as NodeJS.ErrnoException).code})`]
    }
  })
  return { output, code: failures.length > 0 ? 3 : code, notes: [...notes, ...failures] }
}

/** Of files that are read, none is passed over in silence. */
const ONE_FILE: ReadonlySet<string> = new Set(['log', 'registries-conf', 'authfile', 'ca'])

/** @throws UserError */
function parse(name: string, args: string[]) {
  const parsed = parsedArgs(name, args)
  const names: string[] = parsed.tokens.flatMap((one) => (one.kind === 'option' && ONE_FILE.has(one.name) ? [one.name] : []))
  const twice = names.find((one, at) => names.indexOf(one) < at)
  if (twice !== undefined) throw new UserError(`--${twice} takes one file, and is given twice${twice === 'log' || twice === 'ca' ? '; cat A B > C makes one of two' : ''}`)
  return parsed
}

function parsedArgs(name: string, args: string[]) {
  try {
    return parseArgs({ args, options: { ...FLAGS, ...OWN_FLAGS[name] }, allowPositionals: true, tokens: true })
  } catch (error) {
    throw new UserError(`${(error as Error).message.split('. ')[0]}; mirrorproof ${name} --help lists the flags`)
  }
}

function colored(when = 'auto', output: string | undefined): boolean {
  if (when === 'always') return true
  if (when !== 'auto' && when !== 'never') throw new UserError(`--color takes auto, always, never, not ${when}`)
  return when === 'auto' && output === undefined && process.stdout.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb'
}

// A reader that has seen enough closes the pipe: no reason to complain.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return
  process.exitCode = 3
  process.stderr.write(`mirrorproof: cannot write the report (${error.code})\n`)
})

main(process.argv.slice(2)).then(({ output, code, notes = [] }) => {
  process.exitCode = code
  process.stderr.write(notes.map((note) => `mirrorproof: ${line(note)}\n`).join(''))
  process.stdout.write(output)
}).catch((error: unknown) => {
  const known = isUserError(error)
  process.exitCode = known ? error.code : 3
  process.stderr.write(known ? `mirrorproof: ${line(error.message)}\n` : `mirrorproof: this is a defect of mirrorproof, please report it\n${error instanceof Error ? error.stack : String(error)}\n`)
})
