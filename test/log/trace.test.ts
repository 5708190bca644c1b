import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Ajv } from 'ajv'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { TraceReport } from '../../src/report/trace.ts'
import { folder, mirrorproof, ROOT } from '../command.ts'

const D = `sha256:${'0a'.repeat(32)}`
const IMAGE = `quay.io/org/app@${D}`
const idms = (...mirrors: string[]) => `apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata: {name: org}\nspec:\n  imageDigestMirrors:\n  - {source: quay.io/org, mirrors: [${mirrors.map((one) => `"${one}"`).join(', ')}]}\n`
const image = (spec: string) => `---\napiVersion: config.openshift.io/v1\nkind: Image\nmetadata: {name: cluster}\nspec: ${spec}\n`
const cas = (key: string) => `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: cas, namespace: openshift-config}\ndata:\n  ${key}: "-----BEGIN CERTIFICATE-----"\n`
const bundle = `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: user-ca-bundle, namespace: openshift-config}\ndata:\n  ca-bundle.crt: "-----BEGIN CERTIFICATE-----"\n`
const secret = (host: string) => `---\napiVersion: v1\nkind: Secret\nmetadata: {name: pull-secret, namespace: openshift-config}\nstringData:\n  .dockerconfigjson: '{"auths":{"${host}":{"auth":"x"}}}'\n`
const SOURCE = 'pinging container registry quay.io: Get "https://quay.io/v2/": dial tcp: lookup quay.io on 10.0.0.53:53: no such host'
const event = (...mirrors: [reference: string, error: string][]) =>
  `1s Warning Failed pod/app Failed to pull image "${IMAGE}": rpc error: code = Unknown desc = (Mirrors also failed: ${mirrors.map(([name, error]) => `[${name}@${D}: ${error}]`).join(' ')}): ${IMAGE}: ${SOURCE}\n`
const one = (error: string) => `1s Warning Failed pod/app Failed to pull image "${IMAGE}": rpc error: code = Unknown desc = ${error}\n`
const M = 'mirror.corp:8443/org/app'
const PING = 'pinging container registry mirror.corp:8443: Get "https://mirror.corp:8443/v2/": '

