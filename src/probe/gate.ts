interface Waiting {
  host: string
  enter: () => void
}

/** Lets through so many tasks at a time, for each host and in all, in the order in which they come. */
export class Gate {
  readonly #perHost: number
  readonly #total: number
  readonly #waiting: Waiting[] = []
  readonly #inside = new Map<string, number>()
  #running = 0

  constructor(perHost: number, total: number) {
    this.#perHost = perHost
    this.#total = total
  }

  async run<T>(host: string, task: () => Promise<T>): Promise<T> {
    await new Promise<void>((enter) => {
      this.#waiting.push({ host, enter })
      this.#next()
    })
    try {
      return await task()
    } finally {
      this.#running--
      this.#inside.set(host, this.#inside.get(host)! - 1)
      this.#next()
    }
  }

  #next(): void {
    while (this.#running < this.#total) {
      const index = this.#waiting.findIndex(({ host }) => (this.#inside.get(host) ?? 0) < this.#perHost)
      if (index < 0) return
      const [{ host, enter }] = this.#waiting.splice(index, 1) as [Waiting]
      this.#running++
      this.#inside.set(host, (this.#inside.get(host) ?? 0) + 1)
      enter()
    }
  }
}
