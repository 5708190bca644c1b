import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Outputs } from './outputs.ts'

/** The program as it is shipped: one file, which runs with Node and nothing else, and the licences of what is in it. */
export async function dist(): Promise<Outputs> {
  const { outputFiles, metafile } = await build({
    entryPoints: ['src/cli.ts'],
    outfile: 'dist/cli.cjs',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minifyWhitespace: true,
    minifySyntax: true,
    define: { 'import.meta.dirname': '__dirname' },
    alias: { yaml: './build/absent.ts' },
    legalComments: 'none',
    metafile: true,
    write: false,
  })
  const packages = new Set(Object.keys(metafile.inputs).flatMap((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []))
  return { 'dist/cli.cjs': outputFiles[0]!.contents, 'dist/LICENSES.txt': [...packages].sort().map(licence).join('\n') }
}

function licence(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name: string; version: string; license: string }
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim() : `(${license}; the package holds no text of it)`
  return `${'-'.repeat(72)}\n${name} ${version} (${license})\n\n${text}\n`
}
