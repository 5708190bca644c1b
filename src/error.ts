/**
 * Something the user can put right: a wrong flag, a path that does not exist, a broken configuration file.
 * The command line prints its message as one sentence and exits with `code`, without a stack trace.
 */
export class UserError extends Error {
  /** 2: usage or configuration; 3: the job could not be done. */
  readonly code: 2 | 3

  constructor(message: string, code: 2 | 3 = 2) {
    super(message)
    this.name = 'UserError'
    this.code = code
  }
}

/** By its name: each bundle has a class of its own. */
export function isUserError(error: unknown): error is UserError {
  return error instanceof Error && error.name === 'UserError'
}
