import { beginUndo, endUndo, type UndoStart } from '../db/compensation-log.js';
import type { Db, Tx } from '../db/database.js';

/** What an undo step really did. */
export interface UndoEnd {
  outcome: string;
  detail: string;
}

/**
 * Runs an undo step under its line in the compensation log: every try is counted, an error is kept for people to see
 * and thrown on to be retried, and the end is written in the transaction of the last fact.
 */
export async function logged<T extends UndoEnd>(
  db: Db,
  undo: UndoStart,
  work: () => Promise<{ end: T; record?: (tx: Tx) => Promise<void> }>,
): Promise<T> {
  await beginUndo(db, undo);
  try {
    const { end, record } = await work();
    await db.transaction().execute(async (tx) => {
      await record?.(tx);
      await endUndo(tx, undo, end);
    });
    return end;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await endUndo(db, undo, { outcome: 'retrying', detail: '', lastError: message });
    throw error;
  }
}
