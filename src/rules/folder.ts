import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../error.ts'
import { imprintOf } from '../policy/imprint.ts'
import type { Rule } from '../policy/rule.ts'
import { decode, LARGEST } from '../sources/decode.ts'
import { display } from '../sources/display.ts'

/** A .rego file. `name` is its path in the folder, with `/`; lines of `text` end in `\n`, whatever git made of them. */
export interface Rego {
  name: string
  text: string
}

/** A folder's rules as they were compiled, with their files as the user is shown them. */
export interface Compiled {
  module: WebAssembly.Module
  rules: (Rule & { file: string })[]
}

export const WASM = 'policy.wasm'
const IGNORED = new Set(['.git', 'node_modules'])

/**
 * All .rego files below a folder, ordered by name, and which of them hold rules, not tests.
 * @throws UserError where one cannot be read, or none holds a rule.
 */
export function regoOf(folder: string): { all: Rego[]; rules: Rego[] } {
  const shown = display(folder)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw new UserError(`${shown} is no folder`)
  const all = walk(folder, '').sort().map((name) => ({ name, text: read(join(folder, name)) }))
  const rules = all.filter(({ name }) => !name.endsWith('_test.rego'))
  if (rules.length === 0) throw new UserError(`${shown} holds no .rego file with a rule`)
  return { all, rules }
}

/** What a module is made of. */
export function sumOf(rules: readonly Rego[]): string {
  return createHash('sha256').update(JSON.stringify(rules.map(({ name, text }) => [name, text]))).digest('hex')
}

/**
 * What `rules build` made of a folder.
 * @throws UserError where that is missing, broken or stale.
 */
export function compiled(folder: string): Compiled {
  const { rules } = regoOf(folder)
  const fail = (problem: string): never => {
    throw new UserError(`${display(join(folder, WASM))} ${problem}; run mirrorproof rules build ${display(folder)}`)
  }
  const module = load(join(folder, WASM), fail)
  const imprint = imprintOf(module) ?? fail('was not made by this version of mirrorproof')
  if (imprint.sum !== sumOf(rules)) fail('is stale: the .rego files beside it have changed')
  return { module, rules: imprint.rules.map((rule) => ({ ...rule, file: display(join(folder, rule.file)) })) }
}

function load(path: string, fail: (problem: string) => never): WebAssembly.Module {
  try {
    return new WebAssembly.Module(readFileSync(path))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return fail(code === 'ENOENT' ? 'is missing' : code === undefined ? 'is no WebAssembly module' : `cannot be read (${code})`)
  }
}

/** A link is refused: where it leads, another checkout may hold something else, and its sum would be another. */
function walk(folder: string, inner: string): string[] {
  return readdirSync(join(folder, inner), { withFileTypes: true }).flatMap((entry) => {
    const name = inner === '' ? entry.name : `${inner}/${entry.name}`
    if (entry.isDirectory()) return IGNORED.has(entry.name) ? [] : walk(folder, name)
    if (!entry.name.endsWith('.rego') && !entry.isSymbolicLink()) return []
    const path = join(folder, name)
    if (entry.isFile()) return [name]
    if (!entry.name.endsWith('.rego') && statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return []
    throw new UserError(`${display(path)} is no file but a link or the like, and rules are not read through one`)
  })
}

function read(path: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new UserError(`cannot read ${display(path)} (${(error as NodeJS.ErrnoException).code})`, 3)
  }
  if (bytes.length > LARGEST) throw new UserError(`${display(path)} is larger than ${LARGEST / 1024 / 1024} MiB`)
  const text = decode(bytes)
  if (text === undefined) throw new UserError(`${display(path)} is not UTF-8`)
  return text.replaceAll('\r\n', '\n')
}
