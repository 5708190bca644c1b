import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { folder } from '../command.ts'
import { bad, BASE, HUB, HEAD, MERGE, pull, set } from './fleet.ts'
import { checkout, git, write } from './hub.ts'
import { type Done, NODES, step } from './runner.ts'

const merge = () => checkout(HUB, 'refs/pull/1/merge')
const counts = ({ code, outputs: { findings, new: fresh } }: Done) => [code, findings, fresh]
const places = ({ commands }: Done) => commands.flatMap(({ properties: { file, line } }) => (file === undefined ? [] : [`${file}:${line}`]))
/** What the Action says of itself. */
const words = ({ commands }: Done) => commands.filter(({ properties: { file } }) => file === undefined).map(({ name, message }) => `${name}: ${message}`)

/** Names of what to compare with, from a clone of one commit. */
const BASES: Record<string, { base: string; depth?: number; missing?: string }> = {
  'a commit': { base: BASE },
  'the beginning of a commit that is not here': { base: BASE.slice(0, 10), missing: `there is no revision ${BASE.slice(0, 10)}, here or at origin` },
  'a branch that is only at origin': { base: 'release' },
  'a branch as it is called where it was fetched': { base: 'origin/release' },
  'a branch in full': { base: 'refs/heads/release' },
  'a tag': { base: 'v1' },
  'an annotated tag': { base: 'v1-annotated' },
  'what is above the head': { base: 'HEAD^', depth: 2 },
  'what is above the head and not here': { base: 'HEAD^', missing: 'there is no revision HEAD^, here or at origin' },
  'a name of nothing': { base: 'nothing', missing: 'there is no revision nothing, here or at origin' },
  'a pattern': { base: 'releas*', missing: 'there is no revision releas*, here or at origin' },
  'an option': { base: '--upload-pack=touch mirrorproof-was-here', missing: 'there is no revision --upload-pack=touch mirrorproof-was-here, here or at origin' },
  'a command': { base: '$(touch mirrorproof-was-here)', missing: 'there is no revision $(touch mirrorproof-was-here), here or at origin' },
  'a remote': { base: 'ext::sh -c "touch mirrorproof-was-here"', missing: 'there is no revision ext::sh -c "touch mirrorproof-was-here", here or at origin' },
  'a workflow command': { base: 'a\n::set-output name=x::y', missing: 'there is no revision a\\u000a::set-output name=x::y, here or at origin' },
}

const TRUE = ['true', 'True', 'TRUE']
const FALSE = ['false', 'False', 'FALSE']
/** Has an info where nodes cannot reach public registries, and a warning where that is not known. */
const OPEN = { 'a.yaml': set('a', 'quay.io/a', 'mirror.lab/a'), 'pod.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: quay.io/other/a:1}]}\n' }

/** Inputs that are wrong, and what is said of them; nothing else is, and the step ends with 2. */
const WRONG: Record<string, { with: Record<string, string>; says: string }> = {
  'a level': { with: { 'fail-on': 'Error' }, says: 'the input fail-on takes error, warning, info or never, not Error' },
  'a boolean': { with: { disconnected: 'yes' }, says: 'the input disconnected takes true or false, not yes' },
  'another boolean': { with: { annotations: '0' }, says: 'the input annotations takes true or false, not 0' },
  'a version': { with: { openshift: 'latest' }, says: 'the input openshift takes a version such as 4.16 or 4.16.3, not latest' },
  'a path': { with: { paths: 'nowhere' }, says: 'there is no file, folder or match for nowhere, before or after' },
  'a working directory': { with: { 'working-directory': 'nowhere' }, says: 'there is no folder nowhere' },
  'a working directory that is a file': { with: { 'working-directory': 'mirrors/old.yaml' }, says: 'there is no folder mirrors/old.yaml' },
  'a configuration': { with: { config: 'nowhere.yaml' }, says: 'cannot read the configuration nowhere.yaml (ENOENT)' },
  'a line break': { with: { 'fail-on': 'a\r\n::error::b' }, says: 'the input fail-on takes error, warning, info or never, not a\\u000d\\u000a::error::b' },
}