/** What is in the manifests beside the mirror set, what became of the mirror, and what the first cause says and wants. */
const TABLE: [why: string, manifests: string, error: string, means: string, change: string][] = [
  ['dns', '', `${PING}dial tcp: lookup mirror.corp on 10.0.0.53:53: no such host`, '`mirror.corp` has no address in the DNS that the node asks', 'correct the host where it is named, a.yaml:6:37'],
  ['refused', '', `${PING}dial tcp 10.0.0.9:8443: connect: connection refused`, 'nothing accepts connections at `mirror.corp:8443`', 'correct host and port where it is named, a.yaml:6:37'],
  ['timeout', '', `${PING}dial tcp 10.0.0.9:8443: i/o timeout`, '`mirror.corp:8443` does not answer the node in time', 'which has to name `mirror.corp`'],
  ['unknown-ca, no list', image('{registrySources: {allowedRegistries: [quay.io, "mirror.corp:8443"]}}'), `${PING}x509: certificate signed by unknown authority`, 'Image/cluster names no `additionalTrustedCA`', 'under the key `mirror.corp..8443` to the ConfigMap that `additionalTrustedCA` of Image/cluster names'],
  ['unknown-ca, no key', image('{additionalTrustedCA: {name: cas}}') + cas('mirror.corp'), `${PING}x509: certificate signed by unknown authority`, 'ConfigMap/cas has no key `mirror.corp..8443` (a.yaml:16:1)', 'to ConfigMap/cas in openshift-config'],
  ['unknown-ca, no ConfigMap', image('{additionalTrustedCA: {name: cas}}'), `${PING}x509: certificate signed by unknown authority`, 'ConfigMap/cas, which Image/cluster names (a.yaml:11:36), is not among the manifests', 'to ConfigMap/cas in openshift-config'],
  ['unknown-ca, another', image('{additionalTrustedCA: {name: cas}}') + cas('mirror.corp..8443'), `${PING}x509: certificate signed by unknown authority`, 'though ConfigMap/cas has the key `mirror.corp..8443`', 'put the authority of that very certificate under it'],
  ['unknown-ca, a bundle', bundle, `${PING}x509: certificate signed by unknown authority`, ': ConfigMap/user-ca-bundle (a.yaml:11:1), which holds for all registries, does not have it or has not reached the node', 'in openshift-config, or to ConfigMap/user-ca-bundle'],
  ['unknown-ca, both', image('{additionalTrustedCA: {name: cas}}') + cas('mirror.corp') + bundle, `${PING}x509: certificate signed by unknown authority`, 'has no key `mirror.corp..8443` (a.yaml:16:1), and ConfigMap/user-ca-bundle', 'to ConfigMap/cas in openshift-config, or to ConfigMap/user-ca-bundle'],
  ['wrong-name', '', `${PING}x509: certificate is valid for a, not mirror.corp`, 'the certificate of `mirror.corp:8443` is for other names', 'have it issued for `mirror.corp`'],
  ['expired', '', `${PING}x509: certificate has expired or is not yet valid`, 'has expired, or the clock', 'renew it'],
  ['plain-http', '', `${PING}http: server gave HTTP response to HTTPS client`, 'speaks plain HTTP, and nothing says that this is allowed', 'insecureRegistries'],
  ['plain-http, though allowed', image('{registrySources: {insecureRegistries: ["mirror.corp:8443"]}}'), `${PING}http: server gave HTTP response to HTTPS client`, 'the node does not know that this is allowed, though the manifests say so', 'insecureRegistries'],
  ['unauthorized', '', `reading manifest ${D} in ${M}: authentication required`, '`mirror.corp:8443` answered 401', 'add `mirror.corp:8443` to the global pull secret'],
  ['unauthorized, lacking', secret('quay.io'), `reading manifest ${D} in ${M}: authentication required`, 'the global pull secret lacks `mirror.corp:8443` (a.yaml:12:22)', 'add `mirror.corp:8443` to the global pull secret'],
  ['unauthorized, with others', secret('mirror.corp:8443'), `reading manifest ${D} in ${M}: authentication required`, 'though Secret/pull-secret holds some for it (a.yaml:12:22)', 'see whether the account may read `mirror.corp:8443/org/app`'],
  ['forbidden', '', `reading manifest ${D} in ${M}: denied`, 'does not let the node pull `mirror.corp:8443/org/app`', 'read `mirror.corp:8443/org/app`'],
  ['forbidden, a proxy', '', `${PING}Forbidden`, 'a proxy does not let the node through', 'noProxy'],
  ['manifest-missing', '', `reading manifest ${D} in ${M}: manifest unknown`, 'the image is not on the mirror `mirror.corp:8443/org/app`: nothing has copied it there', 'oc-mirror'],
  ['server-error', '', `reading manifest ${D} in ${M}: received unexpected HTTP status: 502 Bad Gateway`, 'has an error of its own', 'load balancer'],
  ['rate-limit', '', `reading manifest ${D} in ${M}: toomanyrequests: slow down`, 'too many requests', 'wait'],
  ['blocked, not by these manifests', '', 'registry mirror.corp:8443 is blocked in /etc/containers/registries.conf', 'is blocked for the nodes, as `blockedRegistries` or `NeverContactSource` says', 'take the registry off that list'],
  ['blocked', image('{registrySources: {blockedRegistries: ["mirror.corp:8443"]}}'), 'registry mirror.corp:8443 is blocked in /etc/containers/registries.conf or /etc/containers/registries.conf.d', 'is blocked for the nodes, as a.yaml:11:46 says', 'take the registry off that list'],
  ['unknown, too large', '', 'exceeded maximum allowed size of 4194304 bytes', '`mirror.corp:8443/org/app` sends more than nodes take for a manifest, 4 MiB', `curl -ki https://mirror.corp:8443/v2/org/app/manifests/${D}`],
  ['unknown, it breaks off', '', 'unexpected EOF', '`mirror.corp:8443/org/app` breaks off in the middle of its answer', 'logs of the registry'],
  ['unknown', '', `${PING}EOF`, 'failed in a way that is not known here', ''],
]

