import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ROOT } from '../command.ts'
import { authority, greeting, holding, image, MISSING, playing, proxy, running } from './registry.ts'

/** docs/probing.md shows what the program prints of test/probe/page, where registries of the test play the mirrors, behind a proxy that knows them. `UPDATE=1 npm test probe/page` rewrites it, for a person to read. */
const PAGE = join(ROOT, 'docs/probing.md')
const APP = image()
/** Digests are cut short in the page. */
const short = (text: string) => text.replace(/sha256:([0-9a-f]{4})[0-9a-f]{60}/g, 'sha256:$1…')

if (MISSING) console.log(`skipped: what docs/probing.md shows is not run: ${MISSING}`)
else {
  test('page :: it shows what the program prints', async () => {
    const cert = authority().issue(['mirror-a.corp', 'mirror-b.corp', 'mirror-c.corp'])
    const locked = await playing((_, response) => void response.writeHead(401, { 'www-authenticate': 'Basic realm="mirror"' }).end(), { cert })
    const empty = await playing(greeting(holding({})), { cert })
    const full = await playing(holding(APP.content), { cert })
    const through = await proxy({ 'mirror-a.corp:8443': locked.host, 'mirror-b.corp:443': empty.host, 'mirror-c.corp:443': full.host })
    const page = readFileSync(PAGE, 'utf8')
    let shown = page
    const examples = [...page.matchAll(/```console\n\$ mirrorproof (.*)\n[\s\S]*?```\n/g)]
    for (const [block, command] of examples as unknown as [string, string][]) {
      const args = command.replace(short(APP.digest), APP.digest).split(' ')
      const { stdout, stderr } = await running(args, { cwd: join(ROOT, 'test/probe/page'), env: { SSL_CERT_FILE: authority().ca, HTTPS_PROXY: through.url } })
      shown = shown.replace(block, () => `\`\`\`console\n$ mirrorproof ${command}\n${short(`${stderr}${stdout}`).trim()}\n\`\`\`\n`)
    }
    for (const one of [locked, empty, full, through]) one.stop()
    assert.is(examples.length, 3)
    if (process.env['UPDATE']) writeFileSync(PAGE, shown)
    assert.fixture(readFileSync(PAGE, 'utf8'), shown)
  })
}

test.run()
