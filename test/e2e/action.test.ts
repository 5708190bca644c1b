import { rmSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { folder } from '../command.ts'
import { BASE, bad, FORK, HEAD, HUB, LOST, MENDING, MERGE, NEWER, pull } from './fleet.ts'
import { checkout, git } from './hub.ts'
import { type Done, NODES, step } from './runner.ts'

const push = (before: string, own: object = {}): [string, unknown] => ['push', { ref: 'refs/heads/main', before, created: false, deleted: false, forced: false, ...own }]
const ZEROS = '0'.repeat(40)

/** What is checked out and what happened; whether the step fails, how many findings there are and how many of them are new, and why nothing is compared. */
interface Event {
  of: () => string
  on: [name: string, payload?: unknown]
  code: number
  findings: number
  fresh: number | ''
  why?: RegExp
}

const EVENTS: Record<string, Event> = {
  'pull request, its merge checked out': { of: () => checkout(HUB, 'refs/pull/1/merge'), on: pull(BASE, HEAD), code: 1, findings: 2, fresh: 1 },
  'pull request that mends': { of: () => checkout(HUB, 'refs/pull/3/merge'), on: pull(BASE, MENDING), code: 0, findings: 0, fresh: 0 },
  'pull request, merged into a base that is newer than the event': { of: () => checkout(HUB, 'refs/pull/2/merge'), on: pull(BASE, HEAD), code: 1, findings: 3, fresh: 1 },
  'pull request, two commits deep': { of: () => gone(checkout(HUB, 'refs/pull/1/merge', 2)), on: pull(BASE, HEAD), code: 1, findings: 2, fresh: 1 },
  'pull request, its head checked out': { of: () => checkout(HUB, HEAD), on: pull(BASE, HEAD), code: 1, findings: 2, fresh: 1 },
  'pull request, its head checked out with all of its history, from a base that went on': { of: () => checkout(HUB, 'feature', 0), on: pull(NEWER, HEAD), code: 1, findings: 2, fresh: 1 },
  'pull request, its head checked out in a shallow clone, from a base that went on': { of: () => checkout(HUB, HEAD), on: pull(NEWER, HEAD), code: 1, findings: 2, fresh: 1, why: /compared with the tip of its base.*fetch-depth: 0/ },
  'pull request from a fork, its merge checked out': { of: () => checkout(HUB, 'refs/pull/1/merge'), on: pull(BASE, HEAD), code: 1, findings: 2, fresh: 1 },
  'pull request from a fork, the fork checked out, which does not have the base': { of: () => checkout(FORK, 'feature'), on: pull(NEWER, HEAD), code: 1, findings: 2, fresh: '', why: /is not in this clone and cannot be fetched \(/ },
  'pull_request_target, the base checked out': { of: () => checkout(HUB, BASE), on: pull(BASE, HEAD, 'pull_request_target'), code: 1, findings: 1, fresh: '', why: /the base of the pull request is checked out/ },
  'pull_request_target, the merge checked out': { of: () => checkout(HUB, 'refs/pull/1/merge'), on: pull(BASE, HEAD, 'pull_request_target'), code: 1, findings: 2, fresh: 1 },
  'merge group': { of: () => checkout(HUB, 'refs/heads/gh-readonly-queue/main/pr-1'), on: ['merge_group', { merge_group: { base_sha: BASE, head_sha: MERGE } }], code: 1, findings: 2, fresh: 1 },
  push: { of: () => checkout(HUB, 'main'), on: push(BASE), code: 1, findings: 2, fresh: 1 },
  'push of what is as before': { of: () => checkout(HUB, 'release'), on: push(BASE), code: 0, findings: 1, fresh: 0 },
  'first push of a branch': { of: () => checkout(HUB, 'main'), on: push(ZEROS, { created: true }), code: 1, findings: 2, fresh: '', why: /the branch is new/ },
  'push over a commit that is gone': { of: () => checkout(HUB, 'main'), on: push(LOST, { forced: true }), code: 1, findings: 2, fresh: '', why: /is not in this clone and cannot be fetched/ },
  schedule: { of: () => checkout(HUB, 'main'), on: ['schedule', { schedule: '17 4 * * 1' }], code: 1, findings: 2, fresh: '' },
  workflow_dispatch: { of: () => checkout(HUB, 'main'), on: ['workflow_dispatch', { inputs: {} }], code: 1, findings: 2, fresh: '' },
  'origin that cannot be reached': { of: () => gone(checkout(HUB, 'refs/pull/1/merge')), on: pull(BASE, HEAD), code: 1, findings: 2, fresh: '', why: /is not in this clone and cannot be fetched \('.*' does not appear to be a git repository\)/ },
  'no repository': { of: () => folder({ 'a.yaml': bad('a') }), on: pull(BASE, HEAD), code: 1, findings: 1, fresh: '', why: /lies in no git repository/ },
  'repository without a commit': { of: () => empty(), on: pull(BASE, HEAD), code: 1, findings: 1, fresh: '', why: /nothing is checked out/ },
  'no payload': { of: () => checkout(HUB, 'refs/pull/1/merge'), on: ['pull_request'], code: 1, findings: 2, fresh: '', why: /the event says nothing of the commit that the pull request is based on/ },
  'empty payload': { of: () => checkout(HUB, 'refs/pull/1/merge'), on: ['push', ''], code: 1, findings: 2, fresh: '', why: /the event says nothing of the commit before the push/ },
  'payload that is no JSON': { of: () => checkout(HUB, 'refs/pull/1/merge'), on: ['merge_group', '{"merge_group"'], code: 1, findings: 2, fresh: '', why: /the event says nothing of the commit that the merge group is based on/ },
  'payload that is no object': { of: () => checkout(HUB, 'refs/pull/1/merge'), on: ['pull_request', '[1]'], code: 1, findings: 2, fresh: '', why: /the event says nothing/ },
  'payload without fields': { of: () => checkout(HUB, 'refs/pull/1/merge'), on: ['pull_request', { pull_request: {} }], code: 1, findings: 2, fresh: '', why: /the event says nothing/ },
  'payload with wrong types': { of: () => checkout(HUB, 'refs/pull/1/merge'), on: ['pull_request', { pull_request: { base: { sha: 7 }, head: [BASE] } }], code: 1, findings: 2, fresh: '', why: /the event says nothing/ },
  'payload with options in place of commits': { of: () => checkout(HUB, 'refs/pull/1/merge'), on: pull('--upload-pack=touch /tmp/mirrorproof-was-here', '$(touch /tmp/mirrorproof-was-here)'), code: 1, findings: 2, fresh: '', why: /the event says nothing/ },
  'event that nobody knows': { of: () => checkout(HUB, 'main'), on: ['::error::x', { pull_request: { base: { sha: BASE } } }], code: 1, findings: 2, fresh: '' },
}

/** A clone whose origin is gone. */
function gone(workspace: string): string {
  git(workspace, 'remote', 'set-url', 'origin', 'file:///nowhere/origin.git')
  return workspace
}

function empty(): string {
  const workspace = folder({ 'a.yaml': bad('a') })
  git(workspace, 'init', '--quiet')
  return workspace
}

const told = (commands: Done['commands']) => commands.filter(({ properties }) => properties['title'] === 'mirrorproof').map(({ name, message }) => `${name}: ${message}`)

for (const [node, program] of NODES) {
  for (const [name, { of, on, code, findings, fresh, why }] of Object.entries(EVENTS)) {
    test(`action :: ${node} :: ${name}`, async () => {
      const workspace = of()
      const done = await step({ node: program, workspace, on, with: { openshift: '4.18', 'fail-on': 'warning' } })
      assert.equal([done.code, done.outputs['findings'], done.outputs['new']], [code, String(findings), String(fresh)], done.log)
      if (why) assert.match(told(done.commands).join('\n'), why)
      else assert.equal(told(done.commands), [])
      assert.is(done.commands.filter(({ properties }) => properties['file'] !== undefined).length, fresh === '' ? findings : fresh, 'only what counts is annotated')
      if (why) assert.match(done.summary.replace(/\\|&#8203;/g, ''), why, 'the summary says it, too')
      rmSync(workspace, { recursive: true })
    })
  }
}

test.run()
