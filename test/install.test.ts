import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { loadAll } from 'js-yaml'
import type { IValidatingWebhookConfiguration } from 'kubernetes-models/admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration'
import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment'
import type { IRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/Role'
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap'
import { applyPatch, type Operation } from 'rfc6902'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { version } from '../src/home.ts'
import { WATCHED } from '../src/webhook/watched.ts'
import { folder, mirrorproof, ROOT } from './command.ts'
import { BINARIES } from './e2e/cluster/binaries.ts'
import { tool } from './e2e/tools.ts'
import { validate } from './install/validators.ts'

interface Object_ {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string; labels: Record<string, string>; annotations?: Record<string, string> }
}

const IMAGE = `registry.example.com/tools/mirrorproof@sha256:${'5'.repeat(64)}`

/** What install prints, as objects. */
function install(...args: string[]): Object_[] {
  const { code, stdout } = mirrorproof(['install', ...args])
  assert.is(code, 0, args.join(' '))
  return loadAll(stdout) as unknown as Object_[]
}

function title({ kind, metadata: { namespace, name } }: Object_): string {
  return [kind, ...(namespace === undefined ? [] : [namespace]), name].join('/')
}

function one<T>(objects: Object_[], name: string): T {
  const found = objects.filter((object) => title(object) === name || object.kind === name)
  assert.is(found.length, 1, `there are ${found.length} ${name} among ${objects.map(title).join(', ')}`)
  return found[0] as T
}

const VARIANTS: string[][] = [
  [], ['--image', IMAGE], ['--namespace', 'image-checks'], ['--mode', 'audit'], ['--workloads'], ['--cert-manager'], ['--cert-manager', '--workloads', '--namespace', 'image-checks'],
  ['--image', IMAGE, '--failure-policy', 'Fail'], ['--disconnected', '--openshift', '4.18', '--next', '4.19'],
]
for (const args of VARIANTS) {
  test(`install ${args.join(' ')}: every object is as the definition of its kind says`, () => {
    const objects = install(...args)
    for (const object of objects) validate(object)
    assert.is(new Set(objects.map(title)).size, objects.length)
  })

  test(`install ${args.join(' ')}: every object says what it belongs to, and stands in the namespace`, () => {
    const namespace = args.includes('--namespace') ? args[args.indexOf('--namespace') + 1] : 'mirrorproof'
    for (const object of install(...args)) {
      assert.is(object.metadata.labels['app.kubernetes.io/name'], 'mirrorproof', title(object))
      assert.is(object.metadata.labels['app.kubernetes.io/version'], version(), title(object))
      const roles = /^Role(?:Binding)?$/.test(object.kind)
      if (object.metadata.namespace !== undefined && !roles) assert.is(object.metadata.namespace, namespace, title(object))
    }
  })
}

test('the validators refuse what is wrong', () => {
  const deployment = one<IDeployment>(install(), 'Deployment')
  deployment.spec!.replicas = 'two' as never
  assert.throws(() => validate(deployment), /replicas/)
  assert.throws(() => validate({ apiVersion: 'v1', kind: 'Secret' }), /nothing here knows v1 Secret/)
})

test('what is installed', () => {
  assert.equal(install().map(title), [
    'Namespace/mirrorproof', 'ServiceAccount/mirrorproof/mirrorproof', 'ClusterRole/mirrorproof', 'ClusterRoleBinding/mirrorproof', 'Role/openshift-config/mirrorproof',
    'RoleBinding/openshift-config/mirrorproof', 'Role/default/mirrorproof', 'RoleBinding/default/mirrorproof', 'ConfigMap/mirrorproof/mirrorproof', 'Service/mirrorproof/mirrorproof',
    'NetworkPolicy/mirrorproof/mirrorproof', 'Deployment/mirrorproof/mirrorproof', 'PodDisruptionBudget/mirrorproof/mirrorproof', 'ServiceMonitor/mirrorproof/mirrorproof',
    'ValidatingWebhookConfiguration/mirrorproof',
  ])
})