test('trace --log :: kubelet alone does not say which location handed out what is refused', () => {
  const cwd = folder({ 'a.yaml': idms('mirror.corp:8443/org') })
  const told = (error: string) => mirrorproof(['trace', '--log', '-', '--openshift', '4.18'], { cwd, input: one(error) }).stdout
  const other = told(`determining manifest MIME type for docker://${IMAGE}: Manifest does not match provided manifest digest ${D}`)
  assert.match(other, 'what the location that was tried last, which the log does not name, hands out is not the manifest of the digest that was asked for, and no other location is tried after that')
  assert.match(other, `\`mirrorproof trace ${IMAGE} --probe --deep\` asks them`)
  assert.match(other, `${M}: the log does not say whether it was tried`)
  assert.match(told(`copying system image from manifest list: reading manifest ${D} in ${M}: manifest unknown`), `\`${M}\` has the index of the image, and lacks the manifest of the node's platform`)
})

for (const [why, manifests, error, means, change] of TABLE) {
  test(`trace --log :: ${why}`, () => {
    const cwd = folder({ 'a.yaml': idms('mirror.corp:8443/org') + manifests, 'pod.txt': event([M, error]) })
    const { traces: [trace] } = json(['trace', IMAGE, '--log', 'pod.txt'], cwd)
    const [mirror, source] = trace!.observed!
    assert.is(mirror!.class, why.split(',')[0]!)
    assert.ok(mirror!.means!.includes(means), mirror!.means!)
    assert.ok((mirror!.change ?? '').includes(change), mirror!.change!)
    assert.is(source!.class, 'dns')
    assert.is(source!.change, null)
    const text = mirrorproof(['trace', '--log', 'pod.txt', '--openshift', '4.18'], { cwd })
    assert.is(text.code, 1)
    assert.match(text.stdout, `could not be pulled: mirror.corp:8443 (${mirror!.class}), quay.io (dns)`)
    if (!why.includes('not by these')) assert.not.match(text.stdout, 'another configuration')
  })
}

/** Failures of the pull as a whole. */
const WHOLE: [kind: string, error: string, means: string][] = [
  ['bad-rewrite', 'rewriting reference: invalid reference format', 'the whole pull fails'],
  ['bad-configuration', 'loading registries configuration "/etc/containers/registries.conf": invalid location \'https://x\': URI schemes are not supported', 'every pull fails: `/etc/containers/registries.conf`'],
  ['policy', `Source image rejected: Running image docker://${IMAGE} is rejected by policy.`, 'policy.json of the node does not allow `quay.io/org/app`'],
  ['signature', 'Source image rejected: A signature was required, but no signature exists', 'no signature that the node accepts'],
  ['blob-missing', `reading blob ${D}: fetching blob: StatusCode: 404, "x"`, 'has the manifest and lacks a layer'],
]
for (const [kind, error, means] of WHOLE) {
  test(`trace --log :: ${kind}`, () => {
    const { traces: [trace] } = json(['trace', '--log', 'pod.txt'], folder({ 'a.yaml': idms('mirror.corp:8443/org'), 'pod.txt': one(error) }))
    assert.equal(trace!.observed!.map((seen) => [seen.reference, seen.class, seen.predicted]), [[null, kind, null]])
    assert.ok(trace!.observed![0]!.means!.includes(means), trace!.observed![0]!.means!)
    assert.not.match(trace!.observed![0]!.change!, 'in the image:')
    const text = mirrorproof(['trace', '--log', '-', '--in', 'a.yaml', '--openshift', '4.18'], { cwd: folder({ 'a.yaml': idms('mirror.corp:8443/org') }), input: one(error) }).stdout
    assert.match(text, `mirror.corp:8443/org/app: ${kind.startsWith('bad') ? 'not tried: what failed before is final' : 'the log does not say whether it was tried'}`)
  })
}

test('trace --log :: the node has another configuration: other mirrors, none, another order, what is blocked', () => {
  const first = (mirrors: string[], log: string) => mirrorproof(['trace', '--log', '-', '--in', 'a.yaml', '--openshift', '4.18'], { cwd: folder({ 'a.yaml': idms(...mirrors) }), input: log }).stdout.split('\n')[1]!
  const says = 'the node has another configuration than these manifests give: it'
  assert.match(first(['mirror.corp:8443/org'], event(['old.corp/org/app', 'EOF'])), `${says} tried old.corp/org/app, which the manifests do not name`)
  assert.match(first(['mirror.corp:8443/org', 'two.corp/org'], event(['two.corp/org/app', 'EOF'])), `${says} did not try mirror.corp:8443/org/app`)
  assert.match(first(['mirror.corp:8443/org'], one(SOURCE)), `${says} did not try mirror.corp:8443/org/app: it knows no mirror for this image`)
  assert.match(first(['two.corp/org', 'mirror.corp:8443/org'], event([M, 'EOF'], ['two.corp/org/app', 'EOF'])), `${says} tried the mirrors in another order`)
  assert.match(first(['mirror.corp:8443/org'], event([M, 'registry mirror.corp:8443 is blocked in /etc/x'])), `${says} has mirror.corp:8443/org/app blocked`)
})

