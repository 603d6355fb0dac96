import type { Problem } from '../../../contract/api.js';

/** The API answered, and said no: `message` is its reason in words. */
export class Refused extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** Nobody answered: whether the request was carried out is not known. */
export class Unreachable extends Error {
  constructor(repeatable: boolean) {
    super(
      repeatable
        ? 'The API does not answer. Whether this was carried out is not known: try again, it is done only once.'
        : 'The API does not answer. Nothing you typed is lost: try again.',
    );
  }
}

interface Ask {
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  body?: unknown;
  /** The same for every attempt of one wish: the API then carries it out once. */
  key?: string;
  signal?: AbortSignal;
  /** How long an answer may take: a connection that has died says nothing. */
  withinMs?: number;
}

/** Throws {@link Refused} or {@link Unreachable}. */
export async function ask<T>(path: string, asked: Ask = {}): Promise<T> {
  const { key, signal } = asked;
  const { ok, answer } = await exchange(path, asked).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new Unreachable(key !== undefined);
  });
  if (ok) return answer as T;
  // A proxy in front of a dead API answers too, in words of its own.
  if (!isProblem(answer)) throw new Unreachable(key !== undefined);
  throw new Refused(answer);
}

async function exchange(path: string, { method = 'GET', body, key, signal, withinMs = 30_000 }: Ask) {
  const response = await fetch(path, {
    method,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: limited(withinMs, signal),
  });
  return { ok: response.ok, answer: parsed(await response.text()) };
}

/** Ends a request that takes too long, or that nobody waits for any more. */
export function limited(ms: number, signal?: AbortSignal): AbortSignal {
  const limit = AbortSignal.timeout(ms);
  return signal ? AbortSignal.any([signal, limit]) : limit;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isProblem = (answer: unknown): answer is Problem =>
  typeof answer === 'object' && answer !== null && 'code' in answer && 'detail' in answer;

/** `?a=1&b=2`, without what is not given. */
export function query(params: object): string {
  const given = Object.entries(params).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text && `?${text}`;
}

export const codeOf = (error: unknown): string | undefined =>
  error instanceof Refused ? error.problem.code : undefined;

export const isSignedOut = (error: unknown): boolean =>
  error instanceof Refused && error.problem.status === 401;
