import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from 'js-yaml'
import * as assert from 'uvu/assert'
import { ROOT } from '../command.ts'
import { type Command, commandsIn } from '../report/readers.ts'

/** What action.yml says, as far as the runner reads it. */
export const ACTION = load(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as {
  inputs: Record<string, { description: string; required: boolean; default?: string }>
  outputs: Record<string, { description: string }>
  runs: { using: string; main: string }
}

/** Node 24 as .ci/run installs it, which is what `using: node24` gets. */
const installed = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'mirrorproof/node24/node_modules', `node-linux-${process.arch}/bin/node`)
const there = existsSync(installed)
if (!there) console.log(`skipped: the Action does not run on Node 24, which .ci/run installs as ${installed}`)

/** What the Action runs on: the Node in use, and the one of GitHub's runners. */
export const NODES: [name: string, program: string][] = [['Node in use', process.execPath], ...(there ? [['Node 24', installed] as [string, string]] : [])]

export interface Step {
  workspace: string
  with?: Record<string, string>
  /** The name of the event and its payload; a string is written as it is, and undefined not at all. */
  on?: [name: string, payload?: unknown]
  env?: NodeJS.ProcessEnv
  node?: string
}

export interface Done {
  code: number | null
  /** All that the log shows. */
  log: string
  commands: Command[]
  outputs: Record<string, string>
  summary: string
}

/** Runs the Action as a step of a workflow, by the contract of GitHub's runner: what is not given is an empty string, and what looks like a command in the log is one. */
export async function step({ workspace, with: given = {}, on: [event, payload] = ['workflow_dispatch', {}], env = {}, node = process.execPath }: Step): Promise<Done> {
  for (const name of Object.keys(given)) assert.ok(ACTION.inputs[name], `action.yml has no input ${name}`)
  const inputs = Object.entries(ACTION.inputs).map(([name, input]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, given[name] ?? input.default ?? ''])
  const temp = mkdtempSync(join(tmpdir(), 'mirrorproof-runner-'))
  const [output, summary, path] = ['output', 'summary', 'event.json'].map((name) => join(temp, name)) as [string, string, string]
  for (const file of [output, summary]) writeFileSync(file, '')
  if (payload !== undefined) writeFileSync(path, typeof payload === 'string' ? payload : JSON.stringify(payload))
  const told = {
    ...Object.fromEntries(inputs) as Record<string, string>, GITHUB_ACTIONS: 'true', CI: 'true', GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: path, GITHUB_WORKSPACE: workspace, GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary,
    GITHUB_REPOSITORY: 'acme/fleet', GITHUB_SERVER_URL: 'https://github.com', RUNNER_TEMP: temp, HOME: temp, PATH: process.env['PATH'],
  }
  const { code, log } = await run(node, [join(ROOT, ACTION.runs.main)], workspace, { ...told, ...env })
  return { code, log, commands: commandsOf(log), outputs: outputsIn(readFileSync(output, 'utf8')), summary: readFileSync(summary, 'utf8') }
}

/** The runner reads both streams of a program as its log. */
async function run(program: string, args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<{ code: number | null; log: string }> {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const parts: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => parts.push(part))
  const code = await new Promise<number | null>((done) => child.on('close', done))
  return { code, log: Buffer.concat(parts).toString() }
}

/** Every command in a log; one that is no annotation would be a hole. */
function commandsOf(log: string): Command[] {
  const commands = commandsIn(log)
  assert.is(commands.length, log.split(/\r\n|\r|\n/).filter((line) => line.trimStart().startsWith('::')).length, `the runner stumbles over this log:\n${log}`)
  for (const { name } of commands) assert.ok(['error', 'warning', 'notice'].includes(name), `the log holds the command ${name}`)
  return commands
}

/** A file of outputs: `name=value`, or the lines between `name<<END` and `END`. */
function outputsIn(file: string): Record<string, string> {
  const outputs: Record<string, string> = {}
  const lines = file.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const [, name, sign, rest] = /^([^=<]+)(=|<<)(.*)$/.exec(lines[at]!) ?? []
    if (name === undefined) continue
    const end = sign === '=' ? at : lines.indexOf(rest!, at + 1)
    assert.ok(end >= at, `the output ${name} does not end`)
    outputs[name] = sign === '=' ? rest! : lines.slice(at + 1, end).join('\n')
    at = end
  }
  for (const name of Object.keys(outputs)) assert.ok(ACTION.outputs[name], `action.yml has no output ${name}`)
  return outputs
}
