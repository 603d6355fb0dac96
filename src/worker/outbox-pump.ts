import type { Db } from '../db/database.js';
import { noticeFailed, noticesSent, takeDueNotices, type TokenFact } from '../db/outbox.js';
import type { Mailer } from '../integrations/mail.js';
import { writeNotice, type OrderLink } from './notices.js';

const BATCH = 20;

/** Sends the notices that are due. A mail that fails waits for its next try; no order waits for a mail. */
export async function workOutbox(
  db: Db,
  mailer: Mailer,
  linkTo: (token: TokenFact) => OrderLink | undefined,
  now: () => number,
): Promise<boolean> {
  const due = await takeDueNotices(db, now(), BATCH);
  const sent: string[] = [];
  try {
    for (const { dedupId, kind, to, token, facts } of due) {
      const { subject, text } = writeNotice(kind, facts, linkTo(token));
      try {
        await mailer.send({ to, subject, text, orderId: facts.orderId, dedupId });
        sent.push(dedupId);
      } catch (error) {
        await noticeFailed(db, dedupId, error instanceof Error ? error.message : String(error));
      }
    }
  } finally {
    if (sent.length > 0) await noticesSent(db, sent, now());
  }
  return due.length === BATCH;
}
