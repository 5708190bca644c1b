import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * What the program costs, beside what bare Node costs on the same machine at the same time: pairs of runs in turn, the minimum of each, because
 * noise only ever adds. Nothing here passes or fails; the budgets stand beside the figures.
 */
const CLI = resolve('dist/cli.cjs')
const root = mkdtempSync(join(tmpdir(), 'mirrorproof-bench-'))

try {
  startUp()
  tree(11_000)
  entries()
} finally {
  rmSync(root, { recursive: true })
}

function startUp(): void {
  const file = join(root, 'one.yaml')
  writeFileSync(file, mirrorSet('one', 3))
  const [bare, ours] = pair(['-e', '0'], [CLI, 'check', file], 15)
  report('start-up, one small file', `${ms(bare)} bare node, ${ms(ours)} mirrorproof: +${ms(ours - bare)}`, 'at most +30 ms')
}

/** Deployments, services, CRD-like files and a few mirror sets, in the proportions of a GitOps repository: 40 MB. */
function tree(files: number): void {
  const folder = join(root, 'tree')
  for (let index = 0; index < files; index++) {
    const place = join(folder, `team-${index % 100}`, `app-${Math.floor(index / 100) % 10}`)
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, `file-${index}.yaml`), index % 1000 === 0 ? mirrorSet(`set-${index}`, 20) : manifest(index))
  }
  const script = join(root, 'read.cjs')
  const glob = JSON.stringify(resolve('node_modules/fast-glob'))
  writeFileSync(script, `const fg = require(${glob}), fs = require('fs')\nlet bytes = 0\nfor (const file of fg.sync('**/*.{yaml,yml,json}', { cwd: ${JSON.stringify(folder)}, dot: true, absolute: true })) bytes += fs.readFileSync(file).length\nconsole.log(bytes)\n`)
  const [bare, ours] = pair([script], [CLI, 'check', folder, '--openshift', '4.16'], 7)
  report(`a tree of ${files} files`, `${ms(bare)} a bare script that globs and reads, ${ms(ours)} mirrorproof: ${(ours / bare).toFixed(2)} times`, 'at most 1.6 times')
}

/** The cost of entries alone: what a run takes over the smallest one, and how that grows when they double. */
function entries(): void {
  const counts = [1_250, 2_500, 5_000, 10_000]
  const files = [100, ...counts].map((count) => {
    const file = join(root, `entries-${count}.yaml`)
    writeFileSync(file, mirrorSet('many', count))
    return file
  })
  const [base, ...times] = fastest(files.map((file) => [CLI, 'check', file, '--openshift', '4.16']), 7)
  const grown = times.map((time) => time - base!)
  counts.forEach((count, index) => {
    const ratio = index > 0 ? `: ${(grown[index]! / grown[index - 1]!).toFixed(2)} times the half` : ''
    report(`${count} mirror entries in one cluster`, `+${ms(grown[index]!)} over 100 entries${ratio}`, 'a doubling costs about 2 times')
  })
}

function pair(a: string[], b: string[], runs: number): [number, number] {
  return fastest([a, b], runs) as [number, number]
}

/** The fastest of several runs of each command, in milliseconds; the commands take turns. */
function fastest(commands: string[][], runs: number): number[] {
  const best = commands.map(() => Infinity)
  for (let run = 0; run < runs; run++) {
    commands.forEach((args, index) => {
      const start = process.hrtime.bigint()
      const { status } = spawnSync(process.execPath, args, { stdio: 'ignore', cwd: root })
      if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`)
      best[index] = Math.min(best[index]!, Number(process.hrtime.bigint() - start) / 1e6)
    })
  }
  return best
}

function report(what: string, figure: string, budget: string): void {
  console.log(`${what}: ${figure} (${budget})`)
}

function ms(time: number): string {
  return `${time.toFixed(0)} ms`
}

function mirrorSet(name: string, count: number): string {
  const items = Array.from({ length: count }, (_, index) => `  - source: registry.example.com/team-${index % 50}/${name}-${index}\n    mirrors:\n    - mirror.example.net:8443/team-${index % 50}/${name}-${index}\n`)
  return `apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata:\n  name: ${name}\nspec:\n  imageDigestMirrors:\n${items.join('')}`
}

function manifest(index: number): string {
  const container = (name: string) => `      - name: ${name}\n        image: quay.io/org/${name}:v${index}\n        env:\n${'        - {name: KEY, value: "some value of some length"}\n'.repeat(index % 10 === 0 ? 400 : 10)}`
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-${index}\nspec:\n  template:\n    spec:\n      containers:\n${container('web')}${container('sidecar')}`
}
