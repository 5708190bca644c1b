import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { read } from '../../src/log/log.ts'
import type { Log, Pull } from '../../src/log/pulls.ts'

const D = `sha256:${'0a'.repeat(32)}`
const M1 = `mirror.corp:8443/org/app@${D}`
const M2 = `two.corp/org/app@${D}`
const S = `quay.io/org/app@${D}`
const E1 = `reading manifest ${D} in mirror.corp:8443/org/app: unauthorized: authentication required`
const E2 = `pinging container registry two.corp: Get "https://two.corp/v2/": dial tcp: lookup two.corp on 10.0.0.53:53: no such host`
const E3 = 'pinging container registry quay.io: Get "https://quay.io/v2/": dial tcp 1.2.3.4:443: i/o timeout'
const FINAL = `(Mirrors also failed: [${M1}: ${E1}]\n[${M2}: ${E2}]): ${S}: ${E3}`
const RPC = `rpc error: code = Unknown desc = ${FINAL}`
/** As Go's %q writes it. */
const q = (text: string) => JSON.stringify(text)
const podman = (...messages: string[]) => messages.map((message) => `time="2026-11-21T07:02:19Z" level=debug msg=${q(message)}\n`).join('')
const PODMAN = `${podman('podman filtering at log level debug', `Pulling image ${S} (policy: always)`, 'Loading registries configuration "/etc/containers/registries.conf"', `Trying to access "${M1}"`, 'No credentials for mirror.corp:8443/org/app found',
  `Accessing "${M1}" failed: ${E1}`, `Trying to access "${M2}"`, `Accessing "${M2}" failed: ${E2}`, `Trying to access "${S}"`, `Accessing "${S}" failed: ${E3}`, `Error pulling candidate ${S}: initializing source docker://${S}: ${FINAL}`)}Error: initializing source docker://${S}: ${FINAL}\n`
const CRIO = [`Pulling image: ${S}`, `Trying to access "${M1}"`, `Trying to access "${M2}"`, `Trying to access "${S}"`].map((message) => `time="2026-11-21 07:02:19.123456789Z" level=info msg=${q(message)} id=0d3a name=/runtime.v1.ImageService/PullImage`)
const KLOG = `E1121 07:02:19.123456    2345 remote_image.go:180] "PullImage from image service failed" err=${q(RPC)} image=${q(S)}`
const SYNC = `E1121 07:02:19.123456    2345 pod_workers.go:1301] "Error syncing pod, skipping" err=${q(`failed to "StartContainer" for "app" with ErrImagePull: ${q(RPC)}`)} pod="org/app-1" podUID="4c1"`
const wrap = (text: string, width: number) => text.split('\n').map((line) => line.match(new RegExp(`.{1,${width}}`, 'g'))?.join('\n') ?? '').join('\n')
/** As mail programs and editors do: at spaces, and a word that is longer than a line stands alone. */
const fold = (text: string, width: number) => text.split('\n').map((line) => {
  const lines = ['']
  for (const word of line.split(' ')) {
    if (`${lines.at(-1)} ${word}`.length > width) lines.push(word)
    else lines.push(`${lines.pop()} ${word}`.trimStart())
  }
  return lines.join('\n').trim()
}).join('\n')
/** What nodes refuse after a location had handed out something for the manifest, in the words of containers/image, and from which version on. */
const LATE: [since: string, error: string][] = [
  ['5.23', `determining manifest MIME type for docker://${S}: Manifest does not match provided manifest digest ${D}`],
  ['5.23', `initializing image from source docker://${S}: unsupported schema version 2`],
  ['5.23', `initializing image from source docker://${S}: invalid character '<' looking for beginning of value`],
  ['5.23', `choosing an image from manifest list docker://${S}: no image found in image index for architecture amd64, variant "", OS linux`],
  ['5.24', `choosing an image from manifest list docker://${S}: no image found in image index for architecture "amd64", variant "", OS "linux"`],
  ['5.23', `copying system image from manifest list: determining manifest MIME type for docker://${S}: Manifest does not match provided manifest digest ${D}`],
  ['5.23', `writing blob: happened during read: Digest did not match, expected ${D}, got ${D.replaceAll('0a', '0b')}`],
  ['5.23', `writing blob: setting up to decompress blob: happened during read: Digest did not match, expected ${D}, got ${D.replaceAll('0a', '0b')}`],
  ['5.23', `parsing image configuration: Download config.json digest ${D.replaceAll('0a', '0b')} does not match expected ${D}`],
  ['5.32', `reading config blob ${D}: Download config.json digest ${D.replaceAll('0a', '0b')} does not match expected ${D}`],
  ['5.23', 'writing blob: happened during read: unexpected EOF'],
  ['5.36', 'writing blob: happened during read: unexpected EOF (after reconnecting, server did not process a Range: header, status 200)'],
  ['5.36', `writing blob: Size mismatch when copying ${D}, expected 9, got 167`],
]
const ALL = ['mirror.corp:8443/org/app unauthorized', 'two.corp/org/app dns', 'quay.io/org/app timeout']

