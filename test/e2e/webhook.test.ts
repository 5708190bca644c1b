import { appendFileSync } from 'node:fs'
import { dump } from 'js-yaml'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Result } from '../command.ts'
import { Cluster, MISSING } from './cluster.ts'
import { Mount } from './cluster/mount.ts'
import { eventually } from './cluster/process.ts'
import { ACCOUNT, installed, mirrorSet, register, setVersion } from './cluster/registration.ts'
import { Service } from './cluster/service.ts'

/** What `kubectl` is answered by a real API server that asks a real `mirrorproof serve`, registered and allowed as `mirrorproof install` writes it. */
interface World {
  cluster: Cluster
  service: Service
  config: Mount
}

/** A file to which every command is written with its answer. */
const LOG = process.env['KUBECTL_LOG']

const NEVER = { mirrorSourcePolicy: 'NeverContactSource' } as const
const MIRROR = 'mirror.example.net'
/** Right by itself; wrong where the other one is. */
const ORG = mirrorSet('ImageDigestMirrorSet', 'org', [{ source: 'quay.io/org', mirrors: [`${MIRROR}/org`] }])
const ORG_TAGS = mirrorSet('ImageTagMirrorSet', 'org-tags', [{ source: 'quay.io/org', mirrors: [`${MIRROR}/org`], ...NEVER }])
/** What is said of the latter alone. */
const BLOCKS_DIGESTS = /^Warning: never-contact-blocks-tags: ImageTagMirrorSet\/org-tags /m
/** Wrong by itself, though the API server finds nothing. */
const TORN = mirrorSet('ImageDigestMirrorSet', 'torn', [{ source: 'quay.io/torn', mirrors: [`${MIRROR}/torn`], ...NEVER }, { source: 'quay.io/torn', mirrors: ['other.example.net/torn'] }])

/** Where tests make objects. */
const MADE = [
  ...['imagedigestmirrorsets', 'imagetagmirrorsets', 'images'].map((kind) => `/apis/config.openshift.io/v1/${kind}`), '/apis/operator.openshift.io/v1alpha1/imagecontentsourcepolicies',
  '/apis/machineconfiguration.openshift.io/v1/machineconfigs', '/apis/apps/v1/namespaces/default/deployments',
]

let started: Promise<World> | undefined
function world(): Promise<World> {
  started ??= begin()
  return started
}

async function begin(): Promise<World> {
  const cluster = await Cluster.start()
  await cluster.crds()
  await setVersion(cluster, '4.18.20')
  // OpenShift has this kind; no test looks at its objects.
  const names = { plural: 'servicemonitors', singular: 'servicemonitor', kind: 'ServiceMonitor', listKind: 'ServiceMonitorList' }
  const version = { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } }
  await cluster.kubectl(['create', '--filename', '-'], JSON.stringify({
    apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'servicemonitors.monitoring.coreos.com' }, spec: { group: 'monitoring.coreos.com', scope: 'Namespaced', names, versions: [version] },
  }))
  await cluster.done('wait', '--for=condition=Established', 'crd/servicemonitors.monitoring.coreos.com')
  // What is in the cluster already when the webhook comes: ImageDigestMirrorSet/old and ImageTagMirrorSet/old stop every mirror change.
  for (const object of [mirrorSet('ImageDigestMirrorSet', 'old', [{ source: 'quay.io/old', mirrors: [`${MIRROR}/old`], ...NEVER }]), mirrorSet('ImageTagMirrorSet', 'old', [{ source: 'quay.io/old', mirrors: [`${MIRROR}/old`] }])]) {
    assert.is((await cluster.kubectl(['apply', '--filename', '-'], JSON.stringify(object))).code, 0)
  }
  const applied = await kubectl(cluster, ['apply', '--filename', '-'], installed(['--workloads']), 'mirrorproof install --workloads')
  assert.is(applied.code, 0, applied.stderr)
  assert.is(applied.stderr, '')
  const config = new Mount({ '.mirrorproof.yaml': '{}\n' })
  const service = await serve(cluster, config)
  await register(cluster, service.port, [service], ['--workloads'])
  return { cluster, service, config }
}

