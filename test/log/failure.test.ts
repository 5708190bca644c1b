import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Class, CLASSES } from '../../src/log/class.ts'
import { classify } from '../../src/log/failure.ts'
import { parts } from '../../src/log/outcome.ts'

const D = `sha256:${'0a'.repeat(32)}`
const ping = (error: string) => `pinging container registry m.lab:8443: Get "https://m.lab:8443/v2/": ${error}`
const reading = (error: string) => `reading manifest ${D} in m.lab:8443/org/app: ${error}`

/** Who says it, as far as versions differ, and what. */
const TABLE: [kind: Class, who: string, error: string][] = [
  ['dns', 'any', ping('dial tcp: lookup m.lab on 10.0.0.53:53: no such host')],
  ['dns', 'a DNS server that fails', ping('dial tcp: lookup m.lab on 10.0.0.53:53: server misbehaving')],
  ['dns', 'a DNS server that does not answer', ping('dial tcp: lookup m.lab on 10.0.0.53:53: read udp 10.0.0.2:53412->10.0.0.53:53: i/o timeout')],
  ['dns', 'a DNS server that is not there', ping('dial tcp: lookup m.lab on [::1]:53: read udp [::1]:40000->[::1]:53: read: connection refused')],
  ['dns', 'before containers/image 5.13', 'error pinging docker registry m.lab: Get "https://m.lab/v2/": dial tcp: lookup m.lab: no such host'],
  ['refused', 'any', ping('dial tcp 10.0.0.9:8443: connect: connection refused')],
  ['refused', 'a firewall', ping('read tcp 10.0.0.2:4000->10.0.0.9:8443: read: connection reset by peer')],
  ['refused', 'a proxy that is not there', ping('proxyconnect tcp: dial tcp 10.0.0.9:3128: connect: connection refused')],
  ['refused', 'kubelet of CRI-O 1.27 and later', `image pull failed for m.lab/app:1 because the registry is unavailable: ${ping('dial tcp 10.0.0.9:8443: connect: connection refused')}`],
  ['timeout', 'no answer', ping('dial tcp 10.0.0.9:8443: i/o timeout')],
  ['timeout', 'no answer to the handshake', ping('net/http: TLS handshake timeout')],
  ['timeout', 'no time', ping('context deadline exceeded (Client.Timeout exceeded while awaiting headers)')],
  ['timeout', 'no route', ping('dial tcp 10.0.0.9:8443: connect: no route to host')],
  ['timeout', 'no network', ping('dial tcp [fd00::9]:8443: connect: network is unreachable')],
  ['timeout', 'kubelet', 'rpc error: code = DeadlineExceeded desc = context deadline exceeded'],
  ['unknown-ca', 'Go before 1.20', ping('x509: certificate signed by unknown authority')],
  ['unknown-ca', 'Go from 1.20 on', ping('tls: failed to verify certificate: x509: certificate signed by unknown authority')],
  ['unknown-ca', 'with a candidate', ping('x509: certificate signed by unknown authority (possibly because of "x509: certificate has expired" while trying to verify candidate authority certificate "lab")')],
  ['wrong-name', 'another name', ping('x509: certificate is valid for a.lab, b.lab, not m.lab')],
  ['wrong-name', 'Go from 1.20 on', ping('tls: failed to verify certificate: x509: certificate is valid for a.lab, not m.lab')],
  ['wrong-name', 'no address', ping('x509: cannot validate certificate for 10.0.0.9 because it doesn\'t contain any IP SANs')],
  ['wrong-name', 'no names', ping('x509: certificate relies on legacy Common Name field, use SANs instead')],
  ['expired', 'any', ping('x509: certificate has expired or is not yet valid: current time 2026-11-21T07:02:19Z is after 2026-01-01T00:00:00Z')],
  ['plain-http', 'Go to a registry', ping('http: server gave HTTP response to HTTPS client')],
  ['plain-http', 'Go to what is no web server', ping('tls: first record does not look like a TLS handshake')],
  ['unauthorized', 'before 5.24', reading('unauthorized: authentication required')],
  ['unauthorized', 'from 5.24 on', reading('authentication required')],
  ['unauthorized', 'Quay', reading('unauthorized: access to the requested resource is not authorized')],
  ['unauthorized', 'the token', 'unable to retrieve auth token: invalid username/password: unauthorized: authentication required'],
  ['unauthorized', 'the token, by status', 'Requesting bearer token: invalid status code from registry 401 (Unauthorized)'],
  ['unauthorized', 'ECR', reading('no basic auth credentials')],
  ['unauthorized', 'Docker Hub', 'initializing source docker://org/app:1: reading manifest 1 in docker.io/org/app: errors:\ndenied: requested access to the resource is denied\nunauthorized: authentication required\n'],
  ['unauthorized', 'Harbor, for a project that there is not', reading('unauthorized: project nope not found: project nope not found')],
  ['forbidden', 'before 5.24', reading('denied: requested access to the resource is denied')],
  ['forbidden', 'before 5.24, short', reading('denied')],
  ['forbidden', 'from 5.24 on', reading('requested access to the resource is denied')],
  ['forbidden', 'the token', 'Requesting bearer token: invalid status code from registry 403 (Forbidden)'],
  ['forbidden', 'a proxy', ping('Forbidden')],
  ['forbidden', 'a proxy that wants a password', ping('Proxy Authentication Required')],
  ['forbidden', 'by status, from 5.29 on', reading('StatusCode: 403, "<html>404 not found</html>"')],
  ['manifest-missing', 'before 5.24', reading('manifest unknown: manifest unknown')],
  ['manifest-missing', 'from 5.24 on', reading('manifest unknown')],
  ['manifest-missing', 'no such repository', reading('name unknown: repository name not known to registry')],
  ['manifest-missing', 'no such repository, from 5.24 on', reading('repository name not known to registry')],
  ['manifest-missing', 'a plain 404', reading('StatusCode: 404, not here')],
  ['manifest-missing', 'a plain 404, from 5.29 on', reading('StatusCode: 404, "unauthorized: denied"')],
  ['manifest-missing', 'Quay', reading('unknown: Tag v1 was deleted or has expired. To pull, revive via time machine')],
  ['manifest-missing', 'Harbor', reading('unknown: artifact org/app:v1 not found')],
  ['manifest-missing', 'Artifactory', reading('manifest unknown: The named manifest is not known to the registry.')],
  ['manifest-missing', 'the repository is called what it is not', `reading manifest ${D} in m.lab/denied/unauthorized: manifest unknown`],
  ['manifest-missing', 'skopeo, old', `Error reading manifest ${D} in m.lab/app: manifest unknown: manifest unknown`],
  ['blob-missing', 'before 5.24', `reading blob ${D}: Error fetching blob: invalid status code from registry 404 (Not Found)`],
  ['blob-missing', 'from 5.24 on', `copying system image from manifest list: reading blob ${D}: fetching blob: StatusCode: 404, "not here"`],
  ['blob-missing', 'from 5.24 on, the registry\'s words', `reading blob ${D}: fetching blob: blob unknown to registry`],
  ['blob-missing', 'the configuration', 'parsing image configuration: fetching blob: invalid status code from registry 404 (Not Found)'],
  ['server-error', 'a load balancer', reading('received unexpected HTTP status: 502 Bad Gateway')],
  ['server-error', 'a registry', reading('received unexpected HTTP status: 500 Internal Server Error')],
  ['server-error', 'a layer', `reading blob ${D}: fetching blob: received unexpected HTTP status: 503 Service Unavailable`],
  ['server-error', 'a proxy', ping('Service Unavailable')],
  ['blocked', 'any', 'registry quay.io/org is blocked in /etc/containers/registries.conf or /etc/containers/registries.conf.d'],
  ['bad-rewrite', 'upper case', 'rewriting reference: invalid reference format: repository name must be lowercase'],
  ['bad-rewrite', 'a slash', 'initializing source docker://quay.io/org/app:1: rewriting reference: invalid reference format'],
  ['bad-configuration', 'a scheme', 'loading registries configuration "/etc/containers/registries.conf": invalid location \'https://quay.io\': URI schemes are not supported'],
  ['bad-configuration', 'blocked or not', 'loading registries configuration "/etc/containers/registries.conf": registry \'quay.io\' is defined multiple times with conflicting \'blocked\' setting'],
  ['bad-configuration', 'digests only twice', 'loading registries configuration "/etc/x": cannot set mirror usage mirror-by-digest-only for the registry ("quay.io") and pull-from-mirror for per-mirror ("m.lab") at the same time'],
  ['bad-configuration', 'no such value', 'loading registries configuration "/etc/x": unsupported pull-from-mirror value "both" for mirror "m.lab"'],
  ['bad-configuration', 'CRI-O as it starts', 'invalid registries: loading registries configuration "/etc/containers/registries.conf": toml: line 3'],
  ['short-name', 'podman', 'short-name "app:1" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"'],
  ['short-name', 'podman without a terminal', 'short-name resolution enforced but cannot prompt without a TTY'],
  ['short-name', 'CRI-O 1.34 and later', 'rpc error: code = Unknown desc = short name mode is enforcing, but image name app:1 returns ambiguous list'],
  ['policy', 'any', 'Source image rejected: Running image docker://quay.io/org/app:1 is rejected by policy.'],
  ['signature', 'none', 'Source image rejected: A signature was required, but no signature exists'],
  ['signature', 'kubelet', 'image pull failed for quay.io/org/app:1 because the signature validation failed: Source image rejected: None of the signatures were accepted, reasons: x'],
  ['rate-limit', 'Docker Hub', reading('toomanyrequests: You have reached your pull rate limit.')],
  ['rate-limit', 'containers/image', reading('too many requests to registry')],
  ['rate-limit', 'by status', reading('received unexpected HTTP status: 429 Too Many Requests')],
  ['unknown', 'another platform', 'choosing an image from manifest list docker://quay.io/org/app:1: no image found in image index for architecture "arm64", variant "", OS "linux"'],
  ['unknown', 'a full disk', 'writing blob: adding layer with blob: no space left on device'],
]

