import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where .ci/run installs test/e2e/tools/requirements.txt. */
const INSTALLED = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'mirrorproof/tools/bin')

/** The path of a program: the one that .ci/run installed, else the one on PATH; undefined where there is none. */
export function tool(name: string): string | undefined {
  const installed = join(INSTALLED, name)
  if (existsSync(installed)) return installed
  const { status, stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}
