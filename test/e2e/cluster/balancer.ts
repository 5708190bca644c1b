import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Service } from './service.ts'
import { freePorts } from './process.ts'

/** How often the probe of a Service's endpoints asks, in milliseconds; a kubelet is slower, and `--drain` is longer for it. */
const PROBE = 100

/**
 * What a Service of Kubernetes is to the API server: new connections go to a replica that is ready, open ones stay where they are.
 * Where none is ready, they go to those that are ending, as kube-proxy does since 1.26.
 */
export class Balancer {
  readonly port: number
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #timer: NodeJS.Timeout
  #open: readonly Service[] = []
  #next = 0

  private constructor(port: number, services: () => readonly Service[]) {
    this.port = port
    this.#server = createServer((client) => this.#join(client)).listen(port, '127.0.0.1').unref()
    const probe = async () => {
      const all = services()
      const ready = await Promise.all(all.map((service) => service.isReady()))
      this.#open = ready.includes(true) ? all.filter((_, index) => ready[index]) : all
    }
    this.#timer = setInterval(() => void probe(), PROBE).unref()
  }

  static async start(services: () => readonly Service[]): Promise<Balancer> {
    const [port] = await freePorts(1)
    return new Balancer(port!, services)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #join(client: Socket): void {
    const service = this.#open[this.#next++ % this.#open.length]
    this.#sockets.add(client.unref())
    client.on('close', () => this.#sockets.delete(client))
    if (!service) return void client.on('error', () => undefined).destroy()
    const server = connect(service.port, '127.0.0.1').unref()
    for (const [one, other] of [[client, server], [server, client]] as const) one.on('error', () => other.destroy()).on('close', () => other.destroy()).pipe(other)
  }
}
