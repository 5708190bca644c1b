import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ROOT } from '../command.ts'
import { pull, set } from './fleet.ts'
import { checkout, hub } from './hub.ts'
import { ACTION, step } from './runner.ts'

const PAGE = readFileSync(join(ROOT, 'docs/action.md'), 'utf8')

/** The first table below a heading, as rows of cells. */
function table(heading: string): string[][] {
  const section = PAGE.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('| `'))
  return rows.map((row) => row.slice(2, -2).split(/(?<!\\) \| /))
}

test('manual :: inputs and outputs are those of action.yml', () => {
  const rows = (all: Record<string, { description: string }>) => Object.entries(all).map(([name, { description }]) => [`\`${name}\``, description])
  assert.equal(table('Inputs'), rows(ACTION.inputs))
  assert.equal(table('Outputs'), rows(ACTION.outputs))
})

test('manual :: the workflows to copy are the examples', () => {
  for (const name of ['mirrorproof', 'mirrorproof-code-scanning']) {
    assert.ok(PAGE.includes(`\`\`\`yaml\n${readFileSync(join(ROOT, `examples/workflows/${name}.yml`), 'utf8').trim()}\n\`\`\``), name)
  }
})

test('manual :: the log is a real one', async () => {
  const cluster = 'clusters:\n- {name: berlin, version: "4.18", disconnected: true, paths: [berlin]}\n'
  const cron = (image: string) => `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: backup, namespace: ops}\nspec: {schedule: '@daily', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: backup, image: '${image}'}]}}}}}\n`
  const origin = hub()
  const base = origin.commit({ '.mirrorproof.yaml': cluster, 'berlin/cron.yaml': cron('ghcr.io/acme/backup:1.2'), 'berlin/org.yaml': set('org', 'quay.io/org', 'mirror.lab/org') })
  const after = {
    'berlin/tools.yaml': `${set('tools', 'ghcr.io/acme', 'mirror.lab/acme').replace('ImageDigestMirrorSet', 'ImageTagMirrorSet').replace('imageDigestMirrors', 'imageTagMirrors')}    mirrorSourcePolicy: NeverContactSource\n`,
    'berlin/org.yaml': `${set('org', 'quay.io/org', 'mirror.lab/org')}  - source: registry.redhat.io\n`,
  }
  const head = origin.commit(after, base)
  origin.ref('refs/pull/1/merge', origin.commit(after, base, head))
  const { code, log } = await step({ workspace: checkout(origin, 'refs/pull/1/merge'), on: pull(base, head) })
  assert.is(code, 1)
  const shown = PAGE.replace(/(<!-- log -->\n\n```console\n)[\s\S]*?(?=```\n)/, (_, start: string) => start + log)
  if (process.env['UPDATE']) writeFileSync(join(ROOT, 'docs/action.md'), shown)
  else assert.is(PAGE, shown, 'UPDATE=1 npm test manual writes it')
})

test.run()
