import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Outputs } from './outputs.ts'

/** What only some commands need is a file of its own, so that the check of one file does not wait for it to be compiled: a pattern, users' own rules, a log, a running cluster, registries, the webhook and its manifests. */
const APART: Record<string, string> = {
  './glob.ts': './glob.cjs', '../rules/rules.ts': './rules.cjs', '../live/live.ts': './live.cjs', '../probe/probe.ts': './probe.cjs', '../webhook/serve.ts': './webhook.cjs', '../install/install.ts': './install.cjs', './log.ts': './log.cjs',
}

/** The program as it is shipped, which runs with Node and nothing else, and the licences of what is in it. */
export async function dist(): Promise<Outputs> {
  const bundles = await Promise.all([
    bundle('src/cli.ts', 'dist/cli.cjs', APART),
    bundle('src/action.ts', 'dist/action.cjs', { './cli.ts': './cli.cjs' }),
    bundle('src/sources/glob.ts', 'dist/glob.cjs', {}),
    bundle('src/commands/log.ts', 'dist/log.cjs', APART),
    bundle('src/rules/rules.ts', 'dist/rules.cjs', APART),
    bundle('src/rules/worker.ts', 'dist/worker.cjs', {}),
    bundle('src/live/live.ts', 'dist/live.cjs', APART),
    bundle('src/probe/probe.ts', 'dist/probe.cjs', {}),
    bundle('src/webhook/serve.ts', 'dist/webhook.cjs', APART),
    bundle('src/webhook/worker.ts', 'dist/judge.cjs', APART),
    bundle('src/install/install.ts', 'dist/install.cjs', {}),
  ])
  const packages = new Set(bundles.flatMap(({ inputs }) => inputs).flatMap((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []))
  return { ...Object.fromEntries(bundles.map(({ file, contents }) => [file, contents])), 'dist/LICENSES.txt': [...packages].sort().map(licence).join('\n') }
}

async function bundle(entry: string, file: string, apart: Record<string, string>): Promise<{ file: string; contents: Uint8Array; inputs: string[] }> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minifyWhitespace: true,
    minifySyntax: true,
    define: { 'import.meta.dirname': '__dirname' },
    alias: { yaml: './build/absent.ts', encoding: './build/absent.ts' },
    plugins: [{ name: 'apart', setup: ({ onResolve }) => onResolve({ filter: /\.ts$/ }, ({ path, kind }) => (kind === 'dynamic-import' && apart[path] ? { path: apart[path], external: true } : undefined)) }],
    legalComments: 'none',
    metafile: true,
    write: false,
  })
  return { file, contents: outputFiles[0]!.contents, inputs: Object.keys(metafile.inputs) }
}

function licence(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name: string; version: string; license: string }
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim() : `(${license}; the package holds no text of it)`
  return `${'-'.repeat(72)}\n${name} ${version} (${license})\n\n${text}\n`
}
