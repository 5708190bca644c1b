import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { MigrateReport } from '../../src/report/migrate.ts'
import { folder, mirrorproof, type Result } from '../command.ts'
import { Cluster, MISSING } from './cluster.ts'

const ICSP = (name: string, entries: readonly (readonly [string, readonly string[]])[]) => `# ${name}
apiVersion: operator.openshift.io/v1alpha1
kind: ImageContentSourcePolicy
metadata:
  name: ${name}
spec:
  repositoryDigestMirrors:
${entries.map(([source, mirrors]) => `  - mirrors: ${JSON.stringify(mirrors)} # of ${name}\n    source: ${JSON.stringify(source)}\n`).join('')}`

const FILES = {
  'org.yaml': ICSP('org', [['quay.io/org', ['mirror.example.net/org', 'mirror2.example.net:8443/org']], ['quay.io/org/deep', ['mirror.example.net/deep']]]),
  'base.yaml': ICSP('base', [['quay.io/org', ['mirror2.example.net:8443/org', 'mirror3.example.net/org']], ['registry.redhat.io', ['mirror.example.net']]]).replaceAll('\n', '\r\n'),
}

/** The way of an administrator: both kinds side by side, then the old one goes; nothing changes on nodes at any time. */
async function way(cluster: Cluster): Promise<void> {
  const cwd = folder(FILES)
  const run = (args: string[], input?: string): Result => mirrorproof(args, { cwd, env: { KUBECONFIG: cluster.kubeconfig }, ...(input === undefined ? {} : { input }) })
  const rendered = () => {
    const { code, stdout, stderr } = run(['render', '--live', '--openshift', '4.16'])
    assert.is(code, 0, stderr)
    return stdout
  }
  const apply = async () => {
    const { code, stderr } = await cluster.kubectl(['apply', '-f', cwd])
    assert.is(code, 0, stderr)
  }
  await apply()
  const before = rendered()
  assert.match(before, /mirror3/)

  // What the API server gives out, with its own fields, is taken by it again.
  const dumped = run(['migrate', '-', '--openshift', '4.16'], await cluster.done('get', 'imagecontentsourcepolicies', '-o', 'yaml'))
  assert.is(dumped.code, 0, dumped.stderr)
  assert.not.match(dumped.stdout, /resourceVersion: "\d|uid:|last-applied|creationTimestamp|generation:/)
  const taken = await cluster.kubectl(['create', '--dry-run=server', '-f', '-'], dumped.stdout)
  assert.is(taken.code, 0, taken.stderr)

  const { stdout } = run(['migrate', '--write', '--openshift', '4.16', '--format', 'json'])
  const [proof] = (JSON.parse(stdout) as MigrateReport).clusters
  assert.equal([proof!.equal, proof!.steps.length], [true, 3])
  await apply()
  assert.is(rendered(), before, 'beside each other')
  await cluster.done('delete', 'imagecontentsourcepolicy', 'org', 'base')
  assert.is(rendered(), before, 'once the old ones are gone')
  assert.is(run(['migrate', '--check', '--openshift', '4.16']).code, 0)

  // The other forms of a running cluster are taken, too.
  for (const to of ['idms', 'icsp']) {
    const printed = run(['migrate', '--live', '--to', to, '--openshift', '4.16'])
    assert.is(printed.code, 0, printed.stderr)
    const { code, stderr } = await cluster.kubectl(['apply', '--dry-run=server', '-f', '-'], printed.stdout)
    assert.is(code, 0, stderr)
  }
}

const LOCATION = fc.oneof(
  fc.constantFrom('quay.io/org', 'mirror.lab:5000/x', 'registry.redhat.io', 'localhost:5000', 'a.b/c-d/e_f/g__h', 'UPPER.example.net/x'),
  fc.constantFrom('quay.io/org/', 'https://quay.io/org', 'quay.io/org:1', 'quay.io/Org', '*.example.net', '[fd00::1]:5000/x', 'quay.io//x', 'quay.io/a.-b', '', 'quay.io/org@sha256:00', '-a.b/c', 'a_b.c/d'),
)

/** What migrate converts, the API server takes; what it says the API server refuses, it refuses. */
async function agrees(cluster: Cluster): Promise<void> {
  const samples = fc.sample(fc.array(fc.tuple(LOCATION, fc.array(LOCATION, { maxLength: 3 })), { minLength: 1, maxLength: 2 }), { numRuns: 60, seed: 9 })
  const cwd = folder(Object.fromEntries(samples.map((entries, index) => [`c${index}/icsp.yaml`, ICSP('same', entries)])))
  const { stdout } = mirrorproof(['migrate', '--write', '--openshift', '4.18', '--format', 'json'], { cwd })
  const { moved, stuck } = JSON.parse(stdout) as MigrateReport
  assert.is(moved.length + stuck.length, samples.length)
  assert.ok(moved.length > 5 && stuck.length > 5, `${moved.length} ${stuck.length}`)
  for (const { file } of moved) {
    const { code, stderr } = await cluster.kubectl(['create', '--dry-run=server', '-f', join(cwd, file)])
    assert.is(code, 0, `${readFileSync(join(cwd, file), 'utf8')}\n${stderr}`)
  }
  for (const { file, why } of stuck) {
    const place = join(cwd, file)
    const forced = readFileSync(place, 'utf8').replace('operator.openshift.io/v1alpha1', 'config.openshift.io/v1').replace('ImageContentSourcePolicy', 'ImageDigestMirrorSet').replace('repositoryDigestMirrors', 'imageDigestMirrors')
    writeFileSync(place, forced)
    const { code } = await cluster.kubectl(['create', '--dry-run=server', '-f', place])
    assert.is(code, 1, `${why}\n${forced}`)
  }
}

if (MISSING) console.log(`skipped: ${MISSING}, so that nothing is migrated on a real API server`)
else {
  test('a migration on a real API server', async () => {
    const cluster = await Cluster.start()
    try {
      await cluster.crds()
      await way(cluster)
      await agrees(cluster)
    } finally {
      await cluster.stop()
    }
  })
}

test.run()