test('trace --log :: what the manifests foretell to fail', () => {
  const told = (manifests: string, log: string) => mirrorproof(['trace', '--log', '-', '--in', 'a.yaml', '--openshift', '4.14'], { cwd: folder({ 'a.yaml': manifests }), input: log }).stdout
  const other = 'the node has another configuration than these manifests give'
  const had = `1s Normal Pulled pod/app Successfully pulled image "${IMAGE}" in 3s\n`
  const bad = idms('mirror.corp:8443/org/')
  assert.not.match(told(bad, one('rewriting reference: invalid reference format')), other)
  assert.not.match(told(bad, `1s Normal BackOff pod/app Back-off pulling image "${IMAGE}"\n`), other)
  for (const log of [had, one(SOURCE)]) assert.match(told(bad, log), `${other}; by them: fails before anything is contacted: `)
  const open = image('{registrySources: {allowedRegistries: ["mirror.corp:8443"]}}')
  assert.match(told(idms('mirror.corp:8443/org') + open, had), `${other}: it allows the image, which policy.json would not by the manifests`)
  assert.not.match(told(idms('mirror.corp:8443/org') + open, one(`Source image rejected: Running image docker://${IMAGE} is rejected by policy.`)), other)
  const blocked = image('{registrySources: {blockedRegistries: ["mirror.corp:8443"]}}')
  assert.match(told(idms('mirror.corp:8443/org') + blocked, event([M, `${PING}EOF`])), `${other}: it does not have ${M} blocked`)
})

test('trace --log :: an image name that is no reference, though the log tells of no pull', () => {
  for (const words of ['image name', 'image reference']) {
    const log = `1s Warning InspectFailed pod/app Failed to apply default image tag "quay.io/Org/App:1": couldn't parse ${words} "quay.io/Org/App:1": invalid reference format: repository name (Org/App) must be lowercase\n1s Warning Failed pod/app Error: InvalidImageName\n`
    for (const manifests of ['', idms('mirror.corp:8443/org')]) {
      const cwd = folder({ 'a.yaml': manifests, 'pod.txt': log })
      const { code, stdout } = mirrorproof(['trace', '--log', 'pod.txt'], { cwd })
      assert.is(code, 1)
      assert.match(stdout, '`quay.io/Org/App:1` is no image reference: repository name (Org/App) must be lowercase\n    to do: correct the image in the pod')
      assert.not.match(stdout, 'another configuration')
      assert.equal(json(['trace', '--log', 'pod.txt'], cwd).traces[0]!.observed!.map((seen) => [seen.reference, seen.class]), [[null, 'unknown']])
    }
  }
})

test('trace --log :: what is to do for several locations is said once', () => {
  const log = ['Pulling image: quay.io/org/app:1', 'Trying to access "m.lab/org/app:1"', 'Trying to access "n.lab/org/app:1"', 'Trying to access "quay.io/org/app:1"'].map((said) => `Nov 21 07:02:19 w crio[1]: time="2026-11-21" level=info msg=${JSON.stringify(said)}\n`).join('')
  const { stdout } = mirrorproof(['trace', '--log', '-'], { cwd: folder({}), input: log })
  assert.match(stdout, '  `m.lab/org/app:1` failed, and the log does not say why\n  `n.lab/org/app:1` failed, and the log does not say why\n    to do: CRI-O tells it')
  assert.is(stdout.split('to do: CRI-O tells it').length, 2)
})

