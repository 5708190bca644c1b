import { events } from './event.ts'
import { type Log, Pulls } from './pulls.ts'
import { Reader } from './reader.ts'

/** Reads a log in chunks, and tells of the pulls in it when it has ended. */
export function read(): { push(chunk: Uint8Array): void; end(): Log & { lines: number } } {
  const pulls = new Pulls()
  const reader = new Reader(({ text, number }) => {
    for (const event of events(text)) pulls.add(event, number)
  })
  return {
    push: (chunk) => reader.push(chunk),
    end() {
      reader.end()
      return { ...pulls.result(), lines: reader.lines }
    },
  }
}
