import * as sdk from '@open-policy-agent/opa-wasm'
import { UserError } from '../error.ts'
import type { At, Facts } from './facts.ts'

/** The worst first. */
export const LEVELS = ['error', 'warning', 'info'] as const
export type Level = (typeof LEVELS)[number]

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
/** In pages. WebAssembly addresses 65,536, and the module needs some of its own. */
const MOST = 49_152

/** Loads the Wasm module that policies/ compile to. */
export function engine(wasm: Uint8Array<ArrayBuffer>): Engine {
  const compiled = new WebAssembly.Module(wasm)
  const load = (pages: number) => ({ pages, policy: loadPolicySync(compiled, { initial: pages }) })
  let instance = load(5)
  return {
    evaluate(facts) {
      const input = new TextEncoder().encode(JSON.stringify(facts)).buffer
      const pages = Math.min(Math.ceil((input.byteLength * SHARE) / PAGE), MOST)
      try {
        if (pages > instance.pages) instance = load(pages)
        const [{ result }] = instance.policy.evaluate(input) as [{ result: Verdict[] }]
        return result.map((verdict) => ({ ...verdict, rule: verdict.rule.replaceAll('_', '-') }))
      } catch (error) {
        // The SDK throws strings; a failing allocation is one of them, or a RangeError.
        if (error instanceof RangeError || String(error).includes('opa_malloc')) throw new UserError(`cluster ${facts.cluster.name} has more mirror entries than fit into memory`, 3)
        throw error instanceof Error ? error : new Error(`a rule failed: ${String(error)}`)
      }
    },
  }
}
