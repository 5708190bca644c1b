/** Why an attempt to pull an image fails. `unknown` is what none of the others is, and what a log does not tell. */
export const CLASSES = [
  'dns', 'refused', 'timeout', 'unknown-ca', 'wrong-name', 'expired', 'plain-http', 'unauthorized', 'forbidden', 'manifest-missing', 'blob-missing',
  'server-error', 'blocked', 'bad-rewrite', 'bad-configuration', 'short-name', 'policy', 'signature', 'rate-limit', 'unknown',
] as const

export type Class = (typeof CLASSES)[number]
