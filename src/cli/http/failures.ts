import type { Problem } from '../../contract/api.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { CliFailure } from '../failure.js';
import { adviceFor } from './advice.js';
import type { Ask, Server } from './client.js';
import type { Reply } from './send.js';

export interface Asked extends Ask {
  method: string;
  server: Server;
  timeoutMs: number;
}

const could = (asked: Asked): string => `Could not ${asked.doing}.`;

/** The server refused, with a problem (our API) or with `{ error }` (the sandbox). */
export function replyFailure(status: number, body: unknown, asked: Asked): CliFailure {
  const given = (body ?? {}) as Partial<Omit<Problem, 'code'>> & { error?: string | { message?: string } };
  const text = typeof given.error === 'object' ? given.error.message : given.error;
  const code = (body as Partial<Problem> | null)?.code ?? `http_${status}`;
  const detail = given.detail ?? text ?? `${asked.server.name} answered with status ${status}.`;
  const problem: Partial<Problem> = {
    ...(given.type ? (body as Problem) : {}),
    status,
    code,
    detail,
  };
  const todo = adviceFor(problem, asked);
  return withKey(new CliFailure(exitCodeOf(status, code), could(asked), detail, todo, problem), asked);
}

function exitCodeOf(status: number, code: string): ExitCode {
  if (code === 'sold_out') return exitCodes.soldOut;
  if (code === 'not_confirmed' || code === 'database_unavailable') return exitCodes.notConfirmed;
  if (code === 'ambiguous_id') return exitCodes.usage;
  const byStatus: Record<number, ExitCode> = {
    400: exitCodes.usage,
    402: exitCodes.declined,
    404: exitCodes.notFound,
    409: exitCodes.notAllowed,
    422: exitCodes.usage,
  };
  return byStatus[status] ?? exitCodes.failure;
}

/** Something answers there, but it is not what we are looking for. */
export function notOurs(reply: Reply, asked: Asked): CliFailure {
  const { server } = asked;
  const why = `${server.base} answered with status ${reply.status}, and not in JSON: something else listens there, or stands in between.`;
  const problem = { code: 'not_the_api', status: 0 };
  return new CliFailure(exitCodes.unreachable, could(asked), why, startOrPoint(server), problem);
}

/** No answer came. What matters is whether the request may have arrived. */
export function networkFailure(error: unknown, asked: Asked): CliFailure {
  const { server, method, timeoutMs } = asked;
  const { code = '', name, message } = error as NodeJS.ErrnoException;
  if (name === 'AbortError' || name === 'TimeoutError' || code === 'ABORT_ERR') {
    const why = `${server.name} did not answer within ${timeoutMs / 1000} s. ${doubt(method)}`;
    return withKey(lost(asked, why, 'timed_out'), asked);
  }
  const arrived = code === 'ECONNRESET' || code === 'EPIPE' || code === 'ETIMEDOUT';
  if (arrived && method !== 'GET')
    return withKey(lost(asked, `${server.name} broke off. ${doubt(method)}`, 'broken_off'), asked);
  const why = `${server.name} cannot be reached at ${server.base} (${code || message}).${method === 'GET' ? '' : ' Nothing was sent.'}`;
  const problem = { code: 'unreachable', status: 0 };
  return withKey(
    new CliFailure(exitCodes.unreachable, could(asked), why, startOrPoint(server), problem),
    asked,
  );
}

function lost(asked: Asked, why: string, code: string): CliFailure {
  const todo = adviceFor({ code }, asked);
  return new CliFailure(exitCodes.notConfirmed, could(asked), why, todo, { code, status: 0 });
}

const doubt = (method: string): string =>
  method === 'GET' ? 'Nothing was changed.' : 'Whether it was carried out is not known.';

const startOrPoint = ({ name }: Server): string[] => [
  name === 'The API'
    ? 'Start everything with npm start, or say where it runs with --url.'
    : 'Start everything with npm start: it brings the sandbox, too.',
];

/** So that a program that reads JSON can repeat safely. */
function withKey(failure: CliFailure, { idempotencyKey }: Asked): CliFailure {
  if (idempotencyKey) failure.problem.idempotencyKey = idempotencyKey;
  return failure;
}
