import type { Engine } from '../policy/engine.ts'
import { RULES } from '../policy/rules.generated.ts'

export const BUILT_IN = RULES.map(({ id }) => id)

/**
 * The engines of users' own rules. Without folders, nothing of it is loaded.
 * @throws UserError where a folder has to be built, or two rules are called the same.
 */
export async function ownEngines(folders: readonly string[]): Promise<Engine[]> {
  if (folders.length === 0) return []
  const { engines } = await import('../rules/rules.ts')
  return engines(folders, BUILT_IN)
}
