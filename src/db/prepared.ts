import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';
import { unavailable } from './unavailable.js';

/** More different texts than the program has: lists of any length make new ones without end. */
const MOST = 300;

/**
 * A pool whose statements are parsed and planned once per connection, which is most of what a small statement costs.
 * Not those with a `*`: a column that a newer release adds would change what they answer, and break them here.
 */
export function preparing(pool: pg.Pool, counted?: () => void): PostgresPool {
  const names = new Map<string, string>();
  const nameOf = (text: string): string | undefined => {
    if (text.includes('*')) return undefined;
    if (!names.has(text) && names.size < MOST) names.set(text, `s${names.size}`);
    return names.get(text);
  };
  return {
    connect: async () => {
      const client = await pool.connect().catch(passedOn);
      return {
        query: async (text: string, values: unknown[]) => {
          counted?.();
          const name = values.length > 0 ? nameOf(text) : undefined;
          return client.query(name ? { name, text, values } : { text, values }).catch(passedOn);
        },
        release: () => client.release(),
      } as unknown as PostgresPoolClient;
    },
    end: () => pool.end(),
  };
}

const passedOn = (error: unknown): never => {
  throw unavailable(error);
};
