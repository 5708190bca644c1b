import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ClusterChange } from '../../src/impact.ts'
import { type Change, diffText } from '../../src/report/diff.ts'
import { plain } from '../../src/report/color.ts'
import { graph } from '../../src/report/graph.ts'
import { bytes } from '../../src/report/markup.ts'
import { diffMarkdown } from '../../src/report/pullrequest.ts'
import { grouped } from '../../src/report/routes.ts'
import type { RouteChange } from '../../src/reroute.ts'
import { rendered, textOf } from './readers.ts'
import { finding, HOSTILE, NO_MENDS, site } from './report.ts'

const attempt = (reference: string, mirror = true) => ({ reference, mirror }) as RouteChange['after']['attempts'][number]

function route(image: string, before: string[], after: string[], own: Partial<RouteChange> = {}): RouteChange {
  const of = (all: string[]) => ({ prefix: 'quay.io/org', attempts: all.map((one) => attempt(one, one !== image)), error: all.length === 0 ? 'every location is blocked' : null })
  return { image, reference: image, cluster: 'east', before: of(before), after: of(after), sites: [site('web.yaml', 7, 12)], ...own }
}

const mirrored = (name: string, host = 'mirror.example.net') => route(`quay.io/org/${name}:v1`, [`quay.io/org/${name}:v1`], [`${host}/org/${name}:v1`, `quay.io/org/${name}:v1`])

function cluster(own: Partial<ClusterChange> = {}): ClusterChange {
  const files = [{ path: '/etc/containers/registries.conf', before: 'a\n', after: 'b\n' }]
  return { name: 'east', state: 'changed', effect: 'drain', reason: '`quay.io/org` becomes blocked', refused: null, upgrade: null, files, installer: false, incomplete: false, ...own }
}

function change(own: Partial<Change> = {}): Change {
  return { base: 'main', head: 'what is here', findings: { new: [], gone: [], unchanged: [], waived: [] }, mends: NO_MENDS, routes: [], clusters: [], skipped: { before: [], after: [] }, ...own }
}

/** What mermaid's grammar makes of the graphs that are drawn here, as far as they use it. */
const LABEL = String.raw`\["(?:[\w ,./:@…-]|#\d+;)+"\]`
const NODE = String.raw`n\d+(?:${LABEL}|\(${LABEL}\))?`
const EDGE = String.raw`(?:-- \d+ -->|== "\d+, new" ==>|== new ==>|-\. no longer \.->)`
const GRAPH = new RegExp(String.raw`^flowchart LR\n(?:  ${NODE} ${EDGE} ${NODE}\n)+$`)

const drawn = (markdown: string) => /```mermaid\n([^]*?)```/.exec(markdown)?.[1]

test('markdown of a change :: all of it', () => {
  const made = diffMarkdown(change({
    findings: { new: [{ ...finding(), was: 'warning' }], gone: [finding({ rule: 'unknown-field', message: 'there is no field `x`', level: 'info' })], unchanged: [finding({ site: site('old.yaml', 3) })], waived: [] },
    routes: [mirrored('a'), mirrored('b'), route('quay.io/x:v1', ['quay.io/x:v1'], [])],
    clusters: [cluster({ upgrade: { becomes: 'blocked', why: 'on OpenShift 4.18: both kinds exist' }, incomplete: true })],
    skipped: { before: [], after: [{ file: 'chart/t.yaml', line: 3, reason: 'template', message: 'a template' }] },
  }))
  assert.is(made, `### mirrorproof: 1 new error; nodes are drained; 3 pulls go elsewhere

\`main\` → what is here; 1 mended; 1 as before; 1 not checked

#### What gets worse

- **error** \`a.yaml:6\` source \`quay.io/org/\` ends with a slash \`malformed-location\` (was: warning)
  - **fix** Leave out the slash.

#### What happens to nodes

- each node is drained: \`quay.io/org\` becomes blocked; **upgrades stall from now on**: on OpenShift 4.18: both kinds exist; part of its configuration cannot be read, so there may be more

<details><summary>/etc/containers/registries.conf</summary>

\`\`\`diff
--- /etc/containers/registries.conf before
+++ /etc/containers/registries.conf after
@@ -1,1 +1,1 @@
-a
+b
\`\`\`

</details>

#### Where images come from

\`\`\`mermaid
flowchart LR
  n0(["2 images below quay.io/org"]) == "1, new" ==> n1["mirror.example.net/org"]
  n0(["2 images below quay.io/org"]) -- 2 --> n2["quay.io/org"]
  n3(["quay.io/x:v1"]) == new ==> n5["nowhere: every location is blocked"]
  n3(["quay.io/x:v1"]) -. no longer .-> n4["quay.io/x:v1"]
\`\`\`

- 2 images below \`quay.io/org\` (\`web.yaml:7\`)
  - before: \`quay.io/org\`
  - now: \`mirror.example.net/org\`, then \`quay.io/org\`
- \`quay.io/x:v1\` (\`web.yaml:7\`)
  - before: \`quay.io/x:v1\`
  - now: nowhere: every location is blocked

<details><summary>1 mended</summary>

- **info** \`a.yaml:6\` there is no field \`x\` \`unknown-field\`

</details>

<details><summary>1 as before</summary>

- **error** \`old.yaml:3\` source \`quay.io/org/\` ends with a slash \`malformed-location\`

</details>

<details><summary>1 not checked</summary>

- \`chart/t.yaml:3\` a template

</details>
`)
})