async function serve(cluster: Cluster, config: Mount, flags: string[] = []): Promise<Service> {
  const service = await Service.start({
    kubeconfig: await cluster.account(...ACCOUNT), pair: cluster.certificate(['127.0.0.1']), ca: cluster.ca,
    flags: ['--client-ca', cluster.ca, '--config', config.path('.mirrorproof.yaml'), '--workloads', '--events', '--drain', '1', ...flags],
  })
  await service.ready()
  return service
}

/** As a user types it; `source` is what pipes into it. */
async function kubectl(cluster: Cluster, args: string[], input = '', source?: string): Promise<Result> {
  const result = await cluster.kubectl(args, input)
  const shown = input.length > 4000 ? `${input.slice(0, 400)}\n[${input.length} bytes in all]\n` : input
  const command = `kubectl ${args.join(' ')}`
  if (LOG) appendFileSync(LOG, `$ ${source ? `${source} | ${command}` : input ? `${command} <<EOF\n${shown}EOF` : command}\n${result.stdout}${result.stderr}[exit ${result.code}]\n\n`)
  return result
}

async function apply(object: object, ...flags: string[]): Promise<Result> {
  return kubectl((await world()).cluster, ['apply', '--filename', '-', ...flags], dump(object, { lineWidth: -1 }))
}

async function remove(object: { kind: string; metadata: { name: string } }, ...flags: string[]): Promise<Result> {
  return kubectl((await world()).cluster, ['delete', object.kind, object.metadata.name, ...flags])
}

function accepted({ code, stdout, stderr }: Result, ...warnings: RegExp[]): void {
  assert.is(code, 0, stdout + stderr)
  const told = stderr.split('\n').filter((line) => line.startsWith('Warning: '))
  assert.is(told.length, warnings.length, stderr)
  for (const warning of warnings) assert.match(stderr, warning)
}

function denied({ code, stdout, stderr }: Result, ...parts: RegExp[]): void {
  assert.is(code, 1, stdout + stderr)
  assert.match(stderr, /admission webhook "\w+\.mirrorproof\.\w+" denied the request: /)
  for (const part of parts) assert.match(stderr, part)
}

/** A test that leaves nothing of its own behind, whatever comes of it. */
function here(name: string, run: () => Promise<void>): void {
  if (MISSING !== undefined) return test.skip(name)
  return test(name, async () => {
    try {
      await run()
    } finally {
      const { cluster } = await world()
      for (const path of MADE) await cluster.api('DELETE', `${path}?fieldSelector=metadata.name!=old`)
    }
  })
}

if (MISSING !== undefined) console.log(`skipped: the webhook was not tested with a real API server: ${MISSING}`)

here('webhook :: a cluster that is broken can be worked on, and mended', async () => {
  const { cluster, service } = await world()
  await eventually('the metric of what is wrong', async () => await service.metric('mirrorproof_findings', { rule: 'conflicting-source-policy', level: 'error' }) > 0)
  assert.ok(service.lines.some((line) => JSON.stringify(line).includes('conflicting-source-policy') && line['msg'] !== 'denied'), 'what was wrong already is not in the log')
  accepted(await kubectl(cluster, ['label', 'ImageTagMirrorSet', 'old', 'team=platform']))
  accepted(await apply(ORG))
  accepted(await remove(ORG))
  denied(await apply(mirrorSet('ImageTagMirrorSet', 'worse', [{ source: 'quay.io/worse', mirrors: [`${MIRROR}/a`] }, { source: 'quay.io/worse', mirrors: [`${MIRROR}/b`], ...NEVER }])), /ImageTagMirrorSet\/worse/)
  accepted(await apply(mirrorSet('ImageTagMirrorSet', 'old', [{ source: 'quay.io/old', mirrors: [`${MIRROR}/old`], ...NEVER }])))
  await eventually('the metric of what is wrong', async () => await service.metric('mirrorproof_findings', { level: 'error' }) === 0)
  accepted(await remove(mirrorSet('ImageTagMirrorSet', 'old', [])), /^Warning: never-contact-blocks-tags: ImageDigestMirrorSet\/old /m)
  accepted(await remove(mirrorSet('ImageDigestMirrorSet', 'old', [])))
})

here('webhook :: what is right is accepted without a word', async () => {
  accepted(await apply(ORG))
  accepted(await apply(ORG))
  accepted(await remove(ORG))
})

