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
  /** The address that was seen to be wrong. */
  replaces?: string | undefined;
  /** Of what is asked: addresses are kept on orders and nowhere else. */
  fingerprint: string;
  /** Of the order's token with that number. */
  tokenHashOf: (tokenNumber: number) => string;
}

/**
 * Corrects the address that an order's mails go to, and sends its link there. Mails that wait go there, too: each is
 * addressed right before it is sent; only one that is being handed over at this very moment is not called back. Nothing is
 * sent to the old address, which is somebody else's, and links that were mailed there open nothing any more: the order
 * has a new token. In every status, final ones included: a refund can still come back weeks after.
 *
 * `customer_id`, the hash of the address that was typed, stays: under it the placing is found again by its key. A repeat
 * of the placing request carries the mistyped address, and must find this order and not place a second one.
 */
export async function correctEmail(
  db: Db,
  { id, orderId, actor, email, replaces, fingerprint, tokenHashOf }: Correction,
  now: number,
): Promise<'corrected' | 'unchanged' | 'key_reused' | 'overtaken'> {
  return db.transaction().execute(async (tx) => {
    // One after the other: a late repeat must not bring back what was corrected since.
    await lockedOrder(tx, orderId);
    const kept = await findCommand(tx, id);
    if (kept) {
      const isSame = (kept.input as { fingerprint?: string }).fingerprint === fingerprint;
      return isSame ? (kept.outcome as 'corrected' | 'unchanged') : 'key_reused';
    }
    const row = tx.selectFrom('orders').select(['customer_email', 'token_number']).where('id', '=', orderId);
    const { customer_email: before, token_number: number } = await row.executeTakeFirstOrThrow();
    const outcome = before === email ? 'unchanged' : 'corrected';
    if (outcome === 'corrected' && replaces !== undefined && replaces !== before) return 'overtaken';
    await tx
      .insertInto('commands')
      .values({
        ...{ id, order_id: orderId, kind: 'correct-email', actor, input: JSON.stringify({ fingerprint }) },
        ...{ requested_at: at(now), answered_at: at(now), outcome, message: null },
      })
      .execute();
    if (outcome === 'unchanged') return outcome;
    const token = { token_number: number + 1, token_hash: tokenHashOf(number + 1) };
    await tx
      .updateTable('orders')
      .set({ customer_email: email, ...token })
      .where('id', '=', orderId)
      .execute();
    await tell(tx, orderId, 'link_again', { corrected: true }, `:${fingerprint.slice(0, 16)}`);
    return outcome;
  });
}
