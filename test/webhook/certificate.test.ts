import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { certificate } from '../../src/webhook/certificate.ts'
import { folder } from '../command.ts'
import { Authority } from '../e2e/cluster/authority.ts'
import { tool } from '../e2e/tools.ts'

const here = tool('openssl') === undefined ? test.skip : test
if (tool('openssl') === undefined) console.log('skipped: files of certificates: openssl is not installed')

here('an authority of clients that is none is told, for every client would be turned away', () => {
  const root = folder({})
  const authority = new Authority(join(root, 'authority'))
  const pair = authority.issue(['127.0.0.1'])
  assert.ok(certificate({ ...pair, clientCa: authority.ca }).context.ca)
  for (const text of ['', 'nonsense', '-----BEGIN CERTIFICATE-----\nMIIB\n']) {
    writeFileSync(join(root, 'ca.crt'), text)
    assert.throws(() => certificate({ ...pair, clientCa: join(root, 'ca.crt') }), /ca\.crt is no certificate of an authority/)
  }
})

test.run()
