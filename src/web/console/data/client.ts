import { QueryCache, QueryClient } from '@tanstack/react-query';
import { isSignedOut, Unreachable } from './http.js';

/** The events say when something changes; age alone makes nothing stale for a while. */
const STALE_MS = 20_000;

export function createQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (isSignedOut(error)) void client.invalidateQueries({ queryKey: ['session'] });
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: STALE_MS,
        retry: (failures, error) => error instanceof Unreachable && failures < 1,
        retryDelay: 500,
        // Whether there is a network the browser only guesses; the API may be on this machine.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}