for (const [name, node] of NODES) {
  for (const [what, { base, depth, missing }] of Object.entries(BASES)) {
    test(`inputs :: ${name} :: base is ${what}`, async () => {
      const workspace = checkout(HUB, 'refs/pull/1/merge', depth)
      const done = await step({ node, workspace, with: { base, 'fail-on': 'warning' } })
      assert.equal(counts(done), missing === undefined ? [1, '2', '1'] : [1, '2', ''], done.log)
      assert.equal(words(done), missing === undefined ? [] : [`warning: nothing is compared, and all that is here counts: ${missing}`])
      assert.not(existsSync(join(workspace, 'mirrorproof-was-here')))
    })
  }

  for (const [what, { with: inputs, says }] of Object.entries(WRONG)) {
    test(`inputs :: ${name} :: ${what} that is wrong`, async () => {
      const done = await step({ node, workspace: merge(), on: pull(BASE, HEAD), with: inputs })
      assert.equal([done.code, words(done), places(done), done.outputs, done.log.split('\n').length], [2, [`error: ${says}`], [], {}, 2])
    })
  }

  test(`inputs :: ${name} :: what was there before fails only where that is wanted, and new findings come first`, async () => {
    const on = pull(BASE, HEAD)
    assert.is((await step({ node, workspace: checkout(HUB, 'release'), on: ['push', { before: BASE }], with: { 'fail-on': 'warning' } })).code, 0)
    assert.is((await step({ node, workspace: checkout(HUB, 'release'), on: ['push', { before: BASE }], with: { 'fail-on': 'warning', 'fail-on-existing': 'true' } })).code, 1)
    assert.equal(places(await step({ node, workspace: merge(), on })), ['mirrors/new.yaml:6'])
    const done = await step({ node, workspace: checkout(HUB, 'refs/pull/2/merge'), on, with: { 'fail-on-existing': 'true' } })
    assert.equal(places(done), ['mirrors/new.yaml:6', 'mirrors/old.yaml:6', 'mirrors/other.yaml:6'])
    assert.is(done.outputs['new'], '1')
  })

  test(`inputs :: ${name} :: fail-on`, async () => {
    const codes = await Promise.all(['', 'error', 'warning', 'info', 'never'].map(async (level) => (await step({ node, workspace: merge(), on: pull(BASE, HEAD), with: { 'fail-on': level } })).code))
    assert.equal(codes, [0, 0, 1, 1, 0])
  })

  test(`inputs :: ${name} :: a change by which the operator refuses the objects fails, unless nothing shall`, async () => {
    const workspace = merge()
    write(workspace, { 'mirrors/refused.yaml': set('refused', 'quay.io/org', 'mirror.lab/org').replace('    mirrors', '    mirrorSourcePolicy: NeverContactSource\n    mirrors') })
    const run = (level: string) => step({ node, workspace, on: pull(BASE, HEAD), with: { openshift: '4.18', 'fail-on': level } })
    const [error, never] = [await run('error'), await run('never')]
    assert.equal([error.code, never.code], [1, 0])
    assert.match(error.summary, '**the operator refuses the objects**')
  })

  test(`inputs :: ${name} :: paths are files, folders and globs, one a line`, async () => {
    const run = async (paths: string) => counts(await step({ node, workspace: checkout(HUB, 'main'), with: { paths } }))
    assert.equal(await run('mirrors/old.yaml'), [0, '1', ''])
    assert.equal(await run('  mirrors/old.yaml\r\n\n mirrors/other.yaml \n'), [0, '2', ''])
    assert.equal(await run('mirrors/o*.yaml'), [0, '2', ''])
  })

  test(`inputs :: ${name} :: a path outside of the repository is judged, and nothing is compared`, async () => {
    const done = await step({ node, workspace: merge(), on: pull(BASE, HEAD), with: { paths: `mirrors\n${folder({ 'a.yaml': bad('a') })}` } })
    assert.equal(counts(done), [0, '3', ''])
    assert.match(words(done).join(), /nothing is compared, and all that is here counts: .* lies outside the repository/)
  })

  test(`inputs :: ${name} :: a working directory is what all paths start from, and annotations do not`, async () => {
    const workspace = merge()
    write(workspace, { 'mirrors/strict.yaml': 'rules: {source-without-mirror: error}\n' })
    const inputs = { 'working-directory': 'mirrors', paths: 'new.yaml', config: 'strict.yaml', 'sarif-file': 'out/a.sarif', 'json-file': '../a.json' }
    const done = await step({ node, workspace, on: pull(BASE, HEAD), with: inputs })
    assert.equal([counts(done), places(done), words(done)], [[1, '1', '1'], ['mirrors/new.yaml:6'], []])
    assert.is(done.outputs['sarif-file'], 'mirrors/out/a.sarif')
    for (const file of ['mirrors/out/a.sarif', 'a.json']) assert.ok(existsSync(join(workspace, file)), file)
  })

  test(`inputs :: ${name} :: a repository below the workspace is known by its paths, or by the working directory`, async () => {
    for (const inputs of [{ 'working-directory': 'fleet' }, { paths: 'fleet' }, { paths: 'fleet/mirrors/new.yaml\nfleet/mirrors/old.yaml' }] as Record<string, string>[]) {
      const workspace = folder({})
      git(workspace, 'clone', '--quiet', HUB.url, 'fleet')
      git(join(workspace, 'fleet'), 'checkout', '--quiet', MERGE)
      const done = await step({ node, workspace, on: pull(BASE, HEAD), with: { ...inputs, 'sarif-file': 'a.sarif' } })
      assert.equal([counts(done), places(done)], [[0, '2', '1'], ['mirrors/new.yaml:6']])
      assert.is(done.outputs['sarif-file'], 'working-directory' in inputs ? 'fleet/a.sarif' : 'a.sarif')
    }
  })

  test(`inputs :: ${name} :: a workspace behind a link`, async () => {
    const link = join(folder({}), 'link')
    symlinkSync(merge(), link)
    const done = await step({ node, workspace: link, on: pull(BASE, HEAD) })
    assert.equal([counts(done), places(done)], [[0, '2', '1'], ['mirrors/new.yaml:6']])
  })

  test(`inputs :: ${name} :: disconnected and openshift`, async () => {
    const rules = async (inputs: Record<string, string>) => {
      const workspace = folder(OPEN)
      const done = await step({ node, workspace, with: inputs })
      return [...new Set(done.commands.map(({ properties: { title } }) => title))].join(' ')
    }
    const [open, closed] = [await rules({ openshift: '4.18', disconnected: 'false' }), await rules({ openshift: '4.18', disconnected: 'true' })]
    assert.is.not(open, closed)
    for (const disconnected of TRUE) assert.is(await rules({ openshift: '4.18', disconnected }), closed)
    for (const disconnected of FALSE) assert.is(await rules({ openshift: '4.18', disconnected }), open)
    assert.match((await step({ node, workspace: folder(OPEN), with: {} })).log, 'OpenShift version not known')
    assert.not.match((await step({ node, workspace: folder(OPEN), with: { openshift: '4.18.2' } })).log, 'OpenShift version not known')
  })

  test(`inputs :: ${name} :: no annotations, no summary`, async () => {
    for (const no of FALSE) {
      const done = await step({ node, workspace: merge(), on: pull(BASE, HEAD), with: { annotations: no, summary: no } })
      assert.equal([done.commands, done.summary, done.outputs['new']], [[], '', '1'])
    }
    const alone = await step({ node, workspace: merge(), on: ['pull_request', ''], with: { annotations: 'false' } })
    assert.is(alone.commands.length, 1, 'that nothing is compared is said all the same')
  })

  test(`inputs :: ${name} :: without git, what is here is judged alone`, async () => {
    const env = { PATH: folder({}) }
    const done = await step({ node, workspace: merge(), on: pull(BASE, HEAD), env })
    assert.equal([counts(done), places(done)], [[0, '2', ''], ['mirrors/new.yaml:6', 'mirrors/old.yaml:6']])
    assert.equal(words(done), ['warning: nothing is compared, and all that is here counts: git is not on PATH, and revisions cannot be read without it'])
    assert.equal(words(await step({ node, workspace: merge(), on: ['schedule', {}], env })), [], 'and no word of it where nothing would be')
  })

  test(`inputs :: ${name} :: a repository whose objects are gone ends the step, and one that no git can open is judged alone`, async () => {
    const workspace = merge()
    rmSync(join(workspace, '.git/objects'), { recursive: true })
    mkdirSync(join(workspace, '.git/objects'))
    writeFileSync(join(workspace, '.git/shallow'), '')
    const done = await step({ node, workspace, on: pull(BASE, HEAD) })
    assert.equal(counts(done), [0, '2', ''])
    assert.match(words(done).join(), /^warning: nothing is compared/)
    writeFileSync(join(workspace, '.git/config'), '[core\n')
    assert.match(words(await step({ node, workspace, on: pull(BASE, HEAD) })).join(), /^warning: nothing is compared, .*: git cannot open the repository of \.: bad config line 1/)
  })
}

test.run()
