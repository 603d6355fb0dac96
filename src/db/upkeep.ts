import type pg from 'pg';

const FIRST = 500;
const MOST = 20_000;

/**
 * The embedded database has no autovacuum: without this, plans made while the tables were empty would stay, and rows
 * that were changed often would be found slower and slower. Counts statements; early, then less and less often, cleans.
 */
export function createUpkeep(pool: pg.Pool): { counted: () => void } {
  let step = FIRST;
  let left = step;
  const clean = async (): Promise<void> => {
    const { rows } = await pool.query<{ name: string }>(
      `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
    );
    if (rows.length > 0) await pool.query(`vacuum (analyze) ${rows.map(({ name }) => name).join(', ')}`);
  };
  return {
    counted() {
      left -= 1;
      if (left > 0) return;
      step = Math.min(4 * step, MOST);
      left = step;
      // Without it everything still works, only slower; the pool is gone when the program ends.
      void clean().catch(() => undefined);
    },
  };
}
