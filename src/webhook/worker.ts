import { parentPort } from 'node:worker_threads'
import { isUserError } from '../error.ts'
import { Judge } from './judge.ts'
import type { Message, Reply } from './message.ts'
import { meansOf } from './settings.ts'

/** Judges in a thread of its own, one question after the other: however long one takes, connections are served. */
const port = parentPort!
let judge: Judge | undefined
let last = Promise.resolve()

port.on('message', (message: Message) => {
  last = last.then(() => handle(message))
})

async function handle(message: Message): Promise<void> {
  if (message.do === 'change') return judge!.change(message.change)
  const { id } = message
  try {
    port.postMessage({ id, ...(await answer(message)) } as Reply)
  } catch (error) {
    const told = isUserError(error) || error instanceof RangeError
    port.postMessage({ id, problem: told ? error.message : error instanceof Error ? error.stack ?? error.message : String(error), ...(told ? {} : { defect: true }) } satisfies Reply)
  }
}

async function answer(message: Exclude<Message, { do: 'change' }>) {
  switch (message.do) {
    case 'settings': {
      const means = await meansOf(message.settings)
      if (judge) judge.use(means)
      else judge = new Judge(means)
      return { settled: true }
    }
    case 'audit': return { findings: judge!.audit() }
    default: return { verdict: judge!.review(message.request) }
  }
}
