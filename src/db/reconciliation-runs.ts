import { sql } from 'kysely';
import type { ReconciliationPart } from '../domain/reconciliation.js';
import type { Db, Tx } from './database.js';
import { at, instant } from './schema.js';

export async function beginRun(db: Db, runId: string, now: number): Promise<void> {
  await db
    .insertInto('reconciliation_runs')
    .values({ id: runId, started_at: at(now) })
    .onConflict((oc) => oc.doNothing())
    .execute();
}

export async function countLooked(
  tx: Tx,
  runId: string,
  part: ReconciliationPart,
  looked: number,
): Promise<void> {
  await sql`
    update reconciliation_runs
    set looked = jsonb_set(looked, array[${part}::text], to_jsonb(coalesce((looked ->> ${part}::text)::int, 0) + ${looked}::int))
    where id = ${runId}`.execute(tx);
}

/** Ends the run, and forgets those that began before `keepFrom` (epoch ms). */
export async function endRun(
  tx: Tx,
  runId: string,
  failed: ReconciliationPart[],
  now: number,
  keepFrom: number,
): Promise<void> {
  await tx
    .updateTable('reconciliation_runs')
    .set({ finished_at: at(now), failed: JSON.stringify(failed) })
    .where('id', '=', runId)
    .execute();
  await tx.deleteFrom('reconciliation_runs').where('started_at', '<', instant(keepFrom)).execute();
}

export async function lastRun(db: Db, only?: 'complete') {
  let query = db
    .selectFrom('reconciliation_runs')
    .select(['id', 'started_at', 'finished_at', 'failed', 'looked'])
    .orderBy('started_at', 'desc')
    .limit(1);
  if (only) query = query.where('finished_at', 'is not', null).where('failed', '=', sql<never>`'[]'::jsonb`);
  return query.executeTakeFirst();
}

/** Where a walk that takes several runs has got to. */
export async function positionOf(db: Db, name: string): Promise<string | undefined> {
  const query = db.selectFrom('reconciliation_positions').select('position').where('name', '=', name);
  return (await query.executeTakeFirst())?.position;
}

export async function keepPosition(tx: Tx, name: string, position: string): Promise<void> {
  await tx
    .insertInto('reconciliation_positions')
    .values({ name, position })
    .onConflict((oc) => oc.column('name').doUpdateSet({ position }))
    .execute();
}
