import { send, type Reply } from './send.js';
import { networkFailure, notOurs, replyFailure, type Asked } from './failures.js';

export interface Server {
  /** With the path that all requests begin with. */
  base: string;
  /** Beginning of a sentence: `The API`. */
  name: string;
  key?: string | undefined;
  program: string;
}

export interface Ask {
  /** Completes "Could not …". */
  doing: string;
  body?: unknown;
  idempotencyKey?: string;
  timeoutMs?: number;
}

export interface Answer<T> {
  status: number;
  body: T;
}

export type Client = ReturnType<typeof createClient>;

const TIMEOUT_MS = 15_000;

/** Speaks JSON with one server; whatever goes wrong leaves as a CliFailure. */
export function createClient(server: Server) {
  async function ask<T>(method: string, path: string, given: Ask): Promise<Answer<T>> {
    const timeoutMs = given.timeoutMs ?? TIMEOUT_MS;
    const asked: Asked = { ...given, method, server, timeoutMs };
    const body = given.body === undefined ? undefined : JSON.stringify(given.body);
    let reply: Reply;
    try {
      reply = await send({ method, url: server.base + path, headers: headers(given, body), body, timeoutMs });
    } catch (error) {
      throw networkFailure(error, asked);
    }
    const value = parse(reply.text);
    if (reply.status >= 200 && reply.status < 300 && (value !== undefined || reply.text === ''))
      return { status: reply.status, body: value as T };
    throw value === undefined ? notOurs(reply, asked) : replyFailure(reply.status, value, asked);
  }

  function headers(given: Ask, body: string | undefined): Record<string, string> {
    return {
      accept: 'application/json',
      ...(server.key ? { authorization: `Bearer ${server.key}` } : {}),
      ...(given.idempotencyKey ? { 'idempotency-key': given.idempotencyKey } : {}),
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
    };
  }

  return {
    ask,
    get: async <T>(path: string, doing: string): Promise<T> => (await ask<T>('GET', path, { doing })).body,
    post: <T>(path: string, given: Ask): Promise<Answer<T>> => ask<T>('POST', path, given),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
