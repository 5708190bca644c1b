import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fg from 'fast-glob'
import { load } from 'js-yaml'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { folder, ROOT } from '../command.ts'
import { tool } from './tools.ts'

/** The project's own workflows, those that users copy, and the Action, held against what GitHub would say of them. */
const WORKFLOWS = fg.sync(['.github/workflows/*.yml', 'examples/workflows/*.yml'], { cwd: ROOT, dot: true }).sort()
const ACTION = ['action.yml'].filter((file) => existsSync(join(ROOT, file)))
const TOOLS = join(import.meta.dirname, 'tools')

/** A workflow that no tool may let pass: an expression in a script, a moving tag, more rights than it needs, a misspelt key. */
const BAD = 'on: [pull_request]\njobs:\n  a:\n    runs-on: ubuntu-latest\n    stepz: []\n    steps:\n    - uses: actions/checkout@v4\n    - run: echo "${{ github.event.pull_request.title }}" ${{ nothing.there }}\n'

interface Checker {
  name: string
  /** What is missing to run it; undefined where nothing is. */
  missing: string | undefined
  /** What it says of `BAD`. */
  says: RegExp
  runs: { command: string[]; files: string[] }[]
}

const python = (name: string, says: RegExp, runs: { args: string[]; files: string[] }[]): Checker => {
  const program = tool(name)
  return { name, says, missing: program === undefined ? `${name} (pip install --requirement test/e2e/tools/requirements.txt)` : undefined, runs: runs.map(({ args, files }) => ({ command: [program ?? name, ...args], files })) }
}

const CHECKERS: Checker[] = [
  { name: 'actionlint', says: /unexpected key "stepz"/, missing: tool('go') === undefined ? 'Go' : undefined, runs: [{ command: ['go', '-C', TOOLS, 'tool', 'actionlint', '-shellcheck=', '-pyflakes='], files: WORKFLOWS }] },
  python('zizmor', /error\[template-injection\]/, [{ args: ['--offline', '--no-progress', '--quiet'], files: [...WORKFLOWS, ...ACTION] }]),
  python('check-jsonschema', /'stepz' was unexpected/, [
    { args: ['--builtin-schema', 'vendor.github-workflows'], files: WORKFLOWS },
    ...(ACTION.length > 0 ? [{ args: ['--builtin-schema', 'vendor.github-actions'], files: ACTION }] : []),
  ]),
]

function run([program, ...args]: string[], files: string[], root: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(program!, [...args, ...files.map((file) => join(root, file))], { cwd: root, encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

for (const { name, missing, says, runs } of CHECKERS) {
  if (missing !== undefined) {
    test.skip(`workflows :: ${name} :: skipped, there is no ${missing}`)
    console.log(`skipped: ${name} did not read the workflows, there is no ${missing}`)
    continue
  }
  test(`workflows :: ${name} :: finds nothing`, () => {
    for (const { command, files } of runs) {
      const { status, output } = run(command, files, ROOT)
      assert.is(status, 0, output)
    }
  })
  test(`workflows :: ${name} :: would find something`, () => {
    const file = '.github/workflows/bad.yml'
    const { status, output } = run(runs[0]!.command, [file], folder({ [file]: BAD }))
    assert.is.not(status, 0)
    assert.match(output, says)
  })
}

for (const file of WORKFLOWS) {
  test(`workflows :: ${file} :: is pinned, may do nothing that a job does not ask for, and keeps no credentials`, () => {
    const text = readFileSync(join(ROOT, file), 'utf8')
    for (const [use] of text.matchAll(/uses: .*/g)) assert.match(use, /^uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
    const { permissions, jobs } = load(text) as { permissions: object; jobs: Record<string, { permissions: object; 'timeout-minutes': number; steps: { uses?: string; with?: Record<string, unknown> }[] }> }
    assert.equal(permissions, {})
    for (const job of Object.values(jobs)) {
      assert.type(job.permissions, 'object')
      assert.type(job['timeout-minutes'], 'number')
      for (const { uses, with: inputs } of job.steps) if (uses?.startsWith('actions/checkout@')) assert.is(inputs?.['persist-credentials'], false)
    }
  })
}

test.run()
