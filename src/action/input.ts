import { UserError } from '../error.ts'
import { parseVersion } from '../openshift/version.ts'
import { type Level, LEVELS } from '../policy/engine.ts'

/** What a workflow says with `with:`; empty or missing inputs are left to their defaults. */
export interface Inputs {
  /** One a line. */
  paths: string[]
  openshift: string | undefined
  disconnected: boolean | undefined
  config: string | undefined
  failOn: Level | 'never'
  failOnExisting: boolean
  base: string | undefined
  sarifFile: string | undefined
  jsonFile: string | undefined
  annotations: boolean
  summary: boolean
  workingDirectory: string | undefined
}

/** The runner hands an input on as `INPUT_` and its name in upper case; a boolean is written as YAML 1.2 writes it. @throws UserError for what is none. */
export function readInputs(env: NodeJS.ProcessEnv): Inputs {
  const text = (name: string) => env[`INPUT_${name.toUpperCase()}`]?.trim() || undefined
  const flag = (name: string): boolean | undefined => {
    const value = text(name)
    if (value === undefined) return undefined
    if (/^(?:true|True|TRUE)$/.test(value)) return true
    if (/^(?:false|False|FALSE)$/.test(value)) return false
    throw new UserError(`the input ${name} takes true or false, not ${value}`)
  }
  return {
    paths: (text('paths') ?? '').split(/\r?\n/).map((path) => path.trim()).filter((path) => path !== ''),
    openshift: versionIn(text('openshift')), disconnected: flag('disconnected'), config: text('config'), failOn: levelOf(text('fail-on')), failOnExisting: flag('fail-on-existing') ?? false, base: text('base'),
    sarifFile: text('sarif-file'), jsonFile: text('json-file'), annotations: flag('annotations') ?? true, summary: flag('summary') ?? true, workingDirectory: text('working-directory'),
  }
}

function versionIn(text: string | undefined): string | undefined {
  if (text !== undefined && !parseVersion(text)) throw new UserError(`the input openshift takes a version such as 4.16 or 4.16.3, not ${text}`)
  return text
}

function levelOf(text = 'error'): Inputs['failOn'] {
  const found = ([...LEVELS, 'never'] as const).find((one) => one === text)
  if (found === undefined) throw new UserError(`the input fail-on takes ${LEVELS.join(', ')} or never, not ${text}`)
  return found
}
