import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { catalogue } from './catalogue.ts'
import { deploy } from './deploy.ts'
import { dist } from './dist.ts'
import { docs } from './docs.ts'
import { hasGo } from './go.ts'
import { models } from './models.ts'
import type { Outputs } from './outputs.ts'
import { own } from './own.ts'
import { policy, policyIsCurrent } from './policy.ts'
import { schemas } from './schemas.ts'

/** What is generated, in the order in which one needs the other. */
const STEPS: { name: string; needsGo: boolean; make: () => Outputs | Promise<Outputs> }[] = [
  { name: 'models', needsGo: true, make: models },
  { name: 'policy', needsGo: true, make: policy },
  { name: 'catalogue', needsGo: false, make: catalogue },
  { name: 'schemas', needsGo: false, make: schemas },
  { name: 'own rules', needsGo: true, make: own },
  { name: 'deploy', needsGo: false, make: deploy },
  { name: 'dist', needsGo: false, make: dist },
  { name: 'docs', needsGo: false, make: docs },
]

/** What the pre-commit hook runs as it is. */
const EXECUTABLE = 'dist/cli.cjs'

/** `npm run generate` writes everything that is generated; with --check it only says what is stale. */
const check = process.argv.includes('--check')
const go = hasGo()
const stale: string[] = []
for (const { name, needsGo, make } of STEPS) {
  if (needsGo && !go) {
    console.log(`${name}: skipped, it needs Go`)
    continue
  }
  for (const [file, content] of Object.entries(await make())) {
    if (same(file, content)) continue
    if (check) stale.push(file)
    else {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
      if (file === EXECUTABLE) chmodSync(file, 0o755)
      console.log(`${name}: wrote ${file}`)
    }
  }
}
if (!policyIsCurrent()) stale.push('policies/policy.wasm (its rules have changed)')
if (stale.length > 0) {
  console.error(`stale, run npm run generate:\n${stale.map((file) => `  ${file}`).join('\n')}`)
  process.exitCode = 1
} else if (check) console.log('everything generated is up to date')

function same(file: string, content: string | Uint8Array): boolean {
  try {
    return Buffer.from(content).equals(readFileSync(file)) && (file !== EXECUTABLE || (statSync(file).mode & 0o111) === 0o111)
  } catch {
    return false
  }
}
