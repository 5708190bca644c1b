import * as sdk from '@open-policy-agent/opa-wasm'
import { UserError } from '../error.ts'
import type { Skipped } from '../manifests/document.ts'
import type { At, Facts } from './facts.ts'
import type { Places } from './places.ts'
import { idOf, type Rule } from './rule.ts'

/** The worst first. */
export const LEVELS = ['error', 'warning', 'info'] as const
export type Level = (typeof LEVELS)[number]

/** A CommonJS module: Node and the bundler disagree on where its exports are. */
export const { loadPolicySync } = (sdk as { default?: typeof sdk }).default ?? sdk

/** What a rule says, before the host gives it a place in a file. */
export interface Verdict {
  rule: string
  level: Level
  message: string
  at: At
  related?: { at: At; message: string }[]
  /** What would mend it, all of it at once. */
  edits?: Proposal[]
  /** False: somebody has to decide whether that is what is meant, so it is shown and never done. */
  certain?: boolean
}

/** A change of a manifest: another string for one, another name for a key, no such key or item any more, one more string in a list. */
export type Proposal = { op: 'replace'; at: At; value: string } | { op: 'rename'; at: At; key: string } | { op: 'remove'; at: At } | { op: 'add'; at: At; value: string }

/** Rules, and what runs them. */
export interface Engine {
  rules: readonly Rule[]
  /** Judges one cluster by those rules that the facts ask for. `failures` are the rules that could not say all that they have to. `places` is what the facts' numbers stand for. */
  evaluate(facts: Facts, places: Places): { verdicts: Verdict[]; failures: Skipped[] }
}

/** What main.rego yields: each finding of each rule by its package. Without `finding`, what the rule yields is no set. */
export type Yield = { rule: string; finding?: unknown }

const PAGE = 64 * 1024
/** Evaluation takes 16 to 24 times the memory of its input, and to grow bit by bit costs more than the rules. Pages that are not touched cost nothing. */
const SHARE = 64
/** In pages. WebAssembly addresses 65,536, and the module needs some of its own. */
const MOST = 49_152

/** The built-in rules: the Wasm module that policies/ compile to. */
export function engine(wasm: Uint8Array<ArrayBuffer>, rules: readonly Rule[]): Engine {
  const compiled = new WebAssembly.Module(wasm)
  const load = (pages: number) => ({ pages, policy: loadPolicySync(compiled, { initial: pages }) })
  let instance = load(5)
  return {
    rules,
    evaluate(facts) {
      const input = new TextEncoder().encode(wellFormed(JSON.stringify(facts))).buffer
      const pages = Math.min(Math.ceil((input.byteLength * SHARE) / PAGE), MOST)
      try {
        if (pages > instance.pages) instance = load(pages)
        const [{ result }] = instance.policy.evaluate(input) as [{ result: Yield[] }]
        return { verdicts: result.map(({ rule, finding }) => ({ ...(finding as Verdict), rule: idOf(rule) })), failures: [] }
      } catch (error) {
        // The SDK throws strings; a failing allocation is one of them, or a RangeError.
        if (error instanceof RangeError || String(error).includes('opa_malloc')) throw new UserError(`cluster ${facts.cluster.name} has more mirror entries than fit into memory`, 3)
        throw error instanceof Error ? error : new Error(`a rule failed: ${String(error)}`)
      }
    },
  }
}

/** Half of a character that needs two, which JavaScript escapes and the module does not read, is U+FFFD, as for Kubernetes. */
function wellFormed(json: string): string {
  return json.includes('\\ud') ? json.replace(/(\\\\)|\\ud[89a-f][0-9a-f]{2}/g, (_, backslash: string | undefined) => backslash ?? '\ufffd') : json
}
