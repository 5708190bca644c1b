import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process'

const options: ExecFileSyncOptionsWithStringEncoding = { cwd: import.meta.dirname, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] }

/** Go is a tool of this project's authors only: whoever lacks it can do everything but regenerate models and policies. */
export function hasGo(): boolean {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** The folder of a module that build/go.mod pins, downloaded if need be. */
export function moduleFolder(path: string): string {
  return (JSON.parse(execFileSync('go', ['mod', 'download', '-json', path], options)) as { Dir: string }).Dir
}

/** The OPA that build/go.mod pins, compiled if need be. */
export function opaBinary(): string {
  return execFileSync('go', ['tool', '-n', 'opa'], options).trim()
}