test('trace --log :: a mirror that the manifests have for the other sort of reference', () => {
  const both = idms('mirror.corp:8443/org') + '---\n' + idms('tags.corp/org').replace('DigestMirrorSet', 'TagMirrorSet').replace('imageDigest', 'imageTag')
  const first = (log: string) => mirrorproof(['trace', '--log', '-', '--in', 'a.yaml', '--openshift', '4.18'], { cwd: folder({ 'a.yaml': both }), input: log }).stdout
  assert.match(first(event(['tags.corp/org/app', 'EOF'])), 'it tried tags.corp/org/app, which the manifests name for tags alone, and did not try mirror.corp:8443/org/app')
  assert.match(first(event([M, 'EOF']).replaceAll(`@${D}`, ':1')), 'it tried mirror.corp:8443/org/app:1, which the manifests name for digests alone, and did not try tags.corp/org/app:1')
})

test('trace --log :: the image itself, and a back-off alone', () => {
  const told = (log: string) => mirrorproof(['trace', '--log', '-', '--in', 'a.yaml', '--openshift', '4.18'], { cwd: folder({ 'a.yaml': idms('mirror.corp:8443/org') }), input: log }).stdout
  assert.match(told('1s Warning Failed pod/app Failed to pull image "m.lab/a:1": reading manifest 1 in m.lab/a: authentication required\n'), 'or to a secret that the pod names in `imagePullSecrets`')
  assert.match(told(`1s Normal BackOff pod/app Back-off pulling image "${IMAGE}"\n`), 'what failed is not in this log: it holds only that kubelet backs off, or is cut off')
  assert.not.match(told(`1s Warning Failed pod/app Failed to pull image "${IMAGE}": failed to resolve reference "${IMAGE}": failed to do request: Head "https://mirror.corp:8443/v2/org/app/manifests/${D}?ns=quay.io": EOF\n`), 'another configuration')
  assert.match(told(`1s Warning Failed pod/app Failed to pull image "${IMAGE}": failed to do request: Head "https://mirror.corp:8443/v2/org/app/manifests/${D}?ns=quay.io": dial tcp 10.0.0.9:8443: connect: connection refused\n`), 'could not be pulled: mirror.corp:8443 (refused)')
})

test('trace --log :: a short name, whose completions are tried one after the other', () => {
  const crio = (said: string) => `Nov 21 07:02:19 w crio[1]: time="2026-11-21" level=info msg=${JSON.stringify(said)}\n`
  const log = `${['Pulling image: app:1', 'Trying to access "registry.access.redhat.com/app:1"', 'Trying to access "docker.io/library/app:1"'].map(crio).join('')}Nov 21 07:02:19 w kubenswrapper[1]: E1121 07:02:19.1 1 remote_image.go:180] "PullImage from image service failed" err="rpc error: code = Unknown desc = reading manifest 1 in docker.io/library/app: denied" image="app:1"\n`
  for (const image of [[], ['app:1']]) {
    const { code, stdout } = mirrorproof(['trace', ...image, '--log', '-', '--in', 'a.yaml', '--openshift', '4.18'], { cwd: folder({ 'a.yaml': idms('mirror.corp:8443/org') }), input: log })
    assert.is(code, 1)
    assert.match(stdout, 'app:1 in a.yaml (OpenShift 4.18): could not be pulled: registry.access.redhat.com (unknown), docker.io (forbidden)\n')
    assert.not.match(stdout, 'another configuration')
    assert.is(stdout.match(/could not be pulled/g)!.length, 1)
  }
})

test('trace --log :: without manifests, with a node\'s own file, of several clusters', () => {
  const log = event([M, `reading manifest ${D} in ${M}: manifest unknown`])
  const cwd = folder({ 'pod.txt': log, 'r.conf': '[[registry]]\nlocation = "quay.io/org"\n[[registry.mirror]]\nlocation = "mirror.corp:8443/org"\n', 'c/one/a.yaml': idms('other.corp/org'), 'c/two/a.yaml': idms('mirror.corp:8443/org'), 'none/x.yaml': 'a: b\n' })
  const bare = json(['trace', '--log', 'pod.txt', '--in', 'none'], cwd).traces[0]!
  assert.equal(bare.observed!.map(({ reference, predicted }) => [reference, predicted]), [[`${M}@${D}`, null], [IMAGE, null]])
  assert.equal([bare.attempts, bare.cluster, bare.incomplete], [[], null, true])
  assert.match(json(['trace', '--log', 'pod.txt', '--registries-conf', 'r.conf'], cwd).traces[0]!.observed![0]!.change!, 'r.conf:4:12')
  assert.is(json(['trace', '--log', 'pod.txt', '--in', 'c'], cwd).traces[0]!.cluster, 'c/two')
})

