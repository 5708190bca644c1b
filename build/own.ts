import { join } from 'node:path'
import fg from 'fast-glob'
import { build } from '../src/rules/build.ts'
import { WASM } from '../src/rules/folder.ts'
import { opaBinary } from './go.ts'
import type { Outputs } from './outputs.ts'

/** What `mirrorproof rules build` makes of the rules that the tests and the docs show as users' own. */
export function own(): Outputs {
  const folders = fg.sync('test/own-rules/*/policies', { onlyDirectories: true }).sort()
  return Object.fromEntries(folders.map((folder) => {
    const built = build(folder, opaBinary(), [])
    if ('refused' in built) throw new Error(`${folder}: ${built.refused}`)
    return [join(folder, WASM), built.wasm]
  }))
}