test('with cert-manager nothing is OpenShift\'s', () => {
  const objects = install('--cert-manager', '--workloads')
  assert.equal(objects.filter(({ kind }) => kind === 'Certificate' || kind === 'Issuer').map(title), [
    'Issuer/mirrorproof/mirrorproof-selfsigned', 'Certificate/mirrorproof/mirrorproof-ca', 'Issuer/mirrorproof/mirrorproof-ca', 'Certificate/mirrorproof/mirrorproof',
  ])
  assert.is(objects.some(({ kind, metadata }) => kind === 'ServiceMonitor' || metadata.namespace === 'openshift-config'), false)
  const places = [...objects.map(({ metadata }) => metadata), one<IDeployment>(objects, 'Deployment').spec!.template.metadata!]
  const annotations = places.flatMap((metadata) => Object.entries(metadata.annotations ?? {}))
  assert.equal(annotations.filter(([key]) => !/^openshift\.io\/(?:display-name|description)$/.test(key)), [['cert-manager.io/inject-ca-from', 'mirrorproof/mirrorproof']])
  const certificate = one<{ spec: { dnsNames: string[]; secretName: string } }>(objects, 'Certificate/mirrorproof/mirrorproof')
  assert.equal([certificate.spec.secretName, certificate.spec.dnsNames[0]], ['mirrorproof-tls', 'mirrorproof.mirrorproof.svc'])
})

/** All that may be done, as `VERB GROUP/RESOURCE in NAMESPACE`. */
function allowed(objects: Object_[]): string[] {
  const roles = objects.filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole') as (Object_ & IRole)[]
  return roles.flatMap(({ rules = [], metadata }) => rules.map(({ apiGroups = [], resources = [], verbs }) => `${verbs.join(',')} ${apiGroups.join()}/${resources.join(',')}${metadata.namespace === undefined ? '' : ` in ${metadata.namespace}`}`))
}

const READ = [
  'get,list,watch config.openshift.io/imagedigestmirrorsets,imagetagmirrorsets,images,clusterversions',
  'get,list,watch operator.openshift.io/imagecontentsourcepolicies',
  'get,list,watch machineconfiguration.openshift.io/machineconfigs,machineconfigpools',
]

test('it may read what it watches, and write events; nothing else', () => {
  assert.equal(allowed(install('--workloads')), [...READ, 'get,list,watch /configmaps in openshift-config', 'create,patch /events in default'])
  assert.equal(allowed(install('--cert-manager')), [...READ, 'create,patch /events in default'])
  const watched = WATCHED.map(({ path }) => path.replace(/^\/apis?\/(?:(.*)\/)?v\w+(?:\/namespaces\/([^/]+))?\/(\w+)$/, (_, group = '', namespace, resource) => `${group}/${resource}${namespace === undefined ? '' : ` in ${namespace}`}`))
  const readable = allowed(install()).filter((right) => right.startsWith('get,list,watch ')).flatMap((right) => {
    const [, group, resources, where] = /^\S+ (.*)\/(\S+)(.*)$/.exec(right) as unknown as [string, string, string, string]
    return resources.split(',').map((resource) => `${group}/${resource}${where}`)
  })
  assert.equal(readable.sort(), watched.sort())
})

const { template } = one<IDeployment>(install('--image', IMAGE), 'Deployment').spec!
const pod = template.spec!
const [container] = pod.containers as [NonNullable<typeof pod.containers>[0]]

/** What makes the pod harmless, and its absence too. */
const PROPERTIES: [what: string, is: unknown, wanted: unknown][] = [
  ['no user of its own, so that restricted-v2 gives it one', [pod.securityContext!.runAsUser, pod.securityContext!.runAsGroup, pod.securityContext!.fsGroup, container.securityContext!.runAsUser], [undefined, undefined, undefined, undefined]],
  ['the SCC is pinned', template.metadata!.annotations, { 'openshift.io/required-scc': 'restricted-v2' }],
  ['not root', pod.securityContext!.runAsNonRoot, true],
  ['seccomp', pod.securityContext!.seccompProfile, { type: 'RuntimeDefault' }],
  ['no capabilities, no way up, nothing to write on', container.securityContext, { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true }],
  ['nothing of the host', [pod.hostNetwork, pod.hostPID, pod.hostIPC, pod.hostUsers], [undefined, undefined, undefined, undefined]],
  ['no volume but its certificate and its configuration', pod.volumes!.map(({ name }) => name), ['tls', 'config']],
  ['the configuration is mounted as a folder, so that changes arrive', container.volumeMounts!.map(({ mountPath, subPath, readOnly }) => [mountPath, subPath, readOnly]), [['/etc/mirrorproof/tls', undefined, true], ['/etc/mirrorproof/config', undefined, true]]],
  ['the token is asked for where it is used', pod.automountServiceAccountToken, true],
  ['no priority over others', pod.priorityClassName, undefined],
  ['memory is bounded', container.resources!.limits!['memory'], '512Mi'],
  ['probes over HTTPS', [container.startupProbe, container.livenessProbe, container.readinessProbe].map((probe) => `${probe!.httpGet!.scheme} ${probe!.httpGet!.path}`), ['HTTPS /healthz', 'HTTPS /healthz', 'HTTPS /readyz']],
  ['time to drain, and to answer what is under way', pod.terminationGracePeriodSeconds, 20],
  ['the image', container.image, IMAGE],
]
for (const [what, is, wanted] of PROPERTIES) test(`the pod: ${what}`, () => assert.equal(is, wanted))

