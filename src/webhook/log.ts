/** Writes one line of JSON: when, how grave, what, and what else is to be known. */
export type Log = (level: 'info' | 'warning' | 'error', msg: string, more?: Record<string, unknown>) => void

/** Lines of one turn of the event loop are written at once: a busy service has thousands a second. */
export function logTo(write: (text: string) => void, now: () => Date = () => new Date()): Log {
  let waiting: string[] = []
  return (level, msg, more = {}) => {
    if (waiting.length === 0) {
      setImmediate(() => {
        write(waiting.join(''))
        waiting = []
      })
    }
    waiting.push(`${JSON.stringify({ time: now().toISOString(), level, msg, ...more })}\n`)
  }
}
