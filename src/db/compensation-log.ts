import { sql } from 'kysely';
import type { CompensationEntry } from '../domain/order.js';
import type { Tx } from './database.js';
import { at } from './schema.js';

export interface UndoStart {
  orderId: string;
  step: string;
  undoes: string;
  at: number;
}

/** One line per undo step, whichever task begins it; each try counts, so a person sees what keeps failing. */
export async function beginUndo(tx: Tx, undo: UndoStart): Promise<void> {
  await tx
    .insertInto('compensation_log')
    .values((eb) => ({
      order_id: undo.orderId,
      seq: eb
        .selectFrom('compensation_log')
        .select(sql<number>`coalesce(max(seq), 0) + 1`.as('next'))
        .where('order_id', '=', undo.orderId),
      step: undo.step,
      undoes: undo.undoes,
      outcome: 'running',
      attempts: 1,
      started_at: at(undo.at),
      last_error: null,
    }))
    .onConflict((oc) =>
      oc
        .columns(['order_id', 'step'])
        .doUpdateSet((eb) => ({ attempts: eb('compensation_log.attempts', '+', 1) })),
    )
    .execute();
}

export async function endUndo(
  tx: Tx,
  undo: UndoStart,
  end: { outcome: string; detail: string; lastError?: string },
): Promise<void> {
  await tx
    .updateTable('compensation_log')
    .set({
      outcome: end.outcome,
      detail: end.detail,
      ...(end.lastError === undefined ? { finished_at: at(undo.at) } : { last_error: end.lastError }),
    })
    .where('order_id', '=', undo.orderId)
    .where('step', '=', undo.step)
    .where('finished_at', 'is', null)
    .execute();
}

export async function compensationLog(tx: Tx, orderId: string): Promise<CompensationEntry[]> {
  const rows = await tx
    .selectFrom('compensation_log')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('seq')
    .execute();
  return rows.map((row) => ({
    seq: row.seq,
    step: row.step,
    undoes: row.undoes,
    outcome: row.outcome,
    detail: row.detail,
    attempts: row.attempts,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    lastError: row.last_error,
  }));
}
