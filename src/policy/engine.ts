import * as sdk from '@open-policy-agent/opa-wasm'
import type { At, Facts } from './facts.ts'

export type Level = 'error' | 'warning' | 'info'

/** A CommonJS module: Node and the bundler disagree on where its exports are. */
const { loadPolicySync } = (sdk as { default?: typeof sdk }).default ?? sdk

/** What a rule says, before the host gives it a place in a file. */
export interface Verdict {
  rule: string
  level: Level
  message: string
  at: At
  related?: { at: At; message: string }[]
}

/** The compiled policies. */
export interface Engine {
  evaluate(facts: Facts): Verdict[]
}

/** Loads the Wasm module that policies/ compile to. */
export function engine(wasm: Uint8Array<ArrayBuffer>): Engine {
  const policy = loadPolicySync(wasm)
  return {
    evaluate(facts) {
      try {
        const [{ result }] = policy.evaluate(facts) as [{ result: Verdict[] }]
        return result.map((verdict) => ({ ...verdict, rule: verdict.rule.replaceAll('_', '-') }))
      } catch (error) {
        // The SDK throws strings.
        throw error instanceof Error ? error : new Error(`a rule failed: ${String(error)}`)
      }
    },
  }
}
