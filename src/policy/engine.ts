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

const PAGE = 64 * 1024
/** Evaluation takes 16 to 24 times the memory of its input, and to grow bit by bit costs more than the rules. Pages that are not touched cost nothing. */
const SHARE = 64

/** Loads the Wasm module that policies/ compile to. */
export function engine(wasm: Uint8Array<ArrayBuffer>): Engine {
  const compiled = new WebAssembly.Module(wasm)
  const load = (pages: number) => ({ pages, policy: loadPolicySync(compiled, { initial: pages }) })
  let instance = load(5)
  return {
    evaluate(facts) {
      const input = new TextEncoder().encode(JSON.stringify(facts)).buffer
      const pages = Math.min(Math.ceil((input.byteLength * SHARE) / PAGE), 65_536)
      if (pages > instance.pages) instance = load(pages)
      try {
        const [{ result }] = instance.policy.evaluate(input) as [{ result: Verdict[] }]
        return result.map((verdict) => ({ ...verdict, rule: verdict.rule.replaceAll('_', '-') }))
      } catch (error) {
        // The SDK throws strings.
        throw error instanceof Error ? error : new Error(`a rule failed: ${String(error)}`)
      }
    },
  }
}
