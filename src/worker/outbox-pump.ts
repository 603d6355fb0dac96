import type { Db } from '../db/database.js';
import { addresseeOf, noticeFailed, noticesSent, takeDueNotices, type Addressee } from '../db/outbox.js';
import type { Mailer } from '../integrations/mail.js';
import { writeNotice, type OrderLink } from './notices.js';

const BATCH = 20;

/** Sends the notices that are due. A mail that fails waits for its next try; no order waits for a mail. */
export async function workOutbox(
  db: Db,
  mailer: Mailer,
  linkTo: (order: Addressee) => OrderLink | undefined,
  now: () => number,
): Promise<boolean> {
  const due = await takeDueNotices(db, now(), BATCH);
  const sent: { dedupId: string; at: number }[] = [];
  try {
    for (const { dedupId, kind, facts } of due) {
      const at = now();
      const order = await addresseeOf(db, facts.orderId);
      const { subject, text } = writeNotice(kind, facts, linkTo(order));
      try {
        await mailer.send({ to: order.email, subject, text, orderId: facts.orderId, dedupId });
        sent.push({ dedupId, at });
      } catch (error) {
        await noticeFailed(db, dedupId, error instanceof Error ? error.message : String(error));
      }
    }
  } finally {
    if (sent.length > 0) await noticesSent(db, sent);
  }
  return due.length === BATCH;
}
