/** What a partner's answer means to us; status codes become these here and nowhere else. */

/** Refused for good: the same request will be refused again. */
export class PartnerRefusal extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'PartnerRefusal';
    this.code = code;
  }
}

/** The thing is in a state that does not allow the call; look before acting again. */
export class PartnerConflict extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'PartnerConflict';
    this.code = code;
  }
}

/** Nothing is known of the outcome: timeout, lost connection, 5xx, 429. May be tried again after a look. */
export class PartnerDoubt extends Error {
  readonly retryAfterMs: number | undefined;
  /** Under the same idempotency key the answer would be the same again. */
  readonly kept: boolean;
  constructor(message: string, about: { retryAfterMs?: number | undefined; kept?: boolean } = {}) {
    super(message);
    this.name = 'PartnerDoubt';
    this.retryAfterMs = about.retryAfterMs;
    this.kept = about.kept ?? false;
  }
}
