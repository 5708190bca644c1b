import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fg from 'fast-glob'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { CheckReport } from '../../src/report/json.ts'
import { mirrorproof, ROOT } from '../command.ts'
import { commandsIn, rendered, validCodequality, validJunit } from './readers.ts'

/** Every fourth case of the rules in every format at once: what each says has to be what JSON says. */
const cases = fg.sync('test/rules/*/*', { cwd: ROOT, onlyDirectories: true }).sort().filter((_, index) => index % 4 === 0)
const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' }

test('formats :: all of them tell the same of a repository', async () => {
  const root = mkdtempSync(join(tmpdir(), 'mirrorproof-'))
  const junits: Record<string, string> = {}
  for (const path of cases) {
    const formats = ['markdown', 'junit', 'codequality', 'json'].flatMap((format) => ['--format', `${format}=${join(root, format)}`])
    const { code, stdout, stderr } = mirrorproof(['check', '--format', 'github', ...formats], { cwd: join(ROOT, path) })
    assert.is(stderr, '')
    const [markdown, junit, codequality, json] = ['markdown', 'junit', 'codequality', 'json'].map((format) => readFileSync(join(root, format), 'utf8')) as [string, string, string, string]
    const { findings, skipped, summary } = JSON.parse(json) as CheckReport
    assert.is(code, summary.errors > 0 ? 1 : 0, path)
    const annotated = commandsIn(stdout).filter(({ properties }) => !properties['title']?.endsWith(' not checked'))
    const place = ({ file, line, rule, level }: CheckReport['findings'][number]) => `${COMMANDS[level]} ${path}/${file}:${line} ${rule}`
    assert.equal(annotated.map(({ name, properties: { file, line, title } }) => `${name} ${file}:${line} ${title}`).sort(), findings.map(place).sort(), path)
    const issues = JSON.parse(codequality) as { fingerprint: string; location: { path: string } }[]
    validCodequality(issues, path)
    assert.is(issues.length, findings.length + skipped.length, path)
    assert.is(new Set(issues.map(({ fingerprint }) => fingerprint)).size, issues.length, path)
    for (const { location } of issues) assert.ok(location.path.startsWith('test/rules/'), `${path}: from the root of the repository`)
    assert.is(markdown.match(/^- \*\*/gm)?.length ?? 0, findings.length, path)
    assert.not.match(rendered(markdown), /<a |<script|<img/, path)
    assert.is(junit.match(/<failure /g)?.length ?? 0, summary.errors, path)
    assert.is(junit.match(/<skipped>/g)?.length ?? 0, skipped.length, path)
    assert.match(junit, '<testcase ')
    junits[path] = junit
  }
  await validJunit(junits)
})

test.run()
