import type { PaymentIntent } from './types.js';

export interface GatewayErrorBody {
  type: 'card_error' | 'invalid_request_error' | 'idempotency_error' | 'api_error';
  message: string;
  code?: string;
  decline_code?: string;
  param?: string;
  charge?: string;
  payment_intent?: PaymentIntent;
}

/** `stored`: Stripe keeps a reply under its idempotency key only once the endpoint has begun to execute. */
export class GatewayError extends Error {
  readonly status: number;
  readonly body: GatewayErrorBody;
  readonly stored: boolean;

  constructor(status: number, body: GatewayErrorBody, stored: boolean) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.stored = stored;
  }
}

/** A request that was refused before anything ran. */
export function invalid(message: string, rest: Partial<GatewayErrorBody> = {}, status = 400): GatewayError {
  return new GatewayError(status, { type: 'invalid_request_error', message, ...rest }, false);
}

/** A refusal that depends on the state of things. */
export function refused(message: string, rest: Partial<GatewayErrorBody> = {}): GatewayError {
  return new GatewayError(400, { type: 'invalid_request_error', message, ...rest }, true);
}

export function missing(what: string, id: string, param: string, status = 404): GatewayError {
  return invalid(`No such ${what}: '${id}'`, { code: 'resource_missing', param }, status);
}

export function idempotencyError(status: 400 | 409, message: string): GatewayError {
  const code = status === 409 ? { code: 'idempotency_key_in_use' } : {};
  return new GatewayError(status, { type: 'idempotency_error', message, ...code }, false);
}

export const unauthorized = () =>
  invalid('You did not provide an API key, or one that is not a test key (sk_test_...).', {}, 401);

export const rateLimited = () =>
  invalid('Request rate limit exceeded. Learn more about rate limits.', { code: 'rate_limit' }, 429);

export const internalError = () =>
  new GatewayError(
    500,
    { type: 'api_error', message: 'Sorry! There was an error while talking to one of our backends.' },
    true,
  );