test('trace --log :: a journal that does not name the image, and one in which it was pulled', () => {
  const line = (message: string) => `Nov 21 07:02:19 w crio[1]: time="2026-11-21" level=info msg=${JSON.stringify(message)}\n`
  const cwd = folder({ 'a.yaml': idms('mirror.corp:8443/org', 'two.corp/org'), 'tried.log': line(`Trying to access "${M}@${D}"`), 'pulled.log': ['Pulling image: ', `Trying to access "${M}@${D}"`, `Trying to access "two.corp/org/app@${D}"`, 'Pulled image: '].map((said) => line(said.endsWith(': ') ? said + IMAGE : said)).join('') })
  for (const args of [[], [IMAGE]]) {
    const { traces: [trace], code } = json(['trace', ...args, '--log', 'tried.log'], cwd)
    assert.equal([trace!.reference, trace!.diagnosis!.outcome, trace!.diagnosis!.verdict, code], [IMAGE, 'unknown', 'the log ends before the pull does', 0])
  }
  const { traces: [trace], code } = json(['trace', '--log', 'pulled.log'], cwd)
  assert.equal(trace!.observed!.map(({ outcome, class: kind }) => [outcome, kind]), [['failed', 'unknown'], ['ok', null]])
  assert.equal([trace!.diagnosis!.verdict, code], ['was pulled from two.corp/org/app; before that failed mirror.corp:8443 (unknown)', 0])
})

test('trace --log :: what the command itself cannot show', () => {
  const podman = (more: string, file = '/etc/containers/registries.conf') => ['podman filtering at log level debug', `Called pull.PersistentPreRunE(podman pull ${more})`, `Loading registries configuration "${file}"`, `Attempting to pull candidate ${IMAGE} for ${IMAGE}`, `Trying to access "${M}@${D}"`,
    `No credentials for ${M} found`, `Accessing "${M}@${D}" failed: reading manifest ${D} in ${M}: authentication required`].map((said) => `time="2026-11-21T07:02:19Z" level=debug msg=${JSON.stringify(said)}\n`).join('')
  const text = (log: string, ...mirrors: string[]) => mirrorproof(['trace', '--log', '-', '--in', 'a.yaml'], { cwd: folder({ 'a.yaml': idms(...mirrors) }), input: log }).stdout
  assert.match(text(podman(''), 'mirror.corp:8443/org'), 'answered 401, and no credentials were found for it')
  assert.match(text(podman(''), 'mirror.corp:8443/org'), 'add --authfile /var/lib/kubelet/config.json')
  assert.not.match(text(podman('--authfile /var/lib/kubelet/config.json'), 'mirror.corp:8443/org'), 'add --authfile')
  assert.ok(text(podman(''), 'mirror.corp:8443/org').split('\n')[1]!.includes('takes its credentials from another file'), 'it comes before what to do about the 401')
  assert.match(mirrorproof(['trace', '--log', '-', '--in', 'a.yaml'], { cwd: folder({ 'a.yaml': idms('mirror.corp:8443/org') + secret('quay.io') }), input: podman('') }).stdout, /lacks `mirror\.corp:8443`[\s\S]*note: podman takes its credentials/)
  assert.match(text(podman('', '/root/.config/containers/registries.conf'), 'other.corp/org'), 'podman read /root/.config/containers/registries.conf, which CRI-O never does, and tried mirror.corp:8443/org/app')
  assert.not.match(text(event([M, 'authentication required']), 'mirror.corp:8443/org'), 'note:')
})

