import type { Level } from './engine.ts'

/** A rule as its METADATA describes it. */
export interface Rule {
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
}
