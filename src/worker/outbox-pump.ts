import type { Db } from '../db/database.js';
import { orderRow } from '../db/orders.js';
import { noticeFailed, noticeSent, takeDueNotices } from '../db/outbox.js';
import type { Mailer } from '../integrations/mail.js';
import { writeNotice } from './notices.js';

/** Sends the notices that are due. A mail that fails waits for its next try; no order waits for a mail. */
export async function workOutbox(db: Db, mailer: Mailer, now: () => number): Promise<number> {
  const due = await takeDueNotices(db, now());
  for (const notice of due) {
    const order = await orderRow(db, notice.order_id);
    if (!order) continue;
    const { subject, text } = writeNotice(notice.kind, {
      orderId: order.id,
      name: order.customer_name,
      product: order.product_name,
      quantity: order.quantity,
      amountMinor: order.amount_minor,
      currency: order.currency,
      releaseAt: order.release_at,
      deadlineAt: order.deadline_at,
      detail: notice.detail as Record<string, unknown>,
    });
    try {
      await mailer.send({
        to: order.customer_email,
        subject,
        text,
        orderId: order.id,
        dedupId: notice.dedup_id,
      });
      await noticeSent(db, notice.dedup_id, now());
    } catch (error) {
      await noticeFailed(db, notice.dedup_id, error instanceof Error ? error.message : String(error));
    }
  }
  return due.length;
}
