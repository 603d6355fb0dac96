import pg from 'pg';

/** The database cannot be reached, or serves nobody now. What was asked may have been done: a repeat must be harmless. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/** SQLSTATE: connection exception, insufficient resources, operator intervention, idle-in-transaction timeout. */
const passing = ['08', '53', '57', '25P03'];

/** Tells an error that passes by itself from one that says something about the statement. */
export function unavailable(error: unknown): unknown {
  // A mistake of ours, found before anything was sent.
  if (!(error instanceof Error) || error instanceof TypeError) return error;
  if (!(error instanceof pg.DatabaseError)) return new DatabaseUnavailableError(error);
  const passes = passing.some((beginning) => error.code?.startsWith(beginning));
  return passes ? new DatabaseUnavailableError(error) : error;
}
