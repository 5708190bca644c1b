import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../command.ts'

/** Builds the oracle from the operator's own code, and returns its path. */
export function buildOracle(): string {
  const oracle = join(mkdtempSync(join(tmpdir(), 'oracle-')), 'oracle')
  console.log('building the oracle from the operator\'s own code (two minutes when nothing is cached)')
  execFileSync('go', ['build', '-trimpath', '-tags', 'containers_image_openpgp', '-o', oracle, '.'], { cwd: join(ROOT, 'test/conformance/operator'), stdio: 'inherit', env: { ...process.env, CGO_ENABLED: '0' } })
  return oracle
}
