import type { Table } from './conf.ts'

/** Tables of a registries.conf, by what they are for: those that it lacks, those that nothing asks for, and those that say something else. */
export interface Difference {
  lacks: string[]
  besides: string[]
  otherwise: string[]
}

/** How what is written differs from what is expected, whatever the version that wrote it and the order of the tables, which mean nothing to nodes; undefined where it does not. */
export function difference(written: readonly Table[], expected: readonly Table[]): Difference | undefined {
  const [is, should] = [meanings(written), meanings(expected)]
  const lacks = [...should.keys()].filter((scope) => !is.has(scope))
  const besides = [...is.keys()].filter((scope) => !should.has(scope))
  const otherwise = [...should.keys()].filter((scope) => is.has(scope) && is.get(scope) !== should.get(scope))
  return lacks.length + besides.length + otherwise.length > 0 ? { lacks, besides, otherwise } : undefined
}

/** What each table means to a node; of several for one scope, the first counts. */
function meanings(tables: readonly Table[]): Map<string, string> {
  return new Map(tables.toReversed().map((table) => [table.prefix || table.location, meaning(table)]))
}

function meaning({ location, blocked, insecure, mirrorByDigestOnly, mirrors }: Table): string {
  const pull = (own: string) => (mirrorByDigestOnly ? 'digest-only' : own === '' ? 'all' : own)
  return JSON.stringify([location, blocked, insecure, mirrors.map((mirror) => [mirror.location, mirror.insecure, pull(mirror.pullFromMirror)])])
}