test('markdown of a change :: clusters that change alike are told together, the hardest hit first, and the worst finding first', () => {
  const made = diffMarkdown(change({
    findings: { new: [{ ...finding({ level: 'info' }), was: null }, { ...finding({ site: site('z.yaml', 1) }), was: null }], gone: [], unchanged: [], waived: [] },
    routes: ['east', 'west'].map((name) => ({ ...mirrored('a'), cluster: name })),
    clusters: [cluster({ name: 'north', effect: 'reload', reason: 'x' }), cluster({ name: 'east' }), cluster({ name: 'west' }), cluster({ name: 'south', effect: 'reboot', reason: 'y' })],
  }))
  assert.equal(made.match(/^- \*\*.*$/gm)?.map((row) => row.slice(0, 24)), [
    '- **error** `z.yaml:1` s', '- **info** `a.yaml:6` so', '- **south**: each node r', '- **east, west**: each n', '- **north**: nodes are n',
  ])
  assert.equal(made.match(/<summary>.*<\/summary>/g), ['<summary>/etc/containers/registries.conf of south, east, west, north</summary>'])
  assert.match(made, '\n- `quay.io/org/a:v1` in east, west (`web.yaml:7`)\n')
  assert.match(made, 'n0(["quay.io/org/a:v1, in east, west"])')
})

test('markdown of a change :: nothing to tell is short', () => {
  assert.is(diffMarkdown(change()), '### mirrorproof: nothing is worse\n\n`main` → what is here\n')
})

