import { createPostgresServer } from './postgres-server.js';

export interface TestPostgres {
  url: string;
  stop(): Promise<void>;
}

/** TEST_DATABASE=postgres: DATABASE_URL when it is set, else a server of our own from the machine's binaries. */
export async function startPostgres(env: NodeJS.ProcessEnv): Promise<TestPostgres | undefined> {
  if (env.TEST_DATABASE !== 'postgres') return undefined;
  if (env.DATABASE_URL) return { url: env.DATABASE_URL, stop: async () => undefined };
  return createPostgresServer();
}
