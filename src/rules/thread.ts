import { join } from 'node:path'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { HOME } from '../home.ts'
import type { Facts } from '../policy/facts.ts'

/** What a thread is given; `signal` holds 1 once an answer is there. */
export interface Thread {
  port: MessagePort
  signal: Int32Array<SharedArrayBuffer>
  module: WebAssembly.Module
}

/** What a rule yields, or why it yields nothing; `stuck` where it had to be stopped. */
export type Answer = { findings: unknown[] } | { problem: string; stuck?: boolean }

/**
 * Asks a module in a thread of its own, and waits: a rule that does not end can only be stopped from outside. `limit` is in milliseconds. The
 * thread starts with the first question; after one that had to be stopped, a new one starts.
 */
export function asker(module: WebAssembly.Module, limit: number): (facts: Facts) => Answer {
  let running: ReturnType<typeof start> | undefined
  return (facts) => {
    const { worker, port, signal } = (running ??= start(module))
    Atomics.store(signal, 0, 0)
    port.postMessage(facts)
    Atomics.wait(signal, 0, 0, limit)
    const answer = receiveMessageOnPort(port) as { message: Answer } | undefined
    if (answer) return answer.message
    void worker.terminate()
    running = undefined
    return { problem: `it gives no answer within ${limit / 1000} s`, stuck: true }
  }
}

function start(module: WebAssembly.Module) {
  const { port1, port2 } = new MessageChannel()
  const signal = new Int32Array(new SharedArrayBuffer(4))
  const workerData: Thread = { port: port2, signal, module }
  const worker = new Worker(join(HOME, 'dist/worker.cjs'), { workerData, transferList: [port2], env: {} })
  worker.on('error', () => undefined) // whoever waits for its answer has found out
  worker.unref()
  return { worker, port: port1, signal }
}
