import { beginUndo, endUndo, type UndoStart } from '../db/compensation-log.js';
import type { Db, Tx } from '../db/database.js';

/** What an undo step really did. */
export interface UndoEnd {
  outcome: string;
  detail: string;
}

/**
 * Runs an undo step under its line in the compensation log: every try is counted, an error is kept for people to see
 * and thrown on to be retried, and the end is written in the transaction of the last fact: `record`, or what `endIn`
 * itself does.
 */
export async function logged<T extends UndoEnd>(
  db: Db,
  undo: UndoStart,
  work: () => Promise<{ end: T; record?: (tx: Tx) => Promise<void> } | { endIn: (tx: Tx) => Promise<T> }>,
): Promise<T> {
  await beginUndo(db, undo);
  try {
    const done = await work();
    return await db.transaction().execute(async (tx) => {
      const end = 'endIn' in done ? await done.endIn(tx) : done.end;
      if ('record' in done) await done.record?.(tx);
      await endUndo(tx, undo, end);
      return end;
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await endUndo(db, undo, { outcome: 'retrying', detail: '', lastError: message });
    throw error;
  }
}
