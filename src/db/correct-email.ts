import { findCommand } from './commands.js';
import type { Db } from './database.js';
import { lockedOrder } from './orders.js';
import { tell } from './outbox.js';
import { at } from './schema.js';

export interface Correction {
  /** Of the command: the same for every repeat of one wish. */
  id: string;
  orderId: string;
  actor: string;
  email: string;
  /** Of what is asked: addresses are kept on orders and nowhere else. */
  fingerprint: string;
}

/**
 * Corrects the address that an order's mails go to, and sends its link there. Mails that wait go there, too: each is
 * addressed when its turn comes; only one that is being handed over at this very moment is not called back. Nothing is sent to the old address, which is somebody else's. In every status, final ones
 * included: a refund can still come back weeks after.
 *
 * `customer_id`, the hash of the address that was typed, stays: under it the placing is found again by its key. A repeat
 * of the placing request carries the mistyped address, and must find this order and not place a second one.
 */
export async function correctEmail(
  db: Db,
  { id, orderId, actor, email, fingerprint }: Correction,
  now: number,
): Promise<'corrected' | 'unchanged' | 'key_reused'> {
  return db.transaction().execute(async (tx) => {
    // One after the other: a late repeat must not bring back what was corrected since.
    await lockedOrder(tx, orderId);
    const kept = await findCommand(tx, id);
    if (kept) {
      const isSame = (kept.input as { fingerprint?: string }).fingerprint === fingerprint;
      return isSame ? (kept.outcome as 'corrected' | 'unchanged') : 'key_reused';
    }
    const changed = await tx
      .updateTable('orders')
      .set({ customer_email: email })
      .where('id', '=', orderId)
      .where('customer_email', '<>', email)
      .returning('id')
      .executeTakeFirst();
    const outcome = changed ? 'corrected' : 'unchanged';
    await tx
      .insertInto('commands')
      .values({
        ...{ id, order_id: orderId, kind: 'correct-email', actor, input: JSON.stringify({ fingerprint }) },
        ...{ requested_at: at(now), answered_at: at(now), outcome, message: null },
      })
      .execute();
    if (changed) await tell(tx, orderId, 'link_again', { corrected: true }, `:${fingerprint.slice(0, 16)}`);
    return outcome;
  });
}
