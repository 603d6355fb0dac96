import { afterEach, expect, it, vi } from 'vitest';
import { ask, Unreachable } from './http.js';

afterEach(() => vi.unstubAllGlobals());

/** An API that takes a request and never answers it. */
function silent(): void {
  const fetch = (_path: string, { signal }: RequestInit) =>
    new Promise((_resolve, reject) =>
      signal?.addEventListener('abort', () => reject(signal.reason as Error)),
    );
  vi.stubGlobal('fetch', fetch);
}

it('an answer that does not come ends in words about what is not known', async () => {
  silent();
  const command = ask('/api/orders/x/cancel', { method: 'POST', key: 'k', withinMs: 1 });
  await expect(command).rejects.toThrow(
    /^The API does not answer\. .* not known: try again, .* only once\.$/,
  );
  await expect(ask('/api/orders', { withinMs: 1 })).rejects.toThrow(Unreachable);
});

it('an answer that breaks off is none', async () => {
  const body = new ReadableStream({ start: (stream) => stream.error(new Error('cut')) });
  vi.stubGlobal('fetch', async () => new Response(body));
  await expect(ask('/api/orders')).rejects.toThrow(Unreachable);
});

it('a request that nobody waits for any more is not a trouble of the API', async () => {
  silent();
  const left = new AbortController();
  const read = ask('/api/orders', { signal: left.signal });
  left.abort();
  await expect(read).rejects.not.toThrow(Unreachable);
});
