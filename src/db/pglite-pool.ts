import type { PGlite } from '@electric-sql/pglite';
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';

/**
 * PGlite has one session, so a transaction must have it alone: a pool of one, handed on in order of asking.
 * Speaks as `pg` does, so one dialect and one SQL serve both.
 */
export function createPglitePool(pglite: PGlite): PostgresPool {
  let tail: Promise<void> = Promise.resolve();
  const connect = async (): Promise<PostgresPoolClient> => {
    const before = tail;
    let release!: () => void;
    tail = new Promise((resolve) => (release = resolve));
    await before;
    return {
      query: async (text: unknown, parameters?: unknown) => {
        const result = await pglite.query(String(text), [...((parameters as unknown[]) ?? [])]);
        return {
          command: 'UPDATE',
          rowCount: result.affectedRows ?? 0,
          rows: result.rows,
        } as PostgresQueryResult<never>;
      },
      release,
    } as unknown as PostgresPoolClient;
  };
  return { connect, end: () => pglite.close() };
}
