import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fg from 'fast-glob'
import { moduleFolder, opaBinary } from './go.ts'
import type { Outputs } from './outputs.ts'

const require = createRequire(import.meta.url)
const WASM = 'policies/policy.wasm'
const SUM = 'policies/policy.sha256'
/** Outside of policies/, where OPA takes JSON for data. */
const CAPABILITIES = 'schema/capabilities.json'

/** What the Wasm is made of: the rules without their tests, and the versions of the compiler and of what runs it. */
export function policySum(): string {
  const hash = createHash('sha256')
  for (const file of [...fg.sync('policies/**/*.rego', { ignore: ['**/*_test.rego'] }).sort(), 'build/go.sum', 'build/policy.ts', 'node_modules/@open-policy-agent/opa-wasm/package.json']) {
    hash.update(`${file}\n`).update(readFileSync(file))
  }
  return `${hash.digest('hex')}  ${WASM}\n`
}

/** Compiles policies/ to one Wasm module with one entry point, byte for byte the same anywhere. */
export function policy(): Outputs {
  const opa = opaBinary()
  const folder = mkdtempSync(join(tmpdir(), 'policy-'))
  try {
    const allowed = `${JSON.stringify(capabilities(opa, folder), null, 1)}\n`
    writeFileSync(join(folder, 'capabilities.json'), allowed)
    const wasm = compile(opa, join(folder, 'policy'), ['-e', 'mirrorproof/findings', '--ignore', '*_test.rego', '--capabilities', join(folder, 'capabilities.json'), '.'], 'policies')
    return { [WASM]: wasm, [SUM]: policySum(), [CAPABILITIES]: allowed, 'policies/LICENSES.txt': licences() }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** True where the committed Wasm was made from the rules as they are; what can be said without OPA. */
export function policyIsCurrent(): boolean {
  return readFileSync(SUM, 'utf8') === policySum()
}

/** What the compiler puts into every module: OPA's own run time, and the decimal arithmetic that it is built on. */
function licences(): string {
  const folder = moduleFolder('github.com/open-policy-agent/opa')
  const decimal = readFileSync(join(folder, 'wasm/src/libmpdec/mpdecimal.c'), 'utf8').split('*/', 1)[0]!.replace(/^\/?\s?\*? ?/gm, '')
  return `policy.wasm contains the WebAssembly run time of Open Policy Agent, and libmpdec.\n\n${'-'.repeat(72)}\nOpen Policy Agent\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8').trim()}\n\n${'-'.repeat(72)}\nlibmpdec\n\n${decimal.trim()}\n`
}

function compile(opa: string, bundle: string, args: string[], cwd: string): Uint8Array {
  execFileSync(opa, ['build', '-t', 'wasm', '-o', bundle, ...args], { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
  return execFileSync('tar', ['xzOf', bundle, '/policy.wasm'], { maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] })
}

interface Capabilities {
  builtins: { name: string; infix?: string; relation?: boolean; deprecated?: boolean; decl: { args?: unknown[]; result?: unknown; variadic?: unknown } }[]
}

/**
 * OPA's capabilities, cut to the built-ins that the JavaScript SDK runs: those that the compiler turns into Wasm, and those of the SDK's own.
 * Which is which only the compiler knows, so a module that calls each one is compiled and asked what it wants of its host. Without `yaml.*`:
 * its parser is left out of the bundle.
 */
function capabilities(opa: string, folder: string): Capabilities {
  const all = JSON.parse(execFileSync(opa, ['capabilities', '--current'], { encoding: 'utf8', maxBuffer: 1 << 28 })) as Capabilities
  const rules = all.builtins.filter(({ deprecated }) => !deprecated).map((builtin, index) => probe(builtin, index))
  writeFileSync(join(folder, 'probe.rego'), `package probe\n\n${rules.join('\n')}\n`)
  const wasm = compile(opa, join(folder, 'probe'), ['-e', 'probe', join(folder, 'probe.rego')], folder)
  const sdk = require('@open-policy-agent/opa-wasm') as { loadPolicySync(wasm: Uint8Array): Policy }
  const own = Object.keys(require(join(dirname(require.resolve('@open-policy-agent/opa-wasm')), 'builtins/index.js')) as object)
  const host = hostBuiltins(sdk.loadPolicySync(wasm))
  return { ...all, builtins: all.builtins.filter(({ name }) => !name.startsWith('yaml.') && (!host.includes(name) || own.includes(name))) }
}

interface Policy {
  mem: WebAssembly.Memory
  wasmInstance: { exports: { opa_json_dump(address: number): number; builtins(): number } }
}

function hostBuiltins({ mem, wasmInstance: { exports } }: Policy): string[] {
  const start = exports.opa_json_dump(exports.builtins())
  const bytes = new Uint8Array(mem.buffer)
  return Object.keys(JSON.parse(Buffer.from(bytes.subarray(start, bytes.indexOf(0, start))).toString()) as object)
}

/** A rule that calls a built-in; nothing for what has no form of its own. */
function probe({ name, infix, relation, decl }: Capabilities['builtins'][number], index: number): string {
  if (name.startsWith('internal.') || name.startsWith('rego.metadata') || ['assign', 'eq', 'print'].includes(name)) return ''
  const args = (decl.args ?? []).map((_, arg) => `input.a${arg}`)
  if (decl.variadic) return `r${index} := ${name}("x")`
  if (infix === 'in') return `r${index} if ${args.slice(0, -1).join(', ')} in ${args.at(-1)}`
  if (infix) return `r${index} := ${args[0]} ${infix} ${args[1]}`
  if (relation) return `r${index} if { ${name}(${args.join(', ')}, _) }`
  return decl.result ? `r${index} := ${name}(${args.join(', ')})` : `r${index} if ${name}(${args.join(', ')})`
}