/** How it comes, the text, and what it tells: the locations in order, without their digest, with the class of their failure. */
const TABLE: [why: string, text: string, told: string[]][] = [
  ['podman at level debug', PODMAN, ALL],
  ['the same without its last line', PODMAN.split('Error: ')[0]!, ALL],
  ['only the last line', PODMAN.slice(PODMAN.indexOf('Error: ')), ALL],
  ['skopeo', `time="2026-11-21T07:02:19Z" level=fatal msg=${q(`Error parsing image name "docker://${S}": ${FINAL}`)}\n`, ALL],
  ['Windows line ends', PODMAN.replaceAll('\n', '\r\n'), ALL],
  ['80 columns', wrap(PODMAN, 80), ALL],
  ['120 columns', wrap(PODMAN, 120), ALL],
  ['97 columns', wrap(PODMAN, 97), ALL],
  ['80 columns, broken at spaces', fold(PODMAN, 79), ALL],
  ['72 columns, broken at spaces', fold(PODMAN, 72), ALL],
  ['colours', PODMAN.replaceAll('level=debug', '\u001b[36mlevel\u001b[0m=debug').replaceAll('Trying', '\u001b[1mTrying\u001b[0m'), ALL],
  ['quotes of a chat', PODMAN.replaceAll(/"(?=[\w.(<])/g, '\u201c').replaceAll('"', '\u201d').replaceAll(' ', '\u00a0'), ALL],
  ['quoted in a mail', PODMAN.replaceAll(/^/gm, '> '), ALL],
  ['other lines between', PODMAN.replaceAll('\n', '\nCopying blob 0a0a done\nhello\n'), ALL],
  ['pasted into one line', PODMAN.replaceAll('\n', ' '), ALL],
  ['CRI-O at level info', `${CRIO.join('\n')}\n`, ['mirror.corp:8443/org/app unknown', 'two.corp/org/app unknown', 'quay.io/org/app -']],
  ['CRI-O in a short journal', CRIO.map((line) => `Nov 21 07:02:19 worker-0 crio[1234]: ${line}\n`).join(''), ['mirror.corp:8443/org/app unknown', 'two.corp/org/app unknown', 'quay.io/org/app -']],
  ['CRI-O in a journal in JSON, then kubelet', `${CRIO.map((line) => `${JSON.stringify({ MESSAGE: line, SYSLOG_IDENTIFIER: 'crio' })}\n`).join('')}${JSON.stringify({ _COMM: 'kubelet', MESSAGE: KLOG })}\n`, ALL],
  ['CRI-O and kubelet in one journal', `${CRIO.map((line) => `2026-11-21T07:02:19+0000 worker-0 crio[1234]: ${line}\n`).join('')}2026-11-21T07:02:19+0000 worker-0 kubenswrapper[1]: ${KLOG}\n2026-11-21T07:02:20+0000 worker-0 kubenswrapper[1]: ${SYNC}\n`, ALL],
  ['kubelet alone', `${KLOG}\n`, ALL],
  ['kubelet, a pod that is not synced', `Nov 21 07:02:19 worker-0 kubenswrapper[1]: ${SYNC}\n`, ALL],
  ['kubelet in a journal in JSON', `${JSON.stringify({ MESSAGE: SYNC })}\n`, ALL],
  ['oc describe pod', `Events:\n  Type     Reason     Age                From               Message\n  ----     ------     ----               ----               -------\n  Normal   Pulling    12s (x2 over 30s)  kubelet            Pulling image "${S}"\n  Warning  Failed     12s (x2 over 30s)  kubelet            Failed to pull image "${S}": ${RPC}\n  Warning  Failed     12s (x2 over 30s)  kubelet            Error: ErrImagePull\n  Normal   BackOff    1s (x2 over 29s)   kubelet            Back-off pulling image "${S}"\n  Warning  Failed     1s (x2 over 29s)   kubelet            Error: ImagePullBackOff\n`, ALL],
  ['oc get events', `LAST SEEN   TYPE      REASON    OBJECT      MESSAGE\n12s         Warning   Failed    pod/app-1   Failed to pull image "${S}": ${RPC}\n11s         Warning   Failed    pod/app-1   Error: ErrImagePull\n`, ALL],
  ['oc get events in 80 columns', wrap(`LAST SEEN   TYPE      REASON    OBJECT      MESSAGE\n12s         Warning   Failed    pod/app-1   Failed to pull image "${S}": ${RPC.replace('\n', ' ')}\n11s         Warning   Failed    pod/app-1   Error: ErrImagePull\n`, 80), ALL],
  ['oc get events -o json', JSON.stringify({ items: [{ reason: 'Failed', message: `Failed to pull image "${S}": ${RPC}` }] }, null, 4), ALL],
  ['oc get events -o yaml', `- message: 'Failed to pull image "${S}": ${RPC.replace('\n', ' ')}'\n`, ALL],
  ['kubelet, newer: the reason in the back-off', `1s  Normal  BackOff  pod/app-1  Back-off pulling image "${S}": ErrImagePull: ${FINAL.replace('\n', ' ')}\n`, ALL],
  ['kubelet, newer: the registry is unavailable', `1s  Warning  Failed  pod/app-1  Failed to pull image "${S}": image pull failed for ${S} because the registry is unavailable: ${FINAL.replace('\n', ' ')}\n`, ALL],
  ['oc get events -o yaml, with the lines that the message has', `  kind: Event\n  message: |-\n    Failed to pull image "${S}": ${RPC.replace('\n', '\n    ')}\n  reason: Failed\n`, ALL],
  ['oc get pod -o yaml', `    state:\n      waiting:\n        message: |-\n          ${RPC.replace('\n', '\n          ')}\n        reason: ErrImagePull\n`, ALL],
  ['oc get events -o yaml, folded', `- message: 'Failed to pull image "${S}": ${fold(RPC.replace('\n', ' '), 79).replaceAll('\n', '\n    ')}'\n  reason: Failed\n`, ALL],
  ['a CI system that stamps every line', `Trying to pull ${S}...\nError: initializing source docker://${S}: ${FINAL}\n`.replaceAll(/^(?=.)/gm, '2026-11-21T07:02:19.1234567Z '), ALL],
  ['grep -n of several files', `Error: initializing source docker://${S}: ${FINAL}\n`.replaceAll(/^(?=.)/gm, 'must-gather/events.txt:17:'), ALL],
  ['quoted twice in a mail', PODMAN.replaceAll(/^/gm, '>> '), ALL],
  ['quoted without a space', PODMAN.replaceAll(/^/gm, '>'), ALL],
  ['podman on a terminal', PODMAN.replaceAll(/^time="[^"]*" level=debug msg=(".*")$/gm, (_, said: string) => `DEBU[0000] ${JSON.parse(said) as string}`), ALL],
  ['podman on a terminal, pasted into one line', PODMAN.replaceAll(/^time="[^"]*" level=debug msg=(".*")$/gm, (_, said: string) => `DEBU[0000] ${JSON.parse(said) as string}`).replaceAll('\n', ' '), ALL],
  ['escaped as HTML', PODMAN.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('>', '&gt;'), ALL],
  ['oc logs --timestamps', PODMAN.replaceAll(/^time/gm, '2026-11-21T07:02:19.12Z time'), ALL],
]

for (const [why, text, told] of TABLE) {
  test(`formats :: ${why}`, () => {
    const [pull, more] = readText(text).pulls
    assert.is(more, undefined)
    assert.is(pull!.image, S)
    assert.equal(tell(pull!), told)
    if (told === ALL) assert.is(pull!.outcome, 'failed')
  })
}

test('formats :: UTF-16, as PowerShell writes it', () => {
  const reader = read()
  const bytes = Buffer.from(`\ufeff${PODMAN}`, 'utf16le')
  for (let at = 0; at < bytes.length; at += 333) reader.push(bytes.subarray(at, at + 333))
  assert.equal(tell(reader.end().pulls[0]!), ALL)
})

test('formats :: two pulls of CRI-O at a time keep apart, and the last go at one counts', () => {
  const other = `sha256:${'0b'.repeat(32)}`
  const line = (message: string) => `Nov 21 07:02:19 worker-0 crio[1]: time="2026-11-21 07:02:19Z" level=info msg=${q(message)}\n`
  const text = [`Pulling image: ${S}`, `Pulling image: quay.io/b/c@${other}`, `Trying to access "${M1}"`, `Trying to access "m.lab/b/c@${other}"`, `Trying to access "${S}"`, `Pulled image: quay.io/b/c@${other}`,
    `Pulling image: ${S}`, `Trying to access "${M1}"`, `Pulled image: ${S}`].map(line).join('')
  const { pulls } = readText(text)
  assert.equal(pulls.map((pull) => [pull.image, pull.outcome, pull.times, ...tell(pull)]), [[`quay.io/b/c@${other}`, 'ok', 1, 'm.lab/b/c ok'], [S, 'ok', 2, 'mirror.corp:8443/org/app ok']])
})

test('formats :: several events in one line of JSON', () => {
  const items = ['a', 'b', 'c'].map((name) => ({ reason: 'Failed', message: `Failed to pull image "${S.replace('/app', `/${name}`)}": ${RPC.replaceAll('/app', `/${name}`)}` }))
  assert.equal(readText(JSON.stringify({ items })).pulls.map(({ image, attempts }) => [image, attempts.length]), ['a', 'b', 'c'].map((name) => [S.replace('/app', `/${name}`), 3]))
})

test('formats :: two pulls by the same tag keep apart', () => {
  const { pulls } = readText(['Pulling image: quay.io/org/a:v1', 'Pulling image: quay.io/org/b:v1', 'Trying to access "m.lab/org/b:v1"', 'Trying to access "m.lab/org/a:v1"', 'Trying to access "quay.io/org/a:v1"', `Pulled image: quay.io/org/b@${D}`].map((said) => `time="2026-11-21 07:02:19Z" level=info msg=${q(said)}\n`).join(''))
  assert.equal(pulls.map((pull) => [pull.image, pull.outcome, ...tell(pull)]), [['quay.io/org/a:v1', 'unknown', 'm.lab/org/a:v1 unknown', 'quay.io/org/a:v1 -'], ['quay.io/org/b:v1', 'ok', 'm.lab/org/b:v1 ok']])
})

test('formats :: two pulls of the same digest, or by the same tag and last name, keep apart', () => {
  for (const by of [`@${D}`, ':v1']) {
    const { pulls } = readText([`Pulling image: quay.io/a/x${by}`, `Pulling image: quay.io/b/x${by}`, `Trying to access "m.lab/a/x${by}"`, `Trying to access "m.lab/b/x${by}"`, `Trying to access "quay.io/a/x${by}"`, `Pulled image: quay.io/b/x@${D}`].map((said) => `time="2026-11-21 07:02:19Z" level=info msg=${q(said)}\n`).join(''))
    assert.equal(pulls.map(({ image, outcome, attempts }) => [image, outcome, attempts.map(({ reference }) => reference)]), [
      [`quay.io/a/x${by}`, 'unknown', [`m.lab/a/x${by}`, `quay.io/a/x${by}`]],
      [`quay.io/b/x${by}`, 'ok', [`m.lab/b/x${by}`]],
    ])
  }
})

test('formats :: what kubelet says of one image is not said of another that podman pulls by the same tag', () => {
  const other = '1s  Warning  Failed  pod/app-1  Failed to pull image "docker.io/library/x:1": rpc error: code = Unknown desc = reading manifest 1 in docker.io/library/x: toomanyrequests: slow\n'
  const podman1 = podman('Trying to access "m.lab/org/app:1"', 'Accessing "m.lab/org/app:1" failed: EOF')
  const { pulls } = readText(`${podman1}${other}Error: initializing source docker://quay.io/org/app:1: (Mirrors also failed: [m.lab/org/app:1: EOF]): quay.io/org/app:1: EOF\n`)
  assert.equal(pulls.map((pull) => [pull.image, ...tell(pull)]), [['quay.io/org/app:1', 'm.lab/org/app:1 unknown', 'quay.io/org/app:1 unknown'], ['docker.io/library/x:1', 'docker.io/library/x:1 rate-limit']])
  for (const end of [`time="2026-11-21T07:02:19Z" level=fatal msg="initializing source docker://quay.io/org/app:1: (Mirrors also failed: [m.lab/renamed:1: EOF]): quay.io/org/app:1: EOF"\n`, podman('IsRunningImageAllowed for image docker:quay.io/org/app:1')]) {
    const [pull, more] = readText(`${podman('Trying to access "m.lab/renamed:1"')}${end}`).pulls
    assert.equal([pull!.image, pull!.attempts[0]!.reference, more], ['quay.io/org/app:1', 'm.lab/renamed:1', undefined], 'a mirror may have another name')
  }
})

test('formats :: a journal in JSON has a message with colours as bytes', () => {
  const message = (said: string) => `${JSON.stringify({ SYSLOG_IDENTIFIER: 'crio', MESSAGE: [...Buffer.from(`\u001b[36m${said}\u001b[0m`)] })}\n`
  for (const before of ['', '{"MESSAGE":"x"}\n'.repeat(80_000)]) {
    const [pull] = readText(`${before}${CRIO.map(message).join('')}`, 65_536).pulls
    assert.equal(tell(pull!), ['mirror.corp:8443/org/app unknown', 'two.corp/org/app unknown', 'quay.io/org/app -'])
  }
})

test('formats :: as many locations as nobody has', () => {
  const [pull] = readText(Array.from({ length: 1_000 }, (_, index) => `Trying to access "m${index}.lab/org/app:1"\n`).join('')).pulls
  assert.ok(pull!.attempts.length <= 100)
})

test('formats :: how a pull goes on', () => {
  const event = (said: string) => `1s  Normal  Any  pod/app-1  ${said}\n`
  const [pulling, failed, off, had] = [`Pulling image "${S}"`, `Failed to pull image "${S}": ${RPC.replace('\n', ' ')}`, `Back-off pulling image "${S}"`, `Successfully pulled image "${S}" in 3s`].map(event)
  const debug = podman(...PODMAN.split('\n').slice(1, 10).map((line) => JSON.parse(/msg=(".*")$/.exec(line)![1]!) as string))
  const goes: [why: string, text: string, outcome: string, attempts: number][] = [
    ['it hangs', pulling!, 'unknown', 0], ['podman, which does not say that it was pulled', `Trying to pull ${S}...\nGetting image source signatures\nCopying blob 0a0a done\nWriting manifest to image destination\n${D.slice(7)}\n`, 'ok', 0],
    ['it failed, then went well', failed! + off + pulling + had, 'ok', 0], ['it went well, then kubelet backs off', had! + off, 'failed', 0],
    ['kubelet backs off', pulling! + failed + off, 'failed', 3], ['every location failed, and nobody says the end', debug, 'failed', 3],
  ]
  for (const [why, text, outcome, attempts] of goes) {
    const [pull, more] = readText(text).pulls
    assert.equal([more, pull?.image, pull?.outcome, pull?.attempts.length], [undefined, S, outcome, attempts], why)
  }
})

test('formats :: what is cut off neither hides what was told before nor tells what is not so', () => {
  const final = PODMAN.indexOf('Error: initializing')
  for (let end = final; end <= PODMAN.length; end++) assert.equal(tell(readText(PODMAN.slice(0, end)).pulls[0]!), ALL, PODMAN.slice(final, end))
  for (let end = KLOG.indexOf('rpc error'); end < KLOG.length; end++) {
    for (const { image, named, attempts } of readText(KLOG.slice(0, end)).pulls) {
      assert.ok(image === S || !named, image)
      assert.ok(attempts.every(({ reference }, index) => reference === [M1, M2, S][index]), KLOG.slice(0, end))
    }
  }
})

test('formats :: what follows the first mebibyte is read, too, with its lines counted', () => {
  const filler = 'Nov 21 07:02:19 worker-0 kubenswrapper[1]: I1121 07:02:19.1 1 kubelet.go:1] "SyncLoop (PLEG): event for pod" pod="a/b"\n'
  const many = filler.repeat(20_000)
  const { pulls: [pull], lines } = readText(`${many}${PODMAN}${many}${KLOG}\n`, 65_536)
  assert.equal(tell(pull!), ALL)
  assert.is(pull!.attempts[0]!.line, 20_000 + 6)
  assert.is(lines, 40_000 + PODMAN.split('\n').length)
})

for (const [since, error] of LATE) {
  test(`formats :: what is refused is final, since ${since}: ${error.slice(0, 60)}`, () => {
    const begun = podman(`Pulling image ${S} (policy: always)`, `Trying to access "${M1}"`, `IsRunningImageAllowed for image docker:${S}`)
    const crio = `time="2026-11-21 07:02:19Z" level=info msg=${q(`Trying to access "${M1}"`)}\n`
    for (const [who, text] of [
      ['podman', `${begun}${podman(`Error pulling candidate ${S}: ${error}`)}Error: ${error}\n`], ['podman, its last line', `${begun}Error: ${error}\n`], ['skopeo', `${begun}time="2026-11-21T07:02:19Z" level=fatal msg=${q(error)}\n`],
      ['CRI-O, then kubelet', `${crio}1s Warning Failed pod/app Failed to pull image "${S}": rpc error: code = Unknown desc = ${error}\n`],
      ['CRI-O, then kubelet from 1.32 on', `${crio}1s Warning Failed pod/app Failed to pull image "${S}": unable to pull image or OCI artifact: pull image err: ${error}; artifact err: x\n`],
    ] as const) {
      const [pull, ...more] = readText(text).pulls
      assert.equal([pull!.outcome, pull!.times, pull!.attempts.map(({ reference, outcome }) => [reference, outcome]), more], ['failed', 1, [[M1, 'failed']], []], who)
    }
    const [alone] = readText(`1s Warning Failed pod/app Failed to pull image "${S}": rpc error: code = Unknown desc = ${error}\n`).pulls
    assert.equal(alone!.attempts.map(({ reference, outcome }) => [reference, outcome]), [[null, 'failed']], 'kubelet alone does not say which location it was')
  })
}

test('formats :: what is fatal to another program is none of a pull', () => {
  const [pull] = readText(`${podman(`Trying to access "${M1}"`)}time="2026-11-21T07:02:19Z" level=fatal msg="validating runtime config: no such file"\nError: unable to connect to the server\n`).pulls
  assert.is(pull!.outcome, 'unknown')
})

test('formats :: podman alone with its last line, of a short name', () => {
  const [pull] = readText('Error: short-name "app:1" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"\n').pulls
  assert.equal([pull!.image, pull!.outcome, pull!.attempts[0]!.class], ['app:1', 'failed', 'short-name'])
})

test.run()

function readText(text: string, size = 1_000): Log & { lines: number } {
  const reader = read()
  const bytes = new TextEncoder().encode(text)
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.slice(at, at + size))
  return reader.end()
}

function tell({ attempts }: Pull): string[] {
  return attempts.map(({ reference, class: kind, outcome }) => `${reference?.split('@')[0]} ${outcome === 'ok' ? 'ok' : kind ?? '-'}`)
}
