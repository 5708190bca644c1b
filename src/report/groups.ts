/** Items by what `keyOf` says of them, in the order in which each key is first met. (Map.groupBy is newer than Node 20.) */
export function groups<T>(items: readonly T[], keyOf: (item: T) => string): [key: string, items: T[]][] {
  const found = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const same = found.get(key)
    if (same) same.push(item)
    else found.set(key, [item])
  }
  return [...found]
}
