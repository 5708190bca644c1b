/** What keeps a probe within bounds, whatever registries answer. Times are in milliseconds, sizes in bytes. */
export const LIMITS = {
  /** Requests at a time. */
  host: 8,
  total: 32,
  connect: 10_000,
  /** From the beginning of a request to the end of its answer. */
  answer: 30_000,
  retries: 3,
  /** Before the first retry; it doubles. */
  pause: 500,
  /** A registry that asks for more patience than this is not asked again. */
  patience: 10_000,
  redirects: 5,
  /** containers/image refuses larger ones, too (image/docker iolimits). */
  manifest: 4 * 1024 * 1024,
  token: 1024 * 1024,
  platforms: 100,
  blobs: 1000,
  /** Answers that a registry may fail to give in time before it is taken for dead. */
  silences: 3,
}

export type Limits = typeof LIMITS
