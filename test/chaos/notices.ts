import { sql } from 'kysely';
import { fulfillmentReference } from '../../src/domain/identity.js';
import type { NoticeKind } from '../../src/db/outbox.js';
import type { OrderStatus } from '../../src/domain/lifecycle.js';
import { reminderMs, type Stack } from './stack.js';

/** I13: each notice was sent, under its one dedup id; reminders ended with the pickup; every event was dealt with. */
export async function notices({ observed }: Stack): Promise<string[]> {
  const { db } = observed.database;
  const outbox = await db
    .selectFrom('outbox')
    .select(['dedup_id', 'order_id', 'kind', 'sent_at', 'created_at'])
    .execute();
  const orders = await db.selectFrom('orders').select(['id', 'status']).execute();
  const { rows: open } = await sql<{ event_id: string; type: string }>`
    select event_id, type from inbox where processed_at is null`.execute(db);
  const mails = new Set(
    (await observed.sandbox.ask<{ dedupId: string }[]>('GET', '/mail')).map(({ dedupId }) => dedupId),
  );
  const ids = new Set(outbox.map((row) => row.dedup_id));
  const kinds = new Set(outbox.map((row) => `${row.order_id} ${row.kind}`));
  return [
    ...outbox
      .filter((row) => !row.sent_at || !mails.has(row.dedup_id))
      .map((row) => `I13: ${row.dedup_id}: not sent`),
    ...[...mails].filter((id) => !ids.has(id)).map((id) => `I13: ${id}: a mail that nobody asked for`),
    ...orders.flatMap(({ id, status }) =>
      (due[status] ?? [])
        .filter((kind) => !kinds.has(`${id} ${kind}`))
        .map((kind) => `I13: ${id}: ${status}, and nobody wrote ${kind}`),
    ),
    ...open.map((row) => `I6: the partner's event ${row.event_id} (${row.type}) was never dealt with`),
    ...(await reminders(observed, outbox)),
  ];
}

/** What a customer must have been told when it has come to this. */
const due: Partial<Record<OrderStatus, NoticeKind[]>> = {
  completed: ['order_confirmed', 'in_transit', 'delivered'],
  cancelled: ['order_cancelled'],
  rejected: ['payment_declined'],
};

/** By the partner's clock and the database's: workflows' own time may have been skipped. */
async function reminders(
  { sandbox, database }: Stack['observed'],
  outbox: { dedup_id: string; created_at: number }[],
): Promise<string[]> {
  const pickedUpAt = new Map(outbox.map((row) => [row.dedup_id, row.created_at]));
  const shipments = new Map((await sandbox.shipments('')).map((shipment) => [shipment.reference, shipment]));
  const rows = await database.db
    .selectFrom('fulfillment_orders')
    .select(['order_id', 'attempt', 'reminders'])
    .execute();
  return rows.flatMap(({ order_id: id, attempt, reminders: counted }) => {
    const shipment = shipments.get(fulfillmentReference(id, attempt));
    const last = shipment?.remindedAt ? Date.parse(shipment.remindedAt) : -Infinity;
    const pickup = pickedUpAt.get(`${id}:in_transit:${attempt}`) ?? Infinity;
    const heard = shipment?.reminders ?? 0;
    return [
      last > pickup + reminderMs && `I13: ${id}: reminded ${last - pickup} ms after the pickup`,
      heard < counted && `I13: ${id}: ${counted} reminders counted, the partner heard ${heard}`,
    ].filter((wrong) => wrong !== false);
  });
}