test('a new version takes no pod away before another one is ready, and a drain one at most', () => {
  const objects = install()
  const { replicas, strategy } = one<IDeployment>(objects, 'Deployment').spec!
  assert.equal([replicas, strategy], [2, { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }])
  const { maxUnavailable, unhealthyPodEvictionPolicy } = one<{ spec: Record<string, unknown> }>(objects, 'PodDisruptionBudget').spec
  assert.equal([maxUnavailable, unhealthyPodEvictionPolicy], [1, 'AlwaysAllow'])
})

const SERVE = ['serve', '--tls-cert', '/etc/mirrorproof/tls/tls.crt', '--tls-key', '/etc/mirrorproof/tls/tls.key', '--config', '/etc/mirrorproof/config/.mirrorproof.yaml', '--events', '--mode']
const ARGS: [flags: string[], args: string[]][] = [
  [[], ['enforce']],
  [['--mode', 'warn'], ['warn']],
  [['--mode', 'audit', '--workloads'], ['audit', '--workloads']],
  [['--disconnected', '--openshift', '4.18.3', '--next', '4.19'], ['enforce', '--openshift', '4.18.3', '--next', '4.19', '--disconnected']],
]
for (const [flags, args] of ARGS) {
  test(`install ${flags.join(' ')} runs serve … --mode ${args.join(' ')}`, () => assert.equal(one<IDeployment>(install(...flags), 'Deployment').spec!.template.spec!.containers[0]!.args, [...SERVE, ...args]))
}

const MIRRORS = 'mirrors.mirrorproof.io Ignore 10', MACHINES = 'machineconfigs.mirrorproof.io Ignore 10', WORKLOADS = 'workloads.mirrorproof.io Ignore 5'
const ENTRIES: [flags: string[], entries: string[]][] = [
  [[], [MIRRORS, MACHINES]],
  [['--workloads'], [MIRRORS, MACHINES, WORKLOADS]],
  [['--workloads', '--image', IMAGE, '--failure-policy', 'Fail'], ['mirrors.mirrorproof.io Fail 10', 'machineconfigs.mirrorproof.io Fail 10', WORKLOADS]],
]
for (const [flags, entries] of ENTRIES) {
  test(`install ${flags.join(' ')} registers ${entries.join(', ')}`, () => {
    const { webhooks = [], metadata } = one<IValidatingWebhookConfiguration>(install(...flags), 'ValidatingWebhookConfiguration')
    assert.equal(webhooks.map(({ name, failurePolicy, timeoutSeconds }) => `${name} ${failurePolicy} ${timeoutSeconds}`), entries)
    assert.equal(metadata!.annotations, { 'service.beta.openshift.io/inject-cabundle': 'true' })
    for (const { sideEffects, matchPolicy, admissionReviewVersions, clientConfig, rules = [] } of webhooks) {
      assert.equal([sideEffects, matchPolicy, admissionReviewVersions, clientConfig.service!.path], ['None', 'Equivalent', ['v1'], '/validate'])
      const wide = rules.some((rule) => [...rule.apiGroups ?? [], ...rule.apiVersions ?? [], ...rule.resources ?? [], ...rule.operations ?? []].some((word) => word.includes('*')) || rule.scope === '*')
      assert.is(wide, false, 'a rule is as narrow as can be')
    }
  })
}