here('webhook :: what is wrong is denied: by rule, object, field and fix, and the state that this rests on', async () => {
  const answer = await apply(TORN)
  denied(answer, /conflicting-source-policy/, /ImageDigestMirrorSet\/torn/, /spec\.imageDigestMirrors\[\d\]/, /fix: Set the same mirrorSourcePolicy/, /resourceVersion \d+/)
  assert.is((await (await world()).cluster.kubectl(['get', 'ImageDigestMirrorSet', 'torn'])).code, 1)
})

here('webhook :: what is doubtful is accepted with a warning', async () => {
  const object = mirrorSet('ImageDigestMirrorSet', 'twice', [{ source: 'registry.redhat.io', mirrors: [`${MIRROR}/redhat`, 'two.example.net/redhat'] }, { source: 'registry.redhat.io/odf4', mirrors: ['storage.example.net/odf4'] }])
  accepted(await apply(object), /^Warning: ambiguous-namespace: ImageDigestMirrorSet\/twice /m)
  accepted(await remove(object))
})

here('webhook :: an ICSP with a scheme, which no CRD refuses', async () => {
  denied(await apply(mirrorSet('ImageContentSourcePolicy', 'old', [{ source: 'quay.io/tools', mirrors: [`https://${MIRROR}/tools`] }])), /malformed-location: ImageContentSourcePolicy\/old spec\.repositoryDigestMirrors\[0\]\.mirrors\[0\]/)
})

here('webhook :: two that are wrong only together, whichever comes first', async () => {
  accepted(await apply(ORG))
  denied(await apply(ORG_TAGS), /conflicting-source-policy/, /ImageTagMirrorSet\/org-tags/)
  accepted(await remove(ORG))
  accepted(await apply(ORG_TAGS), BLOCKS_DIGESTS)
  denied(await apply(ORG), /conflicting-source-policy/)
  accepted(await remove(ORG_TAGS))
})

here('webhook :: two of one file', async () => {
  const { cluster } = await world()
  const answer = await kubectl(cluster, ['apply', '--filename', '-'], [ORG, ORG_TAGS].map((object) => dump(object)).join('---\n'))
  denied(answer, /ImageTagMirrorSet\/org-tags/)
  assert.match(answer.stdout, 'imagedigestmirrorset.config.openshift.io/org created')
  accepted(await remove(ORG))
})

here('webhook :: an update that makes it wrong', async () => {
  const { cluster } = await world()
  accepted(await apply(ORG))
  denied(await kubectl(cluster, ['patch', 'ImageDigestMirrorSet', 'org', '--type=json', '--patch', '[{"op": "add", "path": "/spec/imageDigestMirrors/-", "value": {"source": "quay.io/org", "mirrors": ["two.example.net/org"], "mirrorSourcePolicy": "NeverContactSource"}}]']), /conflicting-source-policy/)
  accepted(await remove(ORG))
})

here('webhook :: --dry-run=server is answered alike, and leaves nothing behind', async () => {
  const { cluster, service } = await world()
  denied(await apply(TORN, '--dry-run=server'), /conflicting-source-policy/)
  accepted(await apply(ORG, '--dry-run=server'))
  accepted(await apply(ORG_TAGS, '--dry-run=server'), BLOCKS_DIGESTS)
  accepted(await apply(ORG_TAGS), BLOCKS_DIGESTS)
  denied(await apply(ORG, '--dry-run=server'), /conflicting-source-policy/)
  accepted(await remove(ORG_TAGS, '--dry-run=server'))
  denied(await apply(ORG), /conflicting-source-policy/)
  accepted(await remove(ORG_TAGS))
  assert.is(await service.metric('mirrorproof_findings', { level: 'error' }), 0)
  const events = (await cluster.done('get', 'events', '--namespace', 'default', '--output', 'jsonpath={.items[*].involvedObject.name}')).split(' ')
  for (const { metadata: { name } } of [TORN, ORG, ORG_TAGS]) assert.not.ok(events.includes(name), events.join(' '))
})

here('webhook :: server-side apply', async () => {
  denied(await apply(TORN, '--server-side'), /conflicting-source-policy/)
  accepted(await apply(ORG, '--server-side', '--field-manager=argocd'))
  denied(await apply(ORG_TAGS, '--server-side'), /conflicting-source-policy/)
  accepted(await remove(ORG))
})

