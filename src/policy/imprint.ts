import type { Validate } from '../openshift/shape.ts'
import { validateImprint } from './imprint.generated.ts'
import type { Rule } from './rule.ts'

/** What a module of users' own rules says of itself: JSON in its section `mirrorproof`. */
export interface Imprint {
  version: 1
  /** Of the .rego files that it was made of. */
  sum: string
  /** `file` is relative to the folder of the module. */
  rules: (Rule & { file: string })[]
}

const SECTION = 'mirrorproof'

/** The module with an imprint: one more custom section (https://webassembly.github.io/spec/core/binary/modules.html#custom-section). */
export function imprinted(wasm: Uint8Array, imprint: Imprint): Uint8Array<ArrayBuffer> {
  const [name, content] = [SECTION, JSON.stringify(imprint)].map((text) => new TextEncoder().encode(text)) as [Uint8Array, Uint8Array]
  const head = [...number(name.length), ...name]
  const start = [0, ...number(head.length + content.length), ...head]
  const result = new Uint8Array(wasm.length + start.length + content.length)
  result.set(wasm)
  result.set(start, wasm.length)
  result.set(content, wasm.length + start.length)
  return result
}

/** Undefined where there is none, or none that this version understands. */
export function imprintOf(module: WebAssembly.Module): Imprint | undefined {
  const [section] = WebAssembly.Module.customSections(module, SECTION)
  try {
    const imprint = JSON.parse(new TextDecoder().decode(section)) as unknown
    return (validateImprint as Validate)(imprint) ? (imprint as Imprint) : undefined
  } catch {
    return undefined
  }
}

/** In LEB128: seven bits a byte, the lowest first; the eighth says that more follow. */
function number(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...number(Math.floor(value / 128))]
}
