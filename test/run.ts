import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import fg from 'fast-glob'

/**
 * Runs every *.test.ts under uvu and believes it only where it may: uvu exits with 0 when a hook throws, when a file lacks `.run()` and when
 * a test is `only` (lukeed/uvu#196). So each file must be named in the output, and as many tests must pass as there are.
 */
const [pattern = ''] = process.argv.slice(2)
const files = fg.sync('test/**/*.test.ts').sort().filter((file) => file.includes(pattern))
const chosen = files.length > 0 ? files.map((file) => file.slice('test/'.length).replaceAll('.', '\\.')).join('|') : '^$'
const child = spawn('node_modules/.bin/uvu', ['test', `^(?:${chosen})$`], {
  env: { ...process.env, NODE_OPTIONS: '--import=tsx', NO_COLOR: '1', FORCE_COLOR: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
})
let output = ''
child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
  output += chunk
  process.stdout.write(chunk)
})
child.on('close', (code) => {
  const count = (name: string) => Number(new RegExp(`^\\s*${name}:\\s+(\\d+)`, 'm').exec(output)?.[1] ?? 0)
  const [total, passed, skipped] = [count('Total'), count('Passed'), count('Skipped')]
  const only = files.filter((file) => /\btest\.only\b/.test(readFileSync(file, 'utf8')))
  for (const file of only) console.error(`${file}: runs only some of its tests`)
  const silent = files.filter((file) => !output.includes(file.slice('test/'.length)))
  for (const file of silent) console.error(`${file}: did not run; is there a .run()?`)
  const failed = total - passed + silent.length + only.length + (total + skipped === 0 ? 1 : 0) + (code !== 0 && total === passed ? 1 : 0)
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  process.exitCode = failed > 0 ? 1 : 0
})
