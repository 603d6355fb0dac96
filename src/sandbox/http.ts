import formbody from '@fastify/formbody';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import qs from 'qs';
import { z } from 'zod';

const parse = (text: string) => qs.parse(text) as Record<string, unknown>;

export interface StatusError extends Error {
  statusCode?: number;
  status?: number;
}
const statusOf = (error: StatusError): number => error.statusCode ?? error.status ?? 500;

/** `commit` runs before every reply: what was answered is on disk. */
export async function createHttpServer(
  commit: () => void,
  log: (line: string) => void,
): Promise<FastifyInstance> {
  const app = Fastify({
    // Requests that a fault keeps hanging would otherwise hold up the end.
    forceCloseConnections: true,
    requestTimeout: 30_000,
    routerOptions: { querystringParser: parse, maxParamLength: 300 },
  });
  await app.register(formbody, { parser: parse });
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : JSON.parse(String(body)));
    } catch {
      done(httpError(400, 'The body is not JSON'));
    }
  });
  app.addHook('onSend', (_request, _reply, payload, done) => {
    commit();
    done(null, payload);
  });
  app.addHook('onError', (request, _reply, error: StatusError, done) => {
    if (statusOf(error) >= 500)
      log(`${request.method} ${request.url} broke: ${error.stack ?? error.message}`);
    done();
  });
  return app;
}

/** For the sandbox's own controls; partners have error shapes of their own. */
export function httpError(status: number, message: string): Error & { statusCode: number } {
  return Object.assign(new Error(message), { statusCode: status });
}

/** A control's body, or 400 with a text that lists what is allowed. */
export function readBody<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  throw httpError(400, z.prettifyError(parsed.error));
}

export function sendControlError(
  error: StatusError,
  _request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  return reply.code(statusOf(error)).send({ error: error.message });
}