here('webhook :: all of a kind are deleted at once', async () => {
  const { cluster } = await world()
  for (const name of ['a', 'b', 'c']) accepted(await apply(mirrorSet('ImageDigestMirrorSet', name, [{ source: `quay.io/${name}`, mirrors: [`${MIRROR}/${name}`] }])))
  accepted(await kubectl(cluster, ['delete', 'ImageDigestMirrorSet', '--all']))
})

here('webhook :: an object of a megabyte is judged, and holds up nobody', async () => {
  const { cluster, service } = await world()
  const entries = Array.from({ length: 9500 }, (_, index) => ({ source: `quay.io/organisation/of-some-team/image-${index}`, mirrors: [`${MIRROR}/organisation/of-some-team/image-${index}`] }))
  const object = mirrorSet('ImageTagMirrorSet', 'large', entries)
  assert.ok(JSON.stringify(object).length > 1 << 20)
  const large = kubectl(cluster, ['create', '--filename', '-'], JSON.stringify(object))
  let slowest = 0
  for (let done = false; !done;) {
    const began = Date.now()
    assert.is((await service.ask('GET', '/healthz')).status, 200)
    slowest = Math.max(slowest, Date.now() - began)
    done = await Promise.race([large.then(() => true), new Promise<boolean>((next) => setTimeout(next, 20, false))])
  }
  const { code, stdout, stderr } = await large
  const line = service.lines.find(({ name }) => name === 'large')!
  console.log(`an object of ${JSON.stringify(object).length} bytes: exit ${code}, ${String(line['msg'])} in ${String(line['milliseconds'])} ms; /healthz answered within ${slowest} ms meanwhile`)
  denied({ code, stdout, stderr }, /registries-conf-too-large: ImageTagMirrorSet\/large /)
  assert.ok(slowest < 1000, `/healthz took ${slowest} ms`)
})

here('webhook :: Image/cluster and a mirror set that it blocks', async () => {
  const image = { apiVersion: 'config.openshift.io/v1', kind: 'Image', metadata: { name: 'cluster' }, spec: { registrySources: { blockedRegistries: [MIRROR] } } }
  accepted(await apply(ORG))
  denied(await apply(image), /mirror-is-blocked/)
  accepted(await remove(ORG))
  accepted(await apply(image))
  denied(await apply(ORG), /mirror-is-blocked: ImageDigestMirrorSet\/org/)
  accepted(await remove(image))
})

here('webhook :: a MachineConfig that writes registries.conf; others are not looked at', async () => {
  const { service } = await world()
  const machineConfig = (name: string, path: string) => ({
    apiVersion: 'machineconfiguration.openshift.io/v1', kind: 'MachineConfig', metadata: { name, labels: { 'machineconfiguration.openshift.io/role': 'worker' } },
    spec: { config: { ignition: { version: '3.2.0' }, storage: { files: [{ path, contents: { source: 'data:,' } }] } } },
  })
  accepted(await apply(ORG))
  denied(await apply(machineConfig('99-zz-own', '/etc/containers/registries.conf')), /machineconfig-overrides-mirrors: MachineConfig\/99-zz-own/)
  const other = machineConfig('99-motd', '/etc/motd')
  accepted(await apply(other))
  assert.not.ok(service.lines.some((line) => line['name'] === '99-motd'), 'the service was asked about a MachineConfig of no concern')
  accepted(await remove(other))
  accepted(await remove(ORG))
})

here('webhook :: a workload whose image has no working route is accepted with a warning', async () => {
  const deployment = (name: string, image: string) => ({
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { selector: { matchLabels: { name } }, template: { metadata: { labels: { name } }, spec: { containers: [{ name, image }] } } },
  })
  const strict = mirrorSet('ImageDigestMirrorSet', 'strict', [{ source: 'quay.io/org', mirrors: [`${MIRROR}/org`], ...NEVER }])
  accepted(await apply(strict), /never-contact-blocks-tags/)
  const blocked = deployment('blocked', 'quay.io/org/app:1.2')
  const served = deployment('served', `quay.io/org/app@sha256:${'0'.repeat(64)}`)
  accepted(await apply(blocked), /^Warning: [\w-]+: /m)
  accepted(await apply(served))
  for (const object of [blocked, served, strict]) accepted(await remove(object))
})

