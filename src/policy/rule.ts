import type { Level } from './engine.ts'

/** A rule as its METADATA describes it. */
export interface Rule {
  /** @pattern ^[a-z][a-z0-9-]*$ */
  id: string
  title: string
  /** The level that it has unless it says otherwise; see `versions`. */
  level: Level
  /** What happens on the cluster. */
  why: string
  fix: string
  /** For which versions, and when the level differs. */
  versions: string
  references: { text: string; url: string }[]
  situations: string[]
  /** What the operator, a node or the API server says, in their words. */
  logs: string[]
  /** Lists of facts of which at least one has to hold something. */
  facts?: string[]
  /** Kinds on whose absence its findings rest. */
  absent?: string[]
  /** The .rego file of a rule of the user's own. */
  file?: string
}

/** Whether a rule can find anything in these facts, and all that it rests on is known. */
export function concerns({ facts: lists, absent = [] }: Rule, facts: { cluster: { unseen: readonly string[] } }): boolean {
  if (absent.some((kind) => facts.cluster.unseen.includes(kind))) return false
  return lists === undefined || lists.some((name) => Object.keys((facts as unknown as Record<string, object | undefined>)[name] ?? {}).length > 0)
}

/** The last part of a rule's package; OPA's optimiser miscompiles packages with dashes. */
export function packageOf(id: string): string {
  return id.replaceAll('-', '_')
}

export function idOf(name: string): string {
  return name.replaceAll('_', '-')
}
