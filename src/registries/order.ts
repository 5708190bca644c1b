/** The mirrors of one source, merged from several lists. */
export interface Order {
  /** In the order of registries.conf; the source itself only where it does not come last. */
  mirrors: string[]
  /** The lists contradict each other, so their order could not be kept. */
  contradictory: boolean
}

/**
 * Merges lists of mirrors of one source so that the order of every list is kept where that is possible. Where it is not, the
 * alphabetically first location goes first, and the source counts as one: it may come before its mirrors.
 * Follows topoGraph and mergedMirrors of openshift/runtime-utils.
 */
export function mergeOrder(source: string, lists: readonly (readonly string[])[]): Order {
  const before = new Map<string, Set<string>>()
  const after = new Map<string, Set<string>>()
  const node = (graph: Map<string, Set<string>>, name: string) => graph.get(name) ?? graph.set(name, new Set()).get(name)!
  const edge = (from: string, to: string) => {
    node(before, from)
    node(after, to)
    node(after, from).add(to)
    node(before, to).add(from)
  }
  for (const list of lists) {
    list.slice(1).forEach((mirror, index) => edge(list[index]!, mirror))
    if (!list.includes(source)) edge(list.at(-1)!, source)
  }

  const all = [...before.keys()].sort()
  const ready = all.filter((name) => before.get(name)!.size === 0)
  const used = new Set<string>()
  const mirrors: string[] = []
  let contradictory = false
  let first = 0
  for (let head = 0; mirrors.length < all.length; ) {
    let next = ready[head++]
    if (next === undefined) {
      head--
      while (used.has(all[first]!)) first++
      next = all[first]!
      contradictory = true
    }
    used.add(next)
    mirrors.push(next)
    const freed: string[] = []
    for (const follower of after.get(next)!) {
      before.get(follower)!.delete(next)
      if (before.get(follower)!.size === 0 && !used.has(follower)) freed.push(follower)
    }
    for (const name of freed.sort()) ready.push(name)
  }
  if (mirrors.at(-1) === source) mirrors.pop()
  return { mirrors, contradictory }
}
