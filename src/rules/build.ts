import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../error.ts'
import { imprinted } from '../policy/imprint.ts'
import { ruleOf } from '../policy/metadata.ts'
import type { Rule } from '../policy/rule.ts'
import { display } from '../sources/display.ts'
import { distinct } from './engine.ts'
import { regoOf, sumOf, WASM } from './folder.ts'
import { compile } from './opa.ts'

/** The rules of a folder, with their files as the user is shown them, and the module that they compile to; or what OPA says against them. */
export type Built = { rules: (Rule & { file: string })[]; wasm: Uint8Array } | { refused: string }

/**
 * Makes one module of the rules of a folder. `taken` are the ids that they must not have; `opa` is the program.
 * @throws UserError for what is wrong with the files, or where there is no OPA.
 */
export function build(folder: string, opa: string, taken: readonly string[]): Built {
  const rego = regoOf(folder)
  const rules = rego.rules.map(({ name, text }) => ({ ...ruleOf(display(join(folder, name)), text), file: name }))
  const shown = rules.map((rule) => ({ ...rule, file: display(join(folder, rule.file)) }))
  distinct(shown, taken)
  const result = compile(rego.all, opa)
  return 'refused' in result ? result : { rules: shown, wasm: imprinted(result.wasm, { version: 1, sum: sumOf(rego.rules), rules }) }
}

/**
 * Writes the module into its folder, all of it or nothing. The path as it is shown.
 * @throws UserError where that is not possible.
 */
export function save(folder: string, wasm: Uint8Array): string {
  const path = join(folder, WASM)
  const draft = `${path}.${process.pid}`
  try {
    writeFileSync(draft, wasm)
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw new UserError(`cannot write ${display(path)} (${(error as NodeJS.ErrnoException).code})`, 3)
  }
  return display(path)
}
