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
  constructor() {
    super('The API does not answer. Nothing you typed is lost: try again.');
  }
}

interface Ask {
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  body?: unknown;
  /** The same for every attempt of one wish: the API then carries it out once. */
  key?: string;
  signal?: AbortSignal;
}

/** Throws {@link Refused} or {@link Unreachable}. */
export async function ask<T>(path: string, { method = 'GET', body, key, signal }: Ask = {}): Promise<T> {
  const response = await fetch(path, {
    method,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new Unreachable();
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer as T;
  // A proxy in front of a dead API answers too, in words of its own.
  if (!isProblem(answer)) throw new Unreachable();
  throw new Refused(answer);
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
