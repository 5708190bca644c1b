import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { hasGo } from '../build/go.ts'
import { gather } from '../src/cluster/registries.ts'
import { clusters } from '../src/clusters.ts'
import { RELEVANT } from '../src/openshift/kinds.ts'
import { parseVersion } from '../src/openshift/version.ts'
import { engine } from '../src/policy/engine.ts'
import type { Facts } from '../src/policy/facts.ts'
import { facts } from '../src/policy/input.ts'
import { Places } from '../src/policy/places.ts'
import { RULES } from '../src/policy/rules.generated.ts'
import { type NodeConfiguration, readRegistries } from '../src/registries/node.ts'
import { type Applied, operate } from '../src/registries/operator.ts'
import { plan } from '../src/registries/plan.ts'
import { parseReference, type Reference } from '../src/registries/reference.ts'
import { buildOracle } from '../test/conformance/oracle.ts'
import { log } from './log.ts'
import { webhook } from './webhook/webhook.ts'

/**
 * What the program costs, beside what bare Node costs on the same machine at the same time: pairs of runs in turn, the minimum of each, because
 * noise only ever adds. Nothing here passes or fails; the budgets stand beside the figures.
 */
const PLACES = new Places()
const CLI = resolve('dist/cli.cjs')
const root = mkdtempSync(join(tmpdir(), 'mirrorproof-bench-'))

const only = process.argv[2]
try {
  if (only === 'rules') rules(1_000, 5_000)
  else if (only === 'diff') change(grown(11_000).folder)
  else if (only === 'log') log(report, root)
  else if (only === 'webhook') await webhook(report, Number(process.argv[3] ?? 1_000_000))
  else {
    all()
    await webhook(report, 1_000_000)
  }
} finally {
  rmSync(root, { recursive: true })
}

function all(): void {
  startUp()
  const { folder, bytes } = grown(11_000)
  tree(folder, 11_000, bytes)
  change(folder)
  entries()
  rules(1_000, 5_000)
  nodeTruth(10_000)
  log(report, root)
}

function startUp(): void {
  const file = join(root, 'one.yaml')
  writeFileSync(file, mirrorSet('one', 3))
  const [bare, ours] = pair(['-e', '0'], [CLI, 'check', file], 15)
  report('start-up, one small file', `${ms(bare)} bare node, ${ms(ours)} mirrorproof: +${ms(ours - bare)}`, 'at most +30 ms')
}

/**
 * 11,000 files, 40 MB, in the proportions of large GitOps repositories: 1,100 files say `image:`, 22 MB of them, of which most are CRDs; 6 % of all files are
 * workloads of 1.8 kB (what 7,000 files of real ones have), some in Kustomize overlays, and a few are mirror sets. */
function grown(files: number): { folder: string; bytes: number } {
  const folder = join(root, 'tree')
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
    return text.length
  }
  let bytes = 0
  const [crds, workloads] = [files * 0.04, files * 0.06]
  for (let index = 0; index < files; index++) {
    const folderOf = (file: number) => `team-${file % 100}/app-${Math.floor(file / 100) % 10}`
    const place = folderOf(index)
    const deployment = crds + (index % workloads)
    if (index < crds) bytes += write(`${place}/crd-${index}.yaml`, crd(index))
    else if (index < crds + workloads) bytes += write(`${place}/deploy-${index}.yaml`, manifest(index))
    else if (index % 1000 === 0) bytes += write(`${place}/set-${index}.yaml`, mirrorSet(`set-${index}`, 20))
    else if (index % 50 === 0) bytes += write(`overlays/o-${index}/kustomization.yaml`, `resources: [../../${folderOf(deployment)}/deploy-${deployment}.yaml]\nimages:\n- {name: quay.io/org/web, newTag: v2}\n`)
    else bytes += write(`${place}/other-${index}.yaml`, other(index))
  }
  return { folder, bytes }
}

/** A check of it, beside a bare script that globs, reads and searches the same files. */
function tree(folder: string, files: number, bytes: number): void {
  const script = join(root, 'read.cjs')
  const glob = JSON.stringify(resolve('node_modules/fast-glob'))
  writeFileSync(script, `const fg = require(${glob}), fs = require('fs')\nlet found = 0\nfor (const file of fg.sync('**/*.{yaml,yml,json}', { cwd: ${JSON.stringify(folder)}, dot: true, absolute: true })) if (${RELEVANT}.test(fs.readFileSync(file, 'latin1'))) found++\nconsole.log(found)\n`)
  const [bare, ours] = pair([script], [CLI, 'check', folder, '--openshift', '4.16'], 7)
  report(`a tree of ${files} files, ${(bytes / 1e6).toFixed(0)} MB`, `${ms(bare)} a bare script that globs, reads and searches, ${ms(ours)} mirrorproof: ${(ours / bare).toFixed(2)} times`, 'at most 2.5 times')
  const hook = join(root, 'memory.cjs')
  writeFileSync(hook, 'process.on("exit", () => process.stderr.write(`\\nRSS ${process.resourceUsage().maxRSS}`))\n')
  const { stderr } = spawnSync(process.execPath, ['--require', hook, CLI, 'check', folder, '--openshift', '4.16'], { encoding: 'utf8' })
  report('its memory', `${(Number(/RSS (\d+)/.exec(stderr)![1]) / 1024).toFixed(0)} MB at most`, 'below 200 MB')
}

