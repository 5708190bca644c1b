import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Answer, conclude, open } from '../src/diagnosis/answer.ts'
import { isPublic } from '../src/registries/public.ts'
import { nodeTarget, type Step, trace } from '../src/trace.ts'
import { ROOT } from './command.ts'

const [A, B] = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`]
/** What a location says: it has A or B; it does not; it is not heard; it lacks a layer, or one of s390x; it was not asked; it has A but not for s390x. */
const SAYS: Record<string, Partial<Answer>> = {
  A: { digest: A }, B: { digest: B }, '404': { outcome: 'failed', class: 'manifest-missing', absent: true }, '-': { outcome: 'failed', class: 'timeout' },
  part: { outcome: 'failed', class: 'blob-missing', final: true, message: 'lacks layer 1 of 2' }, half: { outcome: 'failed', class: 'blob-missing', final: true, message: 'lacks layer 1 of 2 of linux/s390x', lacks: ['linux/s390x'] }, '?': { outcome: 'unknown' }, sparse: { digest: A, lacks: ['linux/s390x'] },
}

/** Two mirrors and the source; a cluster that is disconnected; who serves, whether it is yet to be copied, and the verdict. */
const TABLE: [says: string, disconnected: boolean, by: string, uncopied: boolean, verdict: string][] = [
  ['A A A', false, 'mirror 1', false, 'is served by mirror 1, m1.lab/org/app, as predicted'],
  ['404 A A', false, 'mirror 2', false, 'is served by mirror 2, m2.lab/org/app, after one location before it failed'],
  ['404 404 A', false, 'source', true, 'would go to the source, quay.io/org/app: no mirror hands it out'],
  ['404 - A', false, 'source', false, 'would go to the source, quay.io/org/app: no mirror hands it out'],
  ['404 404 404', false, 'nothing', true, 'cannot be pulled: no location hands it out'],
  ['404 404 A', true, 'nothing', true, 'cannot be pulled: no mirror hands it out, and nodes of a disconnected cluster do not reach the source, quay.io/org/app'],
  ['404 404 ?', true, 'nothing', true, 'cannot be pulled: no mirror hands it out, and nodes of a disconnected cluster do not reach the source, quay.io/org/app'],
  ['part A A', false, 'nothing', false, 'cannot be pulled: mirror 1, m1.lab/org/app, is the first to answer, so that nodes go nowhere else, and it lacks layer 1 of 2'],
  ['half A A', false, 'nothing', false, 'cannot be pulled by nodes of linux/s390x: mirror 1, m1.lab/org/app, is the first to answer, so that nodes go nowhere else, and it lacks layer 1 of 2 of linux/s390x'],
  ['404 part A', false, 'nothing', false, 'cannot be pulled: mirror 2, m2.lab/org/app, is the first to answer, so that nodes go nowhere else, and it lacks layer 1 of 2'],
  ['? A A', false, 'unknown', false, 'not known: m1.lab/org/app was not asked to the end'],
  ['A ? ?', false, 'mirror 1', false, 'is served by mirror 1, m1.lab/org/app, as predicted'],
  ['sparse A A', false, 'mirror 1', false, 'is served by mirror 1, m1.lab/org/app, as predicted, but not to nodes of linux/s390x'],
  ['A B B', false, 'mirror 1', false, 'is served by mirror 1, m1.lab/org/app, as predicted; locations hold different images by this tag'],
]

test('what follows from answers is what a node would make of them', () => {
  const conf = '[[registry]]\nlocation = "quay.io/org"\n[[registry.mirror]]\nlocation = "m1.lab/org"\n[[registry.mirror]]\nlocation = "m2.lab/org"\n'
  for (const [says, disconnected, by, uncopied, verdict] of TABLE) {
    const [one] = trace('quay.io/org/app:1', nodeTarget([{ path: 'registries.conf', text: conf }], undefined, disconnected))
    const answers = new Map<Step, Answer>(open(one!).map(({ step }, index) => {
      const answer: Answer = { reference: step.reference, outcome: 'ok', class: null, status: null, digest: null, message: '', final: false, absent: false, lacks: [], ...SAYS[says.split(' ')[index]!] }
      return [step, answer]
    }))
    const { number, ...found } = conclude(one!, answers, disconnected)
    assert.equal([found.by === 'mirror' ? `mirror ${number}` : found.by, found.uncopied, found.verdict], [by, uncopied, verdict], says)
  }
})

test('what is public is the same here as for the rules', () => {
  const rego = readFileSync(join(ROOT, 'policies/lib/lib.rego'), 'utf8')
  const [, hosts = ''] = /public_hosts := \{([^}]*)\}/.exec(rego) ?? []
  const [, suffixes = ''] = /some suffix in \[([^\]]*)\]/.exec(rego) ?? []
  const names = (list: string) => [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name!)
  assert.ok(names(hosts).length > 10 && names(suffixes).length > 5)
  for (const host of [...names(hosts), ...names(suffixes).map((suffix) => `a${suffix}`)]) assert.ok(isPublic(`${host}/org/app:1`), host)
  const source = readFileSync(join(ROOT, 'src/registries/public.ts'), 'utf8').replaceAll('\'', '"')
  assert.is(names(source).length, names(hosts).length + names(suffixes).length, 'and no more')
  for (const host of ['mirror.lab', 'quay.io.lab', 'notquay.io', 'quay.lab:5000']) assert.not.ok(isPublic(`${host}/org/app`), host)
})

test.run()
