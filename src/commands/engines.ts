import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HOME } from '../home.ts'
import { type Engine, engine } from '../policy/engine.ts'
import { RULES } from '../policy/rules.generated.ts'
import { ownEngines } from './own.ts'

/** The engines of the built-in rules and of users' own, in these folders. @throws UserError as `ownEngines` does. */
export async function enginesOf(policies: readonly string[]): Promise<Engine[]> {
  const wasm = new Uint8Array(readFileSync(join(HOME, 'policies/policy.wasm')))
  return [engine(wasm, RULES), ...(await ownEngines(policies))]
}