/**
 * What a change of a hundred files, and of a mirror set, costs beside one check: the pull request's view, and two revisions of which none is checked out. The hook is a
 * check of what is staged.
 */
function change(folder: string): void {
  const git = (...args: string[]) => {
    const { status, stderr } = spawnSync('git', ['-C', folder, '-c', 'user.name=bench', '-c', 'user.email=bench@example.net', '-c', 'gc.auto=0', ...args], { encoding: 'utf8', maxBuffer: 1 << 28 })
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
  }
  git('init', '--quiet')
  git('add', '--all')
  git('commit', '--quiet', '--message=before')
  for (let index = 440; index < 540; index++) writeFileSync(join(folder, `team-${index % 100}/app-${Math.floor(index / 100) % 10}/deploy-${index}.yaml`), manifest(index + 20_000))
  writeFileSync(join(folder, 'team-0/app-0/set-2000.yaml'), mirrorSet('set-2000', 21))
  git('add', '--all')
  git('commit', '--quiet', '--message=after')
  git('repack', '--quiet', '-d')
  const diff = [CLI, 'diff', folder, '--base', 'HEAD~1', '--openshift', '4.16']
  const [check, files, revisions] = fastest([[CLI, 'check', folder, '--openshift', '4.16'], diff, [...diff, '--head', 'HEAD']], 9) as [number, number, number]
  report('the same tree compared with the commit before', `${ms(check)} a check, ${ms(files)} the comparison: ${(files / check).toFixed(2)} times`, 'at most 1.3 times')
  report('the same, of two revisions', `${ms(revisions)}: ${(revisions / check).toFixed(2)} times`, 'at most 1.3 times')
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

/**
 * All rules together, beside what it costs to hand over the same facts to none; of one cluster, disconnected, in which every twentieth image has a fault that some rule
 * finds. Then twice as much of everything.
 */
function rules(entriesInAll: number, images: number): void {
  const all = RULES.map(({ id }) => id.replaceAll('-', '_'))
  const judge = engine(new Uint8Array(readFileSync('policies/policy.wasm')), RULES)
  const measure = (scale: number) => {
    const made = (names: string[]) => factsOf(entriesInAll * scale, images * scale, names)
    const [none, every] = [made([]), made(all)]
    const [handed, judged] = [best(() => judge.evaluate(none, PLACES)), best(() => judge.evaluate(every, PLACES))]
    const slowest = scale > 1 ? undefined : all.map((name) => ({ name, time: best(() => judge.evaluate({ ...none, rules: [name] }, PLACES), 3) - handed })).sort((a, b) => b.time - a.time)[0]!
    return { handed, judged, slowest, found: judge.evaluate(every, PLACES).verdicts.length }
  }
  const [one, two] = [measure(1), measure(2)]
  report(`all ${all.length} rules over ${entriesInAll} entries and ${images} images`,
    `${ms(one.judged)} with ${one.found} findings, ${ms(one.handed)} to hand over the facts: ${(one.judged / one.handed).toFixed(2)} times; the slowest is ${one.slowest!.name.replaceAll('_', '-')} with ${ms(one.slowest!.time)}`, 'at most 3 times')
  report('the same of twice as much', `${ms(two.judged)}: ${(two.judged / one.judged).toFixed(2)} times`, 'at most 2.2 times')
}

function factsOf(entriesInAll: number, images: number, names: string[]): Facts {
  const half = entriesInAll / 2
  const entry = (source: string) => `  - source: ${source}\n    mirrors:\n    - mirror.corp.example:8443/${source}\n`
  const source = (index: number) => `${['quay.io', 'registry.redhat.io', 'docker.io'][index % 3]}/team-${index % 40}/app-${index}`
  const list = Array.from({ length: half }, (_, index) => entry(source(index))).join('')
  const set = (kind: string, field: string, items: string) => `apiVersion: config.openshift.io/v1\nkind: ${kind}\nmetadata:\n  name: all\nspec:\n  ${field}:\n${items}`
  const image = (index: number) => (index % 20 === 0 ? `ghcr.io/other/app-${index}:v1` : `${source(index % half)}${index % 2 ? `@sha256:${String(index).padStart(64, '0')}` : `:v${index}`}`)
  const pod = (index: number) => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: pod-${index}\nspec:\n  containers:\n${Array.from({ length: 5 }, (_, name) => `  - name: c${name}\n    image: ${image(index * 5 + name)}\n`).join('')}`
  const text = [set('ImageDigestMirrorSet', 'imageDigestMirrors', list), set('ImageTagMirrorSet', 'imageTagMirrors', list), ...Array.from({ length: images / 5 }, (_, index) => pod(index))].join('---\n')
  const file = { path: 'all.yaml', place: '/all.yaml', text, named: true }
  const [group] = clusters({ files: [file], passed: new Set(), open: () => undefined, gunzip: (packed) => packed }, { clusters: [], name: 'all', version: parseVersion('4.18')!, disconnected: true }).groups
  return facts(group!, PLACES, names)
}

/** What the nodes do, in one process: rendering beside parsing, one trace, and all of it beside the operator's and the nodes' own code. */
function nodeTruth(count: number): void {
  const text = mirrorSet('many', count)
  const file = { path: 'many.yaml', place: '/many.yaml', text, named: true }
  const version = parseVersion('4.19')
  const read = () => clusters({ files: [file], passed: new Set(), open: () => undefined, gunzip: (packed) => packed }, { clusters: [], name: 'all' }).groups[0]!
  const { configuration } = gather(read().members, version)
  const render = () => operate(configuration, version) as Applied
  const [parsing, rendering] = [best(read), best(render)]
  report(`rendering ${count} entries`, `${ms(rendering)}, parsing them ${ms(parsing)}: ${(rendering / parsing).toFixed(2)} times`, 'about as much as parsing')
  const { registries, search } = render()
  const images = configuration.rules.slice(0, 1_000).map(({ source }) => `${source}/app@sha256:${'0a'.repeat(32)}`)
  const node = readRegistries(registries, search, version)
  const trace = (on: NodeConfiguration) => images.forEach((image) => plan(parseReference(image) as Reference, on))
  report(`a trace among ${count} entries`, `${(best(() => trace(node)) / images.length * 1000).toFixed(1)} µs`, 'microseconds')
  if (!hasGo()) return console.log('the ratio to the Go oracle: skipped, it needs Go')
  const oracle = buildOracle()
  const input = JSON.stringify({ idms: [{ imageDigestMirrors: configuration.rules.map(({ source, mirrors }) => ({ source, mirrors })) }], release: `a.io/x@sha256:${'0a'.repeat(32)}`, images })
  const run = (cases: number) => best(() => spawnSync(oracle, { input: `${input}\n`.repeat(cases), maxBuffer: 1 << 30 }), 3)
  const theirs = (run(3) - run(1)) / 2
  const ours = best(() => {
    const written = render()
    trace(readRegistries(written.registries, written.search, version))
  })
  report(`rendering ${count} entries and tracing ${images.length} images`, `${ms(ours)} mirrorproof, ${ms(theirs)} the Go oracle: ${(ours / theirs).toFixed(2)} times`, 'no budget')
}

/** The fastest of several calls, in milliseconds. */
function best(work: () => unknown, runs = 7): number {
  let fastestOne = Infinity
  for (let run = 0; run < runs; run++) {
    const start = process.hrtime.bigint()
    work()
    fastestOne = Math.min(fastestOne, Number(process.hrtime.bigint() - start) / 1e6)
  }
  return fastestOne
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

function report(what: string, figure: string, budget?: string): void {
  console.log(`${what}: ${figure}${budget === undefined ? '' : ` (${budget})`}`)
}

function ms(time: number): string {
  return `${time.toFixed(0)} ms`
}

function mirrorSet(name: string, count: number): string {
  const items = Array.from({ length: count }, (_, index) => `  - source: registry.example.com/team-${index % 50}/${name}-${index}\n    mirrors:\n    - mirror.example.net:8443/team-${index % 50}/${name}-${index}\n`)
  return `apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata:\n  name: ${name}\nspec:\n  imageDigestMirrors:\n${items.join('')}`
}

function manifest(index: number): string {
  const container = (name: string) => `      - name: ${name}\n        image: quay.io/org/${name}:v${index}\n        env:\n${'        - name: SOME_KEY\n          value: some value of some length\n'.repeat(index % 10 === 0 ? 40 : 8)}`
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-${index}\nspec:\n  template:\n    spec:\n      containers:\n${container('web')}${container('sidecar')}`
}

/** What a controller generates: 50 kB of schema, in which every other field is an image. */
function crd(index: number): string {
  const field = (name: number) => `              image${name}:\n                description: The image of component ${name}, as in image: quay.io/org/component:v${name}\n                type: string\n              image:\n                properties:\n                  repository: {type: string}\n`
  return `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: kind-${index}.example.net\nspec:\n  versions:\n  - name: v1\n    schema:\n      openAPIV3Schema:\n        properties:\n          spec:\n            properties:\n${Array.from({ length: 194 }, (_, name) => field(name)).join('')}`
}

/** Services, roles, dashboards: nothing that is pulled. */
function other(index: number): string {
  return `apiVersion: v1\nkind: Service\nmetadata:\n  name: service-${index}\n  annotations:\n${'    example.net/note: "some value of some length, which is there to be read"\n'.repeat(index % 10 === 0 ? 120 : 10)}spec:\n  ports:\n  - {port: 80, name: http}\n`
}
