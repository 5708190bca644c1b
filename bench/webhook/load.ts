import { readFileSync } from 'node:fs'
import { connect, type TLSSocket } from 'node:tls'

/** How long answers took, in milliseconds, and how many there were a second. */
export interface Figures {
  p50: number
  p99: number
  perSecond: number
}

/** Posts bodies in turn over kept connections, each of which has one request under way at any time, until `count` are answered with status 200. */
export async function load(target: { port: number; path: string; ca: string }, bodies: readonly string[], connections: number, count: number): Promise<Figures> {
  const requests = bodies.map((body) => Buffer.from(`POST ${target.path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`))
  const times: number[] = []
  let sent = 0
  const began = performance.now()
  const talk = async () => {
    const socket = await opened(target)
    for (let index = sent++; index < count; index = sent++) {
      const start = performance.now()
      await exchange(socket, requests[index % requests.length]!)
      times.push(performance.now() - start)
    }
    socket.destroy()
  }
  await Promise.all(Array.from({ length: connections }, talk))
  const seconds = (performance.now() - began) / 1000
  times.sort((a, b) => a - b)
  return { p50: times[Math.floor(times.length * 0.5)]!, p99: times[Math.floor(times.length * 0.99)]!, perSecond: times.length / seconds }
}

function opened({ port, ca }: { port: number; ca: string }): Promise<TLSSocket> {
  return new Promise((done, failed) => {
    const socket = connect({ host: '127.0.0.1', port, ca: readFileSync(ca) }, () => done(socket.setNoDelay(true)))
    socket.once('error', failed)
  })
}

function exchange(socket: TLSSocket, request: Buffer): Promise<void> {
  return new Promise((done, failed) => {
    let text = ''
    const ended = () => failed(new Error('the connection was closed'))
    const heard = (part: Buffer) => {
      text += part.toString('latin1')
      const head = text.indexOf('\r\n\r\n')
      if (head < 0) return
      const [, length] = /content-length: *(\d+)/i.exec(text.slice(0, head)) ?? []
      if (length === undefined) return failed(new Error(`an answer without a length: ${text.slice(0, head)}`))
      if (text.length < head + 4 + Number(length)) return
      socket.off('data', heard).off('close', ended)
      if (!text.startsWith('HTTP/1.1 200')) return failed(new Error(text.slice(0, 500)))
      done()
    }
    socket.on('data', heard).once('close', ended)
    socket.write(request)
  })
}
