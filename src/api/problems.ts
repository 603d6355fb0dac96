import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problemSchema, type Problem } from '../contract/api.js';
import { AskedTooOftenError, NotAllowedError, NotConfirmedError } from '../client/errors.js';
import { DatabaseUnavailableError } from '../db/unavailable.js';

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
  408: 'The request took too long',
  409: 'Not possible now',
  413: 'The request is too large',
  414: 'The address is too long',
  415: 'The content type is not supported',
  422: 'The key was used for another request',
  429: 'Too many requests',
  431: 'The headers are too large',
  500: 'Something went wrong here',
  503: 'Not available now',
};

/** What the server refuses before a route sees it, in our words: its own ones name its insides. */
const refusals: Record<number, [code: string, detail: string]> = {
  400: ['malformed_request', 'The request is malformed: check its address, its headers and its body.'],
  408: ['too_slow', 'The request did not arrive in time: send it again.'],
  413: [
    'body_too_large',
    'The body is too large: at most 64 KiB are taken, 20 KiB at /webhooks/delivery, 512 KiB at /webhooks/payment, and 4 MiB of payloads at /codec.',
  ],
  414: ['address_too_long', 'A part of the address is too long.'],
  415: ['unsupported_media_type', 'Send the body as application/json.'],
  431: ['headers_too_large', 'The headers are too large: send fewer or shorter ones.'],
};

function refusal(status: number): HttpProblem {
  const known = status in refusals ? status : 400;
  return new HttpProblem(known, ...(refusals[known] as [string, string]));
}

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
  if (error instanceof AskedTooOftenError)
    return new HttpProblem(429, 'asked_too_often', `${error.message} Ask the shop, which can still do it.`);
  if (error instanceof DatabaseUnavailableError) return withoutDatabase;
  if (isResponseSerializationError(error)) return internal;
  const { statusCode } = error as FastifyError;
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? refusal(statusCode) : internal;
}

const internal = new HttpProblem(
  500,
  'internal',
  'The request failed on our side; nothing is lost. Try again.',
);

const withoutDatabase = new HttpProblem(
  503,
  'database_unavailable',
  'The database does not answer; nothing is lost. Try again: a command with the same Idempotency-Key is not done twice.',
);

function toBody(problem: HttpProblem, requestId: string): string {
  const body: Problem = {
    type: `/problems/${problem.code}`,
    title: titles[problem.status] ?? 'Error',
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    requestId,
    ...problem.more,
  };
  return JSON.stringify(body);
}

/** Also for what no hook sees. */
const headersOf = (requestId: string): Record<string, string> => ({
  'content-type': 'application/problem+json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-request-id': requestId,
});

/** What went wrong, for whoever shows it; the audit and the log are told here. */
export function problemOf(error: unknown, request: FastifyRequest): HttpProblem {
  const problem = toProblem(error);
  Object.assign(
    request.trail ?? {},
    { code: problem.code },
    problem.more.orderId && { orderId: problem.more.orderId },
  );
  if (problem.status >= 500) request.log.error(error);
  return problem;
}

/** Every error leaves as RFC 9457 problem+json, here and nowhere else, and without internals; pages for people apart. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request);
  return reply.status(problem.status).headers(headersOf(request.id)).send(toBody(problem, request.id));
}

/** For bytes that are no HTTP request: there is only the socket to answer on. */
export function refuseMalformed(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const statuses: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };
  const problem = refusal(statuses[error.code ?? ''] ?? 400);
  const requestId = randomUUID();
  const body = toBody(problem, requestId);
  const headers = {
    ...headersOf(requestId),
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${problem.status} Refused\r\n${lines.join('')}\r\n${body}`);
  socket.destroySoon();
}

interface Document {
  components?: object | undefined;
  paths?: Record<string, object | undefined> | undefined;
}

/** Adds the one shape of every error to each operation of the API's description. */
export function describeProblems<D extends Document>(document: D): D {
  const schema = z.toJSONSchema(problemSchema);
  const problem = {
    description: 'Refused, or failed: `code` says what, `detail` what to do',
    content: { 'application/problem+json': { schema } },
  };
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(path ?? {}) as { responses: object }[]) {
      operation.responses = { ...operation.responses, default: { $ref: '#/components/responses/Problem' } };
    }
  }
  return { ...document, components: { ...document.components, responses: { Problem: problem } } };
}