const CONFIG = 'rules:\n  deprecated-icsp: off   # they go next month\n'

test('--config is the text of the ConfigMap, comments too, and is read back', () => {
  const root = folder({ 'ours.yaml': CONFIG })
  const data = one<IConfigMap>(install('--config', join(root, 'ours.yaml')), 'ConfigMap').data!
  assert.equal(data, { '.mirrorproof.yaml': CONFIG })
})

test('the ConfigMap that nobody wrote is a configuration that says nothing, and its example is one', () => {
  const text = one<IConfigMap>(install(), 'ConfigMap').data!['.mirrorproof.yaml']!
  const example = text.replace(/^# (?=rules:|waivers:|- | {2})/gm, '')
  assert.match(example, /^rules: /m)
  for (const [name, content] of [['as it is', text], ['without its comment signs', example]] as const) {
    const { code, stderr } = mirrorproof(['config'], { cwd: folder({ '.mirrorproof.yaml': content }) })
    assert.equal([code, stderr], [0, ''], name)
  }
})

test('without --image it says what is missing, on stderr', () => {
  const { code, stdout, stderr } = mirrorproof(['install'])
  assert.is(code, 0)
  assert.match(stdout, `image: registry.invalid/mirrorproof:${version()}`)
  assert.match(stderr, /^mirrorproof: no --image was given: the Deployment asks for registry\.invalid\/mirrorproof:\S+, which nobody has, .*\n$/)
  assert.is(mirrorproof(['install', '--image', IMAGE]).stderr, '')
})

const REFUSED: [args: string[], message: RegExp][] = [
  [['clusters/'], /^mirrorproof: install takes no PATH such as clusters\/; --output writes/],
  [['--mode', 'deny'], /^mirrorproof: --mode takes enforce, warn, audit, not deny$/],
  [['--failure-policy', 'fail', '--image', IMAGE], /^mirrorproof: --failure-policy takes Ignore, Fail, not fail$/],
  [['--failure-policy', 'Fail'], /^mirrorproof: --failure-policy Fail needs --image, /],
  [['--failure-policy', 'Fail', '--image', IMAGE, '--mode', 'audit'], /^mirrorproof: --failure-policy Fail refuses changes that --mode audit would let pass/],
  [['--image', 'Registry.example.com/Tools:1'], /^mirrorproof: --image Registry\.example\.com\/Tools:1: invalid reference format/],
  [['--image', ''], /^mirrorproof: --image : invalid reference format$/],
  [['--namespace', 'Image_Checks'], /^mirrorproof: --namespace takes lower case letters/],
  [['--namespace', 'x'.repeat(64)], /^mirrorproof: --namespace takes lower case letters/],
  [['--namespace', 'default'], /^mirrorproof: --namespace default is the platform's/],
  [['--namespace', 'openshift-mirrors'], /^mirrorproof: --namespace openshift-mirrors is the platform's/],
  [['--openshift', 'four'], /^mirrorproof: --openshift takes a version such as 4\.16/],
  [['--config', 'none.yaml'], /^mirrorproof: cannot read the configuration none\.yaml \(ENOENT\)$/],
  [['--config', 'rule.yaml'], /^mirrorproof: rule\.yaml:2: there is no rule deprecated-icps; is deprecated-icsp meant\?$/],
  [['--config', 'folders.yaml'], /^mirrorproof: folders\.yaml names policies, but a ConfigMap brings no other files/],
  [['--config', 'baseline.yaml'], /^mirrorproof: baseline\.yaml names old\.json, but a ConfigMap brings no other files/],
  [['--replicas', '3'], /^mirrorproof: Unknown option '--replicas'; mirrorproof install --help lists the flags$/],
]
for (const [args, message] of REFUSED) {
  test(`install ${args.join(' ')} is refused in one line`, () => {
    const cwd = folder({ 'rule.yaml': 'rules:\n  deprecated-icps: off\n', 'folders.yaml': 'policies: [policies]\n', 'baseline.yaml': 'baseline: old.json\n', 'policies/a.rego': '' })
    const { code, stdout, stderr } = mirrorproof(['install', ...args], { cwd })
    assert.equal([code, stdout], [2, ''])
    assert.match(stderr.trimEnd(), message)
    assert.is(stderr.trimEnd().split('\n').length, 1)
  })
}

const BASES: [folder: string, flags: string[]][] = [['base', []], ['cert-manager', ['--cert-manager']]]
for (const [name, flags] of BASES) {
  const base = join(ROOT, 'deploy', name)
  const { resources } = loadAll(readFileSync(join(base, 'kustomization.yaml'), 'utf8'))[0] as unknown as { resources: string[] }

  test(`deploy/${name} holds what install ${flags.join(' ')} prints`, () => {
    assert.equal([...resources, 'kustomization.yaml'].sort(), readdirSync(base).sort())
    assert.equal(resources.flatMap((file) => loadAll(readFileSync(join(base, file), 'utf8'))), install(...flags))
  })

  test(`Kustomize makes the same of deploy/${name}`, () => {
    const own = join(BINARIES, 'kubectl')
    const kubectl = existsSync(own) ? own : tool('kubectl') ?? tool('oc')
    if (kubectl === undefined) return console.log('SKIPPED: there is no kubectl or oc')
    const { status, stdout, stderr } = spawnSync(kubectl, ['kustomize', base], { encoding: 'utf8' })
    assert.is(status, 0, stderr)
    const built = loadAll(stdout) as unknown as Object_[]
    const printed = install(...flags)
    assert.equal(built.map(title).sort(), printed.map(title).sort())
    for (const object of printed) assert.ok(isDeepStrictEqual(one(built, title(object)), object), title(object))
  })
}

test('mirrorproof finds nothing in deploy/', () => {
  const { code, stdout } = mirrorproof(['check', 'deploy'])
  assert.equal([code, stdout], [0, 'no findings; 0 mirror sets in 1 cluster, of 16 files\n'])
})

const PAGE = readFileSync(join(ROOT, 'docs/webhook.md'), 'utf8')

test('the alerts of the page are a PrometheusRule, and of metrics that there are', () => {
  const blocks = [...PAGE.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => loadAll(text!)[0] as unknown as Object_)
  const rule = one<Object_ & { spec: { groups: { rules: { alert: string; expr: string }[] }[] } }>(blocks.filter(({ metadata }) => metadata), 'PrometheusRule')
  validate(rule)
  const source = readFileSync(join(ROOT, 'src/webhook/metrics.ts'), 'utf8')
  const known = [...source.matchAll(/name: '(mirrorproof_\w+)'/g)].map(([, name]) => name!)
  const used = rule.spec.groups.flatMap(({ rules }) => rules.flatMap(({ expr }) => expr.match(/mirrorproof_\w+/g) ?? [])).map((name) => name.replace(/_bucket$/, ''))
  assert.equal(used.filter((name) => !known.includes(name)), [])
  const told = [...PAGE.matchAll(/^\| `(mirrorproof_\w+)(?:\{[^}]*\})?` \|/gm)].map(([, name]) => name!)
  assert.equal(told.sort(), known.sort())
})

/** What a command of the page patches, and what is to become of it. */
const PATCHES: [kind: string, flags: string[], becomes: (object: never) => unknown, wanted: unknown][] = [
  ['Deployment', ['--workloads'], (object: IDeployment) => object.spec!.template.spec!.containers[0]!.args!.slice(8), ['--mode', 'audit', '--workloads']],
  ['ValidatingWebhookConfiguration', ['--failure-policy', 'Fail', '--image', IMAGE, '--workloads'], (object: IValidatingWebhookConfiguration) => object.webhooks!.map(({ failurePolicy }) => failurePolicy), ['Ignore', 'Ignore', 'Ignore']],
]
const patches = [...PAGE.matchAll(/patch (\w+) mirrorproof --type=json -p '([^']*)'/g)].map(([, kind, text]) => ({ kind: kind!, operations: JSON.parse(text!) as Operation[] }))
for (const [kind, flags, becomes, wanted] of PATCHES) {
  test(`the command of the page that patches the ${kind} does what it says`, () => {
    const object = one<never>(install(...flags), kind)
    const { operations } = patches.find((patch) => patch.kind === kind.toLowerCase())!
    assert.equal(applyPatch(object, operations), operations.map(() => null))
    assert.equal(becomes(object), wanted)
  })
}

test.run()
