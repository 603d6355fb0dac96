import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from 'fastify-type-provider-zod';
import type { Problem } from '../contract/api.js';
import { NotAllowedError, NotConfirmedError } from '../client/errors.js';

/** What the caller did wrong, or what cannot be done now; `detail` says what to do. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly more: Partial<Pick<Problem, 'orderId' | 'errors'>>;
  constructor(
    status: number,
    code: string,
    detail: string,
    more: Partial<Pick<Problem, 'orderId' | 'errors'>> = {},
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}

const titles: Record<number, string> = {
  400: 'The request is not valid',
  401: 'Who are you?',
  402: 'The payment was declined',
  403: 'Not yours to do',
  404: 'Not found',
  409: 'Not possible now',
  413: 'The request is too large',
  415: 'The content type is not supported',
  422: 'The key was used for another request',
  429: 'Too many requests',
  500: 'Something went wrong here',
  503: 'Not available now',
};

export function notFound(what: string): HttpProblem {
  return new HttpProblem(404, 'not_found', `${what} was not found.`);
}

function toProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map(({ instancePath, message }) => ({
      path: instancePath.replace(/^\//, '').replaceAll('/', '.') || '(body)',
      message: message ?? 'is not valid',
    }));
    const detail = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
    return new HttpProblem(400, 'invalid_request', detail, { errors });
  }
  if (error instanceof NotAllowedError) return new HttpProblem(409, 'not_allowed', error.message);
  if (error instanceof NotConfirmedError)
    return new HttpProblem(503, 'not_confirmed', `${error.message}. Try again.`);
  if (isResponseSerializationError(error)) return internal;
  const { statusCode, code, message } = error as FastifyError;
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new HttpProblem(statusCode, (code ?? 'invalid_request').toLowerCase(), message);
  }
  return internal;
}

const internal = new HttpProblem(
  500,
  'internal',
  'The request failed on our side; nothing is lost. Try again.',
);

/** Every error leaves as RFC 9457 problem+json, here and nowhere else, and without internals. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toProblem(error);
  if (problem.status >= 500) request.log.error(error);
  const body: Problem = {
    type: `/problems/${problem.code}`,
    title: titles[problem.status] ?? 'Error',
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    requestId: request.id,
    ...problem.more,
  };
  return reply.status(problem.status).type('application/problem+json').send(JSON.stringify(body));
}
