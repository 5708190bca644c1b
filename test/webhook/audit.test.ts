import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fileOf, placeOf } from '../../src/live/object.ts'
import { Audit } from '../../src/webhook/audit.ts'
import { signed, writesRegistries } from '../../src/webhook/watched.ts'
import { digests, judgeOf, SEEN, tags } from './objects.ts'

const GOOD = digests('org', { 'quay.io/org': ['mirror.corp:5000/org'] })
const STRICT = tags('strict', { 'quay.io/org': ['mirror.corp:5000/org'] }, 'NeverContactSource')
const STRICTER = tags('stricter', { 'quay.io/org': ['mirror.corp:5000/org'] }, 'NeverContactSource')

test('what is wrong already is logged, what becomes wrong is told, and neither twice', async () => {
  const judge = await judgeOf([GOOD, STRICT])
  const [logged, told] = [[] as string[], [] as string[]]
  const audit = new Audit((level, msg, more) => void logged.push(`${level} ${msg}: ${String(more?.['rule'])}`), ({ rule }) => void told.push(rule))
  audit.heard(judge.audit(), '1')
  audit.heard(judge.audit(), '2')
  assert.equal([logged, told], [['warning the cluster has an error already: conflicting-source-policy'], []])
  judge.change({ put: [], gone: [placeOf(STRICT)], seen: SEEN })
  audit.heard(judge.audit(), '3')
  judge.change({ put: [fileOf(STRICT)], gone: [], seen: SEEN })
  audit.heard(judge.audit(), '4')
  assert.equal([logged.slice(1), told], [['error the cluster has a new error: conflicting-source-policy'], ['conflicting-source-policy']])
})

test('of three that disagree, to mend one is nothing new', async () => {
  const judge = await judgeOf([GOOD, STRICT, STRICTER])
  const told: string[] = []
  const audit = new Audit(() => undefined, ({ rule }) => void told.push(rule))
  audit.heard(judge.audit(), '1')
  for (const gone of [STRICT, STRICTER]) {
    judge.change({ put: [], gone: [placeOf(gone)], seen: SEEN })
    audit.heard(judge.audit(), '2')
  }
  assert.equal(told, [])
})

test('only the operator writes what is the operator\'s', () => {
  const copied = {
    apiVersion: 'machineconfiguration.openshift.io/v1', kind: 'MachineConfig', metadata: { name: '99-own', annotations: { 'machineconfiguration.openshift.io/generated-by-controller-version': 'abc' } },
    spec: { config: { storage: { files: [{ path: '/etc/containers/registries.conf' }] } } },
  }
  assert.is(writesRegistries(signed(copied, 'system:serviceaccount:openshift-machine-config-operator:machine-config-controller')), false)
  assert.is(writesRegistries(signed(copied, 'system:admin')), true)
})

test.run()