test('trace --log :: credentials that are there and are not taken, and those of skopeo', () => {
  const log = (...said: string[]) => [`Trying to access "${M}@${D}"`, ...said, `Accessing "${M}@${D}" failed: reading manifest ${D} in ${M}: authentication required`].map((one) => `time="2026-11-21T07:02:19Z" level=debug msg=${JSON.stringify(one)}\n`).join('')
    + `time="2026-11-21T07:02:19Z" level=fatal msg=${JSON.stringify(`initializing source docker://${IMAGE}: (Mirrors also failed: [${M}@${D}: reading manifest ${D} in ${M}: authentication required]): ${IMAGE}: ${SOURCE}`)}\n`
  const told = (...said: string[]) => mirrorproof(['trace', '--log', '-', '--in', 'a.yaml'], { cwd: folder({ 'a.yaml': idms('mirror.corp:8443/org') }), input: log(...said) }).stdout
  const found = (file: string) => told(`Found credentials for ${M} in credential helper containers-auth.json in file ${file}`)
  assert.match(found('/var/lib/kubelet/config.json'), '`mirror.corp:8443` answered 401, and did not take the credentials that `/var/lib/kubelet/config.json` has for it\n    to do: correct them')
  assert.not.match(found('/var/lib/kubelet/config.json'), 'add --authfile')
  assert.match(found('/run/containers/0/auth.json'), 'skopeo takes its credentials from another file than a pod\'s pull\n    to do: add --authfile')
  const lacking = (file: string) => told(`No credentials matching ${M} found in ${file}`, `No credentials matching ${M} found in /root/.docker/config.json`, `No credentials for ${M} found`)
  assert.match(lacking('/var/lib/kubelet/config.json'), 'answered 401, and no credentials were found for it\n    to do: add `mirror.corp:8443` to the global pull secret')
  assert.not.match(lacking('/var/lib/kubelet/config.json'), 'add --authfile')
  assert.match(lacking('/root/.config/containers/auth.json'), 'add --authfile')
})

test('trace --log :: JSON has what the text says first, and what several locations need stands once', () => {
  const crio = ['Pulling image: ' + IMAGE, `Trying to access "${M}@${D}"`, `Trying to access "two.corp/org/app@${D}"`, `Trying to access "${IMAGE}"`].map((said) => `Nov 21 07:02:19 w crio[1]: time="2026-11-21" level=info msg=${JSON.stringify(said)}\n`).join('')
  const cwd = folder({ 'a.yaml': idms('mirror.corp:8443/org', 'two.corp/org'), 'crio.log': crio, 'pod.txt': event(['old.corp/org/app', 'EOF']) })
  assert.is(mirrorproof(['trace', '--log', 'crio.log'], { cwd }).stdout.match(/to do:/g)!.length, 1)
  assert.match(json(['trace', '--log', 'pod.txt'], cwd).traces[0]!.diagnosis!.causes[0]!.means, 'the node has another configuration than these manifests give: it tried old.corp/org/app')
})

test('trace --log :: what the pod could not pull, and somebody by hand could', () => {
  const hand = [`Attempting to pull candidate ${IMAGE} for ${IMAGE}`, `Trying to access "${M}@${D}"`, `Pulled candidate ${IMAGE} successfully`].map((said) => `time="2026-11-21T07:02:19Z" level=debug msg=${JSON.stringify(said)}\n`).join('')
  const pod = event([M, 'authentication required'])
  const run = (input: string) => mirrorproof(['trace', '--log', '-', '--in', 'a.yaml', '--openshift', '4.18'], { cwd: folder({ 'a.yaml': idms('mirror.corp:8443/org') }), input })
  const both = run(pod + hand)
  assert.match(both.stdout, 'was pulled from mirror.corp:8443/org/app')
  assert.match(both.stdout, 'note: the pod could not pull it, line 1 of the log: that podman could does not say that a pod can; feed the events of the pod alone to see why')
  assert.not.match(run(hand).stdout, 'the pod could not')
  const after = run(hand + pod)
  assert.match(after.stdout, 'could not be pulled: mirror.corp:8443 (unauthorized)')
  assert.not.match(after.stdout, 'the pod could not')
})

