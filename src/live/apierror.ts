/** What the API server answers in place of what was asked for. */
export class ApiError extends Error {
  /** The HTTP status, or that of a watch's last event; 0 where the API server gave no answer. */
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'ApiError'
    this.status = status
  }
}

/** By its name: bundles have a class each. */
export function isApiError(error: unknown): error is ApiError {
  return error instanceof Error && error.name === 'ApiError'
}
