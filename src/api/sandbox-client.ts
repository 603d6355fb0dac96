import type { z } from 'zod';
import { HttpProblem, notFound } from './problems.js';

const TIMEOUT_MS = 5_000;

export interface SandboxClient {
  ask<T extends z.ZodType>(schema: T, method: string, path: string, body?: unknown): Promise<z.output<T>>;
  tell(method: string, path: string): Promise<void>;
}

/** Development: the controls of the partners' sandbox, with its refusals as ours. */
export function createSandboxClient(url: string | undefined): SandboxClient {
  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    if (url === undefined) throw away();
    const response = await fetch(`${url}/_sandbox${path}`, {
      method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    }).catch(() => {
      throw away();
    });
    const text = await response.text();
    if (response.ok) return text === '' ? undefined : JSON.parse(text);
    if (response.status === 404) throw notFound('It');
    if (response.status >= 500) throw away();
    const { error } = JSON.parse(text) as { error?: string };
    throw new HttpProblem(400, 'invalid_request', `The sandbox says: ${error ?? response.status}`);
  }

  return {
    ask: async (schema, method, path, body) => schema.parse(await call(method, path, body)),
    tell: async (method, path) => void (await call(method, path)),
  };
}

const away = (): HttpProblem =>
  new HttpProblem(503, 'no_sandbox', 'The sandbox of the partners does not answer: npm start brings one.');
