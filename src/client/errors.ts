/** The order's state does not allow the command; the message says why and what to do instead. */
export class NotAllowedError extends Error {
  override readonly name = 'NotAllowedError';
}

/** No workflow of that id is running: it has ended, or has not been started yet. */
export class NotRunningError extends Error {
  override readonly name = 'NotRunningError';
}

/** Temporal or its workers did not answer: whether the command was carried out is not known. */
export class NotConfirmedError extends Error {
  override readonly name = 'NotConfirmedError';
}

/** One customer has asked too much of one order. */
export class AskedTooOftenError extends Error {
  override readonly name = 'AskedTooOftenError';
}
