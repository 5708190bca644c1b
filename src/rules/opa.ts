import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { UserError } from '../error.ts'
import { HOME } from '../home.ts'
import type { Rego } from './folder.ts'

/** The first OPA that reads the template strings of policies/lib. */
const OLDEST = [1, 12]
const ENTRY = 'mirrorproof/findings'
const TESTS = ['--ignore', '*_test.rego']

/**
 * Compiles .rego files with OPA, together with the entry point and the library of the built-in rules. In a folder of its own, so that the bytes
 * are the same wherever the files lie. Where OPA refuses them, `refused` is what it says.
 * @throws UserError where there is no OPA that can do it.
 */
export function compile(files: readonly Rego[], opa: string): { wasm: Uint8Array } | { refused: string } {
  demand(opa)
  const folder = mkdtempSync(join(tmpdir(), 'mirrorproof-'))
  try {
    for (const { name, text } of files) write(join(folder, 'own', name), text)
    for (const name of ['main.rego', 'lib/lib.rego']) write(join(folder, 'built-in', name), readFileSync(join(HOME, 'policies', name), 'utf8'))
    const run = (args: string[]) => spawnSync(opa, [...args, '--capabilities', join(HOME, 'schema/capabilities.json'), '.', '../built-in'], { cwd: join(folder, 'own'), encoding: 'utf8' })
    for (const args of [['check', '--strict', '--schema', join(HOME, 'schema/facts.schema.json')], ['build', '-t', 'wasm', '-e', ENTRY, ...TESTS, '-o', '../bundle.tar.gz']]) {
      const { status, stderr, stdout } = run(args)
      if (status !== 0) return { refused: (stderr || stdout).trim() }
    }
    return { wasm: unpacked(gunzipSync(readFileSync(join(folder, 'bundle.tar.gz'))), '/policy.wasm') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

function demand(opa: string): void {
  const { error, stdout } = spawnSync(opa, ['version'], { encoding: 'utf8' })
  const get = 'https://www.openpolicyagent.org/docs#1-download-opa has it, and --opa FILE names it'
  if (error) throw new UserError(`cannot run ${opa} (${(error as NodeJS.ErrnoException).code}): rules are compiled by Open Policy Agent; ${get}`, 3)
  const [, major, minor] = /^Version: (\d+)\.(\d+)/m.exec(stdout) ?? []
  const [least, lesser] = OLDEST as [number, number]
  if (major === undefined) throw new UserError(`${opa} is no Open Policy Agent; ${get}`, 3)
  if (Number(major) < least || (Number(major) === least && Number(minor) < lesser)) throw new UserError(`${opa} is Open Policy Agent ${major}.${minor}, and ${OLDEST.join('.')} is needed; ${get}`, 3)
}

/** A file of a tar archive: headers have 512 bytes, of which the name is the first, and the size, in octal digits, begins at 124; contents are filled up to that. */
function unpacked(tar: Buffer, wanted: string): Uint8Array {
  for (let at = 0; at < tar.length;) {
    const [name] = tar.toString('latin1', at, at + 100).split('\0', 1)
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136), 8) || 0
    if (name === wanted) return tar.subarray(at + 512, at + 512 + size)
    at += 512 + Math.ceil(size / 512) * 512
  }
  throw new Error(`OPA's bundle holds no ${wanted}`)
}