for (const [kind, who, error] of TABLE) test(`failure :: ${kind} :: ${who}`, () => assert.is(classify(error), kind, error))

test('failure :: every class has its row', () => assert.equal(CLASSES.filter((kind) => !TABLE.some(([own]) => own === kind)), []))

test('failure :: long texts take no time', () => {
  const start = Date.now()
  for (const piece of ['a', ' ', '"', 'reading manifest ', 'not found: ', 'lookup ', 'Get "', ']\n[', '/', ':']) {
    const text = piece.repeat(1_000_000 / piece.length)
    classify(text)
    classify(`manifest${text}`)
    parts(`(Mirrors also failed: [${text}`)
  }
  assert.ok(Date.now() - start < 2_000, `${Date.now() - start} ms`)
})

test('outcome :: several locations, brackets in errors, what is cut off', () => {
  const lookup = 'dial tcp: lookup a.lab on [::1]:53: no such host'
  const text = `(Mirrors also failed: [a.lab/x:1: ${lookup}]\n[b.lab/x:1: e [2] ]x]): s.lab/x:1: last`
  assert.equal(parts(text), [{ reference: 'a.lab/x:1', error: lookup }, { reference: 'b.lab/x:1', error: 'e [2] ]x' }, { reference: 's.lab/x:1', error: 'last' }])
  for (let length = 0; length < text.length; length++) assert.ok((parts(text.slice(0, length)) ?? []).length <= 3)
  assert.is(parts('unauthorized'), undefined)
})

test.run()
