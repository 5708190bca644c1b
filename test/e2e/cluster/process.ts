import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { tool } from '../tools.ts'

/** A program in the background, which never outlives the tests. */
export interface Process {
  pid: number
  /** Standard output and standard error so far. */
  log(): string
  /** Whether it has ended. */
  ended(): boolean
  /** Sends a signal, and resolves to the exit code (null after a signal) once the program has ended. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

const running = new Set<ChildProcess>()

/** Where the tests themselves are killed, the kernel ends what they started. */
const setpriv = tool('setpriv')
const [command, ...wrapped] = setpriv === undefined ? [] : [setpriv, '--pdeathsig', 'KILL']

/** Starts a program whose output goes to the file `log`. */
export function launch(program: string, args: string[], log: string, env: NodeJS.ProcessEnv = {}): Process {
  if (running.size === 0) guard()
  const output = openSync(log, 'a')
  const child = spawn(command ?? program, command === undefined ? args : [...wrapped, program, ...args], { stdio: ['ignore', output, output], env: { PATH: process.env['PATH'], ...env } })
  closeSync(output)
  running.add(child)
  child.unref()
  const exit = new Promise<number | null>((done) => child.once('close', (code) => done(code)).once('error', () => done(null)))
  const ended = () => child.exitCode !== null || child.signalCode !== null
  return {
    pid: child.pid!, ended,
    log: () => readFileSync(log, 'utf8'),
    async stop(signal = 'SIGKILL') {
      if (!ended()) child.kill(signal)
      child.ref()
      const code = await exit
      running.delete(child)
      return code
    },
  }
}

let guarded = false
function guard(): void {
  if (guarded) return
  guarded = true
  process.setMaxListeners(0) // each folder of a test goes when the tests end
  process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))
  for (const [signal, number] of [['SIGINT', 2], ['SIGTERM', 15], ['SIGHUP', 1]] as const) process.once(signal, () => process.exit(128 + number))
}

/** Ports of the loopback that nothing listens on. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => new Promise<ReturnType<typeof createServer>>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => done(server))
  })))
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
  return ports
}

/** Asks until the answer is something; fails with `what` when there is none after so many seconds. */
export async function eventually<T>(what: string, ask: () => T | undefined | false | Promise<T | undefined | false>, seconds = 30): Promise<T> {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`)
    await sleep(25)
  }
}
