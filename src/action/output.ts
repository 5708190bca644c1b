import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'

/** Sets outputs of the step, by their names. Tells why that cannot be done; outside of a workflow it is nothing to do. */
export function setOutputs(env: NodeJS.ProcessEnv, outputs: Record<string, string | number>): string[] {
  return appended(env, 'GITHUB_OUTPUT', Object.entries(outputs).map(([name, value]) => assignment(name, String(value))).join(''))
}

/** Adds Markdown to the summary of the step, as `setOutputs` does with outputs. */
export function addSummary(env: NodeJS.ProcessEnv, markdown: string): string[] {
  return appended(env, 'GITHUB_STEP_SUMMARY', markdown)
}

/** A value may hold what it likes: nobody can guess what ends it. */
function assignment(name: string, value: string): string {
  const end = `end_${randomUUID()}`
  return `${name}<<${end}\n${value}\n${end}\n`
}

function appended(env: NodeJS.ProcessEnv, variable: string, content: string): string[] {
  const path = env[variable]
  if (!path) return []
  try {
    appendFileSync(path, content)
    return []
  } catch (error) {
    return [`cannot write ${variable} (${(error as NodeJS.ErrnoException).code})`]
  }
}
