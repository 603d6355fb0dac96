import { sql } from 'kysely';
import type { Db, Tx } from './database.js';
import { disputedMinor } from './disputes.js';
import { MINUTE } from '../domain/deadline.js';
import { at } from './schema.js';

export type NoticeKind =
  | 'order_confirmed'
  | 'payment_declined'
  | 'order_cancelled'
  | 'cancel_pending'
  | 'cancel_refused'
  | 'in_transit'
  | 'delivered'
  | 'delivery_exception'
  | 'refund_paid'
  | 'refund_failed'
  | 'refund_settled'
  | 'link_again';

/** A notice to the customer, written in the transaction of the fact it tells; sent once per dedup id. */
export async function tell(
  tx: Tx,
  orderId: string,
  kind: NoticeKind,
  detail: object = {},
  suffix = '',
): Promise<void> {
  await tx
    .insertInto('outbox')
    .values({
      dedup_id: `${orderId}:${kind}${suffix}`,
      order_id: orderId,
      kind,
      detail: JSON.stringify(detail),
      last_error: null,
    })
    .onConflict((oc) => oc.doNothing())
    .execute();
}

/** However often it is asked for, the link is sent once in this time. */
const LINK_EVERY_MS = 15 * MINUTE;

/** The link to an order once more, to the order's own address; asked for with an `email`, only if it is that one. */
export async function sendLinkAgain(
  db: Db,
  { orderId, email }: { orderId: string; email?: string },
  now: number,
): Promise<boolean> {
  const dedupId = `${orderId}:link_again:${Math.floor(now / LINK_EVERY_MS)}`;
  const result = await sql`
    insert into outbox (dedup_id, order_id, kind)
    select ${dedupId}, id, 'link_again' from orders
    where id = ${orderId} and lower(customer_email) = lower(coalesce(${email ?? null}::text, customer_email))
    on conflict do nothing returning dedup_id`.execute(db);
  return result.rows.length === 1;
}

/** What a notice may tell, of the order it is about. Instants: epoch ms. */
export interface NoticeFacts {
  orderId: string;
  name: string;
  product: string;
  quantity: number;
  amountMinor: number;
  currency: string;
  releaseAt: number;
  deadlineAt: number;
  /** How long the partner may take to answer. */
  partnerSilenceMs: number;
  trackingCode: string | null;
  deliveredAt: number | null;
  /** Money on its way back or sent back, and since when; what came back to us from a bank is `returnedMinor`. */
  refundMinor: number | null;
  refundAt: number | null;
  returnedMinor: number | null;
  /** What the customer's bank has taken back. */
  disputedMinor: number;
  detail: Record<string, unknown>;
}

export interface DueNotice {
  dedupId: string;
  kind: NoticeKind;
  facts: NoticeFacts;
}

/** Where an order's mails go, and what is kept of its token; the token itself nobody keeps. */
export interface Addressee {
  orderId: string;
  email: string;
  tokenHash: string;
  tokenNumber: number;
}

const underWay = sql`r.status not in ('failed', 'canceled')`;

/** Notices that are due, taken by one sender at a time: the next try is set before the sending. */
export async function takeDueNotices(db: Db, now: number, limit: number): Promise<DueNotice[]> {
  const result = await sql<NoticeFacts & Omit<DueNotice, 'facts'>>`
    update outbox set attempts = attempts + 1,
      next_attempt_at = ${at(now)}::timestamptz + least(300, 2 * power(2, attempts)) * interval '1 second'
    from orders o
    where o.id = outbox.order_id and dedup_id in (
      select dedup_id from outbox where sent_at is null and next_attempt_at <= ${at(now)}::timestamptz
      order by next_attempt_at limit ${limit} for update skip locked)
    returning dedup_id as "dedupId", kind, detail, o.id as "orderId", o.customer_name as name, o.product_name as product, o.quantity, o.amount_minor as "amountMinor", o.currency,
      o.release_at as "releaseAt", o.deadline_at as "deadlineAt",
      (o.policy->>'partnerSilenceMs')::float8 as "partnerSilenceMs",
      (select tracking_code from fulfillment_orders f where f.order_id = o.id order by attempt desc limit 1) as "trackingCode",
      (select min(at) from ledger_entries where order_id = o.id and operation = 'delivery') as "deliveredAt",
      ${disputedMinor('o.id')} as "disputedMinor",
      (select sum(amount_minor)::bigint from refunds r where r.order_id = o.id and ${underWay}) as "refundMinor",
      (select max(coalesce(settled_at, requested_at)) from refunds r
        where r.order_id = o.id and ${underWay}) as "refundAt",
      (select amount_minor from refunds r where r.order_id = o.id and r.status in ('failed', 'canceled')
        order by n desc limit 1) as "returnedMinor"`.execute(db);
  return result.rows.map(({ dedupId, kind, ...facts }) => ({ dedupId, kind, facts }));
}

/** Asked for right before the sending: an address may have been corrected since the notice was taken. */
export const addresseeOf = (db: Db, orderId: string): Promise<Addressee> =>
  db
    .selectFrom('orders')
    .select(['id as orderId', 'customer_email as email'])
    .select(['token_hash as tokenHash', 'token_number as tokenNumber'])
    .where('id', '=', orderId)
    .executeTakeFirstOrThrow();

/** `at`: when its sending began, which tells to which address it went. */
export async function noticesSent(db: Db, sent: { dedupId: string; at: number }[]): Promise<void> {
  const [ids, instants] = [sent.map(({ dedupId }) => dedupId), sent.map((one) => at(one.at))];
  await sql`
    update outbox set sent_at = sent.at, last_error = null
    from unnest(${ids}::text[], ${instants}::timestamptz[]) as sent (dedup_id, at)
    where outbox.dedup_id = sent.dedup_id`.execute(db);
}

export async function noticeFailed(db: Db, dedupId: string, error: string): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ last_error: error.slice(0, 500) })
    .where('dedup_id', '=', dedupId)
    .execute();
}
