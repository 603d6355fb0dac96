import { sql } from 'kysely';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../../src/db/database.js';

/** I2 while it all happens: one statement sees one commit. Stopped, it answers what it has seen. */
export function watchStock(db: Db): { stop(): Promise<string[]> } {
  const seen = new Set<string>();
  let stopped = false;
  const watching = (async (): Promise<void> => {
    while (!stopped) {
      for (const line of await look(db).catch(() => [])) seen.add(line);
      await sleep(500);
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await watching;
      return [...seen];
    },
  };
}

async function look(db: Db): Promise<string[]> {
  const { rows } = await sql<{ sku: string; reserved: number; capacity: number; held: number }>`
    select sku, reserved, capacity, (select coalesce(sum(quantity), 0)::int from reservations r
      where r.sku = p.sku and r.status <> 'released') as held
    from products p`.execute(db);
  return rows
    .filter(({ reserved, capacity, held }) => reserved !== held || reserved < 0 || reserved > capacity)
    .map(
      ({ sku, reserved, capacity, held }) =>
        `I2: ${sku} had ${reserved} of ${capacity} reserved while its rows said ${held}`,
    );
}