here('webhook :: an annotation of the object waives nothing', async () => {
  denied(await apply({ ...TORN, metadata: { ...TORN.metadata, annotations: { 'mirrorproof/ignore': 'conflicting-source-policy: we know', 'mirrorproof.io/ignore': 'conflicting-source-policy: we know' } } }), /conflicting-source-policy/)
})

here('webhook :: the administrators waive while it runs, and take it back', async () => {
  const { config, service } = await world()
  config.write({ '.mirrorproof.yaml': 'waivers:\n- rule: conflicting-source-policy\n  object: ImageDigestMirrorSet/torn\n  reason: until the move is done\n' })
  await eventually('the waiver is in force', async () => (await apply(TORN, '--dry-run=server')).code === 0)
  accepted(await apply(TORN))
  accepted(await remove(TORN))
  config.write({ '.mirrorproof.yaml': 'waivers: nonsense\n' })
  await eventually('a word on the faulty configuration', () => service.lines.some((line) => line['level'] !== 'info' && /waivers/.test(JSON.stringify(line))))
  accepted(await apply(TORN, '--dry-run=server'))
  config.write({ '.mirrorproof.yaml': '{}\n' })
  await eventually('the waiver is gone', async () => (await apply(TORN, '--dry-run=server')).code === 1)
})

here('webhook :: the version of the cluster counts from the moment that it changes', async () => {
  const { cluster } = await world()
  const icsp = mirrorSet('ImageContentSourcePolicy', 'slash', [{ source: 'quay.io/tools/', mirrors: [`${MIRROR}/tools`] }])
  denied(await apply(icsp, '--dry-run=server'), /malformed-location/)
  await setVersion(cluster, '4.12.40')
  await eventually('judged as of 4.12', async () => {
    const { code, stderr } = await apply(icsp, '--dry-run=server')
    return code === 0 && /Warning: malformed-location/.test(stderr)
  })
  await setVersion(cluster, '4.18.20')
  await eventually('judged as of 4.18', async () => (await apply(icsp, '--dry-run=server')).code === 1)
})

here('webhook :: --mode warn warns, --mode audit is silent', async () => {
  const { cluster, service, config } = await world()
  const warning = await serve(cluster, config, ['--mode', 'warn'])
  await register(cluster, warning.port, [warning], ['--workloads', '--mode', 'warn'])
  accepted(await apply(TORN), /^Warning: conflicting-source-policy: ImageDigestMirrorSet\/torn /m)
  accepted(await remove(TORN))
  await warning.stop()
  const auditing = await serve(cluster, config, ['--mode', 'audit'])
  await register(cluster, auditing.port, [auditing], ['--workloads', '--mode', 'audit'])
  accepted(await apply(TORN))
  assert.ok(await auditing.metric('mirrorproof_review_findings_total', { rule: 'conflicting-source-policy' }) > 0)
  assert.ok(auditing.lines.some((line) => line['name'] === 'torn' && JSON.stringify(line['findings']).includes('conflicting-source-policy')))
  accepted(await remove(TORN))
  await auditing.stop()
  await register(cluster, service.port, [service], ['--workloads'])
  denied(await apply(TORN), /conflicting-source-policy/)
})

here('webhook :: the log says each decision in one line, and no secret', async () => {
  const { service } = await world()
  const line = service.lines.find(({ name, msg }) => name === 'torn' && msg === 'denied')!
  assert.equal([line['operation'], line['kind'], line['user']], ['CREATE', 'ImageDigestMirrorSet', 'admin'])
  assert.equal(service.lines.filter((one) => 'raw' in one), [])
})

here('webhook :: one command switches it off', async () => {
  const { cluster } = await world()
  accepted(await kubectl(cluster, ['delete', 'validatingwebhookconfiguration', 'mirrorproof']))
  await eventually('nobody denies', async () => (await apply(TORN, '--dry-run=server')).code === 0)
})

here('webhook :: SIGTERM ends it', async () => {
  const { service } = await world()
  assert.is(await service.stop('SIGTERM'), 0)
})

if (MISSING === undefined) test('webhook :: the cluster is stopped', async () => (await world()).cluster.stop())

test.run()
