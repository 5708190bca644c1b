import type { Finding } from '../policy/finding.ts'
import { isWorse } from '../policy/levels.ts'

/**
 * What is wrong between several objects is told of one of them: of three that disagree, another one's once the first agrees. It is what it was, no worse,
 * where it is of the same rule and of the same source, which is what a message names first.
 */
export function notMoved<F extends Finding>(added: readonly F[], gone: readonly Finding[]): F[] {
  const left = [...gone]
  return added.filter((one) => {
    const index = left.findIndex((old) => old.rule === one.rule && !isWorse(one.level, old.level) && subject(one) !== undefined && subject(old) === subject(one))
    if (index >= 0) left.splice(index, 1)
    return index < 0
  })
}

function subject({ message }: Finding): string | undefined {
  return /`([^`]+)`/.exec(message)?.[1]
}