test('markdown of a change :: what is waived from now on stands open', () => {
  const waived = { ...finding(), waiver: { by: 'comment', reason: '<b>soon</b>', until: '2027-01-31', site: site('a.yaml', 3) } } as const
  const made = diffMarkdown(change({ findings: { new: [], gone: [], unchanged: [], waived: [waived] } }))
  assert.match(made, /^### mirrorproof: nothing is worse; 1 newly waived\n/)
  assert.match(made, /\n#### What is waived from now on\n\n- \*\*error\*\* .*: waived by a comment \(a\.yaml:3:\d+\) until 2027-01-31: /)
  assert.not.match(made, '<b>')
})

test('markdown of a change :: what is too long is left out step by step, and said', () => {
  const many = Array.from({ length: 500 }, (_, index) => ({ ...finding({ site: site(`f${index}.yaml`, 6), fingerprint: String(index) }), was: null }))
  const large = change({
    findings: { new: many, gone: many, unchanged: many, waived: [] }, routes: Array.from({ length: 300 }, (_, index) => mirrored(`i${index}`, `m${index}.example.net`)),
    clusters: [cluster({ files: [{ path: '/etc/containers/registries.conf', before: '', after: 'x = "y"\n'.repeat(2_000) }] })],
  })
  const part = (text: string) => ['<summary>/etc', '**fix**', 'as before</summary>', 'and 300 more', 'and 400 more', 'and 470 more', 'Some of it is left out', 'All of it would be too long'].filter((one) => text.includes(one))
  const whole = bytes(diffMarkdown(large, Infinity))
  const steps = [Infinity, whole - 1, 60_000, 20_000, 1_000].map((limit) => {
    const made = diffMarkdown(large, limit)
    assert.ok(bytes(made) <= limit, String(limit))
    assert.match(made, /^### mirrorproof: 500 new errors; nodes are drained; 300 pulls go elsewhere\n/)
    assert.is((made.match(/<details>/g) ?? []).length, (made.match(/<\/details>/g) ?? []).length)
    return part(made)
  })
  assert.equal(steps, [
    ['<summary>/etc', '**fix**', 'as before</summary>'],
    ['<summary>/etc', '**fix**', 'and 300 more', 'Some of it is left out'],
    ['**fix**', 'and 400 more', 'Some of it is left out'],
    ['and 470 more', 'Some of it is left out'],
    ['All of it would be too long'],
  ])
})

const OURS = /<\/?(?:h3|h4|p|ul|li|strong|code|pre|details|summary)(?: class="[a-z-]+")?>/g

for (const [name, text] of Object.entries(HOSTILE)) {
  test(`markdown of a change :: ${name} adds no markup`, () => {
    const file = `dir/${text}.yaml`
    const one = finding({ message: text, fix: text, site: site(file, 6) })
    const made = change({
      base: text, head: text, findings: { new: [{ ...one, was: null }], gone: [one], unchanged: [one], waived: [] },
      routes: [route(`quay.io/${text}`, [`quay.io/${text}`], [`m.example.net/${text}`, `quay.io/${text}`], { cluster: text }), route('quay.io/b', ['quay.io/b'], [], { after: { prefix: null, attempts: [], error: text } })],
      clusters: [cluster({ name: text, reason: text, refused: text, upgrade: { becomes: 'blocked', why: text }, files: [{ path: `/etc/${text}`, before: text, after: `${text}\n${text}` }] }), cluster({ name: `other ${text}` })],
      skipped: { before: [{ file, reason: 'template', message: text }], after: [{ file, line: 3, reason: 'template', message: text }] },
    })
    const source = diffMarkdown(made)
    const html = rendered(source)
    assert.not.match(html.replace(OURS, ''), /<[a-z/!]/i)
    assert.is(html.match(/<h4>/g)?.length, 3)
    assert.is(html.match(/<details>/g)?.length, 5)
    assert.not.match(textOf(html.replace(/<code[^]*?<\/code>/g, '').replace(/<summary>[^]*?<\/summary>/g, '')), /@\w|:\/\/|www\.\w/i)
    assert.match(drawn(source)!, GRAPH)
    const shown = diffText(made, plain, false)
    assert.not.match(shown, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]|^\s*::|##(?:\[|vso\[)/m)
  })
}

test('graph :: whatever it is of, mermaid can read it', () => {
  const word = fc.constantFrom('quay.io', 'm.example.net', '/a', '/b', ':v1', '"', ']', '[', '`', ';', '#', 'end', 'graph', '--', '-->', '==', '|', '%%', '{}', '<b>', '\\', '\n', 'é', '@sha256:', 'a'.repeat(64), ' ')
  const text = fc.array(word, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''))
  const pulls = fc.array(fc.tuple(text, fc.array(text, { maxLength: 3 }), fc.array(text, { maxLength: 3 })), { minLength: 1, maxLength: 6 })
  fc.assert(fc.property(pulls, fc.boolean(), (all, several) => {
    const groups = grouped(all.map(([image, before, after]) => route(image, before, after, { cluster: several ? `c ${image}` : 'c' })))
    const made = drawn(graph(groups, several))
    assert.ok(made !== undefined && GRAPH.test(made), made)
  }), { numRuns: 1_000 })
})

test('graph :: too much of it is no picture', () => {
  const groups = (count: number) => grouped(Array.from({ length: count }, (_, index) => mirrored(`i${index}`, `m${index}.example.net`)))
  assert.is(graph(groups(7), false), '')
  assert.is(graph([], false), '')
  assert.match(graph(groups(6), false), 'flowchart')
})

const GROUPS: [name: string, routes: RouteChange[], expected: string[]][] = [
  ['images that change alike are told together', [mirrored('a'), mirrored('b'), mirrored('c', 'other.example.net')], [
    '2 images below quay.io/org: quay.io/org => mirror.example.net/org, then quay.io/org', 'quay.io/org/c:v1: quay.io/org/c:v1 => other.example.net/org/c:v1, then quay.io/org/c:v1',
  ]],
  ['those of other clusters apart', [mirrored('a'), { ...mirrored('b'), cluster: 'west' }], [
    'quay.io/org/a:v1: quay.io/org/a:v1 => mirror.example.net/org/a:v1, then quay.io/org/a:v1', 'quay.io/org/b:v1: quay.io/org/b:v1 => mirror.example.net/org/b:v1, then quay.io/org/b:v1',
  ]],
  ['a mirror that is called otherwise', [route('quay.io/org/a:v1', ['quay.io/org/a:v1'], ['m.example.net/flat-a:v1'])], ['quay.io/org/a:v1: quay.io/org/a:v1 => m.example.net/flat-a:v1']],
  ['those that cannot be pulled', [route('quay.io/org/a:v1', ['quay.io/org/a:v1'], []), route('quay.io/org/b:v1', ['quay.io/org/b:v1'], [])], ['2 images below quay.io/org: quay.io/org => nowhere: every location is blocked']],
]
for (const [name, routes, expected] of GROUPS) test(`routes :: ${name}`, () => assert.equal(grouped(routes).map(({ images, before, after }) => `${images}: ${before} => ${after}`), expected))

test.run()
