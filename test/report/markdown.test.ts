import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { visible } from '../../src/report/line.ts'
import { markdown } from '../../src/report/markdown.ts'
import { bytes, code, inline } from '../../src/report/markup.ts'
import { rendered, textOf } from './readers.ts'
import { finding, HOSTILE, hostile, report, site, waived } from './report.ts'

const OURS = /<\/?(?:h3|h4|p|ul|li|strong|code|details|summary|table|thead|tbody|tr|th|td)(?: align="[a-z]+")?>/g
/** What GitHub and GitLab look for in what is rendered, outside of code. */
const REFERENCE = /@\w|#\d|(?<!\w)GH-\d|!\d|:\/\/|www\.\w/i

/** Holds Markdown to be what it says and nothing that somebody wrote into it; gives its HTML. */
function harmless(source: string, what: string): string {
  const html = rendered(source)
  assert.not.match(html.replace(OURS, ''), /<[a-z/!]/i, `${what}: markup`)
  assert.not.match(textOf(html.replace(/<code>[^]*?<\/code>/g, '')), REFERENCE, `${what}: a reference`)
  return html
}

const seen = (html: string) => textOf(html).replaceAll('\u200b', '').replace(/\s+/g, ' ').trim()

for (const [name, text] of Object.entries(HOSTILE)) {
  test(`inline and code :: ${name} stands for itself`, () => {
    const shown = visible(text).replace(/##(?=\[|vso\[)/g, '#\\u0023').replace(/\s+/g, ' ').trim()
    assert.is(seen(harmless(`x ${code(text)}`, name)), `x ${shown}`.trim())
    assert.is(seen(harmless(`x ${inline(text)}`, name)), `x ${shown.replace(/^::/, '\\u003a:').replace(/`([^`]+)`/g, '$1')}`.trim())
    const cells = harmless(`| a | b |\n|---|---|\n| ${inline(text)} | ${code(text)} |`, name).match(/<td>/g)
    assert.is(cells?.length, 2, 'in a table')
  })

  test(`markdown :: ${name} adds no markup, mention or link`, () => {
    const html = harmless(markdown(hostile(text), { showWaived: true }), name)
    assert.is(html.match(/<h4>/g)?.length, 1)
    assert.is(html.match(/<details>/g)?.length, 2)
    assert.is(html.match(/<strong>(?:error|fix|A rule failed\.)<\/strong>/g)?.length, 5)
  })
}

test('inline and code :: whatever is written, no markup comes of it', () => {
  const token = fc.constantFrom(...Object.values(HOSTILE), '`', '``', '*', '_', '~~', '[x](y)', '](', '![', '<b>', '&amp;', '|', '\\', '\n', ' ', '@org', '#1', 'GH-1', 'https://x.y', 'www.x.y', '$x$', ':smile:', '- ', '1. ', '> ', '===', 'word')
  fc.assert(fc.property(fc.array(token, { maxLength: 6 }).map((parts) => parts.join('')), (text) => {
    harmless(`${inline(text)}\n\n- ${inline(text)} ${code(text)}`, JSON.stringify(text))
  }), { numRuns: 2_000 })
})

test('inline :: what stands in backticks is code, and digests and versions stay readable', () => {
  assert.is(inline('source `quay.io/org/app:1.2` of ImageDigestMirrorSet/org ends with a slash: from OpenShift 4.16 on'), 'source `quay.io/org/app:1.2` of ImageDigestMirrorSet/org ends with a slash: from OpenShift 4.16 on')
  assert.is(code('a|b'), '<code>a&#124;b</code>')
})

test('markdown :: findings by file, with place, rule, fix and excerpt; what was not checked is folded', () => {
  const findings = [finding({ related: [{ message: '`quay.io/org` too', site: site('b.yaml', 9) }] }), finding({ level: 'info', rule: 'unknown-field', message: 'there is no field `x`', fix: 'Remove it.', excerpt: null, site: site('b.yaml', 2) })]
  const skipped = [{ file: 'chart/t.yaml', line: 3, reason: 'template' as const, message: 'a template' }]
  assert.is(markdown(report({ findings, skipped }), { showWaived: false }), `### mirrorproof: 1 error, 1 info

2 mirror sets in 1 cluster, of 3 files; 1 not checked

#### \`a.yaml\`

- **error** 6:13 source \`quay.io/org/\` ends with a slash \`malformed-location\`
  - \`- source: quay.io/org/\`
  - \`b.yaml:9\` \`quay.io/org\` too
  - **fix** Leave out the slash.

#### \`b.yaml\`

- **info** 2:13 there is no field \`x\` \`unknown-field\`
  - **fix** Remove it.

<details><summary>1 not checked</summary>

- \`chart/t.yaml:3\` a template

</details>
`)
})

test('markdown :: what is waived is a count, and folded where it is to be shown', () => {
  const made = (showWaived: boolean) => markdown(report({ waived: [waived()] }), { showWaived })
  assert.match(made(false), 'of 3 files; 1 waived (--show-waived)\n')
  assert.not.match(made(false), 'details')
  assert.match(made(true), '<details><summary>1 waived</summary>\n\n- `a.yaml:6` error: source `quay.io/org/` ends with a slash `malformed-location` waived by a comment (a.yaml:5:3) until 2027-01-31: moves with the new mirror\n')
})

test('markdown :: a rule that failed is not folded', () => {
  assert.match(markdown(report({ skipped: [{ file: 'p.rego', reason: 'rule', message: 'the rule p failed' }] }), { showWaived: false }), '\n**A rule failed.** `p.rego` the rule p failed\n')
})

const many = report({
  findings: Array.from({ length: 4_000 }, (_, index) => finding({ level: index % 10 === 9 ? 'error' : 'warning', rule: index % 3 ? 'malformed-location' : 'unknown-field', fix: 'Leave out the slash. '.repeat(20), site: site(`dir-${index % 100}/a.yaml`, index + 1) })).sort((a, b) => (a.site.file < b.site.file ? -1 : 1)),
})

test('markdown :: what is too long loses first fixes and excerpts, then the milder findings, then all but the counts; and says so', () => {
  const of = (limit?: number) => markdown(many, { showWaived: false, ...(limit ? { limit } : {}) })
  const [whole, brief, cut, counts] = [of(10_000_000), of(), of(60_000), of(300)]
  assert.match(whole, '**fix**')
  assert.ok(bytes(whole) > 1_000_000)
  assert.match(brief, 'Fixes and excerpts are left out')
  assert.is(brief.match(/^- \*\*/gm)!.length, 4_000)
  assert.match(cut, /All of it would be too long here: \d+ of 4000 findings are listed, the worst first/)
  assert.is(cut.match(/^- \*\*error/gm)!.length, 400, 'no error gives way to a warning')
  const listed = cut.match(/^- \*\*/gm)!.length
  const counted = [...cut.matchAll(/^\| `[a-z-]+` \| \w+ \| (\d+) \|$/gm)].reduce((sum, [, count]) => sum + Number(count), 0)
  assert.is(listed + counted, 4_000)
  assert.is(counts, '### mirrorproof: 400 errors, 3600 warnings\n\n2 mirror sets in 1 cluster, of 3 files\n\nNothing more fits in here.\n')
})

test('markdown :: is never longer than its limit', () => {
  fc.assert(fc.property(fc.integer({ min: 300, max: 1_200_000 }), (limit) => {
    assert.ok(bytes(markdown(many, { showWaived: false, limit })) <= limit)
  }), { numRuns: 20 })
})

test.run()