test('trace --log :: by tag and by digest', () => {
  const cwd = folder({ 'a.yaml': idms('mirror.corp:8443/org'), 'both.yaml': `${idms('mirror.corp:8443/org')}---\n${idms('mirror.corp:8443/org').replace('DigestMirrorSet', 'TagMirrorSet').replace('imageDigestMirrors', 'imageTagMirrors')}` })
  const podman = (...images: string[]) => images.map((image) => [`Called pull.PersistentPreRunE(podman pull ${image})`, `Attempting to pull candidate ${image} for ${image}`, `Trying to access "${image}"`, `Accessing "${image}" failed: ${SOURCE}`].map((said) => `time="2026-11-21T07:02:19Z" level=debug msg=${JSON.stringify(said)}\n`).join('')).join('')
  const run = (log: string, ...args: string[]) => mirrorproof(['trace', '--log', '-', '--openshift', '4.18', ...args], { cwd, input: log })
  const note = 'note: podman pulled by tag, and a pod that names the image by digest goes another way, to mirror.corp:8443/org: pull what the pod names'
  assert.match(run(podman('quay.io/org/app:1'), '--in', 'a.yaml').stdout, note)
  assert.not.match(run(podman('quay.io/org/app:1'), '--in', 'both.yaml').stdout, 'goes another way')
  assert.not.match(run(one(SOURCE).replaceAll(`@${D}`, ':1'), '--in', 'a.yaml').stdout, 'goes another way')
  assert.equal(run(podman('quay.io/org/app:1'), '--in', 'a.yaml', IMAGE), {
    code: 3, stdout: `${IMAGE} in a.yaml (OpenShift 4.18): the log tells nothing of it\n`,
    stderr: `mirrorproof: stdin tells of quay.io/org/app:1\nmirrorproof: quay.io/org/app:1 is of the same repository, by tag: its pull may go to other mirrors than one by digest\n`,
  })
})

test('trace --log :: exit codes, --quiet, mistakes', () => {
  const cwd = folder({ 'a.yaml': idms('mirror.corp:8443/org'), 'pod.txt': event([M, 'EOF']), 'none.txt': 'hello\n', 'x.gz': gzipSync('x'), 'd/x': '' })
  const run = (...args: string[]) => mirrorproof(['trace', '--openshift', '4.18', ...args], { cwd })
  assert.equal(run('--log', 'pod.txt', '--quiet'), { code: 1, stdout: `${IMAGE} in . (OpenShift 4.18): could not be pulled: mirror.corp:8443 (unknown), quay.io (dns)\n`, stderr: '' })
  assert.is(run('--log', 'pod.txt', '--fail-on', 'never').code, 0)
  assert.equal(run('quay.io/org/other:1', '--log', 'pod.txt'), { code: 3, stdout: 'quay.io/org/other:1 in . (OpenShift 4.18): the log tells nothing of it\n', stderr: `mirrorproof: pod.txt tells of ${IMAGE}\n` })
  assert.equal(run('--log', 'none.txt'), { code: 3, stdout: '', stderr: 'mirrorproof: none.txt tells of no image pull (lines: 1); podman pull --log-level debug, journalctl -u crio and oc describe pod do\n' })
  assert.equal(run('--log', ''), { code: 2, stdout: '', stderr: 'mirrorproof: --log names no file\n' })
  assert.equal(run('--log', 'nowhere'), { code: 2, stdout: '', stderr: 'mirrorproof: there is no file nowhere\n' })
  assert.equal(run('--log', 'd'), { code: 2, stdout: '', stderr: 'mirrorproof: d is a folder; name a file, or - for standard input\n' })
  assert.equal(run('--log', 'x.gz'), { code: 2, stdout: '', stderr: 'mirrorproof: x.gz is compressed; gunzip -c x.gz | mirrorproof trace --log - reads it\n' })
  assert.equal(run('--log', 'pod.txt', 'none.txt'), { code: 2, stdout: '', stderr: 'mirrorproof: none.txt is a file, and no image; --log takes one: cat A B | mirrorproof trace --log -\n' })
  assert.equal(run('--log', '-', '--in', '-'), { code: 2, stdout: '', stderr: 'mirrorproof: standard input can be the log or the manifests, not both\n' })
  assert.equal(run('quay.io/ORG', '--log', 'pod.txt').code, 2)
})

test('trace --log :: holds against the published schema', () => {
  const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(join(ROOT, 'schema/trace.schema.json'), 'utf8')) as object)
  for (const log of ['docs/debugging/pod.txt', 'docs/debugging/podman.log']) {
    const { stdout } = mirrorproof(['trace', '--log', log, '--in', 'docs/debugging/cluster.yaml', '--format', 'json'])
    assert.ok(validate(JSON.parse(stdout)), JSON.stringify(validate.errors))
  }
})

test.run()

function json(args: string[], cwd: string): TraceReport & { code: number | null } {
  const { stdout, stderr, code } = mirrorproof([...args, '--format', 'json', '--openshift', '4.18'], { cwd })
  assert.not.match(stderr, 'defect')
  return { ...(JSON.parse(stdout) as TraceReport), code }
}
