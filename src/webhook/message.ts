import type { Finding } from '../policy/finding.ts'
import type { Request, Verdict } from './judge.ts'
import type { Settings } from './settings.ts'
import type { Change } from './state.ts'

/** What the judging thread is told and asked. What has an `id` is answered. */
export type Message =
  | { do: 'change'; change: Change }
  | { do: 'review'; id: number; request: Request }
  | { do: 'audit'; id: number }
  | { do: 'settings'; id: number; settings: Settings }

/** What it answers; `problem` where it cannot: in words for the user, or, as a `defect`, for whoever mends it. */
export type Reply = { id: number } & ({ verdict: Verdict } | { findings: Finding[] } | { settled: true } | { problem: string; defect?: true })
