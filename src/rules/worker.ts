import { workerData } from 'node:worker_threads'
import { loadPolicySync, type Yield } from '../policy/engine.ts'
import type { Answer, Thread } from './thread.ts'

/** In pages of 64 KiB. All of it from the start: pages that are not touched cost nothing, and to grow bit by bit takes longer than most rules. */
const MEMORY = 16_384
/** Of what a rule yields for a cluster, in characters of JSON: a report of more helps nobody. */
const MOST = 16 * 1024 * 1024

const { port, signal, module } = workerData as Thread
let policy: ReturnType<typeof loadPolicySync> | undefined

// A module, or the SDK for one that it does not know, may print; stdout is for the report.
Object.assign(console, { log: () => undefined, error: () => undefined })

/** The thread of users' own rules: facts in, what one rule yields out. */
port.on('message', (facts: object) => {
  port.postMessage(answer(facts))
  Atomics.store(signal, 0, 1)
  Atomics.notify(signal, 0)
})

function answer(facts: object): Answer {
  try {
    policy ??= loadPolicySync(module, { initial: MEMORY, maximum: MEMORY })
    const [{ result }] = policy.evaluate(facts) as [{ result: Yield[] }]
    const findings = result.map(({ finding }) => finding)
    return JSON.stringify(findings).length > MOST ? { problem: `it yields more than ${MOST / 1024 / 1024} MiB of findings` } : { findings }
  } catch (error) {
    policy = undefined // what an aborted one leaves behind is nobody's to rely on
    // The SDK throws strings.
    const problem = error instanceof Error ? error.message : String(error)
    return { problem: problem.includes('opa_malloc') ? `it takes more than ${MEMORY / 16} MiB of memory` : problem.slice(0, 500) }
  }
}
